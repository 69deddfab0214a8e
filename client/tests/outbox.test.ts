// What is sent next, and how long a failed attempt waits.
import { describe, expect, test } from 'vitest';
import {
  afterAttempt,
  becameOf,
  pendingOf,
  retryHelps,
  sendable,
  uploadable,
  type Attempts,
  type Pending,
  type PendingFile,
} from '../src/platform/outbox';
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

const file: PendingFile = {
  id: 'f',
  name: 'plan.pdf',
  type: 'application/pdf',
  size: 1,
  width: null,
  height: null,
  blob: new Blob(['x']),
  attachment: null,
};
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

  test('does not wait for the files of an earlier message, nor for one that never gets through', () => {
    const outbox = [pending(1, 'a', { files: [file] }), pending(2, 'a'), pending(3, 'a')];
    expect(sendable(outbox, new Set(), new Map(), 0).map(({ order }) => order)).toEqual([2]);
    const stubborn = new Map([['key-2', { count: 5, notBefore: 500 }]]);
    expect(sendable(outbox, new Set(), stubborn, 499).map(({ order }) => order)).toEqual([3]);
    expect(sendable(outbox, new Set(), stubborn, 500).map(({ order }) => order)).toEqual([2]);
  });

  test('uploads the files of one message per conversation at a time, and passes over failed ones', () => {
    const files = [file];
    const outbox = [
      pending(1, 'a', { files, failed }),
      pending(2, 'a', { files }),
      pending(3, 'a'),
    ];
    const due = (uploading: string[], waiting: [string, Attempts][]): number[] =>
      uploadable(outbox, new Set(uploading), new Map(waiting), 0).map(({ order }) => order);
    expect(due([], [])).toEqual([2]);
    expect(due(['key-2'], [])).toEqual([]);
    expect(due([], [['key-2', { count: 1, notBefore: 500 }]])).toEqual([]);
  });

  test.each<[string, string, PendingFile[], boolean, boolean]>([
    ['somebody who is blocked', 'forbidden', [], false, false],
    ['somebody who is blocked no longer', 'forbidden', [], true, true],
    ['something too large', 'too_large', [], false, false],
    ['words that the server does not take', 'invalid', [], false, false],
    ['a file that cannot be read', 'unreadable', [file], false, true],
    ['a file that the server does not know any more', 'not_found', [file], false, true],
  ])('offers to send again only where that helps: %s', (_what, code, files, released, helps) => {
    const refused = pending(1, 'a', { files, failed: { code, detail: '' } });
    expect(retryHelps(refused, released)).toBe(helps);
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
