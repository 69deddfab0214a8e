// All conversations that are held: finding, replacing, ordering, and the versions to send in a sync.
import type { SyncAnswer } from '../contract/answers';
import type { Conversation, Member, User } from '../contract/objects';
import { applySync, hasHole, heldFrom, refreshed, unreadOf, type Held } from './held.state';

export type Conversations = ReadonlyMap<string, Held>;

export function replaced(all: Conversations, held: Held): Conversations {
  return new Map(all).set(held.id, held);
}

/** Applies a change to a conversation that is held; to any other it does nothing. */
export function changed(
  all: Conversations,
  id: string,
  change: (held: Held) => Held,
): Conversations {
  const held = all.get(id);
  if (held === undefined) return all;
  const next = change(held);
  return next === held ? all : replaced(all, next);
}

/** A fetched list fills what is not held yet and refreshes what is; a sync brings the rows. */
export function withFetched(all: Conversations, fetched: readonly Conversation[]): Conversations {
  const next = new Map(all);
  for (const conversation of fetched) {
    const held = next.get(conversation.id);
    next.set(conversation.id, held ? refreshed(held, conversation) : heldFrom(conversation));
  }
  return next;
}

export function withSync(all: Conversations, answer: SyncAnswer, me: string): Conversations {
  const next = new Map(all);
  for (const id of answer.gone) next.delete(id);
  for (const item of answer.conversations) {
    next.set(item.conversation.id, applySync(next.get(item.conversation.id), item, me));
  }
  return next;
}

export function without(all: Conversations, id: string): Conversations {
  const next = new Map(all);
  next.delete(id);
  return next;
}

export function versionsOf(all: Conversations): Record<string, number> {
  return Object.fromEntries([...all.values()].map((held) => [held.id, held.version]));
}

export function anyHole(all: Conversations): boolean {
  return [...all.values()].some(hasHole);
}

export function activityOf(held: Held): number {
  return held.last?.created_at ?? held.created_at;
}

/** Pinned ones first, then by the latest activity; what was archived is left out. */
export function listed(all: Conversations): Held[] {
  return [...all.values()]
    .filter((held) => !held.own.archived)
    .sort(
      (a, b) =>
        Number(b.own.pinned) - Number(a.own.pinned) ||
        activityOf(b) - activityOf(a) ||
        a.id.localeCompare(b.id),
    );
}

export function totalUnread(all: Conversations, me: string): number {
  return [...all.values()].reduce(
    (sum, held) => sum + (held.own.muted || held.own.archived ? 0 : unreadOf(held, me)),
    0,
  );
}

export function presentMembers(held: Held): Member[] {
  return [...held.members.values()].filter((member) => !member.left);
}

/** The other person of a direct conversation. */
export function counterpart(held: Held, me: string): User | null {
  if (held.kind !== 'direct') return null;
  return [...held.members.values()].find((member) => member.user.id !== me)?.user ?? null;
}

export function directWith(all: Conversations, user: string, me: string): Held | null {
  return [...all.values()].find((held) => counterpart(held, me)?.id === user) ?? null;
}

/** What an own message has reached: stored, on the devices of all others, or read by all others. */
export function reachOf(held: Held, seq: number, me: string): 'sent' | 'delivered' | 'read' {
  const others = presentMembers(held).filter((member) => member.user.id !== me);
  if (others.length === 0) return 'sent';
  if (others.every((member) => member.read_seq >= seq)) return 'read';
  return others.every((member) => member.delivered_seq >= seq) ? 'delivered' : 'sent';
}
