// Makes the module `virtual:emoji` of emojibase's data: what the picker needs, in two languages.
//
// The package's own files repeat every skin tone in full; this is a fifth of their size.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

interface Entry {
  readonly hexcode: string;
  readonly emoji: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly order?: number;
  readonly skins?: readonly { readonly emoji: string; readonly tone: number | readonly number[] }[];
}

type Shortcodes = Readonly<Record<string, string | readonly string[]>>;

const require = createRequire(import.meta.url);
const name = 'virtual:emoji';
const component = 2;
const tones = [1, 2, 3, 4, 5];

function json(path: string): unknown {
  return JSON.parse(readFileSync(require.resolve(`emojibase-data/${path}`), 'utf8'));
}

function codesOf(hexcode: string, sets: readonly Shortcodes[]): string {
  const codes = sets.flatMap((set) => set[hexcode] ?? []);
  return [...new Set(codes)].join(' ');
}

/** The form that Unicode recommends: no selector behind what is an emoji by itself. */
function plain(emoji: string): string {
  return emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');
}

function rows(): unknown[] {
  const english = json('en/data.json') as Entry[];
  const german = new Map((json('de/data.json') as Entry[]).map((entry) => [entry.hexcode, entry]));
  const sets = ['github', 'emojibase'].map(
    (set) => json(`en/shortcodes/${set}.json`) as Shortcodes,
  );
  return english
    .filter(({ group }) => group !== undefined && group !== component)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((entry) => row(entry, german.get(entry.hexcode), sets));
}

function row(entry: Entry, german: Entry | undefined, sets: readonly Shortcodes[]): unknown[] {
  const skins = tones.flatMap(
    (tone) => entry.skins?.find((skin) => skin.tone === tone)?.emoji ?? [],
  );
  return [
    plain(entry.emoji),
    entry.group,
    entry.label,
    german?.label ?? entry.label,
    codesOf(entry.hexcode, sets),
    [...(entry.tags ?? []), ...(german?.tags ?? [])].join(' '),
    ...(skins.length === tones.length ? [skins.map(plain)] : []),
  ];
}

export function emojiData(): Plugin {
  return {
    name: 'emoji-data',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      // Parsing a text as JSON is several times quicker than reading the same as a program.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(rows()))});`;
    },
  };
}
