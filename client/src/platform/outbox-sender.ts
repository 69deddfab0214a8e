// Sends the outbox: one tab at a time, in order per conversation, until acknowledged.
import type { Attachment, Message } from '../contract/objects';
import {
  afterAttempt,
  sendable,
  uploadable,
  type Attempts,
  type Failure,
  type Pending,
  type PendingFile,
} from './outbox';
import type { LocalDatabase } from './local-database';
import { Refusal } from './refusal';

/** The part of the browser's lock manager that is needed. */
export interface Locks {
  request(name: string, options: { steal?: boolean }, work: () => Promise<void>): Promise<unknown>;
}

/** After so many milliseconds without an answer from the leading tab, another one takes over. */
const leaderTimeout = 4_000;

export interface OutboxSenderOptions {
  readonly database: LocalDatabase;
  /** Undefined on plain HTTP. */
  readonly locks: Locks | undefined;
  /** Rejects with `Refusal` or `Unreachable`. */
  /** Answers null where the server took it and holds it back. */
  post(pending: Pending, attachments: readonly string[]): Promise<Message | null>;
  upload(file: PendingFile): Promise<Attachment>;
  /** The outbox in the database changed. */
  onChanged(outbox: readonly Pending[]): void;
  onPosted(message: Message): void;
}

