// What a message's text becomes before it is shown: a tree of plain values, never HTML.

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'link';
      readonly href: string;
      /** The host, where the label shows another one. */
      readonly host: string | null;
      readonly children: readonly Inline[];
    }
  /** No user means everybody. */
  | { readonly kind: 'mention'; readonly user: string | null; readonly text: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly tight: boolean; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    };

export interface Mentioned {
  readonly user: string | null;
  /** What stands behind the `@`. */
  readonly text: string;
}

export function textOf(nodes: readonly Inline[]): string {
  return nodes.map((node) => ('children' in node ? textOf(node.children) : node.text)).join('');
}
