// Plain text as pieces: mentions, addresses and the text between them.
import { piecesOf } from '../../state/links.state';
import type { Inline, Mentioned } from './tree';

const wordEnd = /[\p{L}\p{N}_]$/u;
const wordStart = /^[\p{L}\p{N}_]/u;

export function textNode(text: string): Inline {
  return { kind: 'text', text };
}

/** Text with its addresses as links. */
export function withLinks(text: string): Inline[] {
  // Most texts hold no address, and looking for a few signs is quicker than matching.
  if (!text.includes('://') && !text.includes('@') && !/www\./iu.test(text))
    return [textNode(text)];
  return piecesOf(text).map(({ text: label, href }) =>
    href === null
      ? textNode(label)
      : { kind: 'link', href, host: null, children: [textNode(label)] },
  );
}

export function plainInline(text: string, mentions: readonly Mentioned[]): Inline[] {
  if (mentions.length === 0) return withLinks(text);
  const nodes: Inline[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const found = mentionAt(text, at, mentions);
    if (found === null) continue;
    if (at > from) nodes.push(...withLinks(text.slice(from, at)));
    nodes.push({ kind: 'mention', user: found.user, text: `@${found.text}` });
    from = at + 1 + found.text.length;
    at = from - 1;
  }
  if (from < text.length) nodes.push(...withLinks(text.slice(from)));
  return nodes;
}

/** The mention whose `@` stands here: the longest one, and a whole word. */
export function mentionAt(
  text: string,
  at: number,
  mentions: readonly Mentioned[],
): Mentioned | null {
  if (text[at] !== '@' || wordEnd.test(text.slice(Math.max(0, at - 2), at))) return null;
  let longest: Mentioned | null = null;
  for (const mention of mentions) {
    const end = at + 1 + mention.text.length;
    if (mention.text === '' || mention.text.length <= (longest?.text.length ?? 0)) continue;
    if (!text.startsWith(mention.text, at + 1)) continue;
    if (!wordStart.test(text.slice(end, end + 2))) longest = mention;
  }
  return longest;
}
