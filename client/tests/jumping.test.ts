// Jumping to a message, back to the newest ones, and what stays when more comes in.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Unreachable } from '../src/platform/refusal';
import { shown } from '../src/conversations/jump-context';
import { Device, opened, talkative } from './device';
import { me } from './server';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'hidden', hasFocus: () => false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('jumping to a message', () => {
  test('shows it with what is around it and points it out', async () => {
    const { store, state } = await opened(new Device(talkative(300)));
    expect(state.messages.some(({ seq }) => seq === 20)).toBe(false);
    await store.jumpTo('c', 20);
    const now = shown(store.get('c') ?? state);
    expect(now.messages.some(({ seq }) => seq === 20)).toBe(true);
    expect(now.newer).toBe(true);
    expect(store.target).toEqual({ conversation: 'c', seq: 20, count: 1 });
    await store.jumpTo('c', 20);
    expect(store.target?.count).toBe(2);
  });

  test('needs no fetching where the message is held', async () => {
    const { store, fakeApi, state } = await opened(new Device(talkative(30)));
    const asked = fakeApi.said.length;
    await store.jumpTo('c', state.messages[0]?.seq ?? 0);
    expect(fakeApi.said).toHaveLength(asked);
    expect(shown(state).newer).toBe(false);
    expect(store.target).not.toBeNull();
  });

  test('opens the conversation first, also when it is asked for before anything is known', async () => {
    const device = new Device(talkative(300));
    await device.store.jumpTo('c', 20);
    expect(device.went).toEqual(['c']);
    await device.start();
    expect(device.store.target?.seq).toBe(20);
    expect(shown(device.state).messages.some(({ seq }) => seq === 20)).toBe(true);
  });

  test('says so when the messages there cannot be fetched', async () => {
    const { store, fakeApi } = await opened(new Device(talkative(300)));
    fakeApi.online = false;
    fakeApi.answers.length = 0;
    await expect(store.jumpTo('c', 20)).rejects.toThrow(Unreachable);
    expect(store.target).toBeNull();
  });

  test('leads back: page by page, or at once', async () => {
    const device = await opened(new Device(talkative(100, 20)));
    await device.store.jumpTo('c', 20);
    await device.store.loadOlder('c');
    expect(shown(device.state).messages[0]?.seq).toBe(2);
    expect(shown(device.state).more).toBe(false);
    for (let pages = 0; pages < 8; pages += 1) await device.store.loadNewer('c');
    expect(device.state.context).toBeNull();
    expect(device.state.messages.map(({ seq }) => seq)).toEqual(
      device.server.latest(1_000).messages.map(({ seq }) => seq),
    );
    await device.store.jumpTo('c', 20);
    device.store.toLatest('c');
    expect([device.state.context, device.store.target]).toEqual([null, null]);
  });

  test.each([
    ['a few messages', 10],
    ['more than are sent at once', 400],
  ])('after %s were missed, a place that was chosen meanwhile stays', async (_what, missed) => {
    const device = await opened(new Device(talkative(300, 50)));
    for (let said = 0; said < missed; said += 1) device.server.post('ana', 'missed');
    device.connect();
    await device.store.jumpTo('c', 20);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(device.store.target?.seq).toBe(20);
    expect(shown(device.state).messages.some(({ seq }) => seq === 20)).toBe(true);
    expect(device.store.reading.place).toBeNull();
  });

  test('and so do the newest messages', async () => {
    const device = await opened(new Device(talkative(300, 50)));
    await device.store.jumpTo('c', 20);
    for (let said = 0; said < 400; said += 1) device.server.post('ana', 'missed');
    device.connect();
    device.store.toLatest('c');
    await vi.advanceTimersByTimeAsync(1_200);
    expect([device.state.context, device.store.reading.place]).toEqual([null, null]);
    expect(device.state.messages.at(-1)?.body).toBe('missed');
  });

  test('what was missed is gone to when a place was chosen long before', async () => {
    const device = await opened(new Device(talkative(300, 50)));
    device.connect();
    await vi.advanceTimersByTimeAsync(1_200);
    await device.store.jumpTo('c', 20);
    for (let said = 0; said < 10; said += 1) device.server.post('ana', 'missed');
    device.connect();
    await vi.advanceTimersByTimeAsync(1_200);
    expect(device.store.reading.place?.seq).toBe(1);
  });

  test('is left by sending: what one has just said is in view', async () => {
    const device = await opened(new Device(talkative(300)));
    await device.store.jumpTo('c', 20);
    device.receive(device.server.post(me, 'here'));
    expect(device.state.context).toBeNull();
    expect(device.state.messages.at(-1)?.body).toBe('here');
  });
});
