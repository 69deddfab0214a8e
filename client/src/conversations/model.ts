// All conversations that are held: finding, replacing, ordering, and the versions to send in a sync.
import type { SyncAnswer } from '../contract/answers';
import type { Conversation, Member, OwnFields, User } from '../contract/objects';
import {
  applySync,
  applyUser,
  hasGap,
  fromServer,
  mentionsOf,
  refreshed,
  unreadOf,
  type ConversationState,
} from './conversation';

export type Conversations = ReadonlyMap<string, ConversationState>;

export function withConversation(all: Conversations, state: ConversationState): Conversations {
  return new Map(all).set(state.id, state);
}

/** Applies a change to a conversation that is held; to any other it does nothing. */
export function updateConversation(
  all: Conversations,
  id: string,
  change: (state: ConversationState) => ConversationState,
): Conversations {
  const state = all.get(id);
  if (state === undefined) return all;
  const next = change(state);
  return next === state ? all : withConversation(all, next);
}

/** A fetched list fills what is not held yet and refreshes what is; a sync brings the rows. */
export function withFetched(all: Conversations, fetched: readonly Conversation[]): Conversations {
  const next = new Map(all);
  for (const conversation of fetched) {
    const state = next.get(conversation.id);
    next.set(conversation.id, state ? refreshed(state, conversation) : fromServer(conversation));
  }
  return next;
}

/**
 * `asked` are the versions that the sync was asked with. All of them but the outdated ones are of
 * the answer's epoch from now on; the outdated ones that are not in it are not asked with again, so
 * that they come as if unknown.
 */
export function withSync(
  all: Conversations,
  answer: SyncAnswer,
  me: string,
  requestedVersions: Readonly<Record<string, number>> = {},
): Conversations {
  const next = new Map(all);
  for (const id of answer.gone) next.delete(id);
  const outdated = new Set(answer.outdated);
  for (const item of answer.conversations) {
    const { id } = item.conversation;
    const state = next.get(id);
    const left =
      state !== undefined &&
      requestedVersions[id] === undefined &&
      isOfOtherEpoch(state, answer.epoch);
    const isOutdated = outdated.has(id) || left;
    const synced = applySync(state, item, me, requestedVersions[id], isOutdated);
    next.set(id, { ...synced, epoch: answer.epoch });
    outdated.delete(id);
  }
  for (const [id, state] of next) {
    const isTrue = !outdated.has(id) && (requestedVersions[id] !== undefined || state.epoch === '');
    if (isTrue && state.epoch !== answer.epoch) next.set(id, { ...state, epoch: answer.epoch });
  }
  return next;
}

function isOfOtherEpoch({ epoch }: ConversationState, running: string): boolean {
  return epoch !== '' && epoch !== running;
}

/** The epoch that most of what is held stems from. */
export function prevailingEpoch(all: Conversations): string {
  const counts = new Map<string, number>();
  for (const { epoch } of all.values()) counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0])[0];
}

/** Somebody's profile changed: it is the same person in every conversation. */
export function withUser(all: Conversations, user: User): Conversations {
  const next = new Map(all);
  for (const [id, state] of all)
    if (state.members.has(user.id)) next.set(id, applyUser(state, user));
  return next;
}

export function withoutConversation(all: Conversations, id: string): Conversations {
  const next = new Map(all);
  next.delete(id);
  return next;
}

/** The versions that were got in this epoch; others would be taken for what they are not. */
export function syncVersions(all: Conversations, epoch = ''): Record<string, number> {
  const own = [...all.values()].filter((state) => !isOfOtherEpoch(state, epoch));
  return Object.fromEntries(own.map((state) => [state.id, state.version]));
}

/** How often each was cleared: where the server says something else, it is fetched anew. */
export function clearVersions(
  all: Conversations,
  versions: Readonly<Record<string, number>>,
): Record<string, number> {
  const cleared = [...all.values()].filter(
    ({ id, own }) => id in versions && own.clear_version > 0,
  );
  return Object.fromEntries(cleared.map(({ id, own }) => [id, own.clear_version]));
}

