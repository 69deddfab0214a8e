// Runs an action for several items, one after the other, and reports which succeeded.
import { Refusal, Unreachable } from './refusal';

export interface BatchResult<Item> {
  readonly done: readonly Item[];
  /** Items that were refused, or not tried because the server could not be reached. */
  readonly left: readonly Item[];
  /** Why the first of those failed; null if the batch was only stopped. */
  readonly error: unknown;
}

export interface BatchOptions {
  readonly onDone?: (count: number) => void;
  /** Checked before each item. */
  readonly stopped?: () => boolean;
  readonly wait?: (milliseconds: number) => Promise<void>;
}

const maxAttempts = 5;
const defaultWait = 1_000;

export async function runEach<Item>(
  items: readonly Item[],
  action: (item: Item) => Promise<unknown>,
  { onDone, stopped, wait = sleep }: BatchOptions = {},
): Promise<BatchResult<Item>> {
  const done: Item[] = [];
  const left: Item[] = [];
  let error: unknown = null;
  for (const item of items) {
    if (error instanceof Unreachable || stopped?.() === true) {
      left.push(item);
      continue;
    }
    try {
      await withRetry(() => action(item), wait);
      done.push(item);
      onDone?.(done.length);
    } catch (problem) {
      // Without a network the rest need not be tried.
      if (error === null || problem instanceof Unreachable) error = problem;
      left.push(item);
    }
  }
  return { done, left, error };
}

/** Repeats an action that was refused temporarily, when the server says. */
async function withRetry(
  action: () => Promise<unknown>,
  wait: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await action();
      return;
    } catch (problem) {
      if (!(problem instanceof Refusal) || !problem.isTemporary || tries >= maxAttempts)
        throw problem;
      await wait((problem.retryAfterSeconds ?? 0) * 1_000 || defaultWait);
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
