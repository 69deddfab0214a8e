// Marks hits in the text of pages that are drawn, without changing a single element.
import type { Hit } from './finding';

const names = { hit: 'pdf-hit', current: 'pdf-current' } as const;

function highlight(name: string): Highlight {
  const known = CSS.highlights.get(name);
  if (known !== undefined) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}

/** Where a hit is on the page: one range for each line that it touches. */
export function rangesOf({ from, to }: Hit, lines: readonly HTMLElement[]): Range[] {
  const ranges: Range[] = [];
  for (let line = from.line; line <= to.line; line += 1) {
    const text = lines[line]?.firstChild;
    if (!(text instanceof Text)) continue;
    const range = new Range();
    range.setStart(text, line === from.line ? Math.min(from.at, text.length) : 0);
    range.setEnd(text, line === to.line ? Math.min(to.at, text.length) : text.length);
    ranges.push(range);
  }
  return ranges;
}

/** Shows the marks; answers how to take them away. Browsers without them still go to the place. */
export function mark(
  hits: readonly Hit[],
  current: Hit | null,
  lines: readonly HTMLElement[],
): () => void {
  if (!('highlights' in CSS)) return () => undefined;
  const made: [Highlight, Range][] = [];
  for (const hit of hits) {
    const on = highlight(hit === current ? names.current : names.hit);
    for (const range of rangesOf(hit, lines)) {
      on.add(range);
      made.push([on, range]);
    }
  }
  return () => made.forEach(([on, range]) => on.delete(range));
}
