// What a client holds of one conversation, and how fetched pages, events and differences change it.
//
// The law: what was held, plus the events in any order and any number, plus the differences that
// the holes ask for, equals what a fresh fetch would give. Rows carry versions; the newer wins.
import type { History, SyncItem } from '../contract/answers';
import type { ServerEvents } from '../contract/events';
import type { Conversation, Member, Message, OwnFields } from '../contract/objects';

export interface UnreadBase {
  /** The server's count, and the version up to which it had counted. */
  readonly count: number;
  readonly version: number;
  /** Messages that came after that version. */
  readonly since: ReadonlySet<number>;
  /** Messages that the server had counted and that were deleted after that version. */
  readonly deleted: ReadonlySet<number>;
}

export interface Held {
  readonly id: string;
  readonly kind: 'direct' | 'group';
  readonly title: string | null;
  readonly avatar_url: string | null;
  readonly created_at: number;
  readonly last: Message | null;
  readonly own: OwnFields;
  readonly unreadBase: UnreadBase;
  /** Everything up to here has been applied. */
  readonly version: number;
  /** Versions that arrived beyond a hole. */
  readonly ahead: readonly number[];
  /** The version that title and picture stem from. */
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
}

export function heldFrom(conversation: Conversation): Held {
  const members = new Map(conversation.members?.map((member) => [member.user.id, member]));
  return {
    id: conversation.id,
    kind: conversation.kind,
    title: conversation.title,
    avatar_url: conversation.avatar_url,
    created_at: conversation.created_at,
    last: conversation.last_message,
    own: ownFrom(conversation),
    unreadBase: baseOf(conversation.unread, conversation.version),
    version: conversation.version,
    ahead: [],
    fieldsVersion: conversation.version,
    members,
    membersKnown: conversation.members !== undefined,
    history: 'none',
    messages: [],
    more: true,
    stray: new Map(),
  };
}

function baseOf(count: number, version: number): UnreadBase {
  return { count, version, since: new Set(), deleted: new Set() };
}

function ownFrom(fields: OwnFields): OwnFields {
  const { unread, mentions, read_seq, muted, pinned, archived, draft } = fields;
  return { unread, mentions, read_seq, muted, pinned, archived, draft };
}

/** A version was missed: ask for the difference. */
export function hasHole(held: Held): boolean {
  return held.ahead.length > 0;
}

export function applyMessage(held: Held, event: ServerEvents['message'], me: string): Held {
  return advance(putMessage(held, event.message, me), event.version);
}

export function applyMember(held: Held, event: ServerEvents['member']): Held {
  return advance(putMember(held, event.member), event.version);
}

/** All members, as they were fetched for a conversation that came without them. */
export function applyMembers(held: Held, members: readonly Member[]): Held {
  return members.reduce(putMember, { ...held, membersKnown: true });
}

