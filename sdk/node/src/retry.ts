// How long to wait before something is tried again.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Retry {
  /** Seconds before the first repetition, at most. */
  readonly first: number;
  /** Seconds before any repetition, at most. */
  readonly longest: number;
  /** Seconds after which a call fails; Infinity to go on for good. */
  readonly giveUpAfter: number;
}

export const PATIENT: Retry = { first: 0.5, longest: 30, giveUpAfter: Infinity };

/** For calls of a bot that does not run. */
export const SCRIPT: Retry = { ...PATIENT, giveUpAfter: 60 };

/** Returns seconds to wait: twice as many each time, at random, so that many bots do not come back together. */
export function pauseAfter(retry: Retry, attempt: number): number {
  const most = Math.min(retry.longest, retry.first * 2 ** Math.min(attempt, 30));
  return most * (0.5 + Math.random() / 2);
}

export async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal });
}
