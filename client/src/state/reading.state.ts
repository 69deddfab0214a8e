// Where a conversation opens, where its new-messages line stands, and what counts as looked at.
import { shown } from './context.state';
import { newestSeq, unreadOf, type Held } from './held.state';
import { countsAsUnread } from './unread.state';

/** A message and how far below the upper edge of the list it begins. */
export interface Place {
  readonly seq: number;
  readonly offset: number;
}

/** Where somebody was when they went to another conversation. */
export interface KeptPlace extends Place {
  /** At the newest messages. */
  readonly bottom: boolean;
  /** The newest message that was in view. */
  readonly newest: number;
  readonly line: number | null;
}

export interface Opening {
  readonly line: number | null;
  /** Null opens at the newest messages. */
  readonly place: Place | null;
}

const belowEdge = 50;

/**
 * What is new is read from its first message on. Somebody who was far above of what they had read,
 * or who had read everything, comes back to where they were.
 */
export function openingOf(held: Held, me: string, kept: KeptPlace | undefined): Opening {
  const { read_seq } = held.own;
  if (unreadOf(held, me) > 0) {
    const above = kept !== undefined && !kept.bottom && kept.newest < read_seq;
    const place = above ? kept : { seq: read_seq + 1, offset: belowEdge };
    return { line: read_seq, place };
  }
  if (kept === undefined || kept.bottom) return { line: null, place: null };
  return { line: kept.line, place: kept };
}

/** What is shown reaches from before a message on, or from the very beginning. */
export function reaches(held: Held, seq: number): boolean {
  const { messages, more } = shown(held);
  return !more || (messages[0] !== undefined && messages[0].seq <= seq);
}

/** No new message lies between what was read and the first one in view. */
export function continuesReading(held: Held, me: string, firstInView: number): boolean {
  const { read_seq } = held.own;
  if (!reaches(held, read_seq + 1)) return false;
  const next = shown(held).messages.find((row) => row.seq > read_seq && countsAsUnread(row, me));
  return next === undefined || firstInView <= next.seq;
}

/**
 * When something arrives: a reader who is looking needs no line; one who looked away while all was
 * read gets a fresh line; otherwise the line stays where it is.
 */
export function lineOnArrival(
  line: number | null,
  before: Held,
  attentive: boolean,
  me: string,
): number | null {
  if (attentive || unreadOf(before, me) > 0) return line;
  return newestSeq(before);
}

export interface Attention {
  readonly visible: boolean;
  readonly focused: boolean;
}

export function attentive({ visible, focused }: Attention): boolean {
  return visible && focused;
}
