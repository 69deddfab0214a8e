// What counts as read, and where a conversation opens.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyAround } from '../src/conversations/jump-context';
import { Dwell, isInView, readAfter } from '../src/conversation/dwell';
import {
  applyLatest,
  fromServer,
  markRead,
  unreadOf,
  type ConversationState,
} from '../src/conversations/conversation';
import {
  isContiguousWithRead,
  initialPosition,
  type SavedScrollPosition,
} from '../src/conversations/scroll-position';
import { conversation, message, withMessages } from './view-fixtures';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function dwelling(): { dwell: Dwell; read: number[] } {
  const read: number[] = [];
  return { dwell: new Dwell((seq) => read.push(seq)), read };
}

test('a message is read once it was in view for long enough, and not before', () => {
  const { dwell, read } = dwelling();
  dwell.see([1, 2]);
  vi.advanceTimersByTime(readAfter - 1);
  expect(read).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(read).toEqual([2]);
});

test('what leaves the view begins anew, and what stays does not', () => {
  const { dwell, read } = dwelling();
  dwell.see([1, 2]);
  vi.advanceTimersByTime(readAfter - 100);
  dwell.see([1]);
  dwell.see([1, 2]);
  vi.advanceTimersByTime(100);
  expect(read).toEqual([1]);
  vi.advanceTimersByTime(readAfter - 100);
  expect(read).toEqual([1, 2]);
});

test('nothing is read while nobody looks', () => {
  const { dwell, read } = dwelling();
  dwell.see([1]);
  vi.advanceTimersByTime(readAfter - 1);
  dwell.see([]);
  vi.advanceTimersByTime(10 * readAfter);
  expect(read).toEqual([]);
});

test.each([
  ['whole', { top: 10, bottom: 50 }, true],
  ['its upper half', { top: 80, bottom: 120 }, true],
  ['its lower half', { top: -20, bottom: 20 }, true],
  ['less than half of it', { top: 81, bottom: 121 }, false],
  ['above', { top: -50, bottom: -10 }, false],
  ['below', { top: 110, bottom: 150 }, false],
  ['taller than the pane, without its end', { top: 0, bottom: 250 }, false],
  ['taller than the pane, with its end', { top: -200, bottom: 90 }, true],
  ['taller than the pane, gone by', { top: -300, bottom: -1 }, false],
  ['nothing', { top: 10, bottom: 10 }, false],
])('in view: %s', (_what, row, seen) => {
  expect(isInView(row, { top: 0, bottom: 100 })).toBe(seen);
});

const me = 'me';

/** A conversation with so many new messages, all of them held. */
function opened(unread: number): ConversationState {
  const messages = Array.from({ length: unread }, (_, index) => message(1 + index));
  return withMessages(fromServer(conversation('group', [])), messages);
}

const kept: SavedScrollPosition = { seq: 2, offset: -7, bottom: false, newest: 3, line: null };

test('a conversation opens at the first new message, wherever one was before', () => {
  const { line, place } = initialPosition(opened(5), me, { ...kept, newest: 9 });
  expect([line, place?.seq]).toEqual([0, 1]);
});

test('whoever was far above comes back there, with the line where it is', () => {
  const held = markRead(opened(5), 4, me);
  expect(initialPosition(held, me, kept)).toEqual({ line: 4, place: kept });
});

test('with everything read one comes back to the place and its line, or to the end', () => {
  const held = markRead(opened(5), 5, me);
  const lined = { ...kept, line: 2 };
  expect(initialPosition(held, me, lined)).toEqual({ line: 2, place: lined });
  expect(initialPosition(held, me, { ...lined, bottom: true })).toEqual({
    line: null,
    place: null,
  });
  expect(initialPosition(held, me, undefined)).toEqual({ line: null, place: null });
});

test('reading goes on only where nothing new lies between', () => {
  const held = markRead(opened(9), 3, me);
  expect(isContiguousWithRead(held, me, 4)).toBe(true);
  expect(isContiguousWithRead(held, me, 2)).toBe(true);
  expect(isContiguousWithRead(held, me, 5)).toBe(false);
});

test('reading does not go on from a part that does not reach back to what was read', () => {
  expect(isContiguousWithRead(tail(), me, 100)).toBe(false);
});

test('the number goes down with what is read, before the server has said so', () => {
  const held = tail();
  expect(unreadOf(held, me)).toBe(149);
  const messages = Array.from({ length: 50 }, (_, index) => message(1 + index));
  const part = applyAround(held, { messages, more: false, version: 149 });
  expect(unreadOf(markRead(part, 30, me), me)).toBe(119);
});

/** Only the last fifty of 149 new messages are held. */
function tail(): ConversationState {
  const messages = Array.from({ length: 50 }, (_, index) => message(100 + index));
  const held = fromServer({
    ...conversation('group', []),
    version: 149,
    unread: 149,
    last_message: messages.at(-1) ?? null,
  });
  return applyLatest(held, { messages, more: true, version: 149 });
}
