// The tree of a text, parsed once; the parser itself is fetched when a text first needs it.
import { plainInline } from './inline';
import { hasMarkup } from './markup';
import { textPieces } from './plain';
import { roughly } from './roughly';
import type * as parsing from './parser';
import type { Block, Inline, Mentioned } from './tree';

type Parser = typeof parsing;

export type Rich =
  | { readonly kind: 'plain'; readonly inline: readonly Inline[] }
  | { readonly kind: 'blocks'; readonly blocks: readonly Block[] };

/** About what is in the page, twice. */
const mostKept = 600;
const kept = new Map<string, Rich>();
let parser = $state.raw<Parser | null>(null);
let fetching = false;

/**
 * The same text with the same mentions gives the same tree, so that a row whose reactions changed
 * is not parsed again. Until the parser is here, a text is shown as it was typed.
 */
export function richOf(text: string, mentions: readonly Mentioned[]): Rich {
  const key = mentions.length === 0 ? text : `${JSON.stringify(mentions)}\0${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (!hasMarkup(text)) return remembered(key, plain(text, mentions));
  if (parser === null) {
    void fetchParser();
    return plain(text, mentions);
  }
  return remembered(key, { kind: 'blocks', blocks: parser.parse(text, mentions) });
}

/** A text in which no sign of markup is left, for a line in a list. */
export function plainOf(text: string): string {
  const known = hasMarkup(text) ? richOf(text, []) : null;
  if (known === null) return text;
  if (known.kind === 'plain') return roughly(text);
  return textPieces(known.blocks)
    .map((piece) => piece.text)
    .join('');
}

function plain(text: string, mentions: readonly Mentioned[]): Rich {
  return { kind: 'plain', inline: plainInline(text, mentions) };
}

function remembered(key: string, rich: Rich): Rich {
  kept.set(key, rich);
  if (kept.size > mostKept) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
  return rich;
}

export async function fetchParser(): Promise<void> {
  if (fetching || parser !== null) return;
  fetching = true;
  try {
    parser = await import('./parser');
  } catch {
    // Offline and not kept: the text stays as it was typed; the next one tries again.
  } finally {
    fetching = false;
  }
}
