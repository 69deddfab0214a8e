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
    options: { ifAvailable?: boolean },
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

  constructor(private readonly locks: TabLocks | undefined) {}

  /** This tab is the one that writes. */
  get writes(): boolean {
    return this.#writing;
  }

  /** Answers what was kept; from here on changes are written, by one tab of the person. */
  async start(person: string, local: Local): Promise<Conversations> {
    this.#local = local;
    this.#writing = local.lasting && (await this.#lead(`kept-${person}`));
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

  /** Answers whether this tab writes at once; otherwise it does when the other one is closed. */
  async #lead(name: string): Promise<boolean> {
    const { locks } = this;
    if (locks === undefined) return true;
    return new Promise((resolve) => {
      const forEver = new Promise<never>(() => undefined);
      void locks.request(name, { ifAvailable: true }, async (lock) => {
        resolve(lock !== null);
        if (lock !== null) await forEver;
        else void locks.request(name, {}, () => this.#takeOver(forEver));
      });
    });
  }

  #takeOver(forEver: Promise<never>): Promise<never> {
    this.#writing = true;
    this.#anew = true;
    this.#soon();
    return forEver;
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
