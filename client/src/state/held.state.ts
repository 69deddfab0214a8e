// What a client holds of one conversation, and how fetched pages, events and differences change it.
//
// The law: what was held, plus the events in any order and any number, plus the differences that
// the holes ask for, equals what a fresh fetch would give. Rows carry versions; the newer wins.
import type { History, SyncItem } from '../contract/answers';
import type { ServerEvents } from '../contract/events';
import type { Conversation, Member, Message, OwnFields, User } from '../contract/objects';
import { inContext, restoredInContext, type Context } from './context.state';
import { applyClearing, clearingOf, isAway, withoutDropped } from './hidden.state';
import { newerOf, withMessages } from './rows.state';
import { baseAfter, baseOf, counted, markRead, type UnreadBase } from './unread.state';

export { applyClearing, applyHidden, applyRestored, isAway } from './hidden.state';
export { markRead, mentionsMe, mentionsOf, needsCounts, newestSeq, unreadOf } from './unread.state';

export interface Held {
  readonly id: string;
  readonly kind: 'direct' | 'group';
  readonly title: string | null;
  /** Missing in what an earlier version of the page kept in the browser. */
  readonly description: string | null | undefined;
  readonly avatar_url: string | null;
  readonly visibleHistory: 'all' | 'joined';
  readonly created_at: number;
  readonly last: Message | null;
  readonly own: OwnFields;
  readonly unreadBase: UnreadBase;
  /** Everything up to here has been applied. */
  readonly version: number;
  /** The server's epoch in which the version was got; empty until the first sync tells. */
  readonly epoch: string;
  /** Versions that arrived beyond a hole. */
  readonly ahead: readonly number[];
  /** The version that title, description and picture stem from. */
  readonly fieldsVersion: number;
  readonly members: ReadonlyMap<string, Member>;
  readonly membersKnown: boolean;
  readonly history: 'none' | 'loading' | 'held';
  /** Without gaps from the first one held to the latest, once history is held. */
  readonly messages: readonly Message[];
  /** The server has older ones. */
  readonly more: boolean;
  /** Rows outside the held range: a page that is on its way may be older than they are. */
  readonly stray: ReadonlyMap<number, Message>;
  /** A part far above, while somebody looks at it. */
  readonly context: Context | null;
  /** What the person deleted for themselves: it is not shown, whatever arrives. */
  readonly hidden: ReadonlySet<number>;
}

export function heldFrom(conversation: Conversation): Held {
  const members = new Map(conversation.members?.map((member) => [member.user.id, member]));
  return {
    id: conversation.id,
    kind: conversation.kind,
    title: conversation.title,
    description: conversation.description,
    avatar_url: conversation.avatar_url,
    visibleHistory: conversation.history,
    created_at: conversation.created_at,
    last: conversation.last_message,
    own: ownFrom(conversation),
    unreadBase: baseOf(conversation.unread, conversation.mentions, conversation.version),
    version: conversation.version,
    epoch: '',
    ahead: [],
    fieldsVersion: conversation.version,
    members,
    membersKnown: conversation.members !== undefined,
    history: 'none',
    messages: [],
    more: true,
    stray: new Map(),
    context: null,
    hidden: new Set(),
  };
}

