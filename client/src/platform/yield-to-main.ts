// A pause in long work, in which the browser answers the person and draws.

interface Yielding {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
}

/** Goes on in a task of its own: before what else waits where the browser knows how to, else after it. */
export async function yieldToMain(): Promise<void> {
  const { scheduler } = globalThis as Yielding;
  if (scheduler?.yield === undefined) await new Promise((resolve) => setTimeout(resolve, 0));
  else await scheduler.yield();
}
