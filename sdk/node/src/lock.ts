// Lets one process of a machine at a time use a file.
//
// What is held is something that the system itself takes back when the process ends, however it ends. A
// file with the number of a process would be left behind by a crash: whoever removes it may remove the one
// that another start has just made, and the number may belong to another process by then.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';

/** Lets others in. */
export type Release = () => Promise<void>;

/** `O_EXLOCK` of macOS and the BSDs: opening locks, as `flock` does. Node.js has no name for it. */
const EXCLUSIVE_LOCK = 0x20;

/** Keeps others from using a file, whose folder exists; returns null if another uses it. */
export async function lockFile(path: string): Promise<Release | null> {
  const file = join(await realpath(dirname(path)), basename(path));
  const name = `echosphere-bot-${createHash('sha256').update(file).digest('hex').slice(0, 24)}`;
  switch (process.platform) {
    case 'linux':
      return listen(`\0${name}`); // not in the file system, so nothing is left there
    case 'win32':
      return listen(`\\\\.\\pipe\\${name}`);
    default:
      return openLocked(`${file}.lock`);
  }
}

function listen(address: string): Promise<Release | null> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (isCode(error, 'EADDRINUSE') ? done(null) : fail(error)));
    server.listen(address, () => {
      server.unref();
      done(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}

async function openLocked(path: string): Promise<Release | null> {
  const { O_CREAT, O_NONBLOCK, O_RDWR } = constants;
  try {
    const file = await open(path, O_RDWR | O_CREAT | O_NONBLOCK | EXCLUSIVE_LOCK, 0o600);
    return () => file.close();
  } catch (error) {
    if (isCode(error, 'EAGAIN')) return null;
    throw error;
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
