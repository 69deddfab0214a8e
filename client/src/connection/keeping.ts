// Writes what is held behind the screens into the browser's database, a moment after it changed.
//
// One tab writes at a time: what two of them hold must not be mixed.
import type { Conversations } from '../state/conversations.state';
import { changesBetween, heldFromAllKept } from '../state/kept.state';
import type { Local } from './local';

const pause = 400;

/** The part of the browser's lock manager that is needed; there is none on plain http. */
export interface TabLocks {
  request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    work: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

export class Keeping {
  #local: Local | null = null;
  #writing = false;
  /** Another tab wrote until now: what it left is written over as a whole. */
  #anew = false;
  /** What the database has. */
  #written: Conversations = new Map();
  #now: Conversations | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #person = '';
  /** Gives the lock back, or gives up waiting for it. */
  #release: () => void = () => undefined;

  constructor(private readonly locks: TabLocks | undefined) {}

  /** This tab is the one that writes. */
  get writes(): boolean {
    return this.#writing;
  }

  /** Answers what was kept; from here on changes are written, by one tab of the person. */
  async start(person: string, local: Local): Promise<Conversations> {
    this.#local = local;
    this.#person = person;
    this.#writing = local.lasting && (await this.#lead());
    const { conversations, messages } = await local.kept();
    this.#written = heldFromAllKept(conversations, messages);
    return this.#written;
  }

  /** Nothing more is written: the person signs out, or the session ended. */
  async stop(): Promise<void> {
    this.#local = null;
    clearTimeout(this.#timer);
    await this.#running;
  }

  changed(now: Conversations): void {
    this.#now = now;
    this.#soon();
  }

  /** Writes at once what has changed. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running;
    if (this.#local === null || this.#now === null || !this.#writing) return;
    this.#running = this.#write(this.#local, this.#now);
    await this.#running;
  }

  #soon(): void {
    if (this.#local === null || !this.#writing || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.flush(), pause);
  }

  /** The page is put away: what it knows is written, and another tab may write from here on. */
  async freeze(): Promise<void> {
    const flushed = this.flush();
    this.#writing = false;
    this.#release();
    await flushed;
  }

  /** The page is shown again; what another tab left meanwhile is written over as a whole. */
  async thaw(): Promise<void> {
    if (this.#local?.lasting !== true) return;
    this.#anew = true;
    this.#writing = await this.#lead();
    this.#soon();
  }

  /** Answers whether this tab writes at once; otherwise it does when the other one is closed. */
  async #lead(): Promise<boolean> {
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
        // Aborted when the page is put away before its turn has come.
        void locks
          .request(name, { signal: waiting.signal }, () => this.#takeOver(held))
          .catch(() => undefined);
        return undefined;
      });
    });
  }

  #takeOver(held: Promise<void>): Promise<void> {
    this.#writing = true;
    this.#anew = true;
    this.#soon();
    return held;
  }

  async #write(local: Local, now: Conversations): Promise<void> {
    const changes = changesBetween(this.#anew ? new Map() : this.#written, now);
    if (changes.length === 0 && !this.#anew) return;
    try {
      await local.keep(changes, this.#anew);
      this.#written = now;
      this.#anew = false;
    } catch {
      // Full, or closed by another tab: what is missing is fetched again next time.
    }
  }
}
