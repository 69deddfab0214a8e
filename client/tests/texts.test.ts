// The German texts say everything the English ones say, and neither says nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'svelte/compiler';
import { expect, test } from 'vitest';
import { de } from '../src/texts/de';
import { en } from '../src/texts/en';

type Speech = (...values: unknown[]) => string;
type Text = string | Speech;

/** Every text by its path, `list.photos`. */
function flat(tree: object, path = ''): Map<string, Text> {
  const found = new Map<string, Text>();
  for (const [key, value] of Object.entries(tree) as [string, Text | Record<string, Text>][]) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object') for (const [at, text] of flat(value, here)) found.set(at, text);
    else found.set(here, value);
  }
  return found;
}

const english = flat(en);
const german = flat(de);

/** Words both languages share. */
const same = [
  /^product$/,
  /^list\.(video|audio)$/,
  /^settings\.(name|status|languages\.(en|de))$/,
  /^checklist\.names\.https$/,
  /^presence\.(online|offline)$/,
  /^whereabouts\.online$/,
  /^help\.(code|link|keys\.(alt|escape))$/,
  /^voice\.unknownLength$/,
  /^emoji\.(open|title)$/,
  /^details\.(kinds\.audio|roles\.member)$/,
  /^search\.kinds\.(link|audio|video)$/,
  /^webhooks\.(apps|namePlaceholder|kinds\.(hook|bot))$/,
];
/** A plain member's role goes without saying. */
const silent = ['details.roles.member'];

/** Texts with parameters of numbers and names alone, or of words that both languages share. */
const spokenAlike = [
  /^(shell\.title|richtext\.code|message\.preview|search\.within)$/,
  /^attachments\.(pdf|audio|video)$/,
];

const counts = [0, 1, 2, 1000];

/** What a text with parameters says of a count: the others get it too, or the names they take. */
function spoken(path: string, say: Speech, count: number): string {
  if (path === 'whereabouts.typing') return say(['Mira', 'Jonas'], count);
  if (path === 'system.role') return say('Mira', 'Jonas', 'admin');
  return say(...Array.from({ length: say.length }, () => count));
}

test('both languages have the same texts, of the same kind', () => {
  const kinds = (texts: Map<string, Text>): [string, string][] =>
    [...texts].map(([path, text]) => [
      path,
      typeof text === 'string' ? 'text' : `of ${text.length}`,
    ]);
  expect(Object.fromEntries(kinds(german))).toEqual(Object.fromEntries(kinds(english)));
});

test('no text is empty', () => {
  const empty = [...english, ...german]
    .filter(([, text]) => typeof text === 'string' && text.trim() === '')
    .map(([path]) => path);
  expect(new Set(empty)).toEqual(new Set(silent));
});

test('no German text was left in English', () => {
  const left = [...german]
    .filter(([path, text]) => typeof text === 'string' && text === english.get(path))
    .map(([path]) => path)
    .filter((path) => !same.some((known) => known.test(path)));
  expect(left).toEqual([]);
});

test.each(counts)('every text with parameters says something of %d', (count) => {
  for (const texts of [english, german]) {
    for (const [path, text] of texts) {
      if (typeof text === 'string') continue;
      const line = spoken(path, text, count);
      expect(line.trim(), path).not.toBe('');
      expect(line, path).not.toMatch(/undefined|null|NaN|\[object/u);
    }
  }
});

test.each(counts)('no German text with parameters was left in English for %d', (count) => {
  const left = [...german]
    .filter(([path, text]) => {
      const twin = english.get(path);
      if (typeof text === 'string' || typeof twin !== 'function') return false;
      const line = spoken(path, text, count);
      return line === spoken(path, twin, count) && /\p{L}/u.test(line);
    })
    .map(([path]) => path)
    .filter((path) => !spokenAlike.some((known) => known.test(path)));
  expect(left).toEqual([]);
});

/** The attributes of elements and the properties of our own parts that people read or hear. */
const read =
  /^(title|alt|placeholder|label|hint|aria-(label|description|roledescription|valuetext))$/;
/** Words of the code that every language has. */
const shared = new Set(['GIF']);

/** What decides which words are read, and is not read itself. */
const unread = new Set([
  'BinaryExpression',
  'CallExpression',
  'MemberExpression',
  'StyleDirective',
]);

/** What a component says without asking the texts. */
function literals(source: string): string[] {
  const found: string[] = [];
  const keep = (text: string): void => {
    if (/\p{L}/u.test(text) && !shared.has(text.trim())) found.push(text.trim());
  };
  const visit = (node: unknown, inside: string): void => {
    if (Array.isArray(node)) for (const one of node) visit(one, inside);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, name, data, value } = node as Record<string, unknown>;
    if (type === 'Text' && (inside === '' || read.test(inside))) keep(String(data));
    if (type === 'Literal' && typeof value === 'string' && read.test(inside)) keep(value);
    if (unread.has(String(type)) || (type === 'ExpressionTag' && !read.test(inside))) return;
    const within = type === 'Attribute' ? String(name) : inside;
    for (const [key, child] of Object.entries(node)) if (key !== 'test') visit(child, within);
  };
  const { fragment } = parse(source, { modern: true });
  visit(fragment, '');
  return found;
}

const root = fileURLToPath(new URL('../src', import.meta.url));
const components = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.svelte'),
);

test('literals are found where people read them', () => {
  expect(literals('<p class="x">Hello {name}</p>')).toEqual(['Hello']);
  expect(literals('<A title={on ? "Switch off" : texts.on} mode="plain" />')).toEqual([
    'Switch off',
  ]);
  expect(literals('<b>{texts.hello}</b> · <i alt="">GIF</i>')).toEqual([]);
});

test.each(components)('%s says nothing that is not in the texts', (name) => {
  expect(literals(readFileSync(join(root, name), 'utf8'))).toEqual([]);
});

test('one thing is told from several', () => {
  expect([0, 1, 2, 1000].map(de.list.photos)).toEqual([
    '0 Fotos',
    '1 Foto',
    '2 Fotos',
    '1.000 Fotos',
  ]);
  expect(de.menu.signOutUnsent(1)).toContain('Nachricht wurde noch nicht gesendet und geht');
  expect(de.menu.signOutUnsent(3)).toContain('Nachrichten wurden noch nicht gesendet und gehen');
});
