// What is made: whoever asks again after a lost answer names the same wish.
import * as v from 'valibot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Rest } from '../src/platform/rest';

/** A server that answers with these statuses in turn; 0 is a lost answer. */
function server(...statuses: number[]): string[] {
  const keys: string[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    keys.push(v.parse(v.object({ key: v.string() }), JSON.parse(body)).key);
    const status = statuses.shift() ?? 200;
    if (status === 0) return Promise.reject(new TypeError('network'));
    return Promise.resolve(new Response('{}', { status }));
  });
  return keys;
}

async function make(rest: Rest, wish: object): Promise<void> {
  await rest.create(v.unknown(), '/things', wish).catch(() => undefined);
}

describe('a creating call', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test.each([0, 503])('that was not answered (%i) is repeated with its key', async (status) => {
    const keys = server(status, 200, 200);
    const rest = new Rest();
    await make(rest, { title: 'Bees' });
    await make(rest, { title: 'Bees' });
    await make(rest, { title: 'Bees' });
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  test('of something else, or after a refusal, has another key', async () => {
    const keys = server(0, 0, 400, 200);
    const rest = new Rest();
    await make(rest, { title: 'Bees' });
    await make(rest, { title: 'Wasps' });
    await make(rest, { title: 'Wasps' });
    await make(rest, { title: 'Wasps' });
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe(keys[1]);
    expect(keys[3]).not.toBe(keys[2]);
  });
});
