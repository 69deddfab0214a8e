// Schedules syncs with the server: one at a time, repeated while there is more or a gap remains.
import type { SyncAnswer } from '../contract/answers';

export interface SyncCallbacks {
  sync(): Promise<SyncAnswer>;
  /** Failed syncs are only retried while connected: the next connection requests one anyway. */
  isConnected(): boolean;
  /** Applies an answer; returns whether something is still missing. */
  apply(answer: SyncAnswer): boolean;
  onSynced(): void;
}

/** Milliseconds. A gap that a sync did not close may be an event that is still on its way. */
const retryDelays = [0, 200, 1_000, 5_000] as const;
const debounceDelay = 30;
const maxBackoff = 30_000;

export class SyncScheduler {
  #running = false;
  #requested = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly callbacks: SyncCallbacks) {}

  /** Requests made within `delay` milliseconds share one sync. */
  request(delay = debounceDelay): void {
    this.#requested = true;
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delay);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let round = 0; this.#requested; round += 1) await this.#pull(round);
      this.#failures = 0;
      this.callbacks.onSynced();
    } catch {
      this.#failures += 1;
    } finally {
      this.#running = false;
    }
    if (this.#failures > 0 && this.callbacks.isConnected()) {
      this.request(Math.min(maxBackoff, 500 * 2 ** this.#failures));
    }
  }

  async #pull(round: number): Promise<void> {
    this.#requested = false;
    let answer = await this.callbacks.sync();
    let incomplete = this.callbacks.apply(answer);
    while (answer.more) {
      answer = await this.callbacks.sync();
      incomplete = this.callbacks.apply(answer);
    }
    if (!incomplete) return;
    // Another one may have been requested meanwhile.
    this.#requested ||= round < retryDelays.length;
    await new Promise((resolve) => setTimeout(resolve, retryDelays[round] ?? 0));
  }
}