function ownFrom(fields: OwnFields): OwnFields {
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
export function rowOf(held: Held | undefined, seq: number): Message | undefined {
  const there = ({ seq: known }: Message): boolean => known === seq;
  if (held?.last?.seq === seq) return held.last;
  const row = held?.messages.find(there) ?? held?.context?.messages.find(there);
  return row ?? held?.stray.get(seq);
}

/** Another one when files may have come or gone, as far as that can be told from here. */
export function filesVersion(held: Held): string {
  const rows = [...held.messages, ...(held.context?.messages ?? []), ...held.stray.values()];
  const concerned = rows.filter(({ attachments, deleted }) => attachments.length > 0 || deleted);
  const newest = Math.max(0, ...concerned.map(({ version }) => version));
  return `${newest} ${held.hidden.size} ${held.own.clear_version}`;
}

/** A version was missed: ask for the difference. */
export function hasHole(held: Held): boolean {
  return held.ahead.length > 0;
}

export function applyMessage(held: Held, event: ServerEvents['message'], me: string): Held {
  return advance(putMessage(held, event.message, me), event.version);
}

/** A change that the person may not see, such as one of a message from before they joined. */
export function applyVersion(held: Held, event: ServerEvents['version']): Held {
  return advance(held, event.version);
}

export function applyMember(held: Held, event: ServerEvents['member']): Held {
  return advance(putMember(held, event.member), event.version);
}

/** All members, as they were fetched for a conversation that came without them. */
export function applyMembers(held: Held, members: readonly Member[]): Held {
  return members.reduce(putMember, { ...held, membersKnown: true });
}

export function applyConversation(held: Held, event: ServerEvents['conversation']): Held {
  const { title, description, avatar_url, history, members } = event.changed;
  let next = held;
  if (event.version > held.fieldsVersion) {
    next = {
      ...held,
      title: title === undefined ? held.title : title,
      description: description === undefined ? held.description : description,
      avatar_url: avatar_url === undefined ? held.avatar_url : avatar_url,
      visibleHistory: history ?? held.visibleHistory,
      fieldsVersion: event.version,
    };
  }
  return advance(members?.reduce(putMember, next) ?? next, event.version);
}

export function applyReceipt(held: Held, event: ServerEvents['receipt'], me: string): Held {
  const member = held.members.get(event.user);
  const read_seq = Math.max(member?.read_seq ?? 0, event.read_seq ?? 0);
  const delivered_seq = Math.max(member?.delivered_seq ?? 0, event.delivered_seq ?? 0, read_seq);
  const members =
    member === undefined
      ? held.members
      : new Map(held.members).set(event.user, { ...member, read_seq, delivered_seq });
  const next = { ...held, members };
  return event.user === me && event.read_seq !== undefined
    ? markRead(next, event.read_seq, me)
    : next;
}

/** Positions that were gathered into one event. */
export function applyReceipts(held: Held, event: ServerEvents['receipts'], me: string): Held {
  const { conversation, receipts } = event;
  return receipts.reduce((next, one) => applyReceipt(next, { conversation, ...one }, me), held);
}

/** Somebody's profile changed. */
export function applyUser(held: Held, user: User): Held {
  const member = held.members.get(user.id);
  if (member === undefined) return held;
  return { ...held, members: new Map(held.members).set(user.id, { ...member, user }) };
}

export function applyOwn(held: Held, event: ServerEvents['own']): Held {
  const { conversation: _conversation, version = held.version, ...told } = event;
  const { cleared_seq, clear_version, cleared_until, dropped, ...changed } = told;
  const read_seq = Math.max(held.own.read_seq, changed.read_seq ?? 0);
  // An older position than ours, or an older version: its count is older too.
  const counts =
    changed.unread !== undefined &&
    (changed.read_seq ?? read_seq) >= held.own.read_seq &&
    (clear_version ?? Infinity) >= held.own.clear_version &&
    version >= held.unreadBase.version;
  const cleared = { ...held.own, ...definedOf({ cleared_seq, clear_version, dropped }) };
  if (cleared_until !== undefined) cleared.cleared_until = cleared_until;
  const next = applyClearing(held, clearingOf(cleared));
  return {
    ...next,
    own: { ...next.own, ...definedOf(changed), read_seq },
    unreadBase: counts
      ? baseAfter(next.unreadBase, changed.unread ?? 0, changed.mentions ?? 0, version)
      : next.unreadBase,
  };
}

function definedOf<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export function startLoading(held: Held): Held {
  return held.history === 'none' ? { ...held, history: 'loading' } : held;
}

export function stopLoading(held: Held): Held {
  return held.history === 'loading' ? { ...held, history: 'none', stray: new Map() } : held;
}

/** The latest page, asked for when the conversation was opened. */
export function applyLatest(held: Held, page: History): Held {
  const low = page.messages[0]?.seq ?? 0;
  const beyond = [...held.stray.values()].filter((row) => row.seq >= low);
  const heldLow = held.history === 'held' ? held.messages[0]?.seq : undefined;
  return withMessages(
    {
      ...held,
      history: 'held',
      more: heldLow === undefined || heldLow > low ? page.more : held.more,
    },
    [...held.messages, ...page.messages, ...beyond],
  );
}

/** An older page, asked for with `before` as the first held message. */
export function applyOlder(held: Held, page: History, before: number): Held {
  // The range moved while the page was on its way: it would leave a gap.
  if (held.history !== 'held' || held.messages[0]?.seq !== before) return held;
  const newer = page.messages.map((row) => newerOf(held.stray.get(row.seq), row));
  return withMessages({ ...held, more: page.more }, [...newer, ...held.messages]);
}

/** Forgets what is far up in a conversation that nobody looks at. */
export function trimmed(held: Held, keep = 100): Held {
  if (held.context !== null) return trimmed({ ...held, context: null }, keep);
  if (held.history !== 'held' || held.messages.length <= keep) return held;
  return { ...held, messages: held.messages.slice(-keep), more: true, stray: new Map() };
}

/**
 * The difference that a sync answered, or with `reset` the latest page in place of what is held.
 *
 * Where the version that was asked with is beyond the server's, or outdated, it lives on from an
 * older copy of its data: what is held then tells of things that never were.
 */
export function applySync(
  held: Held | undefined,
  item: SyncItem,
  me: string,
  asked = 0,
  outdated = false,
): Held {
  const fresh = heldFrom(item.conversation);
  if (held === undefined || outdated) return replaced(fresh, item);
  if (asked > fresh.version) return replaced({ ...fresh, hidden: held.hidden }, item);
  // Changes in the part far above may not be among what a reset brings.
  const context = item.reset ? null : held.context;
  // All that is held is replaced: what was cleared, too, is as the answer says.
  const anew = item.reset && fresh.own.clear_version !== held.own.clear_version;
  const clear_version = anew ? -1 : held.own.clear_version;
  const base = refreshedBy({ ...held, context, own: { ...held.own, clear_version } }, fresh);
  const membersKnown = base.membersKnown || item.reset;
  const known = item.members.reduce(putMember, { ...base, membersKnown });
  if (item.reset && held.history !== 'none') return arrived(replacedRows(known, item), fresh);
  const rows = item.messages.reduce((next, row) => putMessage(next, row, me), known);
  return arrived(rows, fresh);
}

function replaced(fresh: Held, item: SyncItem): Held {
  const members = item.members.reduce(putMember, fresh);
  const more = item.messages.length > 0;
  return withMessages({ ...members, membersKnown: true, history: 'held', more }, item.messages);
}

function replacedRows(held: Held, item: SyncItem): Held {
  const later = [...held.messages, ...held.stray.values()].filter(
    (row) =>
      row.seq > item.conversation.version || item.messages.some(({ seq }) => seq === row.seq),
  );
  const more = item.messages.length > 0;
  return withMessages({ ...held, history: 'held', messages: [], more, context: null }, [
    ...item.messages,
    ...later,
  ]);
}

/**
 * The conversation as it was fetched after a pause: positions have no version, so that those that
 * were missed come only this way.
 */
export function refreshed(held: Held, conversation: Conversation): Held {
  return refreshedBy(held, heldFrom(conversation));
}

function refreshedBy(held: Held, fresh: Held): Held {
  return withFields(applyClearing(held, clearingOf(fresh.own)), fresh);
}

function withFields(held: Held, fresh: Held): Held {
  if (fresh.fieldsVersion < held.fieldsVersion) return held;
  const read_seq = Math.max(held.own.read_seq, fresh.own.read_seq);
  // As in `applyOwn`: rows that came after this count was made are still to be added to it.
  const { count, mentions, version } = fresh.unreadBase;
  const counts =
    fresh.own.read_seq >= held.own.read_seq &&
    fresh.own.clear_version >= held.own.clear_version &&
    version >= held.unreadBase.version;
  return {
    ...held,
    title: fresh.title,
    description: fresh.description,
    avatar_url: fresh.avatar_url,
    visibleHistory: fresh.visibleHistory,
    fieldsVersion: fresh.fieldsVersion,
    last: fresh.version >= held.version ? lastOf(held, fresh) : held.last,
    own: { ...fresh.own, ...clearingOf(held.own), read_seq },
    unreadBase: counts ? baseAfter(held.unreadBase, count, mentions, version) : held.unreadBase,
    members: fresh.membersKnown
      ? [...fresh.members.values()].reduce(putMember, held).members
      : held.members,
  };
}

/** An answer that was on its way while the person deleted the message for themselves, or all. */
function lastOf(held: Held, { last }: Held): Message | null {
  return last !== null && isAway(held, last.seq) ? held.last : last;
}

/** After a difference everything up to its version is applied, and what is beyond may close up. */
function arrived(held: Held, fresh: Held): Held {
  if (fresh.version <= held.version) return held;
  return closedUp({ ...held, version: fresh.version });
}

function advance(held: Held, version: number): Held {
  if (version <= held.version || held.ahead.includes(version)) return held;
  return closedUp({ ...held, ahead: [...held.ahead, version] });
}

function closedUp(held: Held): Held {
  const ahead = new Set(held.ahead);
  let version = held.version;
  while (ahead.delete(version + 1)) version += 1;
  return { ...held, version, ahead: [...ahead].filter((one) => one > version) };
}

function putMember(held: Held, member: Member): Held {
  const known = held.members.get(member.user.id);
  if (known !== undefined && known.version > member.version) return held;
  const read_seq = Math.max(known?.read_seq ?? 0, member.read_seq);
  const delivered_seq = Math.max(known?.delivered_seq ?? 0, member.delivered_seq, read_seq);
  const row = { ...member, read_seq, delivered_seq };
  return { ...held, members: new Map(held.members).set(member.user.id, row) };
}

/** Rows of messages that are shown again; what lies above what is held comes when it is asked for. */
export function withRestored(held: Held, rows: readonly Message[], me: string): Held {
  if (held.messages.length === 0 && held.more) return { ...held, history: 'none' };
  return rows.reduce((next, row) => restoredInContext(putMessage(next, row, me), row), held);
}

function putMessage(held: Held, row: Message, me: string): Held {
  const there = withoutDropped(held, row);
  if (isAway(held, row.seq)) return there;
  const next = inContext(counted(withLast(there, row), row, me), row);
  if (next.history === 'none') return next;
  const first = next.messages[0];
  const outside =
    next.history === 'loading' || (next.more && (first === undefined || row.seq < first.seq));
  if (outside) {
    const stray = new Map(next.stray).set(row.seq, newerOf(next.stray.get(row.seq), row));
    return { ...next, stray };
  }
  return withMessages(next, [...next.messages, row]);
}

function withLast(held: Held, row: Message): Held {
  if (held.last !== null && row.seq < held.last.seq) return held;
  const last = held.last?.seq === row.seq ? newerOf(held.last, row) : row;
  return { ...held, last };
}
