// Rows of messages: the newer of two wins, and any number of them become one ascending list.
import type { Message } from '../contract/objects';
import type { ConversationState } from './state';
import { isHidden } from './hidden';

/** Its time was over: nobody needs to see that something was there. */
export function isAged({ deleted, expires_at }: Message): boolean {
  return deleted && expires_at === 0;
}

export function newerOf(known: Message | undefined, row: Message): Message {
  return known !== undefined && known.version > row.version ? known : row;
}

/** Rows in any order and number become one ascending list; of two with one number the newer wins. */
export function withMessages(
  state: ConversationState,
  rows: readonly Message[],
): ConversationState {
  const bySeq = new Map<number, Message>();
  for (const row of rows) {
    if (!isHidden(state, row.seq)) bySeq.set(row.seq, newerOf(bySeq.get(row.seq), row));
  }
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const newest = messages.at(-1);
  const last = newest !== undefined && newest.seq >= (state.last?.seq ?? 0) ? newest : state.last;
  return { ...state, messages, last };
}
