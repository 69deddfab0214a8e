// Which part of the held messages is in the page: at most about 300 bubbles, moving with the reader.
import type { Message } from '../contract/objects';

/** How many are in the page while the reader is at the newest ones. */
const defaultSize = 120;
/** How many more of them at a time come in after the first view: few, so that no step is felt. */
const growth = 4;
/** How many stand before what is new. */
const contextBefore = 4;
const step = 80;
const maxSize = 300;

export interface PageWindow {
  /** The first message in the page; null lets it follow the newest ones. */
  readonly from: number | null;
  /** The last message in the page; null means up to the newest. */
  readonly to: number | null;
  /** How many there are while it follows the newest ones. */
  readonly size: number;
}

export const atLatest: PageWindow = { from: null, to: null, size: defaultSize };

/**
 * The first view of a conversation: what fills the screen, or reaches back to the message `first`.
 * The rest comes in by `grown`, so that nobody waits for it. Where `first` is far above, the page
 * holds what is around it.
 */
export function initialWindow(
  messages: readonly Message[],
  onScreen: number,
  first: number | null,
): PageWindow {
  const fresh = first === null ? 0 : messages.length - indexAfter(messages, first - 1);
  if (first !== null && fresh + contextBefore > defaultSize) return around(messages, first);
  return { ...atLatest, size: Math.min(defaultSize, Math.max(onScreen, fresh + contextBefore)) };
}

export function isGrowing(window: PageWindow): boolean {
  return window.size < defaultSize;
}

export function grow(window: PageWindow): PageWindow {
  return { ...window, size: Math.min(defaultSize, window.size + growth) };
}

/** At once as far as it would grow by itself: the reader goes there now. */
export function growFully(window: PageWindow): PageWindow {
  return isGrowing(window) ? { ...window, size: defaultSize } : window;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function rangeOf(messages: readonly Message[], window: PageWindow): Range {
  const end = window.to === null ? messages.length : indexAfter(messages, window.to);
  const requested =
    window.from === null ? end - window.size : indexAfter(messages, window.from - 1);
  return { start: Math.max(0, requested, end - maxSize), end };
}

/** The number of messages up to and including `seq`. */
function indexAfter(messages: readonly Message[], seq: number): number {
  const index = messages.findIndex((message) => message.seq > seq);
  return index === -1 ? messages.length : index;
}

export function inWindow(messages: readonly Message[], window: PageWindow): readonly Message[] {
  const { start, end } = rangeOf(messages, window);
  return start === 0 && end === messages.length ? messages : messages.slice(start, end);
}

export function hasOlder(messages: readonly Message[], window: PageWindow): boolean {
  return rangeOf(messages, window).start > 0;
}

export function hasNewer(messages: readonly Message[], window: PageWindow): boolean {
  return rangeOf(messages, window).end < messages.length;
}

export function moveUp(messages: readonly Message[], window: PageWindow): PageWindow {
  const { start, end } = rangeOf(messages, window);
  const from = Math.max(0, start - step);
  return windowOf(messages, from, Math.min(end, from + maxSize));
}

export function moveDown(messages: readonly Message[], window: PageWindow): PageWindow {
  const { start, end } = rangeOf(messages, window);
  const to = Math.min(messages.length, end + step);
  return windowOf(messages, Math.max(start, to - maxSize), to);
}

/** A message with what is before and after it. */
export function around(messages: readonly Message[], seq: number): PageWindow {
  const index = indexAfter(messages, seq - 1);
  const start = Math.max(0, index - defaultSize / 2);
  return windowOf(messages, start, Math.min(messages.length, index + defaultSize / 2));
}

/** The reader's place is kept: what is in the page now stays, whatever arrives. */
export function pinned(messages: readonly Message[], window: PageWindow): PageWindow {
  const { start, end } = rangeOf(messages, window);
  return windowOf(messages, start, end);
}

function windowOf(messages: readonly Message[], start: number, end: number): PageWindow {
  return {
    from: messages[start]?.seq ?? null,
    to: end >= messages.length ? null : (messages[end - 1]?.seq ?? null),
    size: defaultSize,
  };
}
