// The rows that a conversation shows: bubbles in groups, date separators and the new-messages line.
import type { Message } from '../contract/objects';
import type { Pending } from '../platform/outbox';
import { isAged } from '../conversations/message-rows';

const groupGap = 5 * 60_000;

export interface Bubble {
  readonly kind: 'bubble';
  readonly key: string;
  readonly own: boolean;
  readonly author: string | null;
  readonly at: number;
  /** Begins or ends a group of one person's messages. */
  readonly first: boolean;
  readonly last: boolean;
  readonly message: Message | null;
  readonly pending: Pending | null;
}

export type Row =
  | Bubble
  | { readonly kind: 'date'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'system'; readonly key: string; readonly message: Message };

interface TimelineOptions {
  readonly me: string;
  /** The last number that was read when the line was drawn; no line without it. */
  readonly unreadDividerAfter: number | null;
  /** The day of a time in the reader's zone, as a text that is equal for equal days. */
  readonly dayOf: (at: number) => string;
}

export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

export function rowsOf(
  messages: readonly Message[],
  pending: readonly Pending[],
  options: TimelineOptions,
): Row[] {
  const stored = new Set(messages.map(({ key, author }) => (author === options.me ? key : null)));
  const waiting = pending.filter(({ key }) => !stored.has(key));
  const rows: Row[] = [];
  let day: string | null = null;
  let dividerDrawn = false;
  for (const item of [
    ...messages.filter((message) => !isAged(message)).map(bubbleOf(options.me)),
    ...waiting.map(pendingBubble(options.me)),
  ]) {
    const itemDay = options.dayOf(item.at);
    // A day comes twice where a clock was wrong, or where something waits: it is no identity.
    if (itemDay !== day) rows.push({ kind: 'date', key: `date:${item.key}`, at: item.at });
    day = itemDay;
    if (!dividerDrawn && isFirstNew(item, options)) {
      dividerDrawn = true;
      rows.push({ kind: 'unread', key: 'unread' });
    }
    rows.push(item.message?.system != null ? systemRow(item.message) : item);
  }
  return grouped(rows);
}

function bubbleOf(me: string): (message: Message) => Bubble {
  return (message) => ({
    kind: 'bubble',
    // The key of an own message stays when it turns from pending to stored: the bubble stays too.
    key:
      message.author === me && message.key !== null ? `key:${message.key}` : `seq:${message.seq}`,
    own: message.author === me,
    author: message.author,
    at: message.created_at,
    first: true,
    last: true,
    message,
    pending: null,
  });
}

function pendingBubble(me: string): (pending: Pending) => Bubble {
  return (pending) => ({
    kind: 'bubble',
    key: `key:${pending.key}`,
    own: true,
    author: me,
    at: pending.created_at,
    first: true,
    last: true,
    message: null,
    pending,
  });
}

function systemRow(message: Message): Row {
  return { kind: 'system', key: `seq:${message.seq}`, message };
}

function isFirstNew({ message, own }: Bubble, { unreadDividerAfter }: TimelineOptions): boolean {
  return (
    unreadDividerAfter !== null && message !== null && !own && message.seq > unreadDividerAfter
  );
}

function grouped(rows: readonly Row[]): Row[] {
  return rows.map((row, index) => {
    if (row.kind !== 'bubble') return row;
    const first = !continues(rows[index - 1], row);
    const next = rows[index + 1];
    const last = next?.kind !== 'bubble' || !continues(row, next);
    return { ...row, first, last };
  });
}

function continues(before: Row | undefined, row: Bubble): boolean {
  return (
    before?.kind === 'bubble' &&
    before.author === row.author &&
    Math.abs(row.at - before.at) < groupGap
  );
}
