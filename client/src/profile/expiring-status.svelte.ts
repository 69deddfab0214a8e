// A status for as long as it holds, also where it ends while somebody looks at it.
import type { Status } from '../contract/objects';
import { watch } from '../ui/watch.svelte';

/** Timers wait no longer than this; whoever looks for longer sees the end when they look anew. */
const longestWait = 2 ** 31 - 1;

export class ExpiringStatus {
  #now = $state(Date.now());
  readonly status = $derived.by(() => {
    const status = this.given() ?? null;
    return status?.until == null || status.until > this.#now ? status : null;
  });

  constructor(private readonly given: () => Status | null | undefined) {
    watch(
      () => this.given()?.until ?? null,
      (until) => {
        const now = Date.now();
        this.#now = now;
        if (until === null || until <= now) return undefined;
        const wait = Math.min(until - now + 1, longestWait);
        const timer = setTimeout(() => (this.#now = Date.now()), wait);
        return () => clearTimeout(timer);
      },
    );
  }
}
