// What is announced to everybody: shown until it ends, is withdrawn, or was put away.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcements } from '../src/announcements/store.svelte';
import type { Announcement } from '../src/contract/objects';
import type { Rest } from '../src/platform/rest';

const now = 1_800_000_000_000;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(now);
});
afterEach(() => void vi.useRealTimers());

function announced(id: string, change: Partial<Announcement> = {}): Announcement {
  return { id, severity: 'info', text: id, created_at: now, ends_at: null, ...change };
}

function store(answer: () => Promise<unknown> = () => Promise.resolve({})): Announcements {
  return new Announcements({ call: answer } as unknown as Rest);
}

function shown(announcements: Announcements): string[] {
  return announcements.shown.map(({ text }) => text);
}

test('the newest stands first, and one that ends goes by itself', () => {
  const announcements = store();
  const event = (announcement: Announcement): void =>
    announcements.onEvent({ announcement, again: true });
  event(announced('older', { created_at: now - 10, ends_at: now + 5_000 }));
  event(announced('newer'));
  expect(shown(announcements)).toEqual(['newer', 'older']);
  vi.advanceTimersByTime(5_001);
  expect(shown(announcements)).toEqual(['newer']);
});

test('an end that lies further away than a timer counts is waited for', () => {
  const announcements = store();
  const month = 40 * 86_400_000;
  announcements.onEvent({ announcement: announced('far', { ends_at: now + month }), again: true });
  vi.advanceTimersByTime(month - 1_000);
  expect(shown(announcements)).toEqual(['far']);
  vi.advanceTimersByTime(2_000);
  expect(shown(announcements)).toEqual([]);
});

test('a change is shown by who shows it, and to all only if it is to be shown again', () => {
  const announcements = store();
  announcements.onEvent({ announcement: announced('a'), again: true });
  announcements.onEvent({ announcement: announced('a', { text: 'b' }), again: false });
  announcements.onEvent({ announcement: announced('put away before'), again: false });
  expect(shown(announcements)).toEqual(['b']);
  announcements.onEvent({ again: false, gone: 'a' });
  expect(shown(announcements)).toEqual([]);
});

test('what is put away is gone at once, and comes back if the server was not told', async () => {
  let fail = true;
  const announcements = store(() => (fail ? Promise.reject(new Error('no')) : Promise.resolve({})));
  const one = announced('a');
  announcements.onEvent({ announcement: one, again: true });
  const trying = announcements.dismiss(one);
  expect(shown(announcements)).toEqual([]);
  await expect(trying).rejects.toThrow('no');
  expect(shown(announcements)).toEqual(['a']);
  fail = false;
  await announcements.dismiss(one);
  expect(shown(announcements)).toEqual([]);
});

test('what comes while the list is fetched is not lost by an answer from before', async () => {
  const answers = [() => came(), () => [announced('a')]];
  const announcements = store(() =>
    Promise.resolve({ announcements: answers.shift()?.() ?? [announced('asked too often')] }),
  );
  const came = (): Announcement[] => {
    announcements.onEvent({ announcement: announced('a'), again: true });
    return [];
  };
  await announcements.load();
  expect([answers.length, shown(announcements)]).toEqual([0, ['a']]);
});
