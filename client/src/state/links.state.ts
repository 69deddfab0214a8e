// Finds web and mail addresses in plain text; only http, https and mailto ever become links.

export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

const candidates =
  /\bhttps?:\/\/[^\s<>"'`]+|\bwww\.[^\s<>"'`]+\.[^\s<>"'`]+|\b(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
const allowed = new Set(['http:', 'https:', 'mailto:']);

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(candidates)) {
    const address = withoutTail(match[0]);
    const href = hrefOf(address);
    if (href === null) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/** Punctuation at the end belongs to the sentence; a bracket does when it was not opened inside. */
function withoutTail(address: string): string {
  let kept = address;
  for (;;) {
    const tail = kept.at(-1) ?? '';
    const closes = tail === ')' && count(kept, ')') > count(kept, '(');
    if (!closes && !/[.,:;!?\]}*_~…]/u.test(tail)) return kept;
    kept = kept.slice(0, -1);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(address: string): string | null {
  const full = /^(?:https?:\/\/|mailto:)/iu.test(address)
    ? address
    : address.includes('@')
      ? `mailto:${address}`
      : `https://${address}`;
  if (!URL.canParse(full)) return null;
  const url = new URL(full);
  const named = url.protocol === 'mailto:' || url.hostname !== '';
  return allowed.has(url.protocol) && named ? url.href : null;
}
