// Every list in a component has keys that are identities: two rows with one key blank the whole pane,
// and a key that another row takes over gives that row what belonged to the first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { en } from '../src/texts/en';
import { reasons } from './list-keys';
import { shortcutGroups } from '../src/help/shortcuts';

const root = join(import.meta.dirname, '../src');

function keysIn(source: string): string[] {
  return source.split('{#each ').slice(1).map(keyOf);
}

/** What stands in the last brackets of a block's head. */
function keyOf(rest: string): string {
  const head = rest.slice(0, endOf(rest, '{', '}')).trimEnd();
  if (!head.endsWith(')')) return 'no key';
  let depth = 0;
  for (let at = head.length - 1; at >= 0; at -= 1) {
    if (head[at] === ')') depth += 1;
    else if (head[at] === '(') depth -= 1;
    if (depth === 0) return head.slice(at + 1, -1);
  }
  return 'no key';
}

function endOf(text: string, open: string, close: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close && depth === 0) return at;
    else if (text[at] === close) depth -= 1;
  }
  return text.length;
}

test('each key of each list is known, with the reason why it is an identity', () => {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.svelte'))
    .map((name): [string, string[]] => [name, keysIn(readFileSync(join(root, name), 'utf8'))])
    .filter(([, keys]) => keys.length > 0);
  const known = Object.entries(reasons).map(([name, keys]) => [name, Object.keys(keys).sort()]);
  expect(
    Object.fromEntries(found.map(([name, keys]) => [name, [...new Set(keys)].sort()])),
  ).toEqual(Object.fromEntries(known));
  expect(Object.values(reasons).flatMap((one) => Object.values(one))).not.toContain('');
});

test('no key is a time', () => {
  const keys = Object.values(reasons).flatMap((one) => Object.keys(one));
  expect(keys.filter((key) => /created_at|edited_at|\bat\b|date|time/iu.test(key))).toEqual([]);
});

test('texts that are keys are different ones', () => {
  vi.stubGlobal('navigator', { platform: 'Linux' });
  const groups = shortcutGroups();
  vi.unstubAllGlobals();
  const titles = groups.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  for (const { shortcuts } of groups) {
    const does = shortcuts.map((one) => one.does);
    expect(new Set(does).size).toBe(does.length);
  }
  const { seenRead, seenDelivered, seenNot } = en.message;
  expect(new Set([seenRead, seenDelivered, seenNot]).size).toBe(3);
});