export class OutboxSender {
  /** Conversations with a message that is being posted. */
  readonly #sending = new Set<string>();
  /** Messages, by their keys, whose files are being uploaded. */
  readonly #uploading = new Set<string>();
  readonly #attempts = new Map<string, Attempts>();
  readonly #channel: BroadcastChannel | null;
  #outbox: readonly Pending[] = [];
  #isLeader = false;
  #started = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leaderTimer: ReturnType<typeof setTimeout> | undefined;
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((release) => (this.#release = release));

  constructor(
    private readonly person: string,
    private readonly options: OutboxSenderOptions,
  ) {
    this.#channel = options.database.persistent ? new BroadcastChannel(`outbox-${person}`) : null;
    if (this.#channel !== null) this.#channel.onmessage = ({ data }) => this.#onTabMessage(data);
  }

  /** Loads the outbox and accepts new messages; nothing is sent yet. */
  async open(): Promise<void> {
    await this.#reload();
  }

  async start(): Promise<void> {
    await this.#reload();
    if (this.#started) return;
    this.#started = true;
    void this.#acquireLock(false);
  }

  /** This tab sends nothing more; the outbox stays in the database. */
  stop(): void {
    this.#stopped = true;
    this.#isLeader = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#leaderTimer);
    this.#channel?.close();
    this.#release();
  }

  async add(pending: Omit<Pending, 'order'>): Promise<void> {
    await this.options.database.addPending(pending);
    await this.#reloadAndBroadcast();
    this.#expectLeader();
  }

  async retry(pending: Pending, asItIs = false): Promise<void> {
    this.#attempts.delete(pending.key);
    // The server deletes uploads that stay unused: where the bytes are here, upload them again.
    const files = pending.files.map((file) =>
      file.blob === null
        ? file
        : { ...file, attachment: null, ...(asItIs ? { as_it_is: true } : {}) },
    );
    await this.#replace({ ...pending, files, failed: null });
    this.#expectLeader();
  }

  async discard(pending: Pending): Promise<void> {
    await this.options.database.removePending(pending.order);
    await this.#reloadAndBroadcast();
  }

  /** The connection is back: pending retries run now. */
  wake(): void {
    for (const [key, { count }] of this.#attempts) this.#attempts.set(key, { count, notBefore: 0 });
    this.#schedule();
  }

  /** One tab holds the lock while it lives; without locks, idempotency keys prevent duplicates. */
  async #acquireLock(steal: boolean): Promise<void> {
    const { locks, database } = this.options;
    // An outbox in memory cannot be sent by another tab.
    if (locks === undefined || !database.persistent) {
      this.#becomeLeader();
      return;
    }
    try {
      await locks.request(`outbox-${this.person}`, steal ? { steal } : {}, async () => {
        await this.#reload().catch(() => undefined);
        this.#becomeLeader();
        await this.#released;
      });
    } catch {
      // Another tab stole the lock, as this one was suspended: queue for it again.
      this.#isLeader = false;
      if (!this.#stopped) void this.#acquireLock(false);
    }
  }

  #becomeLeader(): void {
    this.#isLeader = !this.#stopped;
    this.#schedule();
  }

  #onTabMessage(message: unknown): void {
    if (message === 'heard') {
      clearTimeout(this.#leaderTimer);
      this.#leaderTimer = undefined;
      return;
    }
    if (this.#isLeader) this.#channel?.postMessage('heard');
    void this.#reload().catch(() => undefined);
  }

  /**
   * The leading tab acknowledges changes. Phones suspend tabs without releasing their locks: a tab
   * that does not answer is replaced. If it sends after all, the keys make it one message.
   */
  #expectLeader(): void {
    if (this.#isLeader || this.#stopped || !this.#started || this.#channel === null) return;
    this.#leaderTimer ??= setTimeout(() => {
      this.#leaderTimer = undefined;
      if (!this.#isLeader && !this.#stopped) void this.#acquireLock(true);
    }, leaderTimeout);
  }

  async #reloadAndBroadcast(): Promise<void> {
    await this.#reload();
    if (!this.#stopped) this.#channel?.postMessage('changed');
  }

  async #reload(): Promise<void> {
    if (this.#stopped) return;
    this.#outbox = await this.options.database.pending();
    this.options.onChanged(this.#outbox);
    this.#schedule();
  }

  async #replace(pending: Pending): Promise<void> {
    await this.options.database.replacePending(pending);
    await this.#reloadAndBroadcast();
  }

  #schedule(): void {
    if (!this.#isLeader || this.#stopped) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    for (const pending of uploadable(this.#outbox, this.#uploading, this.#attempts, now)) {
      void this.#upload(pending);
    }
    for (const pending of sendable(this.#outbox, this.#sending, this.#attempts, now)) {
      void this.#send(pending);
    }
    const times = [...this.#attempts.values()].map(({ notBefore }) => notBefore - Date.now());
    const soonest = Math.min(...times.filter((time) => time > 0));
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.#schedule(), soonest + 5);
  }

  async #send(pending: Pending): Promise<void> {
    this.#sending.add(pending.conversation);
    try {
      await this.#post(pending);
    } catch (error) {
      await this.#onFailure(pending, error);
    } finally {
      this.#sending.delete(pending.conversation);
      this.#schedule();
    }
  }

  async #post(pending: Pending): Promise<void> {
    const ids = pending.files.flatMap(({ attachment }) => attachment?.id ?? []);
    const message = await this.options.post(pending, ids);
    this.#attempts.delete(pending.key);
    // Shown as stored before it leaves the outbox, so that it never disappears.
    if (message !== null) this.options.onPosted(message);
    await this.options.database.removePending(pending.order);
    await this.#reloadAndBroadcast();
  }

  /** Later messages do not wait for these uploads. */
  async #upload(pending: Pending): Promise<void> {
    this.#uploading.add(pending.key);
    try {
      await this.#withUploads(pending);
    } catch (error) {
      await this.#onFailure(pending, error);
    } finally {
      this.#uploading.delete(pending.key);
      this.#schedule();
    }
  }

  async #withUploads(pending: Pending): Promise<void> {
    const results = await Promise.allSettled(pending.files.map((file) => this.#uploaded(file)));
    const files = results.map((result, index) =>
      result.status === 'fulfilled' ? result.value : pending.files[index],
    );
    const uploaded = { ...pending, files: files.filter((file) => file !== undefined) };
    const reasons = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => reason as Error);
    // A permanent failure is reported before one that may succeed later.
    const failure = reasons.find((one) => one instanceof Refusal && !one.isTemporary) ?? reasons[0];
    if (failure === undefined) this.#attempts.delete(pending.key);
    // A later attempt, also after a reload, does not upload these files again.
    await this.#replace(uploaded);
    if (failure !== undefined) throw failure;
  }

  async #uploaded(file: PendingFile): Promise<PendingFile> {
    if (file.attachment !== null) return file;
    if (file.blob === null) throw new Refusal('unreadable', '');
    return { ...file, attachment: await this.options.upload(file) };
  }

  async #onFailure(pending: Pending, error: unknown): Promise<void> {
    const current = this.#outbox.find(({ order }) => order === pending.order);
    // Discarded while it was being sent.
    if (current === undefined) return;
    if (error instanceof Refusal && error.code === 'unauthorized') {
      this.stop();
      return;
    }
    if (error instanceof Refusal && !error.isTemporary) {
      await this.#replace({ ...current, failed: failureOf(error) });
      return;
    }
    const retryAfter = error instanceof Refusal ? error.retryAfterSeconds : null;
    const attempts = afterAttempt(
      this.#attempts.get(pending.key),
      Date.now(),
      retryAfter,
      Math.random(),
    );
    this.#attempts.set(pending.key, attempts);
  }
}

function failureOf({ code, detail, asItIs }: Refusal): Failure {
  return asItIs ? { code, detail, asItIs } : { code, detail };
}
