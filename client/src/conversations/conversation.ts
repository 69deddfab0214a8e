// What a client holds of one conversation, and how fetched pages, events and differences change it.
//
// The law: what was held, plus the events in any order and any number, plus the differences that
// the holes ask for, equals what a fresh fetch would give. Rows carry versions; the newer wins.
import type { History, SyncItem } from '../contract/answers';
import type { ServerEvents } from '../contract/events';
import type { Conversation, Member, Message, OwnFields, User } from '../contract/objects';
import { inContext, restoredInContext } from './jump-context';
import type { ConversationState } from './state';
import { applyClearing, clearingOf, hasLostEdge, isHidden, withoutDroppedFlag } from './hidden';
import { newerOf, withMessages } from './message-rows';
import { updatedBase, newBase, countRow, markRead } from './unread';
import { openRules, rulesOf } from './group-rules';

export type { ConversationState } from './state';
export { applyClearing, applyHidden, applyRestored, isHidden, isMissing } from './hidden';
export { markRead, mentionsMe, mentionsOf, needsCounts, newestSeq, unreadOf } from './unread';

export function fromServer(conversation: Conversation): ConversationState {
  const members = new Map(conversation.members?.map((member) => [member.user.id, member]));
  return {
    id: conversation.id,
    kind: conversation.kind,
    title: conversation.title,
    description: conversation.description,
    avatar_url: conversation.avatar_url,
    visibleHistory: conversation.history,
    rules: rulesOf(conversation, openRules),
    created_at: conversation.created_at,
    last: conversation.last_message,
    own: ownFieldsOf(conversation),
    unreadBase: newBase(conversation.unread, conversation.mentions, conversation.version),
    version: conversation.version,
    epoch: '',
    pendingVersions: [],
    fieldsVersion: conversation.version,
    members,
    membersLoaded: conversation.members !== undefined,
    history: 'none',
    messages: [],
    more: true,
    outOfRangeRows: new Map(),
    context: null,
    hidden: new Set(),
  };
}

function ownFieldsOf(fields: OwnFields): OwnFields {
  const { unread, mentions, read_seq, muted, pinned, archived, draft } = fields;
  const { notify, muted_until, marked_unread, longer_draft } = fields;
  return {
    unread,
    mentions,
    read_seq,
    muted,
    pinned,
    archived,
    draft,
    notify,
    muted_until,
    marked_unread,
    longer_draft,
    ...clearingOf(fields),
  };
}

/** The newest row of a message, wherever it is held. */
export function findMessage(
  state: ConversationState | undefined,
  seq: number,
): Message | undefined {
  const there = ({ seq: current }: Message): boolean => current === seq;
  if (state?.last?.seq === seq) return state.last;
  const row = state?.messages.find(there) ?? state?.context?.messages.find(there);
  return row ?? state?.outOfRangeRows.get(seq);
}

/** Another one when files may have come or gone, as far as that can be told from here. */
export function filesVersion(state: ConversationState): string {
  const rows = [
    ...state.messages,
    ...(state.context?.messages ?? []),
    ...state.outOfRangeRows.values(),
  ];
  const concerned = rows.filter(({ attachments, deleted }) => attachments.length > 0 || deleted);
  const newest = Math.max(0, ...concerned.map(({ version }) => version));
  return `${newest} ${state.hidden.size} ${state.own.clear_version}`;
}

/** A version was missed: ask for the difference. */
export function hasGap(state: ConversationState): boolean {
  return state.pendingVersions.length > 0;
}

export function applyMessage(
  state: ConversationState,
  event: ServerEvents['message'],
  me: string,
): ConversationState {
  return advance(putMessage(state, event.message, me), event.version);
}

/** A change that the person may not see, such as one of a message from before they joined. */
export function applyVersion(
  state: ConversationState,
  event: ServerEvents['version'],
): ConversationState {
  return advance(state, event.version);
}

