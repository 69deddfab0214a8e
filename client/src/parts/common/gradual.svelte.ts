// Draws a long list in several tasks, so that a slow phone answers while it does.
import { yieldToMain } from '../../messenger/yield-to-main';
import { watch } from './watch.svelte';

/** Rows that are drawn in one task: with more of them a slow phone stands still for a moment. */
const rowsATask = 2;

/** How many rows of a list are drawn: a few at first, all of them some tasks later, and then always. */
export class GradualRows {
  #count = $state(rowsATask);

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
    this.#count += rowsATask;
  }
}
