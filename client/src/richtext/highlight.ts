// Colours for code: tokens by highlight.js as a tree (lowlight), never as HTML.
import { common, createLowlight } from 'lowlight';

export interface Piece {
  readonly text: string;
  /** The kind of token, such as `keyword`; empty for what has none. */
  readonly look: string;
}

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

const lowlight = createLowlight(common);

/** Code in pieces; null where the language is not known. */
export function highlighted(text: string, language: string): Piece[] | null {
  const name = language.toLowerCase();
  if (!lowlight.registered(name)) return null;
  const pieces: Piece[] = [];
  collect(lowlight.highlight(name, text), '', pieces);
  return pieces;
}

function collect(node: Node, look: string, pieces: Piece[]): void {
  if (node.type === 'text') pieces.push({ text: node.value ?? '', look });
  for (const child of node.children ?? []) collect(child, lookOf(child) || look, pieces);
}

function lookOf({ properties }: Node): string {
  const names: unknown = properties?.['className'];
  const first: unknown = Array.isArray(names) ? names[0] : '';
  return typeof first === 'string' ? first.replace(/^hljs-/u, '') : '';
}
