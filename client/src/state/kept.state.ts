// What of a conversation is kept in the browser, and what has to be written when it changes.
import type { Message } from '../contract/objects';
import type { Conversations } from './conversations.state';
import type { Held } from './held.state';

/** Everything but the rows, which are kept one by one. */
export type KeptConversation = Omit<Held, 'messages' | 'stray' | 'context'>;

/** What changed in one conversation since it was written last; null when it is gone. */
export interface KeptChange {
  readonly id: string;
  readonly conversation: KeptConversation | null;
  readonly rows: readonly Message[];
  readonly removed: readonly number[];
  /** Nothing that was written before stays. */
  readonly whole: boolean;
}

export const keptRows = 200;

/** No server's: what was got in it is fetched anew. */
export const unknownEpoch = 'unknown';

export function keptOf(held: Held): { conversation: KeptConversation; rows: readonly Message[] } {
  const { messages, stray: _stray, context: _context, ...conversation } = held;
  const loaded = held.history === 'held';
  const rows = loaded ? messages.slice(-keptRows) : [];
  const more = held.more || rows.length < messages.length;
  return { conversation: { ...conversation, history: loaded ? 'held' : 'none', more }, rows };
}

export function heldFromKept(conversation: KeptConversation, rows: readonly Message[]): Held {
  const loaded = conversation.history === 'held';
  const messages = loaded ? rows.toSorted((a, b) => a.seq - b.seq) : [];
  // The page was closed before a sync told it: any epoch may have been the one.
  const epoch = conversation.epoch === '' ? unknownEpoch : conversation.epoch;
  return { ...conversation, epoch, messages, stray: new Map(), context: null };
}

export function heldFromAllKept(
  conversations: readonly KeptConversation[],
  messages: readonly Message[],
): Conversations {
  const rows = new Map<string, Message[]>(conversations.map(({ id }) => [id, []]));
  for (const row of messages) rows.get(row.conversation)?.push(row);
  return new Map(
    conversations.map((kept) => [kept.id, heldFromKept(kept, rows.get(kept.id) ?? [])]),
  );
}

/** The difference between what was written and what is held now. */
export function changesBetween(written: Conversations, now: Conversations): KeptChange[] {
  const changes: KeptChange[] = [];
  for (const id of written.keys()) {
    if (!now.has(id)) changes.push({ id, conversation: null, rows: [], removed: [], whole: true });
  }
  for (const [id, held] of now) {
    const before = written.get(id);
    if (before !== held) changes.push(changeOf(before, held));
  }
  return changes;
}

function changeOf(before: Held | undefined, held: Held): KeptChange {
  const { conversation, rows } = keptOf(held);
  const { id } = held;
  if (before === undefined) return { id, conversation, rows, removed: [], whole: true };
  const known = new Map(keptOf(before).rows.map((row) => [row.seq, row]));
  const changed = rows.filter((row) => known.get(row.seq) !== row);
  for (const { seq } of rows) known.delete(seq);
  return { id, conversation, rows: changed, removed: [...known.keys()], whole: false };
}
