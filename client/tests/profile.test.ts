// The person's own account: changes that follow each other quickly end as the last one.
import * as v from 'valibot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Rest } from '../src/platform/rest';
import type { OwnUser } from '../src/contract/objects';
import { Profile } from '../src/profile/store.svelte';

const base: OwnUser = {
  id: 'me',
  name: 'Me',
  about: null,
  avatar_url: null,
  status: null,
  kind: 'person',
  role: 'member',
  created_at: 0,
  settings: {},
};

/** A server that answers when it is told to. */
function server(): { asked: () => number; answer: (status?: number) => void } {
  const waiting: ((status: number) => void)[] = [];
  let account = { ...base, email: 'me@example.org' };
  let asked = 0;
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    asked += 1;
    return new Promise<Response>((resolve) => {
      waiting.push((status) => {
        if (status === 200)
          account = { ...account, ...v.parse(v.looseObject({}), JSON.parse(body)) };
        const content = status === 200 ? { user: account } : { code: 'invalid', title: 'No.' };
        resolve(new Response(JSON.stringify(content), { status }));
      });
    });
  });
  return { asked: () => asked, answer: (status = 200) => waiting.shift()?.(status) };
}

describe('the own account', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test('is changed by one call after the other, so that the last one stays', async () => {
    const { asked, answer } = server();
    const profile = new Profile(new Rest());
    const [first, second] = [profile.save({ name: 'Mina' }), profile.save({ name: 'Mira' })];
    await vi.waitFor(() => expect(asked()).toBe(1));
    answer();
    await first;
    expect(profile.me?.name).toBe('Mina');
    await vi.waitFor(() => expect(asked()).toBe(2));
    answer();
    await second;
    expect(profile.me?.name).toBe('Mira');
  });

  test('is changed although the change before was refused', async () => {
    const { asked, answer } = server();
    const profile = new Profile(new Rest());
    const [first, second] = [profile.save({ name: '' }), profile.save({ name: 'Mira' })];
    await vi.waitFor(() => expect(asked()).toBe(1));
    answer(422);
    await expect(first).rejects.toThrow();
    await vi.waitFor(() => expect(asked()).toBe(2));
    answer();
    await second;
    expect(profile.me?.name).toBe('Mira');
  });
});
