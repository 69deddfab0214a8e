// All emoji with their names: searching them, completing and replacing their shortcodes.
import { folded } from '../platform/folding';
import type { EmojiRow } from 'virtual:emoji';

export interface Emoji {
  readonly emoji: string;
  readonly group: number;
  readonly english: string;
  readonly german: string;
  readonly codes: readonly string[];
  /** The same with each of the five skin tones, where there are any. */
  readonly skins: readonly string[];
  /** Every word by which it is found, in lower case. */
  readonly words: readonly string[];
}

export interface Catalogue {
  readonly all: readonly Emoji[];
  readonly byCode: ReadonlyMap<string, Emoji>;
  /** By the emoji itself, in each of its skin tones. */
  readonly byEmoji: ReadonlyMap<string, Emoji>;
}

/** The groups in the order in which they are shown, by their numbers in the data. */
export const groups = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type Group = (typeof groups)[number];

let known: Catalogue | null = null;
let loading: Promise<Catalogue> | null = null;

/** What was loaded before, without waiting. */
export function loadedCatalogue(): Catalogue | null {
  return known;
}

/** Loads the names at the first need; a failure is forgotten, so that the next need tries again. */
export function loadCatalogue(): Promise<Catalogue> {
  loading ??= import('virtual:emoji').then(
    (module) => (known = catalogueOf(module.default)),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

export function catalogueOf(rows: readonly EmojiRow[]): Catalogue {
  const all = rows.map(emojiOf);
  const byCode = new Map<string, Emoji>();
  const byEmoji = new Map<string, Emoji>();
  for (const one of all) {
    for (const code of one.codes) if (!byCode.has(code)) byCode.set(code, one);
    for (const shape of [one.emoji, ...one.skins]) byEmoji.set(shape, one);
  }
  return { all, byCode, byEmoji };
}

function emojiOf([emoji, group, english, german, codes, keywords, skins]: EmojiRow): Emoji {
  const words = `${english} ${german} ${codes.replaceAll('_', ' ')} ${keywords}`;
  return {
    emoji,
    group,
    english,
    german,
    codes: codes.split(' ').filter(Boolean),
    skins: skins ?? [],
    words: [...new Set(folded(words).split(/[^\p{L}\p{N}+-]+/u))].filter(Boolean),
  };
}

/** The ones for which every word of the query begins one of their words; the best ones first. */
export function search(catalogue: Catalogue, query: string, most = 200): Emoji[] {
  const wanted = folded(query.replace(/^:|:$/g, '').replaceAll('_', ' '))
    .split(/\s+/u)
    .filter(Boolean);
  if (wanted.length === 0) return [];
  const whole = wanted.join('_');
  return catalogue.all
    .map((one) => ({ one, rank: rankOf(one, wanted, whole) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ one }) => one);
}

function rankOf(one: Emoji, wanted: readonly string[], whole: string): number {
  const begun = wanted.every((part) => one.words.some((word) => word.startsWith(part)));
  if (!begun) return Infinity;
  // Of the shortcodes that begin so, the shortest is the nearest.
  const lengths = one.codes.filter((code) => code.startsWith(whole)).map(({ length }) => length);
  if (lengths.length > 0) return 1 - 1 / Math.min(...lengths);
  return wanted.every((part) => one.words.includes(part)) ? 2 : 3;
}

/** A name as it stands in the completion: the shortcode that was begun, or the first one. */
export function codeFor(one: Emoji, begun: string): string {
  const lower = begun.toLowerCase();
  return one.codes.find((code) => code.startsWith(lower)) ?? one.codes[0] ?? one.english;
}

export function toned(one: Emoji, tone: number): string {
  return tone === 0 ? one.emoji : (one.skins[tone - 1] ?? one.emoji);
}
