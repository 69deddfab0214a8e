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
  let end = address.length;
  let unopened = count(address, ')') - count(address, '(');
  for (; end > 0; end -= 1) {
    const tail = address.charAt(end - 1);
    if (tail === ')' ? unopened <= 0 : !/[.,:;!?\]}*_~…]/u.test(tail)) break;
    if (tail === ')') unopened -= 1;
  }
  return address.slice(0, end);
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
