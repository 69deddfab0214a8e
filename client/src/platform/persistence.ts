// What of a conversation is kept in the browser, and what has to be written when it changes.
import type { Message } from '../contract/objects';
import type { Conversations } from '../conversations/model';
import type { ConversationState } from '../conversations/state';
import { openRules } from '../conversations/group-rules';

/** Everything but the rows, which are kept one by one. */
export type PersistedConversation = Omit<
  ConversationState,
  'messages' | 'outOfRangeRows' | 'context'
>;

/** What changed in one conversation since it was written last; null when it is gone. */
export interface PersistedChange {
  readonly id: string;
  readonly conversation: PersistedConversation | null;
  readonly rows: readonly Message[];
  readonly removed: readonly number[];
  /** Nothing that was written before stays. */
  readonly replaceRows: boolean;
}

export const maxPersistedRows = 200;

/** No server's: what was got in it is fetched anew. */
export const unknownEpoch = 'unknown';

export function toPersisted(state: ConversationState): {
  conversation: PersistedConversation;
  rows: readonly Message[];
} {
  const { messages, outOfRangeRows: _rows, context: _context, ...conversation } = state;
  const loaded = state.history === 'loaded';
  const rows = loaded ? messages.slice(-maxPersistedRows) : [];
  const more = state.more || rows.length < messages.length;
  return { conversation: { ...conversation, history: loaded ? 'loaded' : 'none', more }, rows };
}

export function fromPersisted(
  conversation: PersistedConversation,
  rows: readonly Message[],
): ConversationState {
  const loaded = conversation.history === 'loaded';
  const messages = loaded ? rows.toSorted((a, b) => a.seq - b.seq) : [];
  // The page was closed before a sync told it: any epoch may have been the one.
  const epoch = conversation.epoch === '' ? unknownEpoch : conversation.epoch;
  // Kept by an earlier version, it has no rules.
  const rules = (conversation as Partial<PersistedConversation>).rules ?? openRules;
  return { ...conversation, rules, epoch, messages, outOfRangeRows: new Map(), context: null };
}

export function conversationsFromPersisted(
  conversations: readonly PersistedConversation[],
  messages: readonly Message[],
): Conversations {
  const rows = new Map<string, Message[]>(conversations.map(({ id }) => [id, []]));
  for (const row of messages) rows.get(row.conversation)?.push(row);
  return new Map(
    conversations.map((kept) => [kept.id, fromPersisted(kept, rows.get(kept.id) ?? [])]),
  );
}

/** The difference between what was written and what is held now. */
export function changesBetween(written: Conversations, now: Conversations): PersistedChange[] {
  const changes: PersistedChange[] = [];
  for (const id of written.keys()) {
    if (!now.has(id))
      changes.push({ id, conversation: null, rows: [], removed: [], replaceRows: true });
  }
  for (const [id, state] of now) {
    const before = written.get(id);
    if (before !== state) changes.push(changeOf(before, state));
  }
  return changes;
}

function changeOf(
  before: ConversationState | undefined,
  state: ConversationState,
): PersistedChange {
  const { conversation, rows } = toPersisted(state);
  const { id } = state;
  if (before === undefined) return { id, conversation, rows, removed: [], replaceRows: true };
  const known = new Map(toPersisted(before).rows.map((row) => [row.seq, row]));
  const changed = rows.filter((row) => known.get(row.seq) !== row);
  for (const { seq } of rows) known.delete(seq);
  return { id, conversation, rows: changed, removed: [...known.keys()], replaceRows: false };
}