export function applyMember(
  state: ConversationState,
  event: ServerEvents['member'],
): ConversationState {
  return advance(putMember(state, event.member), event.version);
}

/** All members, as they were fetched for a conversation that came without them. */
export function applyMembers(
  state: ConversationState,
  members: readonly Member[],
): ConversationState {
  return members.reduce(putMember, { ...state, membersLoaded: true });
}

export function applyConversation(
  state: ConversationState,
  event: ServerEvents['conversation'],
): ConversationState {
  const { title, description, avatar_url, history, members } = event.changed;
  let next = state;
  if (event.version > state.fieldsVersion) {
    next = {
      ...state,
      title: title === undefined ? state.title : title,
      description: description === undefined ? state.description : description,
      avatar_url: avatar_url === undefined ? state.avatar_url : avatar_url,
      visibleHistory: history ?? state.visibleHistory,
      rules: rulesOf(event.changed, state.rules),
      fieldsVersion: event.version,
    };
  }
  return advance(members?.reduce(putMember, next) ?? next, event.version);
}

export function applyReceipt(
  state: ConversationState,
  event: ServerEvents['receipt'],
  me: string,
): ConversationState {
  const member = state.members.get(event.user);
  const read_seq = Math.max(member?.read_seq ?? 0, event.read_seq ?? 0);
  const delivered_seq = Math.max(member?.delivered_seq ?? 0, event.delivered_seq ?? 0, read_seq);
  const members =
    member === undefined
      ? state.members
      : new Map(state.members).set(event.user, { ...member, read_seq, delivered_seq });
  const next = { ...state, members };
  return event.user === me && event.read_seq !== undefined
    ? markRead(next, event.read_seq, me)
    : next;
}

/** Positions that were gathered into one event. */
export function applyReceipts(
  state: ConversationState,
  event: ServerEvents['receipts'],
  me: string,
): ConversationState {
  const { conversation, receipts } = event;
  return receipts.reduce((next, one) => applyReceipt(next, { conversation, ...one }, me), state);
}

/** Somebody's profile changed. */
export function applyUser(state: ConversationState, user: User): ConversationState {
  const member = state.members.get(user.id);
  if (member === undefined) return state;
  return { ...state, members: new Map(state.members).set(user.id, { ...member, user }) };
}

export function applyOwn(state: ConversationState, event: ServerEvents['own']): ConversationState {
  const { conversation: _conversation, version = state.version, ...told } = event;
  const { cleared_seq, clear_version, cleared_until, dropped, ...changed } = told;
  const read_seq = Math.max(state.own.read_seq, changed.read_seq ?? 0);
  // An older position than ours, or an older version: its count is older too.
  const counts =
    changed.unread !== undefined &&
    (changed.read_seq ?? read_seq) >= state.own.read_seq &&
    (clear_version ?? Infinity) >= state.own.clear_version &&
    version >= state.unreadBase.version;
  const cleared = { ...state.own, ...withoutUndefined({ cleared_seq, clear_version, dropped }) };
  if (cleared_until !== undefined) cleared.cleared_until = cleared_until;
  const next = applyClearing(state, clearingOf(cleared));
  return {
    ...next,
    own: { ...next.own, ...withoutUndefined(changed), read_seq },
    unreadBase: counts
      ? updatedBase(next.unreadBase, changed.unread ?? 0, changed.mentions ?? 0, version)
      : next.unreadBase,
  };
}

