// Pulls the difference from the server: one sync at a time, repeated while there is more or a hole.
import type { SyncAnswer } from '../contract/answers';

export interface CatchUpDoors {
  sync(): Promise<SyncAnswer>;
  /** Without a connection there is no use in asking again: the next one asks by itself. */
  reachable(): boolean;
  /** Applies an answer and tells whether something is still missing. */
  apply(answer: SyncAnswer): boolean;
  onDone(): void;
}

/** A hole that a sync did not close may be an event that is still on its way. */
const patience = [0, 200, 1_000, 5_000] as const;
const gathering = 30;
const longestWait = 30_000;

export class CatchUp {
  #running = false;
  #wanted = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly doors: CatchUpDoors) {}

  /** Asks for a pull soon; several wishes at the same time become one pull. */
  want(delay = gathering): void {
    this.#wanted = true;
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delay);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let round = 0; this.#wanted; round += 1) await this.#pull(round);
      this.#failures = 0;
      this.doors.onDone();
    } catch {
      this.#failures += 1;
    } finally {
      this.#running = false;
    }
    if (this.#failures > 0 && this.doors.reachable()) {
      this.want(Math.min(longestWait, 500 * 2 ** this.#failures));
    }
  }

  async #pull(round: number): Promise<void> {
    this.#wanted = false;
    let answer = await this.doors.sync();
    let missing = this.doors.apply(answer);
    while (answer.more) {
      answer = await this.doors.sync();
      missing = this.doors.apply(answer);
    }
    if (!missing) return;
    // Somebody may have asked for one meanwhile, too.
    this.#wanted ||= round < patience.length;
    await new Promise((resolve) => setTimeout(resolve, patience[round] ?? 0));
  }
}
