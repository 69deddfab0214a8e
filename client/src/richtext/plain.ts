// A tree as its text: what is read aloud, listed and quoted, without the signs of the markup.
import { textOf } from './tree';
import type { Block, Inline } from './tree';

export interface TextPiece {
  readonly kind: 'text' | 'code' | 'link' | 'mention';
  readonly text: string;
  readonly href?: string;
}

/** The pieces of a text in their order; blocks are lines. Together they are the plain text. */
export function textPieces(blocks: readonly Block[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let lead = '';
  const add = (added: readonly TextPiece[]): void => {
    pieces.push({ kind: 'text', text: lead }, ...added);
    lead = '\n';
  };
  const visit = (block: Block): void => {
    if (block.kind === 'paragraph') add(block.children.flatMap(inlinePieces));
    else if (block.kind === 'code') add([{ kind: 'code', text: block.text }]);
    else if (block.kind === 'quote') block.children.forEach(visit);
    else {
      block.items.forEach((item, index) => {
        lead += block.ordered ? `${block.start + index}. ` : '- ';
        item.forEach(visit);
      });
    }
  };
  blocks.forEach(visit);
  return joined(pieces);
}

export function inlinePieces(node: Inline): TextPiece[] {
  switch (node.kind) {
    case 'link':
      return [{ kind: 'link', text: textOf(node.children), href: node.href }];
    case 'text':
    case 'code':
    case 'mention':
      return [{ kind: node.kind, text: node.text }];
    default:
      return node.children.flatMap(inlinePieces);
  }
}

export function joined(pieces: readonly TextPiece[]): TextPiece[] {
  const result: TextPiece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece.kind !== 'text' || last?.kind !== 'text') result.push(piece);
    else result[result.length - 1] = { kind: 'text', text: last.text + piece.text };
  }
  return result.filter(({ kind, text }) => kind !== 'text' || text !== '');
}
