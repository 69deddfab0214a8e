// Work that nobody waits for, done when the browser has nothing else to do.

/** Safari has no such callback: a moment later is nearly as good. */
const pause = 100;

export function whenIdle(work: () => void): void {
  const { requestIdleCallback } = globalThis as Partial<typeof globalThis>;
  if (requestIdleCallback === undefined) setTimeout(work, pause);
  else requestIdleCallback(work, { timeout: 2_000 });
}
