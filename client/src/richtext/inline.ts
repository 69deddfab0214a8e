// Plain text as pieces: addresses, mentions between them, and the text between those.
import { addressesOf, lastOf } from './addresses';
import { lazyPattern } from './patterns';
import type { Inline, Mentioned } from './tree';

const word = lazyPattern('word', 'uy');

export function textNode(text: string): Inline {
  return { kind: 'text', text };
}

export function plainInline(text: string, mentions: readonly Mentioned[]): Inline[] {
  const nodes: Inline[] = [];
  let from = 0;
  for (const { start, end, href } of addressesOf(text)) {
    if (href === null && mentions.length === 0) continue;
    nodes.push(...between(text, from, start, mentions));
    const children = [textNode(text.slice(start, end))];
    nodes.push(
      ...(href === null ? children : [{ kind: 'link', href, host: null, children } as const]),
    );
    from = end;
  }
  return [...nodes, ...between(text, from, text.length, mentions)];
}

function between(
  text: string,
  from: number,
  end: number,
  mentions: readonly Mentioned[],
): Inline[] {
  const nodes: Inline[] = [];
  let done = from;
  const next = (at: number): number => (mentions.length === 0 ? -1 : text.indexOf('@', at));
  for (let at = next(from); at !== -1 && at < end; at = next(Math.max(at + 1, done))) {
    const found = mentionAt(text, at, mentions);
    if (found === null || at + 1 + found.text.length > end) continue;
    if (at > done) nodes.push(textNode(text.slice(done, at)));
    nodes.push({ kind: 'mention', user: found.user, text: `@${found.text}` });
    done = at + 1 + found.text.length;
  }
  if (done < end) nodes.push(textNode(text.slice(done, end)));
  return nodes;
}

/** The mention whose `@` stands here: the longest one, and a whole word. */
export function mentionAt(
  text: string,
  at: number,
  mentions: readonly Mentioned[],
): Mentioned | null {
  if (text[at] !== '@' || !mayBegin(text, at)) return null;
  let longest: Mentioned | null = null;
  for (const mention of mentions) {
    if (mention.text === '' || mention.text.length <= (longest?.text.length ?? 0)) continue;
    if (!text.startsWith(mention.text, at + 1)) continue;
    if (mayEnd(text, at + 1 + mention.text.length)) longest = mention;
  }
  return longest;
}

/** Whether what begins here is not the middle of a word. */
function mayBegin(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === '_') before -= 1;
  return !isWord(lastOf(text, before), 0);
}

/** Whether a word may end here; underscores alone continue none. */
function mayEnd(text: string, at: number): boolean {
  let end = at;
  while (text[end] === '_') end += 1;
  return !isWord(text, end);
}

function isWord(text: string, at: number): boolean {
  const begins = word();
  begins.lastIndex = at;
  return begins.test(text);
}
