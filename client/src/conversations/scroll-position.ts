// Where a conversation opens, where its new-messages line stands, and what counts as looked at.
import { shown } from './jump-context';
import { newestSeq, unreadOf, type ConversationState } from './conversation';
import { countsAsUnread } from './unread';

/** A message and how far below the upper edge of the list it begins. */
export interface ScrollPosition {
  readonly seq: number;
  readonly offset: number;
}

/** Where somebody was when they went to another conversation. */
export interface SavedScrollPosition extends ScrollPosition {
  /** At the newest messages. */
  readonly bottom: boolean;
  /** The newest message that was in view. */
  readonly newest: number;
  readonly line: number | null;
}

export interface InitialPosition {
  readonly line: number | null;
  /** Null opens at the newest messages. */
  readonly place: ScrollPosition | null;
}

const dividerOffset = 50;

/**
 * What is new is read from its first message on. Somebody who was far above of what they had read,
 * or who had read everything, comes back to where they were.
 */
export function initialPosition(
  state: ConversationState,
  me: string,
  kept: SavedScrollPosition | undefined,
): InitialPosition {
  const { read_seq } = state.own;
  if (unreadOf(state, me) > 0) {
    const above = kept !== undefined && !kept.bottom && kept.newest < read_seq;
    const place = above ? kept : { seq: read_seq + 1, offset: dividerOffset };
    return { line: read_seq, place };
  }
  if (kept === undefined || kept.bottom) return { line: null, place: null };
  return { line: kept.line, place: kept };
}

/** What is shown reaches from before a message on, or from the very beginning. */
export function rangeIncludes(state: ConversationState, seq: number): boolean {
  const { messages, more } = shown(state);
  return !more || (messages[0] !== undefined && messages[0].seq <= seq);
}

/** No new message lies between what was read and the first one in view. */
export function isContiguousWithRead(
  state: ConversationState,
  me: string,
  firstInView: number,
): boolean {
  const { read_seq } = state.own;
  if (!rangeIncludes(state, read_seq + 1)) return false;
  const next = shown(state).messages.find((row) => row.seq > read_seq && countsAsUnread(row, me));
  return next === undefined || firstInView <= next.seq;
}

/**
 * When something arrives: a reader who is looking needs no line; one who looked away while all was
 * read gets a fresh line; otherwise the line stays where it is.
 */
export function unreadDividerOnArrival(
  line: number | null,
  before: ConversationState,
  isPageActive: boolean,
  me: string,
): number | null {
  if (isPageActive || unreadOf(before, me) > 0) return line;
  return newestSeq(before);
}
