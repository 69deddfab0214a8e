// Sends what waits in the outbox: one tab at a time, in order per conversation, until acknowledged.
import type { Attachment, Message } from '../contract/objects';
import {
  afterAttempt,
  sendable,
  uploadable,
  type Attempts,
  type Failure,
  type Pending,
  type PendingFile,
} from '../state/outbox.state';
import type { Local } from './local';
import { Refusal } from './refusal';

/** The part of the browser's lock manager that is needed. */
export interface Locks {
  request(name: string, options: { steal?: boolean }, work: () => Promise<void>): Promise<unknown>;
}

/** How long a tab that sends may be silent before another one takes its place. */
const patience = 4_000;

export interface SenderDoors {
  readonly local: Local;
  /** Not there on plain http. */
  readonly locks: Locks | undefined;
  /** Posts over whatever is open; ends as `Refusal` or `Unreachable`. */
  post(pending: Pending, attachments: readonly string[]): Promise<Message>;
  /** Sends the bytes of a file that has them. */
  upload(file: PendingFile): Promise<Attachment>;
  /** The outbox in the database changed. */
  onChanged(outbox: readonly Pending[]): void;
  onPosted(message: Message): void;
}

export class Sender {
  /** Conversations with a message that is being posted. */
  readonly #busy = new Set<string>();
  /** Messages, by their keys, whose files are being uploaded. */
  readonly #uploading = new Set<string>();
  readonly #waiting = new Map<string, Attempts>();
  readonly #channel: BroadcastChannel | null;
  #outbox: readonly Pending[] = [];
  #leading = false;
  #started = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((release) => (this.#release = release));

