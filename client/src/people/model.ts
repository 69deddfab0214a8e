// Who types where, and who is there: short-lived knowledge that runs out by itself.
import type { Presence } from '../contract/objects';

export const typingTimeout = 6_000;

/** Per conversation who types, and until when that holds without being renewed. */
export type Typing = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function typingChanged(
  all: Typing,
  { conversation, user, on }: { conversation: string; user: string; on: boolean },
  now: number,
): Typing {
  const known = all.get(conversation);
  if (!on && known?.has(user) !== true) return all;
  const people = new Map(known);
  if (on) people.set(user, now + typingTimeout);
  else people.delete(user);
  return put(all, conversation, people);
}

export function typingExpired(all: Typing, now: number): Typing {
  let next = all;
  for (const [conversation, people] of all) {
    const left = [...people].filter(([, until]) => until > now);
    if (left.length < people.size) next = put(next, conversation, new Map(left));
  }
  return next;
}

/** When the next one runs out; null while nobody types. */
export function nextExpiry(all: Typing): number | null {
  const times = [...all.values()].flatMap((people) => [...people.values()]);
  return times.length === 0 ? null : Math.min(...times);
}

function put(all: Typing, conversation: string, people: ReadonlyMap<string, number>): Typing {
  const next = new Map(all);
  if (people.size === 0) next.delete(conversation);
  else next.set(conversation, people);
  return next;
}

export type Presences = ReadonlyMap<string, Presence>;

export function withPresences(all: Presences, given: readonly Presence[]): Presences {
  const next = new Map(all);
  for (const presence of given) {
    const last_seen = presence.last_seen ?? next.get(presence.user)?.last_seen ?? null;
    next.set(presence.user, { ...presence, last_seen });
  }
  return next;
}

const awayAfter = 5 * 60_000;

/** What a device says of its person: away when nobody looks, or nobody has touched it for long. */
export function ownStatus(visible: boolean, touchedAt: number, now: number): 'online' | 'away' {
  return visible && now - touchedAt < awayAfter ? 'online' : 'away';
}
