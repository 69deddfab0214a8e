// Which messages are pinned: what was fetched, brought up to date by the rows that are held.
import type { Message } from '../../contract/objects';
import { isAway, type Held } from '../../state/held.state';

export function rowsHeld(held: Held): Map<number, Message> {
  const rows = [...held.stray.values(), ...(held.context?.messages ?? []), ...held.messages];
  return new Map(rows.map((row) => [row.seq, row]));
}

/** The last pinned first. */
export function pinsOf(held: Held, fetched: readonly Message[]): Message[] {
  const rows = rowsHeld(held);
  const bySeq = new Map(fetched.map((row) => [row.seq, row]));
  for (const [seq, row] of rows) {
    const known = bySeq.get(seq);
    if (known === undefined ? row.pinned !== null : row.version >= known.version)
      bySeq.set(seq, row);
  }
  return [...bySeq.values()]
    .filter(({ pinned, deleted, seq }) => pinned !== null && !deleted && !isAway(held, seq))
    .sort((a, b) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0) || b.seq - a.seq);
}
