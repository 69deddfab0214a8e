// Which conversations ask for attention: the views of the list.
import { lastActivityAt, isDropped, type Conversations } from './model';
import type { ConversationState } from './conversation';

export type Filter = 'all' | 'unread' | 'groups' | 'archived';

/** Something waits: messages that were not read, or a mark to come back. */
export function needsAttention(state: ConversationState, unread: number): boolean {
  return unread > 0 || state.own.marked_unread;
}

/** The conversations of one view of the list, pinned ones first, then by the latest activity. */
export function filterConversations(
  all: Conversations,
  filter: Filter,
  unread: (state: ConversationState) => number,
  current: string | null = null,
): ConversationState[] {
  return [...all.values()]
    .filter((state) => matchesFilter(state, filter, unread(state), state.id === current))
    .sort(
      (a, b) =>
        Number(b.own.pinned) - Number(a.own.pinned) ||
        lastActivityAt(b) - lastActivityAt(a) ||
        a.id.localeCompare(b.id),
    );
}

/** What lies open stays in the list of unread ones: it must not vanish under the reader's eyes. */
function matchesFilter(
  state: ConversationState,
  filter: Filter,
  unread: number,
  open: boolean,
): boolean {
  if (isDropped(state)) return false;
  if (filter === 'archived') return state.own.archived;
  if (state.own.archived) return false;
  if (filter === 'groups') return state.kind === 'group';
  return filter === 'all' || open || needsAttention(state, unread);
}