export function applyConversation(held: Held, event: ServerEvents['conversation']): Held {
  const { title, avatar_url, members } = event.changed;
  let next = held;
  if (event.version > held.fieldsVersion) {
    next = {
      ...held,
      title: title === undefined ? held.title : title,
      avatar_url: avatar_url === undefined ? held.avatar_url : avatar_url,
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
  return event.user === me && event.read_seq !== undefined ? markRead(next, event.read_seq) : next;
}

export function applyOwn(held: Held, event: ServerEvents['own']): Held {
  const { conversation: _conversation, version = held.version, ...changed } = event;
  const read_seq = Math.max(held.own.read_seq, changed.read_seq ?? 0);
  // An older position than ours, or an older version: its count is older too.
  const counts =
    changed.unread !== undefined &&
    (changed.read_seq ?? read_seq) >= held.own.read_seq &&
    version >= held.unreadBase.version;
  return {
    ...held,
    own: { ...held.own, ...definedOf(changed), read_seq },
    unreadBase: counts ? baseAfter(held.unreadBase, changed.unread ?? 0, version) : held.unreadBase,
  };
}

/** A new count; what came after its version was not in it. */
function baseAfter({ since }: UnreadBase, count: number, version: number): UnreadBase {
  return { ...baseOf(count, version), since: new Set([...since].filter((seq) => seq > version)) };
}

function definedOf<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** The person has seen everything up to `seq`; positions only ever move forward. */
export function markRead(held: Held, seq: number): Held {
  if (seq <= held.own.read_seq) return held;
  const all = seq >= newestSeq(held);
  const since = new Set([...held.unreadBase.since].filter((one) => one > seq));
  const deleted = new Set([...held.unreadBase.deleted].filter((one) => one > seq));
  return {
    ...held,
    own: { ...held.own, read_seq: seq },
    unreadBase: all ? baseOf(0, held.version) : { ...held.unreadBase, since, deleted },
  };
}

export function newestSeq(held: Held): number {
  return Math.max(held.last?.seq ?? 0, held.messages.at(-1)?.seq ?? 0);
}

/** Counted from the rows where they are held; otherwise the server's count and what came since. */
export function unreadOf(held: Held, me: string): number {
  if (coversUnread(held)) {
    return held.messages.filter((row) => countsAsUnread(row, me) && row.seq > held.own.read_seq)
      .length;
  }
  const { count, since, deleted } = held.unreadBase;
  return Math.max(0, count + since.size - deleted.size);
}

function coversUnread(held: Held): boolean {
  if (held.history !== 'held') return false;
  const first = held.messages[0];
  return !held.more || (first !== undefined && first.seq <= held.own.read_seq);
}

function countsAsUnread(message: Message, me: string): boolean {
  return message.author !== me && !message.deleted && message.system === null;
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
  if (held.history !== 'held' || held.messages.length <= keep) return held;
  return { ...held, messages: held.messages.slice(-keep), more: true, stray: new Map() };
}

/** The difference that a sync answered, or with `reset` the latest page in place of what is held. */
export function applySync(held: Held | undefined, item: SyncItem, me: string): Held {
  const fresh = heldFrom(item.conversation);
  if (held === undefined) return replaced(fresh, item);
  const base = withFields(held, fresh);
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
  return withMessages({ ...held, history: 'held', messages: [], more: item.messages.length > 0 }, [
    ...item.messages,
    ...later,
  ]);
}

/**
 * The conversation as it was fetched after a pause: positions have no version, so that those that
 * were missed come only this way.
 */
export function refreshed(held: Held, conversation: Conversation): Held {
  return withFields(held, heldFrom(conversation));
}

function withFields(held: Held, fresh: Held): Held {
  if (fresh.fieldsVersion < held.fieldsVersion) return held;
  const read_seq = Math.max(held.own.read_seq, fresh.own.read_seq);
  const counts = fresh.own.read_seq >= held.own.read_seq && fresh.version >= held.version;
  return {
    ...held,
    title: fresh.title,
    avatar_url: fresh.avatar_url,
    fieldsVersion: fresh.fieldsVersion,
    last: fresh.version >= held.version ? fresh.last : held.last,
    own: { ...fresh.own, read_seq },
    unreadBase: counts ? fresh.unreadBase : held.unreadBase,
    members: fresh.membersKnown
      ? [...fresh.members.values()].reduce(putMember, held).members
      : held.members,
  };
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

function putMessage(held: Held, row: Message, me: string): Held {
  const next = counted(withLast(held, row), row, me);
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

function counted(held: Held, row: Message, me: string): Held {
  const { unreadBase, own } = held;
  if (row.seq <= own.read_seq) return held;
  if (row.seq <= unreadBase.version) return discounted(held, row, me);
  const since = new Set(unreadBase.since);
  if (countsAsUnread(row, me)) since.add(row.seq);
  else since.delete(row.seq);
  return { ...held, unreadBase: { ...unreadBase, since } };
}

function discounted(held: Held, row: Message, me: string): Held {
  const { unreadBase } = held;
  const wasCounted = countsAsUnread({ ...row, deleted: false }, me);
  if (!row.deleted || !wasCounted || row.version <= unreadBase.version) return held;
  const deleted = new Set(unreadBase.deleted).add(row.seq);
  return { ...held, unreadBase: { ...unreadBase, deleted } };
}

function newerOf(known: Message | undefined, row: Message): Message {
  return known !== undefined && known.version > row.version ? known : row;
}

/** Rows in any order and number become one ascending list; of two with one number the newer wins. */
function withMessages(held: Held, rows: readonly Message[]): Held {
  const bySeq = new Map<number, Message>();
  for (const row of rows) bySeq.set(row.seq, newerOf(bySeq.get(row.seq), row));
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const newest = messages.at(-1);
  const last = newest !== undefined && newest.seq >= (held.last?.seq ?? 0) ? newest : held.last;
  return { ...held, messages, last };
}
