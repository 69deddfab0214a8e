// Idempotency keys that are made of what causes an answer.
//
// A bot that crashes between its answer and keeping its cursor hears the same event again and answers
// again, with the same key: the server takes that for a repeat and posts nothing.

import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomBytes } from 'node:crypto';

interface Cause {
  readonly source: string;
  count: number;
}

const current = new AsyncLocalStorage<Cause>();

/** Has what is created within be created because of an event; `handler` says which of its handlers runs. */
export function becauseOf<Result>(event: string, handler: number, work: () => Result): Result {
  return current.run({ source: `${event} ${handler}`, count: 0 }, work);
}

/** Returns the key of something to create: the given one, that of the event, or outside of handlers a new one. */
export function keyFor(given?: string): string {
  if (given !== undefined) return /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : digest(given);
  const cause = current.getStore();
  if (cause === undefined) return randomBytes(20).toString('hex');
  cause.count += 1;
  return digest(`${cause.source} ${cause.count}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
