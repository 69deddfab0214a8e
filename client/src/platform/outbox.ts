// The outbox as plain data: what waits, in which order it is sent, and what an outcome means for it.
import type { Attachment, Message } from '../contract/objects';

export interface PendingFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  /** Kept until the upload was answered. */
  readonly blob: Blob | null;
  /** Of a voice message: milliseconds, and loudness as one character of `0-9a-v` per bar. */
  readonly duration?: number;
  readonly waveform?: string;
  readonly attachment: Attachment | null;
  /** The person wants it sent although it may tell where and when it was made. */
  readonly as_it_is?: boolean;
}

export interface Failure {
  readonly code: string;
  readonly detail: string;
  /** It goes if the person wants its files sent as they are. */
  readonly asItIs?: boolean;
}

export interface Pending {
  /** Given by the database; a higher one was written later. */
  readonly order: number;
  /** The idempotency key: made once, the same on every retry. */
  readonly key: string;
  readonly conversation: string;
  readonly body: string;
  readonly files: readonly PendingFile[];
  /** The message that it answers. */
  readonly reply_to?: number | null;
  readonly created_at: number;
  readonly failed: Failure | null;
}

export interface Attempts {
  readonly count: number;
  readonly notBefore: number;
}

/** So many attempts in vain, and what was written later goes out first. */
const attemptsBeforeSkipping = 5;

/** All of its files are on the server. */
export function isUploaded({ files }: Pending): boolean {
  return files.every(({ attachment }) => attachment !== null);
}

/**
 * The first one of every conversation that may be sent now. One that failed, or whose files are on
 * their way, holds up nobody.
 */
export function sendable(
  outbox: readonly Pending[],
  busy: ReadonlySet<string>,
  waiting: ReadonlyMap<string, Attempts>,
  now: number,
): Pending[] {
  const ready = outbox.filter((pending) => isUploaded(pending) && !isPassedOver(pending));
  return [...firstOfEach(ready).values()].filter(
    ({ conversation, key }) => !busy.has(conversation) && isDue(waiting.get(key), now),
  );

  function isPassedOver({ key }: Pending): boolean {
    const attempts = waiting.get(key);
    return (attempts?.count ?? 0) >= attemptsBeforeSkipping && !isDue(attempts, now);
  }
}

/** The first one of every conversation whose files may be uploaded now. */
export function uploadable(
  outbox: readonly Pending[],
  uploading: ReadonlySet<string>,
  waiting: ReadonlyMap<string, Attempts>,
  now: number,
): Pending[] {
  const due = outbox.filter(
    (pending) => !isUploaded(pending) && isDue(waiting.get(pending.key), now),
  );
  return [...firstOfEach(due).values()].filter(({ key }) => !uploading.has(key));
}

function firstOfEach(outbox: readonly Pending[]): Map<string, Pending> {
  const heads = new Map<string, Pending>();
  for (const pending of [...outbox].sort((a, b) => a.order - b.order)) {
    if (pending.failed === null && !heads.has(pending.conversation)) {
      heads.set(pending.conversation, pending);
    }
  }
  return heads;
}

function isDue(attempts: Attempts | undefined, now: number): boolean {
  return (attempts?.notBefore ?? 0) <= now;
}

/** The same again may have another outcome; `released` where no block stands in the way any more. */
export function retryHelps({ failed, files }: Pending, released: boolean): boolean {
  if (failed?.code === 'forbidden') return released;
  if (failed?.code === 'too_large') return false;
  // Files that nobody used in time are sent again with it.
  return failed?.code !== 'invalid' || files.length > 0;
}

const firstDelay = 1_000;
const longestDelay = 30_000;

/** Waits double from one second to thirty; the server's own wish, where it has one, is kept. */
export function afterAttempt(
  before: Attempts | undefined,
  now: number,
  retryAfterSeconds: number | null,
  chance: number,
): Attempts {
  const count = (before?.count ?? 0) + 1;
  const doubled = Math.min(longestDelay, firstDelay * 2 ** (count - 1));
  const delay = Math.max(doubled * (0.5 + chance / 2), (retryAfterSeconds ?? 0) * 1_000);
  return { count, notBefore: now + delay };
}

/** What a message on its way is by now: stored, still waiting, or nowhere any more. */
export function becameOf(
  { key }: Pending,
  me: string,
  stored: Iterable<Message>,
  outbox: readonly Pending[],
): Message | Pending | null {
  const own = [...stored].find((message) => message.key === key && message.author === me);
  return own ?? outbox.find((pending) => pending.key === key) ?? null;
}

export function pendingOf(outbox: readonly Pending[], conversation: string): Pending[] {
  return outbox
    .filter((pending) => pending.conversation === conversation)
    .sort((a, b) => a.order - b.order);
}
