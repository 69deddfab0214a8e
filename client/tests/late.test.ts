// What comes late or early: positions that could not be told, removals, first messages.
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

describe('what was read without a connection', () => {
  test('is told after the page was loaded anew', async () => {
    const before = await opened(new Device(talkative(4)));
    before.fakeApi.online = false;
    before.store.seen('c', 4);
    const device = new Device(before.server);
    device.store.restore(me, before.store.byId, 0);
    await device.start();
    device.connect();
    await vi.advanceTimersByTimeAsync(300);
    expect(device.calls('read')).toEqual([{ conversation: 'c', seq: 4 }]);
  });

  test('is not told to a server that never had it', async () => {
    const before = await opened(new Device(talkative(9)));
    before.fakeApi.online = false;
    before.store.seen('c', 9);
    const device = new Device(talkative(3));
    device.store.restore(me, before.store.byId, 0);
    await device.start();
    device.connect();
    await vi.advanceTimersByTimeAsync(300);
    expect(device.calls('read')).toEqual([]);
  });
});

describe('somebody who was removed', () => {
  test('stays where they were added again before word of the removal came', async () => {
    const { server } = new Device(talkative(3));
    server.members.set(me, member(me, 9));
    const device = await opened(new Device(server));
    const left = { ...member(me, 6), left: true };
    device.store.handlers.member({ conversation: 'c', version: 6, member: left });
    expect(device.store.get('c')).toBeDefined();
  });
});

describe('a message', () => {
  test('is announced also where it comes before the conversation that it opens', async () => {
    const device = new Device(talkative(0));
    device.fakeApi.answers.push(['GET', '/conversations', { conversations: [] }]);
    await device.store.start(me);
    device.receive(device.server.post('ana', 'hello'));
    expect(device.arrived).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(device.state.last?.body).toBe('hello');
    expect(device.arrived).toEqual([2]);
  });
});