/** Those among them that the person cleared since, or brought back. */
export function clearedSince(
  before: Conversations,
  now: Conversations,
  ids: readonly string[],
): string[] {
  const version = (all: Conversations, id: string): number => all.get(id)?.own.clear_version ?? 0;
  return ids.filter((id) => before.has(id) && version(before, id) !== version(now, id));
}

export function hasAnyGap(all: Conversations): boolean {
  return [...all.values()].some(hasGap);
}

export function lastActivityAt(state: ConversationState): number {
  const before = Math.max(state.created_at, state.own.cleared_until ?? 0);
  return state.last?.created_at ?? before;
}

/** Muted, and not only until a time that has passed. */
export function isMuted({ muted, muted_until }: OwnFields, now = Date.now()): boolean {
  return muted && (muted_until === null || muted_until > now);
}

/** What was deleted is in no list until somebody writes there, or the person begins to. */
export function isDropped({ own }: ConversationState): boolean {
  return own.dropped && (own.draft ?? '') === '';
}

/** Pinned ones first, then by the latest activity; what was archived or deleted is left out. */
export function visibleConversations(all: Conversations): ConversationState[] {
  return [...all.values()]
    .filter((state) => !state.own.archived && !isDropped(state))
    .sort(
      (a, b) =>
        Number(b.own.pinned) - Number(a.own.pinned) ||
        lastActivityAt(b) - lastActivityAt(a) ||
        a.id.localeCompare(b.id),
    );
}

/** What the title and the badge say: mentions count also where everything else is muted. */
export function totalUnread(all: Conversations, me: string): number {
  return [...all.values()].reduce((sum, state) => sum + notifyingUnread(state, me), 0);
}

function notifyingUnread(state: ConversationState, me: string): number {
  if (state.own.archived || state.own.dropped) return 0;
  if (isMuted(state.own)) return mentionsOf(state, me);
  return unreadOf(state, me) || Number(state.own.marked_unread);
}

/** The person is out; unless they were added again since, and this came late. */
export function isRemoved(
  all: Conversations,
  { conversation, member }: { conversation: string; member: Member },
  me: string,
): boolean {
  if (member.user.id !== me || !member.left) return false;
  return (all.get(conversation)?.members.get(me)?.version ?? 0) <= member.version;
}

/** What was read without a connection, perhaps by a page that was closed since, and not told. */
export function unsentReadPositions(
  all: Conversations,
  fetched: readonly Conversation[],
): (readonly [conversation: string, seq: number])[] {
  return fetched.flatMap(({ id, read_seq, version }) => {
    const here = all.get(id)?.own.read_seq ?? 0;
    // Beyond its version the server lives on from an older copy of its data.
    return here > read_seq && here <= version ? [[id, here] as const] : [];
  });
}

export function activeMembers(state: ConversationState): Member[] {
  return [...state.members.values()].filter((member) => !member.left);
}

/** The number of the newest message of somebody else that is held; 0 without one. */
export function newestIncomingSeq(state: ConversationState, me: string): number {
  const others = [...state.messages, ...(state.last === null ? [] : [state.last])].filter(
    ({ author }) => author !== me,
  );
  return Math.max(0, ...others.map(({ seq }) => seq));
}

/** The other person of a direct conversation. */
export function counterpart(state: ConversationState, me: string): User | null {
  if (state.kind !== 'direct') return null;
  return [...state.members.values()].find((member) => member.user.id !== me)?.user ?? null;
}

export function directConversationWith(
  all: Conversations,
  user: string,
  me: string,
): ConversationState | null {
  return [...all.values()].find((state) => counterpart(state, me)?.id === user) ?? null;
}

/** What an own message has reached: stored, on the devices of all others, or read by all others. */
export function receiptStatus(
  state: ConversationState,
  seq: number,
  me: string,
): 'sent' | 'delivered' | 'read' {
  const others = activeMembers(state).filter(
    ({ user }) => user.id !== me && user.kind === 'person',
  );
  if (others.length === 0) return 'sent';
  if (others.every((member) => member.read_seq >= seq)) return 'read';
  return others.every((member) => member.delivered_seq >= seq) ? 'delivered' : 'sent';
}
