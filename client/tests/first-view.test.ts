// How many messages the first view draws: enough for the screen, and none that nobody sees yet.
import { describe, expect, test } from 'vitest';
import type { Message } from '../src/contract/objects';
import { rowsThatFill } from '../src/conversation/first-view';
import { message } from './server';

const phone = { width: 412, height: 823 };

function rows(count: number, change: Partial<Message>): Message[] {
  return Array.from({ length: count }, (_, index) => ({
    ...message({ seq: index + 1 }),
    ...change,
  }));
}

describe('the rows that fill a screen', () => {
  test('are as many as there is room for one-line messages', () => {
    expect(rowsThatFill(rows(300, { body: 'Yes.' }), phone)).toBe(21);
  });

  test('are fewer the more each of them says', () => {
    const long = rows(300, { body: 'word '.repeat(100) });
    const short = rows(300, { body: 'word' });
    const broken = rows(300, { body: 'word\n'.repeat(20) });
    const most = rowsThatFill(short, phone);
    expect(rowsThatFill(long, phone)).toBeLessThan(most / 2);
    expect(rowsThatFill(broken, phone)).toBeLessThan(most / 2);
    expect(rowsThatFill(long, { ...phone, width: 1280 })).toBeGreaterThan(
      rowsThatFill(long, phone),
    );
  });

  test('are fewer with pictures, answers and reactions', () => {
    const [plain] = rows(1, { body: 'word' });
    const attachments = [{ id: 'a', name: 'a.png', type: 'image/png', size: 1, url: '/a' }];
    const fuller = [
      { attachments: attachments as unknown as Message['attachments'] },
      { reply_to: 1 },
      { reactions: [{ emoji: '👍', users: ['ana'] }] },
    ];
    for (const change of fuller) {
      expect(rowsThatFill(rows(300, { ...plain, ...change }), phone)).toBeLessThan(21);
    }
  });

  test('are fewer where people take turns', () => {
    const turns = rows(300, { body: 'Yes.' }).map((row, index) => ({
      ...row,
      author: index % 2 === 0 ? 'ana' : 'ben',
    }));
    expect(rowsThatFill(turns, phone)).toBeLessThan(21);
  });

  test('leave room for those that are yet to come', () => {
    expect(rowsThatFill(rows(3, { body: 'word' }), phone)).toBe(21);
    expect(rowsThatFill([], phone)).toBe(21);
  });

  test('count what was deleted as one line', () => {
    const deleted = rows(300, { body: 'word '.repeat(100), deleted: true });
    expect(rowsThatFill(deleted, phone)).toBe(21);
  });
});
