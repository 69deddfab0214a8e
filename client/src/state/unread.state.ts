// How many messages of a conversation are new to the person, and how many of them mention them.
//
// The server's counts, and what changed since the version at which it counted; where the rows
// themselves are held, they are counted instead.
import type { Message } from '../contract/objects';
import type { Held } from './held.state';

/** The server counts no further: so many, or more. */
const mostCounted = 1000;

interface Since {
  readonly version: number;
  readonly unread: boolean;
  /** It counted as unread until it was deleted. */
  readonly gone: boolean;
  readonly mention: boolean;
}

export interface UnreadBase {
  /** The server's counts, and the version up to which it had counted. */
  readonly count: number;
  readonly mentions: number;
  readonly version: number;
  /** Messages that came after that version, as the newest row of each has it. */
  readonly since: ReadonlyMap<number, Since>;
  /** Messages that the server had counted and that are gone since, with the version of that. */
  readonly gone: ReadonlyMap<number, number>;
  /** A change whose effect cannot be told from here: counts of this version or later are needed. */
  readonly unclear: number | null;
}

export function baseOf(count: number, mentions: number, version: number): UnreadBase {
  return { count, mentions, version, since: new Map(), gone: new Map(), unclear: null };
}

/** New counts; what changed after their version was not in them. */
export function baseAfter(
  before: UnreadBase,
  count: number,
  mentions: number,
  version: number,
): UnreadBase {
  const since = new Map([...before.since].filter(([seq]) => seq > version));
  const gone = new Map([...before.gone].filter(([, at]) => at > version));
  for (const [seq, one] of before.since) {
    // Posted before the count and deleted after it.
    if (seq <= version && one.version > version && one.gone) gone.set(seq, one.version);
  }
  const { unclear } = before;
  const still = unclear !== null && unclear > version ? unclear : null;
  return { count, mentions, version, since, gone, unclear: still };
}

/** The person has seen everything up to `seq`; positions only ever move forward. */
export function markRead(held: Held, seq: number, me: string): Held {
  if (seq <= held.own.read_seq) return held;
  const own = { ...held.own, read_seq: seq };
  if (seq >= newestSeq(held)) return { ...held, own, unreadBase: baseOf(0, 0, held.version) };
  const base = held.unreadBase;
  const since = new Map([...base.since].filter(([one]) => one > seq));
  const gone = new Map([...base.gone].filter(([one]) => one > seq));
  const passed = passedRows(held, seq, me);
  // The server says it exactly, soon: until then the numbers go down with what was read.
  const count = base.count >= mostCounted ? base.count : Math.max(0, base.count - passed.length);
  const mentions = Math.max(0, base.mentions - passed.filter((row) => mentionsMe(row, me)).length);
  return { ...held, own, unreadBase: { ...base, count, mentions, since, gone } };
}

/** Rows that the server had counted, and that are read with everything up to `seq`. */
function passedRows(held: Held, seq: number, me: string): Message[] {
  const rows = [...(held.context?.messages ?? []), ...held.messages];
  return rows.filter(
    (row) =>
      row.seq > held.own.read_seq &&
      row.seq <= Math.min(seq, held.unreadBase.version) &&
      countsAsUnread(row, me),
  );
}

export function newestSeq(held: Held): number {
  return Math.max(held.last?.seq ?? 0, held.messages.at(-1)?.seq ?? 0);
}

export function unreadOf(held: Held, me: string): number {
  if (coversUnread(held)) return newRows(held, me).length;
  const { count, since, gone } = held.unreadBase;
  if (count >= mostCounted) return count;
  const added = [...since.values()].filter(({ unread }) => unread).length;
  return Math.max(0, count + added - gone.size);
}

export function mentionsOf(held: Held, me: string): number {
  if (coversUnread(held)) return newRows(held, me).filter((row) => mentionsMe(row, me)).length;
  const { mentions, since } = held.unreadBase;
  return mentions + [...since.values()].filter(({ mention }) => mention).length;
}

/** By name, or together with everybody. */
export function mentionsMe(message: Message, me: string): boolean {
  return message.mentions.some(({ user }) => user === null || user === me);
}

/** The counts are not certain and the rows are not held: the server has to be asked. */
export function needsCounts(held: Held): boolean {
  return held.unreadBase.unclear !== null && !coversUnread(held);
}

function newRows(held: Held, me: string): Message[] {
  return held.messages.filter((row) => row.seq > held.own.read_seq && countsAsUnread(row, me));
}

function coversUnread(held: Held): boolean {
  if (held.history !== 'held') return false;
  const first = held.messages[0];
  return !held.more || (first !== undefined && first.seq <= held.own.read_seq);
}

export function countsAsUnread(message: Message, me: string): boolean {
  return isOfOthers(message, me) && !message.deleted;
}

function isOfOthers(message: Message, me: string): boolean {
  return message.author !== me && message.system === null;
}

/** A row arrived, in whatever order and number. */
export function counted(held: Held, row: Message, me: string): Held {
  const { unreadBase, own } = held;
  if (row.seq <= own.read_seq) return held;
  if (row.seq <= unreadBase.version) return recounted(held, row, me);
  const known = unreadBase.since.get(row.seq);
  if (known !== undefined && known.version >= row.version) return held;
  const unread = countsAsUnread(row, me);
  const gone = isOfOthers(row, me) && row.deleted;
  const mention = unread && mentionsMe(row, me);
  const one = { version: row.version, unread, gone, mention };
  const since = new Map(unreadBase.since).set(row.seq, one);
  return { ...held, unreadBase: { ...unreadBase, since } };
}

/** A message that the server had counted was changed afterwards. */
function recounted(held: Held, row: Message, me: string): Held {
  const { unreadBase } = held;
  if (!isOfOthers(row, me) || row.version <= unreadBase.version) return held;
  const gone = new Map(unreadBase.gone);
  if (row.deleted) gone.set(row.seq, row.version);
  // Whether it mentioned the person before is not known.
  const maybe =
    (row.deleted && unreadBase.mentions > 0) ||
    (row.edited_at !== null && (unreadBase.mentions > 0 || mentionsMe(row, me)));
  const unclear = maybe ? Math.max(unreadBase.unclear ?? 0, row.version) : unreadBase.unclear;
  return { ...held, unreadBase: { ...unreadBase, gone, unclear } };
}

/** The person cleared everything up to a message, or took that back: the server says what counts. */
export function recountedBy(held: Held, cleared: number): Held {
  const { unreadBase: base } = held;
  const since = new Map([...base.since].filter(([seq]) => seq > cleared));
  const gone = new Map([...base.gone].filter(([seq]) => seq > cleared));
  const unclear = Math.max(base.unclear ?? 0, base.version);
  return { ...held, unreadBase: { ...base, since, gone, unclear } };
}

/** Messages that the person deleted for themselves do not count. */
export function uncounted(held: Held, seqs: readonly number[], ask: boolean): Held {
  const { unreadBase, own } = held;
  const since = new Map(unreadBase.since);
  let unclear = ask ? Math.max(unreadBase.unclear ?? 0, unreadBase.version) : unreadBase.unclear;
  for (const seq of seqs) {
    if (seq <= own.read_seq) continue;
    if (seq > unreadBase.version) since.delete(seq);
    else unclear = Math.max(unclear ?? 0, unreadBase.version);
  }
  return { ...held, unreadBase: { ...unreadBase, since, unclear } };
}
