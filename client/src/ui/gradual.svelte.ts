// Draws a long list in several tasks, so that a slow phone stays responsive.
import { yieldToMain } from '../platform/yield-to-main';
import { watch } from './watch.svelte';

/** Rows drawn in one task; more of them would block a slow phone noticeably. */
const rowsPerTask = 2;

/** How many rows of a list are drawn: a few at first, all of them some tasks later, and then always. */
export class GradualRows {
  #count = $state(rowsPerTask);

  /** For the component that draws the list. */
  constructor(total: () => number) {
    watch(
      () => [this.#count, total()] as const,
      ([count, all]) => {
        if (count < all) void this.#grow();
        else if (all > 0) this.#count = Infinity;
      },
    );
  }

  get count(): number {
    return this.#count;
  }

  async #grow(): Promise<void> {
    await yieldToMain();
    this.#count += rowsPerTask;
  }
}
