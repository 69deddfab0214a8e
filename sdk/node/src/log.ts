// What a bot writes to its log: lines for people, or JSON for machines, without secrets.

import { inspect } from 'node:util';

export type Level = 'info' | 'warning' | 'error';
export type Log = (level: Level, message: string, error?: unknown) => void;

const SECRET = /esb_[A-Za-z0-9_-]+|whsec_[A-Za-z0-9+/=_-]+|(?<=\/respond\/)[^\s/?'"]+/g;

/** Returns a text without keys, secrets and addresses that are permissions. */
export function redact(text: string): string {
  return text.replace(SECRET, '…');
}

export function logger(asJson: boolean, write: (line: string) => void): Log {
  return (level, message, error) => {
    const at = new Date().toISOString();
    const more = error === undefined ? '' : inspect(error);
    const line = asJson
      ? JSON.stringify({ at, level, message, ...(more ? { error: more } : {}) })
      : `${at} ${level} ${message}${more ? `\n${more}` : ''}`;
    write(redact(line) + '\n');
  };
}
