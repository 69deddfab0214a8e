// When somebody was last here, as far as the server knows and may say.
import { shortTime } from '../texts';
import type { Account } from './api';
import { texts } from './texts';

/** Their devices, and when they were here: of who is signed in and invisible nothing is said. */
export function presenceOf(
  { online, last_seen, devices }: Pick<Account, 'online' | 'last_seen' | 'devices'>,
  now: number,
): readonly string[] {
  const count = devices === 0 ? texts.people.notSignedIn : texts.people.devices(devices);
  if (online) return [texts.people.online, count];
  return last_seen === null ? [count] : [count, texts.people.lastSeen(shortTime(last_seen, now))];
}
