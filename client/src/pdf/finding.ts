// Finds words in the text of a page, whatever their case, accents and line breaks.

export interface Line {
  readonly text: string;
  readonly ends: boolean;
}

/** A place in the lines of a page: from a character of one line to a character of another. */
export interface Hit {
  readonly page: number;
  readonly from: Point;
  readonly to: Point;
}

interface Point {
  readonly line: number;
  readonly at: number;
}

interface Folded {
  readonly text: string;
  /** For each character of `text`, where it comes from. */
  readonly origin: readonly Point[];
}

/** How a text is compared: without case, accents and ligatures. */
export function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

function foldLines(lines: readonly Line[]): Folded {
  let text = '';
  const origin: Point[] = [];
  const add = (folded: string, line: number, at: number): void => {
    for (const one of folded.replaceAll(/\s+/g, ' ')) {
      if (one === ' ' && (text === '' || text.endsWith(' '))) continue;
      text += one;
      for (let unit = 0; unit < one.length; unit += 1) origin.push({ line, at });
    }
  };
  lines.forEach((line, index) => {
    let at = 0;
    for (const character of line.text) {
      add(fold(character), index, at);
      at += character.length;
    }
    if (line.ends) add(' ', index, at);
  });
  return { text, origin };
}

/** All hits of one page, in reading order; they do not overlap. */
export function findIn(lines: readonly Line[], wanted: string, page: number): Hit[] {
  const needle = fold(wanted).replaceAll(/\s+/g, ' ').trim();
  if (needle === '') return [];
  const { text, origin } = foldLines(lines);
  const hits: Hit[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    const [from, last] = [origin[at], origin[at + needle.length - 1]];
    if (from === undefined || last === undefined) continue;
    hits.push({ page, from, to: { line: last.line, at: endOf(lines, last) } });
  }
  return hits;
}

/** Behind the character at a place, which may be two units long and have accents behind it. */
function endOf(lines: readonly Line[], { line, at }: Point): number {
  const rest = lines[line]?.text.slice(at) ?? '';
  return at + (/^.\p{M}*/su.exec(rest)?.[0].length ?? 0);
}

/** The first hit at or behind a page, or the very first. */
export function firstFrom(hits: readonly Hit[], page: number): number {
  const found = hits.findIndex((hit) => hit.page >= page);
  return found < 0 ? 0 : found;
}