  constructor(
    private readonly person: string,
    private readonly doors: SenderDoors,
  ) {
    this.#channel = doors.local.lasting ? new BroadcastChannel(`outbox-${person}`) : null;
    if (this.#channel !== null) this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  /** Knows what waits, and takes in more; nothing is sent yet. */
  async open(): Promise<void> {
    await this.#reload();
  }

  async start(): Promise<void> {
    await this.#reload();
    if (this.#started) return;
    this.#started = true;
    void this.#lead(false);
  }

  /** Nothing more is sent from this tab; what waits stays in the database. */
  stop(): void {
    this.#stopped = true;
    this.#leading = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#channel?.close();
    this.#release();
  }

  async add(pending: Omit<Pending, 'order'>): Promise<void> {
    await this.doors.local.addPending(pending);
    await this.#changed();
    this.#expectAnswer();
  }

  async retry(pending: Pending, asItIs = false): Promise<void> {
    this.#waiting.delete(pending.key);
    // An upload that nobody used in time was swept on the server: where we have the bytes, send anew.
    const files = pending.files.map((file) =>
      file.blob === null
        ? file
        : { ...file, attachment: null, ...(asItIs ? { as_it_is: true } : {}) },
    );
    await this.#replace({ ...pending, files, failed: null });
    this.#expectAnswer();
  }

  async discard(pending: Pending): Promise<void> {
    await this.doors.local.removePending(pending.order);
    await this.#changed();
  }

  /** The connection came back: what was waiting for its next attempt need not wait longer. */
  wake(): void {
    for (const [key, { count }] of this.#waiting) this.#waiting.set(key, { count, notBefore: 0 });
    this.#next();
  }

  /** One tab holds the lock for as long as it lives; where there are no locks, the keys protect. */
  async #lead(steal: boolean): Promise<void> {
    const { locks, local } = this.doors;
    // What only this page remembers no other tab can send.
    if (locks === undefined || !local.lasting) {
      this.#begin();
      return;
    }
    try {
      await locks.request(`outbox-${this.person}`, steal ? { steal } : {}, async () => {
        await this.#reload().catch(() => undefined);
        this.#begin();
        await this.#released;
      });
    } catch {
      // Another tab took over, as this one was put to sleep: it is the next in the row.
      this.#leading = false;
      if (!this.#stopped) void this.#lead(false);
    }
  }

  #begin(): void {
    this.#leading = !this.#stopped;
    this.#next();
  }

  #hear(said: unknown): void {
    if (said === 'heard') {
      clearTimeout(this.#silence);
      this.#silence = undefined;
      return;
    }
    if (this.#leading) this.#channel?.postMessage('heard');
    void this.#reload().catch(() => undefined);
  }

  /**
   * The tab that sends says that it has heard. Phones put tabs to sleep without taking their locks
   * away: one that says nothing is replaced. If it sends after all, the keys make it one message.
   */
  #expectAnswer(): void {
    if (this.#leading || this.#stopped || !this.#started || this.#channel === null) return;
    this.#silence ??= setTimeout(() => {
      this.#silence = undefined;
      if (!this.#leading && !this.#stopped) void this.#lead(true);
    }, patience);
  }

  async #changed(): Promise<void> {
    await this.#reload();
    if (!this.#stopped) this.#channel?.postMessage('changed');
  }

  async #reload(): Promise<void> {
    if (this.#stopped) return;
    this.#outbox = await this.doors.local.pending();
    this.doors.onChanged(this.#outbox);
    this.#next();
  }

  async #replace(pending: Pending): Promise<void> {
    await this.doors.local.replacePending(pending);
    await this.#changed();
  }

  #next(): void {
    if (!this.#leading || this.#stopped) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    for (const pending of uploadable(this.#outbox, this.#uploading, this.#waiting, now)) {
      void this.#upload(pending);
    }
    for (const pending of sendable(this.#outbox, this.#busy, this.#waiting, now)) {
      void this.#send(pending);
    }
    const times = [...this.#waiting.values()].map(({ notBefore }) => notBefore - Date.now());
    const soonest = Math.min(...times.filter((time) => time > 0));
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.#next(), soonest + 5);
  }

  async #send(pending: Pending): Promise<void> {
    this.#busy.add(pending.conversation);
    try {
      await this.#attempt(pending);
    } catch (error) {
      await this.#unsent(pending, error);
    } finally {
      this.#busy.delete(pending.conversation);
      this.#next();
    }
  }

  async #attempt(pending: Pending): Promise<void> {
    const ids = pending.files.flatMap(({ attachment }) => attachment?.id ?? []);
    const message = await this.doors.post(pending, ids);
    this.#waiting.delete(pending.key);
    // Shown as stored first, forgotten afterwards: there is no moment in which it is nowhere.
    this.doors.onPosted(message);
    await this.doors.local.removePending(pending.order);
    await this.#changed();
  }

  /** What is written after it does not wait for its files. */
  async #upload(pending: Pending): Promise<void> {
    this.#uploading.add(pending.key);
    try {
      await this.#withUploads(pending);
    } catch (error) {
      await this.#unsent(pending, error);
    } finally {
      this.#uploading.delete(pending.key);
      this.#next();
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
    // What will never succeed is told before what may succeed later.
    const failure = reasons.find((one) => one instanceof Refusal && !one.passing) ?? reasons[0];
    if (failure === undefined) this.#waiting.delete(pending.key);
    // A later attempt, also of a page loaded anew, does not send these bytes again.
    await this.#replace(uploaded);
    if (failure !== undefined) throw failure;
  }

  async #uploaded(file: PendingFile): Promise<PendingFile> {
    if (file.attachment !== null) return file;
    if (file.blob === null) throw new Refusal('unreadable', '');
    return { ...file, attachment: await this.doors.upload(file) };
  }

  async #unsent(pending: Pending, error: unknown): Promise<void> {
    const current = this.#outbox.find(({ order }) => order === pending.order);
    // It was discarded while it was on its way.
    if (current === undefined) return;
    if (error instanceof Refusal && error.code === 'unauthorized') {
      this.stop();
      return;
    }
    if (error instanceof Refusal && !error.passing) {
      await this.#replace({ ...current, failed: failureOf(error) });
      return;
    }
    const wish = error instanceof Refusal ? error.retryAfterSeconds : null;
    const attempts = afterAttempt(this.#waiting.get(pending.key), Date.now(), wish, Math.random());
    this.#waiting.set(pending.key, attempts);
  }
}

function failureOf({ code, detail, asItIs }: Refusal): Failure {
  return asItIs ? { code, detail, asItIs } : { code, detail };
}
