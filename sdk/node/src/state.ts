// What a bot keeps on disk: how far it has read, and what it has handled beyond that.

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ConfigurationError } from './errors.js';
import { isCode, lockFile, type Release } from './lock.js';

export interface Progress {
  /** All events up to here are handled; null before the first start. */
  readonly cursor: string | null;
  /** The ids of events after it that are handled already. */
  readonly done: readonly string[];
  /** Whether the bot told the server of commands. */
  readonly commands: boolean;
}

export interface Storage {
  /** Returns what was kept, and keeps others out. */
  open(): Promise<Progress>;
  /** Keeps it, so that it survives a crash. */
  save(progress: Progress): Promise<void>;
  close(): Promise<void>;
}

const NOTHING: Progress = { cursor: null, done: [], commands: false };

/** Keeps nothing beyond the process: for tests, and for bots that may miss what they were away for. */
export class MemoryStorage implements Storage {
  progress = NOTHING;

  open(): Promise<Progress> {
    return Promise.resolve(this.progress);
  }

  save(progress: Progress): Promise<void> {
    this.progress = progress;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keeps the progress in a file, which only one process of a machine uses at a time. */
export class FileStorage implements Storage {
  readonly path: string;
  private release: Release | null = null;

  constructor(path: string) {
    this.path = resolve(path);
  }

  async open(): Promise<Progress> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    this.release = await lockFile(this.path);
    if (this.release === null) throw this.inUse();
    try {
      return await this.read();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async read(): Promise<Progress> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return NOTHING;
      throw error;
    }
    try {
      return { ...NOTHING, ...(JSON.parse(text) as Partial<Progress>) };
    } catch {
      throw new ConfigurationError(
        `${this.path} cannot be read. Without it the bot begins with what happens next.`,
      );
    }
  }

  /** Replaces the file as a whole, and waits until the disk has it. */
  async save(progress: Progress): Promise<void> {
    const other = `${this.path}.${randomBytes(4).toString('hex')}`;
    try {
      const file = await open(other, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(progress));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(other, this.path);
    } catch (error) {
      await unlink(other).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(this.path));
  }

  async close(): Promise<void> {
    const release = this.release;
    this.release = null;
    await release?.();
  }

  private inUse(): ConfigurationError {
    return new ConfigurationError(
      `Another copy of this bot is running with ${this.path}. End it first, or give this one a bot and a state of its own.`,
    );
  }
}

/** Waits until the disk has the new name, where systems offer that. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Returns the file of a bot in the folder where programs of this user keep what survives a restart. */
export function defaultPath(url: string, bot: string, environment: NodeJS.ProcessEnv): string {
  const base =
    process.platform === 'win32'
      ? (environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'))
      : environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  const server = createHash('sha256').update(url).digest('hex').slice(0, 12);
  return join(base, 'echosphere-bot', `${server}-${bot}.json`);
}
