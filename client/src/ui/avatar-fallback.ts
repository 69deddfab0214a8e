// Initials and a steady colour for people and groups without a picture.

import { graphemes } from '../platform/graphemes';

const shades = 12;

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => firstLetter(word ?? '')).join('') || '?';
}

function firstLetter(word: string): string {
  const signs = graphemes(word);
  const letter = signs.find((one) => /[\p{L}\p{N}]/u.test(one));
  return (letter ?? signs[0] ?? '').toLocaleUpperCase();
}

/** One of the theme's shades, always the same for the same id. */
export function shadeOf(id: string): number {
  // FNV-1a: ids that differ in one place end far apart.
  let hash = 0x811c9dc5;
  for (const character of id) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % shades;
}
