// Cuts a text into what was found and what stands around it.

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

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
