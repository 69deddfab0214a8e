// Texts by what people see as characters: an emoji, a letter with its marks.

import { lazy } from './lazy';

const segmenter = lazy(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/** Each is a character of its own; a text of nothing else needs no tables, which cost the first view. */
const plain = /^[ -~]*$/u;

export function graphemes(text: string): string[] {
  if (plain.test(text)) return Array.from(text);
  return Array.from(segmenter().segment(text), ({ segment }) => segment);
}

/** The beginning of a text, so many code units at most, without half a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const found = segmenter().segment(text).containing(most);
  const end = found === undefined ? most : found.index;
  return text.slice(0, end === 0 ? most : end);
}

const unseen = /^[\p{C}\p{Z}\s]$/u;
/** By category letters, signs and marks, and yet nothing is drawn. */
const blank =
  /^(?:\u034F|[\u115F\u1160\u2800\u3164\uFFA0]|[\u17B4\u17B5]|[\u180B-\u180F]|[\uFE00-\uFE0F]|\u{1D159}|[\u{E0000}-\u{E0FFF}])$/u;

/** Whether anything of a text can be seen; the server refuses what says nothing by the same rule. */
export function isVisible(text: string): boolean {
  return Array.from(text).some((one) => !unseen.test(one) && !blank.test(one));
}
