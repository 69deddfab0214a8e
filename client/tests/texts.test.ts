// The German texts say everything the English ones say, and neither says nothing.
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
];
/** A plain member's role goes without saying. */
const silent = ['details.roles.member'];

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
