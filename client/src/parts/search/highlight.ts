// Cuts a text into what was found and what stands around it.

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

const before = 32;
const most = 160;

/** Ranges count code points, from the first one to after the last one. */
export function pieces(text: string, ranges: readonly (readonly [number, number])[]): Piece[] {
  const points = Array.from(text);
  const cut: Piece[] = [];
  let at = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const from = Math.max(at, start);
    if (end <= from) continue;
    if (from > at) cut.push({ text: points.slice(at, from).join(''), found: false });
    cut.push({ text: points.slice(from, end).join(''), found: true });
    at = end;
  }
  if (at < points.length) cut.push({ text: points.slice(at).join(''), found: false });
  return cut;
}

/** The part of a long text around the first find, so that it is seen in one or two lines. */
export function excerpt(text: string, ranges: readonly (readonly [number, number])[]): Piece[] {
  const points = Array.from(text.replaceAll('\n', ' '));
  const first = ranges.length === 0 ? 0 : Math.min(...ranges.map(([start]) => start));
  const start = first > before ? first - before : 0;
  const end = Math.min(points.length, start + most);
  const seen = ranges
    .filter(([from, to]) => to > start && from < end)
    .map(([from, to]): [number, number] => [
      Math.max(from, start) - start,
      Math.min(to, end) - start,
    ]);
  const cut = pieces(points.slice(start, end).join(''), seen);
  if (start > 0) cut.unshift({ text: '…', found: false });
  if (end < points.length) cut.push({ text: '…', found: false });
  return cut;
}
