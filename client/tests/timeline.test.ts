// The rows of a conversation: groups, dates, the new-messages line, and what is still pending.
import { describe, expect, test } from 'vitest';
import type { Message } from '../src/contract/objects';
import { unreadDividerOnArrival, initialPosition } from '../src/conversations/scroll-position';
import { applyLatest, fromServer, markRead, startLoading } from '../src/conversations/conversation';
import type { Pending } from '../src/platform/outbox';
import { rowsOf, type Row } from '../src/conversation/timeline';
import { me, message, Server, systemLine } from './server';

const minute = 60_000;
const oneDay = 86_400_000;
const day = (at: number): string => String(Math.floor(at / oneDay));
const context = { me, unreadDividerAfter: null, dayOf: day };

function shape(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    row.kind === 'bubble'
      ? `${row.first ? '[' : ''}${row.author ?? ''}${row.last ? ']' : ''}`
      : row.kind,
  );
}

function said(seq: number, author: string, at: number, fields: Partial<Message> = {}): Message {
  return message({ seq, author, created_at: at, ...fields });
}

function waiting(key: string, at: number): Pending {
  return {
    order: 1,
    key,
    conversation: 'c',
    body: 'later',
    files: [],
    created_at: at,
    failed: null,
  };
}

test('what is left of a message whose time was over is not shown', () => {
  const gone = said(2, 'ben', minute, { deleted: true, expires_at: 0, body: '' });
  const deleted = said(3, 'ben', minute, { deleted: true, body: '' });
  const rows = rowsOf([said(1, 'ben', 0), gone, deleted], [], context);
  expect(rows.flatMap((row) => (row.kind === 'bubble' ? row.message?.seq : []))).toEqual([1, 3]);
});

describe('the rows of a conversation', () => {
  test('group the messages of one person within five minutes', () => {
    const rows = rowsOf(
      [
        said(2, 'ana', 0),
        said(3, 'ana', 4 * minute),
        said(4, 'ana', 9 * minute),
        said(5, 'ben', 9 * minute),
      ],
      [],
      context,
    );
    expect(shape(rows)).toEqual(['date', '[ana', 'ana]', '[ana]', '[ben]']);
  });

  test('begin every day with its date and never join over it', () => {
    const midnight = 86_400_000;
    const rows = rowsOf([said(2, 'ana', midnight - 1), said(3, 'ana', midnight)], [], context);
    expect(shape(rows)).toEqual(['date', '[ana]', 'date', '[ana]']);
  });

  test('have the line before the first new message of another person', () => {
    const rows = rowsOf(
      [said(2, 'ana', 0), said(3, me, 1), said(4, 'ana', 2), said(5, 'ana', 3)],
      [],
      { ...context, unreadDividerAfter: 2 },
    );
    expect(shape(rows)).toEqual(['date', '[ana]', '[me]', 'unread', '[ana', 'ana]']);
  });

  test('show system lines apart from bubbles', () => {
    const rows = rowsOf(
      [said(2, 'ana', 0), said(3, 'ana', 1, { system: systemLine('joined') }), said(4, 'ana', 2)],
      [],
      context,
    );
    expect(shape(rows)).toEqual(['date', '[ana]', 'system', '[ana]']);
  });

  test('show a message once while its acknowledgement and the outbox overlap', () => {
    const stored = said(2, me, 0, { key: 'same-key' });
    const rows = rowsOf([stored], [waiting('same-key', 0), waiting('other-key', 1)], context);
    const bubbles = rows.filter((row) => row.kind === 'bubble');
    expect(bubbles.map(({ key }) => key)).toEqual(['key:same-key', 'key:other-key']);
  });

  test('show what another person sent with the key of an own pending message', () => {
    const foreign = said(2, 'ana', 0, { key: 'same-key' });
    const rows = rowsOf([foreign], [waiting('same-key', 1)], context);
    expect(rows.filter((row) => row.kind === 'bubble')).toHaveLength(2);
  });

  test('have different keys, so that each keeps its place in the page', () => {
    const rows = rowsOf([said(2, me, 0), said(3, 'ana', 0), said(4, me, 90_000_000)], [], context);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });
});

test.each([
  ['the clock of the server was a day ahead for one message', [0, oneDay, 0, oneDay], []],
  ['what waits is older than the newest message', [0, oneDay], [0]],
  ['clocks jump back and forth', [3 * oneDay, 0, 3 * oneDay, oneDay, 0], [3 * oneDay, 0]],
])('a day that comes twice, where %s, has rows of their own', (_what, times, waits) => {
  const stored = times.map((at, index) => said(2 + index, index % 2 === 0 ? me : 'ana', at));
  const rows = rowsOf(
    stored,
    waits.map((at, index) => waiting(`key-${index}`, at)),
    context,
  );
  expect(rows.filter(({ kind }) => kind === 'bubble')).toHaveLength(times.length + waits.length);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

describe('the new-messages line', () => {
  function opened(unread: number): ReturnType<typeof fromServer> {
    const server = new Server();
    for (let count = 0; count < unread; count += 1) server.post('ana', 'new');
    return applyLatest(startLoading(fromServer(server.conversation())), server.latest());
  }

  test('stands after what was read when there is something new', () => {
    expect(initialPosition(opened(3), me, undefined)).toEqual({
      line: 0,
      place: { seq: 1, offset: 50 },
    });
    expect(initialPosition(opened(0), me, undefined)).toEqual({ line: null, place: null });
  });

  test('is drawn anew for somebody who looked away with everything read', () => {
    const read = markRead(opened(3), 4, me);
    expect(unreadDividerOnArrival(null, read, false, me)).toBe(4);
    expect(unreadDividerOnArrival(1, read, false, me)).toBe(4);
  });

  test('stays where it is for somebody who looks, or who has not read yet', () => {
    expect(unreadDividerOnArrival(null, markRead(opened(3), 4, me), true, me)).toBeNull();
    expect(unreadDividerOnArrival(1, opened(3), false, me)).toBe(1);
  });
});
