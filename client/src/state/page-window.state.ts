// Which part of the held messages is in the page: at most about 300 bubbles, moving with the reader.
import type { Message } from '../contract/objects';

/** How many are in the page while the reader is at the newest ones. */
const usual = 120;
/** How many more of them at a time come in after the first view: few, so that no step is felt. */
const growth = 4;
/** How many stand before what is new. */
const before = 4;
const step = 80;
const most = 300;

export interface PageWindow {
  /** The first message in the page; null lets it follow the newest ones. */
  readonly from: number | null;
  /** The last message in the page; null means up to the newest. */
  readonly to: number | null;
  /** How many there are while it follows the newest ones. */
  readonly room: number;
}

export const atLatest: PageWindow = { from: null, to: null, room: usual };

/**
 * The first view of a conversation: what fills the screen, or reaches back to the message `first`.
 * The rest comes in by `grown`, so that nobody waits for it. Where `first` is far above, the page
 * holds what is around it.
 */
export function opening(
  messages: readonly Message[],
  onScreen: number,
  first: number | null,
): PageWindow {
  const fresh = first === null ? 0 : messages.length - indexAfter(messages, first - 1);
  if (first !== null && fresh + before > usual) return around(messages, first);
  return { ...atLatest, room: Math.min(usual, Math.max(onScreen, fresh + before)) };
}

export function isGrowing(window: PageWindow): boolean {
  return window.room < usual;
}

export function grown(window: PageWindow): PageWindow {
  return { ...window, room: Math.min(usual, window.room + growth) };
}

/** At once as far as it would grow by itself: the reader goes there now. */
export function fullyGrown(window: PageWindow): PageWindow {
  return isGrowing(window) ? { ...window, room: usual } : window;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function rangeOf(messages: readonly Message[], window: PageWindow): Range {
  const end = window.to === null ? messages.length : indexAfter(messages, window.to);
  const wished = window.from === null ? end - window.room : indexAfter(messages, window.from - 1);
  return { start: Math.max(0, wished, end - most), end };
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

export function olderHeld(messages: readonly Message[], window: PageWindow): boolean {
  return rangeOf(messages, window).start > 0;
}

export function newerHeld(messages: readonly Message[], window: PageWindow): boolean {
  return rangeOf(messages, window).end < messages.length;
}

export function movedUp(messages: readonly Message[], window: PageWindow): PageWindow {
  const { start, end } = rangeOf(messages, window);
  const from = Math.max(0, start - step);
  return windowOf(messages, from, Math.min(end, from + most));
}

export function movedDown(messages: readonly Message[], window: PageWindow): PageWindow {
  const { start, end } = rangeOf(messages, window);
  const to = Math.min(messages.length, end + step);
  return windowOf(messages, Math.max(start, to - most), to);
}

/** A message with what is before and after it. */
export function around(messages: readonly Message[], seq: number): PageWindow {
  const index = indexAfter(messages, seq - 1);
  const start = Math.max(0, index - usual / 2);
  return windowOf(messages, start, Math.min(messages.length, index + usual / 2));
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
    room: usual,
  };
}
