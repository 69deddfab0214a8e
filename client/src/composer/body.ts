// What of a typed text is sent, and whether it fits.

import { isVisible } from '../platform/graphemes';

export const maxBodyLength = 10_000;

/**
 * Empty lines around the text are not part of it; what no database stores (NUL, halves of
 * surrogate pairs) is replaced.
 */
export function sendableText(typed: string): string {
  if (!isVisible(typed)) return '';
  return typed
    .replaceAll('\r\n', '\n')
    .replace(/^(?:[^\S\n]*\n)+/u, '')
    .trimEnd()
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** By how many characters a text is too long; negative while there is room. */
export function excessLength(typed: string): number {
  // Counting code points of every text on every key would be slow; few come near the limit.
  if (typed.length < maxBodyLength / 2) return typed.length - maxBodyLength;
  return Array.from(sendableText(typed)).length - maxBodyLength;
}
