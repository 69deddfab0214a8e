// Writes the conversations into the browser's database a moment after they change.
//
// One tab writes at a time: the states of two tabs must not be mixed.
import type { Conversations } from '../conversations/model';
import { changesBetween, conversationsFromPersisted } from './persistence';
import type { LocalDatabase } from './local-database';

const flushDelay = 400;

/** The part of the browser's lock manager that is needed; there is none on plain http. */
export interface TabLocks {
  request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    work: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

export class Persister {
  #database: LocalDatabase | null = null;
  #isWriter = false;
  /** Another tab was the writer until now: everything it wrote is replaced. */
  #replaceAll = false;
  /** What the database contains. */
  #written: Conversations = new Map();
  #latest: Conversations | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
  #person = '';
  /** Releases the lock, or stops waiting for it. */
  #release: () => void = () => undefined;

  constructor(private readonly locks: TabLocks | undefined) {}

  get isWriter(): boolean {
    return this.#isWriter;
  }

  /** Returns the cached conversations; from here on changes are written, by one tab of the user. */
  async start(person: string, database: LocalDatabase): Promise<Conversations> {
    this.#database = database;
    this.#person = person;
    this.#isWriter = database.persistent && (await this.#acquireLock());
    const { conversations, messages } = await database.loadCache();
    this.#written = conversationsFromPersisted(conversations, messages);
    return this.#written;
  }

  /** Stops writing, on sign-out or when the session has ended. */
  async stop(): Promise<void> {
    this.#database = null;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  changed(now: Conversations): void {
    this.#latest = now;
    this.#scheduleFlush();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    if (this.#database === null || this.#latest === null || !this.#isWriter) return;
    this.#writing = this.#write(this.#database, this.#latest);
    await this.#writing;
  }

  #scheduleFlush(): void {
    if (this.#database === null || !this.#isWriter || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.flush(), flushDelay);
  }

  /** The page enters the back/forward cache: writes, and lets another tab become the writer. */
  async freeze(): Promise<void> {
    const flushed = this.flush();
    this.#isWriter = false;
    this.#release();
    await flushed;
  }

  /** The page is shown again; what another tab wrote meanwhile is replaced. */
  async thaw(): Promise<void> {
    if (this.#database?.persistent !== true) return;
    this.#replaceAll = true;
    this.#isWriter = await this.#acquireLock();
    this.#scheduleFlush();
  }

  /** Returns whether this tab is the writer now; otherwise it becomes it when the other closes. */
  async #acquireLock(): Promise<boolean> {
    const { locks } = this;
    if (locks === undefined) return true;
    const name = `kept-${this.#person}`;
    const waiting = new AbortController();
    const held = new Promise<void>((resolve) => {
      this.#release = () => {
        waiting.abort();
        resolve();
      };
    });
    return new Promise((resolve) => {
      void locks.request(name, { ifAvailable: true }, async (lock) => {
        resolve(lock !== null);
        if (lock !== null) return held;
        // Aborted when the page is frozen before the lock is granted.
        void locks
          .request(name, { signal: waiting.signal }, () => this.#takeOver(held))
          .catch(() => undefined);
        return undefined;
      });
    });
  }

  #takeOver(held: Promise<void>): Promise<void> {
    this.#isWriter = true;
    this.#replaceAll = true;
    this.#scheduleFlush();
    return held;
  }

  async #write(database: LocalDatabase, now: Conversations): Promise<void> {
    const changes = changesBetween(this.#replaceAll ? new Map() : this.#written, now);
    if (changes.length === 0 && !this.#replaceAll) return;
    try {
      await database.saveChanges(changes, this.#replaceAll);
      this.#written = now;
      this.#replaceAll = false;
    } catch {
      // Full, or closed by another tab: what is missing is fetched again next time.
    }
  }
}
