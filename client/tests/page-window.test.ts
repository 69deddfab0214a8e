// The part of the messages that is in the page: never too much, never jumping, never stuck.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../src/contract/objects';
import * as pages from '../src/conversation/page-window';
import { message } from './server';

function many(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => message({ seq: index * 2 + 2 }));
}

describe('the window over the messages', () => {
  test('never holds more than 300, wherever the reader goes', () => {
    fc.assert(
      fc.property(
        fc.nat(900),
        fc.array(fc.constantFrom(pages.moveUp, pages.moveDown, pages.pinned), { maxLength: 30 }),
        (count, moves) => {
          const messages = many(count);
          let window = pages.atLatest;
          for (const move of moves) {
            window = move(messages, window);
            const seen = pages.inWindow(messages, window);
            expect(seen.length).toBeLessThanOrEqual(300);
            expect(seen.length > 0).toBe(count > 0);
          }
        },
      ),
    );
  });

  test('reaches the first message upwards and the last one downwards', () => {
    const messages = many(900);
    let window = pages.atLatest;
    while (pages.hasOlder(messages, window)) window = pages.moveUp(messages, window);
    expect(pages.inWindow(messages, window)[0]).toBe(messages[0]);
    expect(pages.hasNewer(messages, window)).toBe(true);
    while (pages.hasNewer(messages, window)) window = pages.moveDown(messages, window);
    expect(pages.inWindow(messages, window).at(-1)).toBe(messages.at(-1));
  });

  test('keeps what is in the page when older ones are loaded above', () => {
    const newer = many(200).slice(100);
    const window = pages.pinned(newer, pages.atLatest);
    const before = pages.inWindow(newer, window);
    expect(pages.inWindow([...many(100), ...newer], window)).toEqual(before);
    expect(pages.hasOlder([...many(100), ...newer], window)).toBe(true);
  });

  test('follows the newest messages while the reader is at the end', () => {
    const messages = many(130);
    const more = [...messages, message({ seq: 999 })];
    expect(pages.inWindow(more, pages.atLatest).at(-1)?.seq).toBe(999);
    expect(pages.hasNewer(more, pages.pinned(messages, pages.atLatest))).toBe(false);
  });
});

describe('the first view of a conversation', () => {
  test('holds what fills the screen, and grows to the usual number', () => {
    const messages = many(300);
    let window = pages.initialWindow(messages, 40, null);
    expect(pages.inWindow(messages, window)).toHaveLength(40);
    let steps = 0;
    for (; pages.isGrowing(window); steps += 1) {
      const before = pages.inWindow(messages, window);
      window = pages.grow(window);
      expect(pages.inWindow(messages, window).slice(-before.length)).toEqual(before);
    }
    expect(steps).toBe(20);
    expect(pages.inWindow(messages, window)).toEqual(pages.inWindow(messages, pages.atLatest));
  });

  test('grows at once for a reader who goes up', () => {
    const messages = many(300);
    const window = pages.growFully(pages.initialWindow(messages, 40, null));
    expect(pages.isGrowing(window)).toBe(false);
    expect(pages.inWindow(messages, window)).toEqual(pages.inWindow(messages, pages.atLatest));
    expect(pages.growFully(window)).toBe(window);
  });

  test('reaches back to what is new', () => {
    const messages = many(300);
    const line = messages[239]?.seq ?? 0;
    const seen = pages.inWindow(messages, pages.initialWindow(messages, 40, line + 1));
    expect(seen).toHaveLength(64);
    expect(seen.some(({ seq }) => seq === line)).toBe(true);
  });

  test('grows no further once the reader has moved', () => {
    const messages = many(300);
    const window = pages.pinned(messages, pages.initialWindow(messages, 40, null));
    expect(pages.isGrowing(window)).toBe(false);
    expect(pages.inWindow(messages, window)).toHaveLength(40);
  });
});

test('a first new message far above has its surroundings in the page', () => {
  const messages = many(300);
  const first = messages[20]?.seq ?? 0;
  const seen = pages.inWindow(messages, pages.initialWindow(messages, 40, first));
  expect(seen.some(({ seq }) => seq === first)).toBe(true);
  expect(seen.some(({ seq }) => seq < first)).toBe(true);
});
