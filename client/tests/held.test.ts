// What a group holds, in pages: what was loaded further down stays when something there changes.
import { afterEach, expect, test, vi } from 'vitest';
import { HeldMessages } from '../src/groups/held.svelte';
import { Rest } from '../src/platform/rest';

const PAGE = 2;

/** A server on which these wait, whose answers come only when they are let go. */
function server(waiting: readonly string[]): { answer: () => Promise<void>; held: HeldMessages } {
  const late: (() => void)[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    await new Promise<void>((resolve) => void late.push(resolve));
    const after = new URLSearchParams(path.split('?')[1] ?? '').get('after');
    const first = after === null ? 0 : waiting.indexOf(after) + 1;
    const held = waiting.slice(first, first + PAGE).map((id) => ({
      id,
      conversation: 'group',
      author: 'ben',
      body: id,
      edits: null,
      reason: null,
      created_at: 0,
    }));
    const next = first + PAGE < waiting.length ? held.at(-1)?.id : null;
    return new Response(JSON.stringify({ held, next }));
  });
  async function answer(): Promise<void> {
    await vi.waitFor(() => expect(late).not.toEqual([]));
    late.shift()?.();
  }
  return { answer, held: new HeldMessages(new Rest(), () => undefined) };
}

const shown = (held: HeldMessages): string[] => held.in('group').map(({ id }) => id);

afterEach(() => void vi.unstubAllGlobals());

test('more is asked for while the list is read anew, and neither is lost', async () => {
  const { answer, held } = server(['a', 'b', 'c', 'd', 'e']);
  const first = held.load('group');
  await answer();
  await first;
  const both = [held.load('group'), held.loadMore('group')];
  await answer();
  await answer();
  await Promise.all(both);
  expect(shown(held)).toEqual(['a', 'b', 'c', 'd']);
});

test('who reads further down stays there when one is decided elsewhere', async () => {
  const waiting = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { answer, held } = server(waiting);
  const both = [held.load('group'), held.loadMore('group')];
  await answer();
  await answer();
  await Promise.all(both);
  waiting.shift();
  const again = held.load('group');
  await answer();
  await answer();
  await again;
  expect(shown(held)).toEqual(['b', 'c', 'd', 'e']);
});
