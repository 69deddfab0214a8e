// Who is there and who types: told seldom, asked for together, and over by itself.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { People } from '../src/people/store.svelte';
import { ownStatus } from '../src/people/model';
import { defaultSettings, type Settings } from '../src/settings/model';
import { FakeApi } from './fake-api';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function people(settings: Partial<Settings> = {}): { people: People; fakeApi: FakeApi } {
  const fakeApi = new FakeApi();
  const { rest, socketClient } = fakeApi;
  const own = { ...defaultSettings, ...settings };
  return { people: new People({ rest, socketClient, settings: () => own }), fakeApi };
}

describe('typing', () => {
  test('is shown for six seconds unless it is renewed', () => {
    const { people: here } = people();
    here.onTyping({ conversation: 'c', user: 'ana', on: true });
    vi.advanceTimersByTime(5_000);
    here.onTyping({ conversation: 'c', user: 'ana', on: true });
    here.onTyping({ conversation: 'c', user: 'ben', on: true });
    here.onTyping({ conversation: 'c', user: 'ben', on: false });
    vi.advanceTimersByTime(5_000);
    expect([...here.typing('c')]).toEqual(['ana']);
    vi.advanceTimersByTime(1_100);
    expect([...here.typing('c')]).toEqual([]);
  });

  test('is over when the person has said it', () => {
    const { people: here } = people();
    here.onTyping({ conversation: 'c', user: 'ana', on: true });
    here.onSaid('c', 'ana');
    expect(here.typing('c').size).toBe(0);
  });

  test('is told at most every three seconds, and that it stopped', async () => {
    const { people: here, fakeApi } = people();
    for (let count = 0; count < 14; count += 1) {
      here.tellTyping('c', 'hello'.repeat(count + 1));
      await vi.advanceTimersByTimeAsync(500);
    }
    here.tellTyping('c', '');
    here.tellTyping('c', '');
    expect(fakeApi.said).toEqual([
      ['typing', { conversation: 'c', on: true }],
      ['typing', { conversation: 'c', on: true }],
      ['typing', { conversation: 'c', on: true }],
      ['typing', { conversation: 'c', on: false }],
    ]);
  });

  test('is told once there is a connection if it goes on', () => {
    vi.stubGlobal('document', { visibilityState: 'visible' });
    const { people: here, fakeApi } = people();
    const typed = (): unknown[] => fakeApi.said.filter(([event]) => event === 'typing');
    fakeApi.online = false;
    here.tellTyping('c', 'hello');
    vi.advanceTimersByTime(2_000);
    fakeApi.online = true;
    here.onConnected();
    here.onConnected();
    expect(typed()).toEqual([['typing', { conversation: 'c', on: true }]]);
    for (const stop of [
      () => here.tellTyping('c', ''),
      () => here.tellStopped('c'),
      () => vi.advanceTimersByTime(3_000),
    ]) {
      here.onDisconnected();
      fakeApi.online = false;
      here.tellTyping('c', 'hello');
      stop();
      fakeApi.online = true;
      here.onConnected();
    }
    expect(typed()).toHaveLength(1);
    vi.unstubAllGlobals();
  });

  test('is told by nobody who does not wish it', () => {
    const { people: here, fakeApi } = people({ typing: false });
    here.tellTyping('c', 'hello');
    here.tellStopped('c');
    expect(fakeApi.said).toEqual([]);
  });
});

describe('presence', () => {
  test('of many people is asked for at once, and anew after each connection', async () => {
    const { people: here, fakeApi } = people();
    fakeApi.answers.push(
      ['GET', '/presence', { presence: [{ user: 'ana', status: 'away', last_seen: 7 }] }],
      ['GET', '/presence', { presence: [{ user: 'ana', status: 'online' }] }],
    );
    vi.stubGlobal('document', { visibilityState: 'visible' });
    here.watch(['ana']);
    here.watch(['ben', 'ana']);
    await vi.advanceTimersByTimeAsync(100);
    expect(fakeApi.asked).toEqual(['GET /presence?users=ana%2Cben']);
    expect(here.presence('ana')).toEqual({ user: 'ana', status: 'away', last_seen: 7 });
    here.onDisconnected();
    expect(here.presence('ana')).toBeUndefined();
    here.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(here.presence('ana')?.status).toBe('online');
    expect(fakeApi.said).toEqual([['presence', { status: 'online' }]]);
    vi.unstubAllGlobals();
  });

  test('keeps when somebody was seen last while an event does not say it', () => {
    const { people: here } = people();
    here.onPresence({ user: 'ana', status: 'offline', last_seen: 9 });
    here.onPresence({ user: 'ana', status: 'online', last_seen: null });
    expect(here.presence('ana')).toEqual({ user: 'ana', status: 'online', last_seen: 9 });
  });

  test('of oneself is away when nobody looks, or nobody touched anything for five minutes', () => {
    expect(ownStatus(true, 0, 299_999)).toBe('online');
    expect(ownStatus(true, 0, 300_000)).toBe('away');
    expect(ownStatus(false, 0, 1)).toBe('away');
  });
});

describe('profiles', () => {
  test('are the ones that came last', () => {
    const { people: here } = people();
    const ana = {
      id: 'ana',
      name: 'Ana',
      about: null,
      avatar_url: null,
      status: null,
      kind: 'person' as const,
    };
    here.learn([ana]);
    here.learn([{ ...ana, name: 'Ana Maria' }]);
    expect(here.user('ana')?.name).toBe('Ana Maria');
    expect(here.user('ben')).toBeUndefined();
  });
});
