// Does the same with several things, one after the other, and says plainly what became of them.
import { Refusal, Unreachable } from '../connection/refusal';

export interface Outcome<Item> {
  readonly done: readonly Item[];
  /** What it was not done with: it was refused, or nobody could be reached any more. */
  readonly left: readonly Item[];
  /** Why the first of those was left; null where somebody stopped. */
  readonly error: unknown;
}

export interface Course {
  /** How many are done. */
  readonly onDone?: (count: number) => void;
  /** Whether the person has had enough of it. */
  readonly stopped?: () => boolean;
  /** Waits as long as the server asked to. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** A server that is busy for longer than that has other worries. */
const patience = 5;
const pause = 1_000;

export async function eachOf<Item>(
  items: readonly Item[],
  action: (item: Item) => Promise<unknown>,
  { onDone, stopped, wait = waited }: Course = {},
): Promise<Outcome<Item>> {
  const done: Item[] = [];
  const left: Item[] = [];
  let error: unknown = null;
  for (const item of items) {
    if (error instanceof Unreachable || stopped?.() === true) {
      left.push(item);
      continue;
    }
    try {
      await patiently(() => action(item), wait);
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

/** What the server is too busy for is asked for again, when it says. */
async function patiently(
  action: () => Promise<unknown>,
  wait: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await action();
      return;
    } catch (problem) {
      if (!(problem instanceof Refusal) || !problem.passing || tries >= patience) throw problem;
      await wait((problem.retryAfterSeconds ?? 0) * 1_000 || pause);
    }
  }
}

function waited(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
