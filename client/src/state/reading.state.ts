// Where the new-messages line stands, and what counts as seen.
import { newestSeq, unreadOf, type Held } from './held.state';

/** On opening: the line is drawn after what was read, if there is anything new. */
export function lineOnOpening(held: Held, me: string): number | null {
  return unreadOf(held, me) > 0 ? held.own.read_seq : null;
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
