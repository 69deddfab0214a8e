// The only place with `$effect`: what an effect depends on stands apart from what it does, so that no
// effect can run again because of what it wrote itself.
import { untrack } from 'svelte';

/**
 * Calls `act` with what `source` gives, at first and whenever that is another value.
 *
 * Only `source` is tracked. A function that `act` returns runs before the next call, and when the
 * component goes.
 */
export function watch<T>(source: () => T, act: (value: T) => unknown): void {
  const value = $derived(source());
  $effect(() => run(value, act));
}

/** As `watch`, but before the page is changed. */
export function watchBefore<T>(source: () => T, act: (value: T) => unknown): void {
  const value = $derived(source());
  $effect.pre(() => run(value, act));
}

function run<T>(value: T, act: (value: T) => unknown): (() => void) | undefined {
  const result = untrack(() => act(value));
  return typeof result === 'function' ? (result as () => void) : undefined;
}
