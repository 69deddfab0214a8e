// Selecting several messages, and doing one thing with each of them.
import { expect, test } from 'vitest';
import { Refusal, Unreachable } from '../src/platform/refusal';
import { Forwarding } from '../src/messages/forwarding';
import { runEach } from '../src/platform/batch';
import {
  kept,
  latest,
  maxSelected,
  selectionOf,
  through,
  toggled,
  type Selection,
} from '../src/conversation/selection';
import { message, system } from './view-fixtures';

const shown = Array.from({ length: 300 }, (_, index) => message(index + 1));
const at = (seq: number): (typeof shown)[number] => shown[seq - 1] ?? message(seq);
const seqs = ({ messages }: Selection): number[] => [...messages.keys()].sort((a, b) => a - b);

test('a message that is selected once more is selected no longer', () => {
  const two = toggled(selectionOf(at(4)), at(7));
  expect(seqs(two)).toEqual([4, 7]);
  expect(seqs(toggled(two, at(4)))).toEqual([7]);
});

test('a range goes from the last one chosen alone, upwards and downwards', () => {
  const selection = selectionOf(at(5));
  expect(seqs(through(selection, at(8), shown))).toEqual([5, 6, 7, 8]);
  expect(seqs(through(through(selection, at(8), shown), at(3), shown))).toEqual([3, 4, 5, 6, 7, 8]);
});

test('a range leaves out what was deleted and what the server says', () => {
  const rows = [
    at(1),
    message(2, { deleted: true }),
    message(3, { system: system('joined') }),
    at(4),
  ];
  expect(seqs(through(selectionOf(at(1)), at(4), rows))).toEqual([1, 4]);
});

test('no more than fit are selected, and those nearest to where the range began', () => {
  const range = through(selectionOf(at(250)), at(1), shown);
  expect(seqs(range)).toEqual(shown.slice(250 - maxSelected, 250).map(({ seq }) => seq));
  expect(toggled(range, at(300))).toBe(range);
  expect(seqs(toggled(range, at(250)))).not.toContain(250);
});

test('what is done with them is done with their newest rows, in their order', () => {
  const selection = [3, 9, 12].map(at).reduce(toggled, selectionOf(at(20)));
  const rows = new Map([
    [3, message(3, { body: 'mended', version: 30 })],
    [9, message(9, { deleted: true })],
  ]);
  const now = latest(selection, rows, (seq) => seq === 12);
  expect(now.map(({ seq, body }) => [seq, body])).toEqual([
    [3, 'mended'],
    [20, 'message 20'],
  ]);
  expect(seqs(kept(selection, now))).toEqual([3, 20]);
});

const refused = new Refusal('forbidden', 'You may not.');
const busy = new Refusal('too_many', '', 2);

test('a refusal leaves out one, and the reason of the first is told', async () => {
  const outcome = await runEach([1, 2, 3, 4], (item) => {
    if (item === 2) return Promise.reject(refused);
    return item === 3 ? Promise.reject(new Refusal('gone', 'later')) : Promise.resolve();
  });
  expect(outcome).toEqual({ done: [1, 4], left: [2, 3], error: refused });
});

test('a server that is busy is asked again when it says', async () => {
  const waits: number[] = [];
  let tries = 0;
  const outcome = await runEach(
    ['one'],
    () => ((tries += 1) < 3 ? Promise.reject(busy) : Promise.resolve()),
    {
      wait: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    },
  );
  expect(outcome.done).toEqual(['one']);
  expect(waits).toEqual([2_000, 2_000]);
});

test('a server that stays busy is not asked for ever', async () => {
  let tries = 0;
  const outcome = await runEach(
    ['one'],
    () => {
      tries += 1;
      return Promise.reject(busy);
    },
    { wait: () => Promise.resolve() },
  );
  expect(outcome).toEqual({ done: [], left: ['one'], error: busy });
  expect(tries).toBe(5);
});

test('without a network the rest is not tried', async () => {
  const tried: number[] = [];
  const outcome = await runEach([1, 2, 3], (item) => {
    tried.push(item);
    return item === 2 ? Promise.reject(new Unreachable('no network')) : Promise.resolve();
  });
  expect(tried).toEqual([1, 2]);
  expect(outcome.left).toEqual([2, 3]);
});

test('who has had enough stops it, and that is no failure', async () => {
  let done = 0;
  const outcome = await runEach([1, 2, 3], () => Promise.resolve(), {
    onDone: (count) => (done = count),
    stopped: () => done === 2,
  });
  expect(outcome).toEqual({ done: [1, 2], left: [3], error: null });
});

test('forwarding again sends only what is missing, with the keys of the first time', async () => {
  const asked: [number, string, string][] = [];
  let failing = true;
  const forwarding = new Forwarding(({ seq }, to) => {
    asked.push(
      ...to.map(({ conversation, key }): [number, string, string] => [seq, conversation, key]),
    );
    return failing && seq === 2 ? Promise.reject(new Unreachable('lost')) : Promise.resolve();
  });
  const first = await forwarding.send([at(1), at(2)], ['x', 'y']);
  expect(first.left).toEqual([at(2)]);
  failing = false;
  const before = asked.splice(0).filter(([seq]) => seq === 2);
  const second = await forwarding.send([at(1), at(2)], ['x', 'y', 'z']);
  expect(second.left).toEqual([]);
  expect(asked.filter(([seq]) => seq === 1).map(([, to]) => to)).toEqual(['z']);
  expect(asked.filter(([seq, to]) => seq === 2 && to !== 'z')).toEqual(before);
  expect(new Set(asked.map(([, , key]) => key)).size).toBe(asked.length);
});