function withoutUndefined<T extends object>(
  fields: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export function startLoading(state: ConversationState): ConversationState {
  return state.history === 'none' ? { ...state, history: 'loading' } : state;
}

export function stopLoading(state: ConversationState): ConversationState {
  return state.history === 'loading'
    ? { ...state, history: 'none', outOfRangeRows: new Map() }
    : state;
}

/** The latest page, asked for when the conversation was opened. */
export function applyLatest(state: ConversationState, page: History): ConversationState {
  const low = page.messages[0]?.seq ?? 0;
  const beyond = [...state.outOfRangeRows.values()].filter((row) => row.seq >= low);
  const heldLow = state.history === 'loaded' ? state.messages[0]?.seq : undefined;
  return withMessages(
    {
      ...state,
      history: 'loaded',
      more: heldLow === undefined || heldLow > low ? page.more : state.more,
    },
    [...state.messages, ...page.messages, ...beyond],
  );
}

/** An older page, asked for with `before` as the first held message. */
export function applyOlder(
  state: ConversationState,
  page: History,
  before: number,
): ConversationState {
  // The range moved while the page was on its way: it would leave a gap.
  if (state.history !== 'loaded' || state.messages[0]?.seq !== before) return state;
  const newer = page.messages.map((row) => newerOf(state.outOfRangeRows.get(row.seq), row));
  return withMessages({ ...state, more: page.more }, [...newer, ...state.messages]);
}

/** Forgets what is far up in a conversation that nobody looks at. */
export function trimHistory(state: ConversationState, keep = 100): ConversationState {
  if (state.context !== null) return trimHistory({ ...state, context: null }, keep);
  if (state.history !== 'loaded' || state.messages.length <= keep) return state;
  return { ...state, messages: state.messages.slice(-keep), more: true, outOfRangeRows: new Map() };
}

/**
 * The difference that a sync answered, or with `reset` the latest page in place of what is held.
 *
 * Where the version that was asked with is beyond the server's, or outdated, it lives on from an
 * older copy of its data: what is held then tells of things that never were.
 */
export function applySync(
  state: ConversationState | undefined,
  item: SyncItem,
  me: string,
  requestedVersion = 0,
  outdated = false,
): ConversationState {
  const fresh = fromServer(item.conversation);
  if (state === undefined || outdated) return replaced(fresh, item);
  if (requestedVersion > fresh.version) return replaced({ ...fresh, hidden: state.hidden }, item);
  // Changes in the part far above may not be among what a reset brings.
  const context = item.reset ? null : state.context;
  // All that is held is replaced: what was cleared, too, is as the answer says.
  const clearingChanged = item.reset && fresh.own.clear_version !== state.own.clear_version;
  const clear_version = clearingChanged ? -1 : state.own.clear_version;
  const base = refreshedBy({ ...state, context, own: { ...state.own, clear_version } }, fresh);
  const membersLoaded = base.membersLoaded || item.reset;
  const current = item.members.reduce(putMember, { ...base, membersLoaded });
  if (item.reset && state.history !== 'none')
    return withServerVersion(replacedRows(current, item), fresh);
  const rows = item.messages.reduce((next, row) => putMessage(next, row, me), current);
  return withServerVersion(rows, fresh);
}

function replaced(fresh: ConversationState, item: SyncItem): ConversationState {
  const members = item.members.reduce(putMember, fresh);
  const more = item.messages.length > 0;
  return withMessages({ ...members, membersLoaded: true, history: 'loaded', more }, item.messages);
}

function replacedRows(state: ConversationState, item: SyncItem): ConversationState {
  const later = [...state.messages, ...state.outOfRangeRows.values()].filter(
    (row) =>
      row.seq > item.conversation.version || item.messages.some(({ seq }) => seq === row.seq),
  );
  const more = item.messages.length > 0;
  const next = withMessages({ ...state, history: 'loaded', messages: [], more, context: null }, [
    ...item.messages,
    ...later,
  ]);
  return hasLostEdge(next, next.messages) ? { ...next, history: 'none' } : next;
}

/**
 * The conversation as it was fetched after a pause: positions have no version, so that those that
 * were missed come only this way.
 */
export function refreshed(state: ConversationState, conversation: Conversation): ConversationState {
  return refreshedBy(state, fromServer(conversation));
}

function refreshedBy(state: ConversationState, fresh: ConversationState): ConversationState {
  return withFields(applyClearing(state, clearingOf(fresh.own)), fresh);
}

function withFields(state: ConversationState, fresh: ConversationState): ConversationState {
  if (fresh.fieldsVersion < state.fieldsVersion) return state;
  const read_seq = Math.max(state.own.read_seq, fresh.own.read_seq);
  // As in `applyOwn`: rows that came after this count was made are still to be added to it.
  const { count, mentions, version } = fresh.unreadBase;
  const counts =
    fresh.own.read_seq >= state.own.read_seq &&
    fresh.own.clear_version >= state.own.clear_version &&
    version >= state.unreadBase.version;
  return {
    ...state,
    title: fresh.title,
    description: fresh.description,
    avatar_url: fresh.avatar_url,
    visibleHistory: fresh.visibleHistory,
    rules: fresh.rules,
    fieldsVersion: fresh.fieldsVersion,
    last: fresh.version >= state.version ? lastOf(state, fresh) : state.last,
    own: { ...fresh.own, ...clearingOf(state.own), read_seq },
    unreadBase: counts ? updatedBase(state.unreadBase, count, mentions, version) : state.unreadBase,
    members: fresh.membersLoaded
      ? [...fresh.members.values()].reduce(putMember, state).members
      : state.members,
  };
}

/** An answer that was on its way while the person deleted the message for themselves, or all. */
function lastOf(state: ConversationState, { last }: ConversationState): Message | null {
  return last !== null && isHidden(state, last.seq) ? state.last : last;
}

/** After a difference everything up to its version is applied, and what is beyond may close up. */
function withServerVersion(state: ConversationState, fresh: ConversationState): ConversationState {
  if (fresh.version <= state.version) return state;
  return withContiguousVersions({ ...state, version: fresh.version });
}

function advance(state: ConversationState, version: number): ConversationState {
  if (version <= state.version || state.pendingVersions.includes(version)) return state;
  return withContiguousVersions({ ...state, pendingVersions: [...state.pendingVersions, version] });
}

function withContiguousVersions(state: ConversationState): ConversationState {
  const pendingVersions = new Set(state.pendingVersions);
  let version = state.version;
  while (pendingVersions.delete(version + 1)) version += 1;
  return {
    ...state,
    version,
    pendingVersions: [...pendingVersions].filter((one) => one > version),
  };
}

function putMember(state: ConversationState, member: Member): ConversationState {
  const current = state.members.get(member.user.id);
  if (current !== undefined && current.version > member.version) return state;
  const read_seq = Math.max(current?.read_seq ?? 0, member.read_seq);
  const delivered_seq = Math.max(current?.delivered_seq ?? 0, member.delivered_seq, read_seq);
  const row = { ...member, read_seq, delivered_seq };
  return { ...state, members: new Map(state.members).set(member.user.id, row) };
}

/** Rows of messages that are shown again; what lies above what is held comes when it is asked for. */
export function withRestored(
  state: ConversationState,
  rows: readonly Message[],
  me: string,
): ConversationState {
  if (state.messages.length === 0 && state.more) return { ...state, history: 'none' };
  return rows.reduce((next, row) => restoredInContext(putMessage(next, row, me), row), state);
}

function putMessage(state: ConversationState, row: Message, me: string): ConversationState {
  const there = withoutDroppedFlag(state, row);
  if (isHidden(state, row.seq)) return there;
  const next = inContext(countRow(withLast(there, row), row, me), row);
  if (next.history === 'none') return next;
  const first = next.messages[0];
  const outside =
    next.history === 'loading' || (next.more && (first === undefined || row.seq < first.seq));
  if (outside) {
    const outOfRangeRows = new Map(next.outOfRangeRows).set(
      row.seq,
      newerOf(next.outOfRangeRows.get(row.seq), row),
    );
    return { ...next, outOfRangeRows };
  }
  return withMessages(next, [...next.messages, row]);
}

function withLast(state: ConversationState, row: Message): ConversationState {
  if (state.last !== null && row.seq < state.last.seq) return state;
  const last = state.last?.seq === row.seq ? newerOf(state.last, row) : row;
  return { ...state, last };
}
