// What can be sent to an endpoint, in groups that people choose from, and how what was sent is shown.
import type { Delivery, Endpoint } from '../contract/endpoints';

/** Types of events that belong together; whoever wants one of them wants the others. */
export const eventGroups = {
  messages: ['message.posted'],
  interactions: ['command', 'action'],
  changes: ['message.edited', 'message.deleted'],
  reactions: ['reaction.added', 'reaction.removed'],
  members: ['member.joined', 'member.left'],
} as const;

/** What most bots are for: it is chosen already where one makes an endpoint. */
export const usualTypes: readonly string[] = [...eventGroups.messages, ...eventGroups.interactions];

export type EventGroup = keyof typeof eventGroups;

export const groupNames = Object.keys(eventGroups) as readonly EventGroup[];

export function hasGroup(types: readonly string[], group: EventGroup): boolean {
  return eventGroups[group].some((type) => types.includes(type));
}

/** The types with a group or without it; types that this page does not know stay. */
export function withGroup(
  types: readonly string[],
  group: EventGroup,
  on: boolean,
): readonly string[] {
  const own: readonly string[] = eventGroups[group];
  const others = types.filter((type) => !own.includes(type));
  return on ? [...others, ...own] : others;
}

/** The host and the path of an endpoint: what tells one from another. */
export function placeOf({ url }: Pick<Endpoint, 'url'>): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

/** Whether what was sent changes by itself within a moment. */
export function isUnderway({ state, next_at }: Delivery, now: number): boolean {
  return state === 'waiting' && (next_at === null || next_at <= now);
}
