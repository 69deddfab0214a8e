// What the conversations make of news: mentions by edits, strangers, conversations that are gone.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Device, opened, talkative } from './device';
import { me, member } from './server';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'hidden', hasFocus: () => false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an edit', () => {
  test('is announced where it mentions the person anew, once, read or not', async () => {
    const device = await opened(new Device(talkative(3)));
    device.store.seen('c', 4);
    const called = device.server.edit(1, 'look, @me', 'me');
    if (called === null) throw new Error('there is a message');
    device.receive(called);
    device.receive(called);
    expect([device.mentioned, device.arrived]).toEqual([[3], []]);
    const again = device.server.edit(1, 'look here, @me', 'me');
    if (again !== null) device.receive(again);
    expect(device.mentioned).toEqual([3]);
  });

  test('is not announced where it calls nobody, or what it was before is not known', async () => {
    const device = await new Device(talkative(3)).start();
    const plain = device.server.edit(2, 'better words');
    const unknown = device.server.edit(0, 'look, @me', 'me');
    for (const event of [plain, unknown]) if (event !== null) device.receive(event);
    expect(device.mentioned).toEqual([]);
  });
});

describe('a receipt of somebody who is not known here', () => {
  test('has the members fetched once, with the position that it told', async () => {
    const device = await opened(new Device(talkative(3)));
    await vi.advanceTimersByTimeAsync(100);
    const stranger = { ...member('zoe', 1), read_seq: 4, delivered_seq: 4 };
    const members = [...device.server.members.values(), stranger];
    device.fakeApi.answers.unshift(['GET', '/conversations/c/members', { members }]);
    device.store.handlers.receipt({ conversation: 'c', user: 'zoe', read_seq: 4 });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(device.state.members.get('zoe')?.read_seq).toBe(4);
    const asked = device.fakeApi.asked.length;
    device.store.handlers.receipts({
      conversation: 'c',
      receipts: [
        { user: 'zoe', read_seq: 4 },
        { user: 'ana', read_seq: 4 },
      ],
    });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(device.fakeApi.asked).toHaveLength(asked);
  });
});

describe('a conversation that is gone', () => {
  test('is told of, so that what was written there can be shown', async () => {
    const device = await opened(new Device(talkative(3)));
    expect([device.store.isGone('c'), device.store.isGone('never here')]).toEqual([false, true]);
    device.store.onLeft('c');
    expect([device.store.isGone('c'), device.dropped]).toEqual([true, ['c']]);
  });

  test('is not taken for gone before the server has said what there is', async () => {
    const before = await opened(new Device(talkative(3)));
    const device = new Device(before.server);
    device.store.restore(me, new Map(), 0);
    expect(device.store.isGone('c')).toBe(false);
  });
});
