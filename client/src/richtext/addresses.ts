// Finds web and mail addresses in plain text; only http, https and mailto ever become links.
import { lazyPattern } from './patterns';

export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

/** Characters of a text that belong together. */
export interface Address {
  readonly start: number;
  readonly end: number;
  /** Null where it only looks like an address: `@me@social.example`. */
  readonly href: string | null;
}

/** Characters before an `@`: 64 and a `mailto:` may belong to the address. */
const mostLocal = 80;
const candidate = lazyPattern('candidate', 'gu');
const web = lazyPattern('web', 'uy');
const www = lazyPattern('www', 'uy');
const other = lazyPattern('other', 'uy');
const bare = lazyPattern('bare', 'uy');
const rest = lazyPattern('rest', 'uy');
const local = lazyPattern('local');
const runOn = lazyPattern('runOn');
const tail = lazyPattern('tail');
const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const allowed = new Set(['http:', 'https:', 'mailto:']);

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const address of addressesOf(text)) {
    if (address.href === null) continue;
    if (address.start > end) pieces.push({ text: text.slice(end, address.start), href: null });
    pieces.push({ text: text.slice(address.start, address.end), href: address.href });
    end = address.end;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/** The addresses in a text, in their order. */
export function addressesOf(text: string): Address[] {
  // Most texts hold none, and looking for a few characters is quicker than matching.
  if (!text.includes('@') && !text.includes('/') && !/www\./iu.test(text)) return [];
  const found: Address[] = [];
  let at = 0;
  for (;;) {
    const match = matchAt(candidate(), text, at);
    if (match === null) return found;
    const end = match.index + match[0].length;
    const address = addressAt(text, match.index, end, at);
    if (address === null) at = match[0].startsWith('@') ? match.index + 1 : end;
    else {
      found.push({ ...address, href: address.href === null ? null : hrefOf(address.href) });
      at = address.end;
    }
  }
}

/** Whether a text begins with a scheme and a host that can exist. */
export function isWebAddress(text: string): boolean {
  const head = matchAt(web(), text, 0);
  return head !== null && isHost(head);
}

/** The address as the browser reads it, or null if it reads none that may be a link. */
export function hrefOf(address: string): string | null {
  try {
    const url = new URL(address);
    const named = url.protocol === 'mailto:' || url.hostname !== '';
    return allowed.has(url.protocol) && named ? url.href : null;
  } catch {
    return null;
  }
}

function addressAt(text: string, start: number, end: number, floor: number): Address | null {
  if (text[start] === '@') return mailAddress(text, start, end, floor);
  const schemed = matchAt(web(), text, start);
  const head = schemed ?? matchAt(www(), text, start);
  if (head === null) {
    const unlinked = matchAt(other(), text, start) ?? matchAt(bare(), text, start);
    return unlinked && { start, end: endOf(text, start, start + unlinked[0].length), href: null };
  }
  const headEnd = start + head[0].length;
  if (text[headEnd] === '@') return null;
  if (!isHost(head)) return { start, end: endOf(text, start, headEnd), href: null };
  const host = head[1] ?? '';
  const word = runOn().exec(host);
  // A word that follows without a space, not a domain.
  const last =
    word === null ? endOf(text, start, headEnd) : start + head[0].lastIndexOf(host) + word.index;
  const whole = text.slice(start, last);
  return { start, end: last, href: schemed === null ? `https://${whole}` : whole };
}

function mailAddress(text: string, at: number, until: number, floor: number): Address | null {
  const begin = Math.max(floor, at - mostLocal);
  const found = local().exec(text.slice(begin, at));
  if (found === null) return null;
  const start = begin + found.index;
  let end = until;
  while (/[-_]/u.test(text.charAt(end - 1))) end -= 1;
  if (start > floor && text[start - 1] === '@') return { start: start - 1, end, href: null };
  const address = text.slice(start, end);
  return { start, end, href: address.startsWith('mailto:') ? address : `mailto:${address}` };
}

/** Where an address ends: what is open at its end, or closes nothing, is not of it. */
function endOf(text: string, start: number, head: number): number {
  const more = matchAt(rest(), text, head);
  let end = beforeUnopened(text, start, more === null ? head : head + more[0].length);
  for (let last = lastOf(text, end); end > start && tail().test(last); last = lastOf(text, end)) {
    end -= last.length;
  }
  return end;
}

function beforeUnopened(text: string, start: number, end: number): number {
  const open: Record<string, number> = { '(': 0, '[': 0, '{': 0 };
  for (let place = start; place < end; place += 1) {
    const character = text.charAt(place);
    const opening = openings[character];
    if (open[character] !== undefined) open[character] += 1;
    else if (opening !== undefined) {
      if (open[opening] === 0) return place;
      open[opening] = (open[opening] ?? 0) - 1;
    }
  }
  return end;
}

function isHost(head: RegExpExecArray): boolean {
  if (Number(head[2] ?? 0) > 65_535) return false;
  const host = head[1] ?? '';
  const parts = host.split('.');
  if (host.startsWith('[') || !/^[0-9]+$/u.test(parts.at(-1) ?? '')) return true;
  return parts.length === 4 && parts.every((part) => /^[0-9]+$/u.test(part) && Number(part) < 256);
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

/** The last character before a place, whole. */
export function lastOf(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end);
  return Array.from(pair).at(-1) ?? '';
}
