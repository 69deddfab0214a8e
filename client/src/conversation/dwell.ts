// Which messages were before somebody's eyes for long enough to count as read.

/** For how long a message has to be in view. */
export const readAfter = 500;

interface Extent {
  readonly top: number;
  readonly bottom: number;
}

/** At least half of a row is in the pane, or its end where it is taller than the pane. */
export function isInView(row: Extent, pane: Extent): boolean {
  const height = row.bottom - row.top;
  if (height <= 0) return false;
  if (height > pane.bottom - pane.top) {
    return row.bottom > pane.top && Math.floor(row.bottom) <= pane.bottom;
  }
  return Math.min(row.bottom, pane.bottom) - Math.max(row.top, pane.top) >= height / 2;
}

export class Dwell {
  readonly #since = new Map<number, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onRead` gets the newest of those that have just been in view for long enough. */
  constructor(private readonly onRead: (seq: number) => void) {}

  /** The messages that are in view from now on; none while nobody looks. */
  see(seqs: readonly number[]): void {
    const now = performance.now();
    const seen = new Set(seqs);
    for (const seq of this.#since.keys()) if (!seen.has(seq)) this.#since.delete(seq);
    for (const seq of seqs) if (!this.#since.has(seq)) this.#since.set(seq, now);
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const first = Math.min(...this.#since.values());
    if (!Number.isFinite(first)) return;
    this.#timer = setTimeout(
      () => this.#look(),
      Math.max(0, first + readAfter - performance.now()),
    );
  }

  #look(): void {
    const now = performance.now();
    const read = [...this.#since].filter(([, at]) => now - at >= readAfter).map(([seq]) => seq);
    for (const seq of read) this.#since.delete(seq);
    this.#wait();
    if (read.length > 0) this.onRead(Math.max(...read));
  }
}
