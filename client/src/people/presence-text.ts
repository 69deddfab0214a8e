// Where somebody is, in words: online, away, or when they were last seen.
import type { Presence } from '../contract/objects';
import { clockTime, shortTime, texts } from '../texts';
import { dayOf } from '../conversation/timeline';

/** Empty where nothing is known: somebody who keeps it to themselves. */
export function presenceText(presence: Presence | undefined, now: number): string {
  if (presence === undefined) return '';
  if (presence.status === 'online') return texts.whereabouts.online;
  if (presence.status === 'away') return texts.whereabouts.away;
  const seen = presence.last_seen;
  if (seen === null) return '';
  return dayOf(seen) === dayOf(now)
    ? texts.whereabouts.lastSeenAt(clockTime(seen))
    : texts.whereabouts.lastSeen(shortTime(seen, now));
}
