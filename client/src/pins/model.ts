// Which messages are pinned: what was fetched, brought up to date by the rows that are held.
import type { Message } from '../contract/objects';
import { isHidden, type ConversationState } from '../conversations/conversation';

export function rowsHeld(conversation: ConversationState): Map<number, Message> {
  const rows = [
    ...conversation.outOfRangeRows.values(),
    ...(conversation.context?.messages ?? []),
    ...conversation.messages,
  ];
  return new Map(rows.map((row) => [row.seq, row]));
}

/** The last pinned first. */
export function pinsOf(conversation: ConversationState, fetched: readonly Message[]): Message[] {
  const rows = rowsHeld(conversation);
  const bySeq = new Map(fetched.map((row) => [row.seq, row]));
  for (const [seq, row] of rows) {
    const known = bySeq.get(seq);
    if (known === undefined ? row.pinned !== null : row.version >= known.version)
      bySeq.set(seq, row);
  }
  return [...bySeq.values()]
    .filter(
      ({ pinned, deleted, seq }) => pinned !== null && !deleted && !isHidden(conversation, seq),
    )
    .sort((a, b) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0) || b.seq - a.seq);
}
