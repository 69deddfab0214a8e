// Which conversations ask for attention: the views of the list.
import { activityOf, isDropped, type Conversations } from './conversations.state';
import type { Held } from './held.state';

export type Filter = 'all' | 'unread' | 'groups' | 'archived';

/** Something waits: messages that were not read, or a mark to come back. */
export function waiting(held: Held, unread: number): boolean {
  return unread > 0 || held.own.marked_unread;
}

/** The conversations of one view of the list, pinned ones first, then by the latest activity. */
export function view(
  all: Conversations,
  filter: Filter,
  unread: (held: Held) => number,
  current: string | null = null,
): Held[] {
  return [...all.values()]
    .filter((held) => belongs(held, filter, unread(held), held.id === current))
    .sort(
      (a, b) =>
        Number(b.own.pinned) - Number(a.own.pinned) ||
        activityOf(b) - activityOf(a) ||
        a.id.localeCompare(b.id),
    );
}

/** What lies open stays in the list of unread ones: it must not vanish under the reader's eyes. */
function belongs(held: Held, filter: Filter, unread: number, open: boolean): boolean {
  if (isDropped(held)) return false;
  if (filter === 'archived') return held.own.archived;
  if (held.own.archived) return false;
  if (filter === 'groups') return held.kind === 'group';
  return filter === 'all' || open || waiting(held, unread);
}
