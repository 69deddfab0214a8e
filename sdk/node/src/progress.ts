// Follows which events are handled, and how far the cursor may move.

import { isDeepStrictEqual } from 'node:util';
import type { Log } from './log.js';
import { pause } from './retry.js';
import type { Progress, Storage } from './state.js';

/** An event that was received; `cursor` is what to go on after once it and all before are handled. */
export interface Entry {
  readonly event: string;
  readonly cursor: string | null;
  done: boolean;
}

const REMEMBERED = 5_000;
const RETRY_SAVING = 5;

/**
 * Moves the cursor past what is handled, never past what is not, and keeps it.
 *
 * Events of several conversations are handled at the same time, so later ones may be done first: their
 * ids are kept beside the cursor until it has passed them.
 */
export class ProgressKeeper {
  pending = 0;
  private entries: Entry[] = [];
  private passed: string[] = [];
  private readonly known: Set<string>;
  private isSaved = true;
  private readonly closing = new AbortController();
  private saving: Promise<void> | null = null;

  constructor(
    private readonly storage: Storage,
    private progress: Progress,
    private readonly log: Log,
  ) {
    this.known = new Set(progress.done);
  }

  get cursor(): string | null {
    return this.progress.cursor;
  }

  get hasCommands(): boolean {
    return this.progress.commands;
  }

  /** Begins anew: what was received is forgotten. */
  beginAt(cursor: string): void {
    this.entries = [];
    this.passed = [];
    this.set({ ...this.progress, cursor, done: [] });
  }

  setCommands(commands: boolean): void {
    if (commands !== this.progress.commands) this.set({ ...this.progress, commands });
  }

  /** Notes an event; returns null for one that was received before. */
  receive(event: string, cursor: string | null): Entry | null {
    const entry = { event, cursor, done: this.known.has(event) };
    this.entries.push(entry);
    if (entry.done) {
      this.advance();
      return null;
    }
    this.pending += 1;
    this.known.add(event);
    const [oldest] = this.known;
    if (this.known.size > REMEMBERED && oldest !== undefined) this.known.delete(oldest);
    return entry;
  }

  /** Notes that there is nothing more up to a cursor. */
  passTo(cursor: string): void {
    this.entries.push({ event: '', cursor, done: true });
    this.advance();
  }

  finish(entry: Entry): void {
    entry.done = true;
    this.pending -= 1;
    this.advance();
  }

  private advance(): void {
    let { cursor } = this.progress;
    while (this.entries[0]?.done === true) {
      const entry = this.entries[0];
      this.entries.shift();
      this.passed.push(entry.event);
      if (entry.cursor !== null) {
        cursor = entry.cursor;
        this.passed = [];
      }
    }
    const beyond = this.entries.filter((entry) => entry.done).map((entry) => entry.event);
    const done = [...this.passed, ...beyond].filter((event) => event !== '');
    if (cursor !== this.progress.cursor || !isDeepStrictEqual(done, this.progress.done)) {
      this.set({ ...this.progress, cursor, done });
    }
  }

  private set(progress: Progress): void {
    if (this.closing.signal.aborted) return; // a handler that was not waited for
    this.progress = progress;
    this.isSaved = false;
    this.saving ??= this.save();
  }

  private async save(): Promise<void> {
    await Promise.resolve(); // what else changes in this turn is saved along
    while (!this.isSaved) {
      this.isSaved = true;
      try {
        await this.storage.save(this.progress);
      } catch (error) {
        this.log('error', 'The cursor cannot be saved', error);
        if (this.closing.signal.aborted) break; // what is not saved is handled after the next start
        this.isSaved = false;
        await pause(RETRY_SAVING, this.closing.signal).catch(() => undefined);
      }
    }
    this.saving = null;
  }

  /** Saves what is not saved yet, unless the disk still fails, and lets others in. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.saving;
    await this.storage.close();
  }
}
