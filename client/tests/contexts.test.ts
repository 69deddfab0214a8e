// Components get what they use from the small contexts of the features, never all of the messenger.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ts|svelte)$/.test(name))
  .map((name): [string, string] => [name, readFileSync(join(root, name), 'utf8')]);
const components = sources.filter(([name]) => name.endsWith('.svelte'));
const contexts = sources.filter(([name]) => name.endsWith('/context.ts'));

/** What puts the messenger together may know all of it: nothing else. */
const compositionRoot = ['app/messenger.svelte.ts', 'app/provide-contexts.ts', 'messenger.ts'];

/** These components hand on what they get, to functions that say what they take of it. */
const helpers: Readonly<Record<string, readonly string[]>> = {
  'app/Shell.svelte': ['app/keys.ts', 'notifications/alerts.ts'],
  'conversation/SelectionBar.svelte': ['conversations/delete-for-me.ts'],
  'conversations/ClearDialog.svelte': ['conversations/delete-for-me.ts'],
  'messages/MessageDialogs.svelte': ['conversations/delete-for-me.ts'],
  'security/SecuritySettings.svelte': ['security/security.svelte.ts'],
  'settings/AccountSettings.svelte': ['account/proof.svelte.ts'],
};

/** What a component would reach everything with: the messenger, the whole API, the database. */
const everything =
  /\/(?:messenger\.svelte|provide-contexts|rest|api-client|socket-client|local-database)'/;

test('no component imports an object that hands out everything', () => {
  expect(components.length).toBeGreaterThan(150);
  const reaching = components.filter(([, source]) => everything.test(source));
  expect(reaching.map(([name]) => name)).toEqual([]);
});

test('only the composition root knows the messenger', () => {
  const knowing = sources.filter(([, source]) => /\/messenger\.svelte'/.test(source));
  expect(knowing.map(([name]) => name).sort()).toEqual(compositionRoot.slice(1));
});

test('each context is provided, once', () => {
  const provided = sources.find(([name]) => name === 'app/provide-contexts.ts')?.[1] ?? '';
  for (const [name, source] of contexts) {
    for (const [, provide] of source.matchAll(/, (provide\w+)\]/g)) {
      expect([name, provided.split(`  ${provide ?? ''}(messenger.`).length - 1]).toEqual([name, 1]);
    }
  }
});

/** A component, and the functions to which it hands on its contexts. */
function withHelpers([name, source]: [string, string]): string {
  const files = helpers[name] ?? [];
  return (
    source +
    sources
      .filter(([file]) => files.includes(file))
      .map(([, text]) => text)
      .join('')
  );
}

function isUsed(member: string, source: string): boolean {
  return new RegExp(`\\.${member}\\b|\\{[^}]*\\b${member}\\b[^}]*\\} = `).test(source);
}

test('a context hands out what its components use, and no more', () => {
  expect(contexts.length).toBeGreaterThan(15);
  const unused = contexts.flatMap(([name, source]) =>
    [...source.matchAll(/\[(use\w+),[^\]]*\]\s*=\s*createContext<([^;]*);/g)].flatMap(
      ([, use = '', type = '']) => {
        const users = components.filter(([, component]) => component.includes(`${use}()`));
        const text = users.map(withHelpers).join('');
        return [...type.matchAll(/'(\w+)'/g)]
          .map(([, member = '']) => member)
          .filter((member) => !isUsed(member, text))
          .map((member) => `${name}: ${use} ${member}`);
      },
    ),
  );
  expect(unused).toEqual([]);
});
