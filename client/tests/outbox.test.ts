// What is sent next, and how long a failed attempt waits.
import { describe, expect, test } from 'vitest';
import {
  afterAttempt,
  becameOf,
  pendingOf,
  sendable,
  type Pending,
} from '../src/state/outbox.state';
import { message } from './view-fixtures';

function pending(order: number, conversation: string, fields: Partial<Pending> = {}): Pending {
  return {
    order,
    key: `key-${order}`,
    conversation,
    body: 'hello',
    files: [],
    created_at: order,
    failed: null,
    ...fields,
  };
}

const failed = { code: 'forbidden', detail: '' };

describe('the outbox', () => {
  test('sends one message per conversation at a time, in the order of writing', () => {
    const outbox = [pending(3, 'a'), pending(1, 'a'), pending(2, 'b')];
    expect(sendable(outbox, new Set(), new Map(), 0).map(({ order }) => order)).toEqual([1, 2]);
    expect(sendable(outbox, new Set(['a']), new Map(), 0).map(({ order }) => order)).toEqual([2]);
  });

  test('is not held up by a message that was refused', () => {
    const outbox = [pending(1, 'a', { failed }), pending(2, 'a')];
    expect(sendable(outbox, new Set(), new Map(), 0).map(({ order }) => order)).toEqual([2]);
  });

  test('keeps the order behind a message that waits for its next attempt', () => {
    const outbox = [pending(1, 'a'), pending(2, 'a')];
    const waiting = new Map([['key-1', { count: 1, notBefore: 500 }]]);
    expect(sendable(outbox, new Set(), waiting, 499)).toEqual([]);
    expect(sendable(outbox, new Set(), waiting, 500).map(({ order }) => order)).toEqual([1]);
  });

  test('shows the messages of one conversation in the order of writing', () => {
    const outbox = [pending(3, 'a'), pending(2, 'b'), pending(1, 'a')];
    expect(pendingOf(outbox, 'a').map(({ order }) => order)).toEqual([1, 3]);
  });

  test('tells what became of a message: stored, waiting, failed or gone', () => {
    const waiting = pending(1, 'a');
    const refused = { ...waiting, failed };
    const stored = [message(1, { key: 'key-1' }), message(2, { key: 'key-1', author: 'me' })];
    expect(becameOf(waiting, 'me', stored, [waiting])).toBe(stored[1]);
    expect(becameOf(waiting, 'me', stored.slice(0, 1), [refused])).toBe(refused);
    expect(becameOf(waiting, 'me', stored.slice(0, 1), [])).toBeNull();
  });

  test('waits longer after every failure, up to half a minute', () => {
    let attempts = afterAttempt(undefined, 0, null, 1);
    const delays = [attempts.notBefore];
    for (let count = 0; count < 7; count += 1) {
      attempts = afterAttempt(attempts, 0, null, 1);
      delays.push(attempts.notBefore);
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('waits at least as long as the server asks for', () => {
    expect(afterAttempt(undefined, 100, 60, 0).notBefore).toBe(60_100);
  });
});
