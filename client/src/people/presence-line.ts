// Whether somebody is there, in words.
import type { Presence } from '../contract/objects';
import { fullMoment, shortTime, texts } from '../texts';

export function presenceLine(presence: Presence | undefined, now: number): string {
  if (presence === undefined) return '';
  if (presence.status !== 'offline') return texts.presence[presence.status];
  return presence.last_seen === null
    ? texts.presence.offline
    : texts.presence.lastSeen(shortTime(presence.last_seen, now));
}

export function presenceTitle(presence: Presence | undefined): string | undefined {
  const seen = presence?.last_seen ?? null;
  return seen === null ? undefined : fullMoment(seen);
}
