// What the person deleted for themselves: it has no versions, so that it is fetched as a list that
// only grows, each time from where the last answer ended.
import type { Fetching } from '../connection/fetching';

interface Doors {
  readonly fetching: Fetching;
  onHidden(conversation: string, seq: number): void;
  /** Everything up to there was told. */
  onAfter(after: number): void;
}

export class Hidden {
  #after = 0;

  constructor(private readonly doors: Doors) {}

  /** Goes on from where an earlier visit ended. */
  restore(after: number): void {
    this.#after = after;
  }

  async pull(): Promise<void> {
    let after = this.#after;
    for (let more = true; more;) {
      const answer = await this.doors.fetching.hidden(after);
      for (const { conversation, seq } of answer.hidden) this.doors.onHidden(conversation, seq);
      more = answer.more && answer.after > after;
      after = answer.after;
    }
    this.#after = Math.max(this.#after, after);
    this.doors.onAfter(this.#after);
  }

  /** A conversation is there that was not: what it hides was told when there was no place for it. */
  onAppeared(): void {
    if (this.#after === 0) return;
    this.#after = 0;
    void this.pull().catch(() => undefined);
  }
}
