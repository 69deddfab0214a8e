// How many messages of a conversation are new to the person, and how many of them mention them.
//
// The server's counts, and what changed since the version at which it counted; where the rows
// themselves are held, they are counted instead.
import type { Message } from '../contract/objects';
import type { ConversationState, UnreadBase } from './state';

/** The server counts no further: so many, or more. */
const maxServerCount = 1000;

export function newBase(count: number, mentions: number, version: number): UnreadBase {
  return { count, mentions, version, since: new Map(), gone: new Map(), recountFrom: null };
}

/** New counts; what changed after their version was not in them. */
export function updatedBase(
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
  const { recountFrom } = before;
  const still = recountFrom !== null && recountFrom > version ? recountFrom : null;
  return { count, mentions, version, since, gone, recountFrom: still };
}

/** The person has seen everything up to `seq`; positions only ever move forward. */
export function markRead(state: ConversationState, seq: number, me: string): ConversationState {
  if (seq <= state.own.read_seq) return state;
  const own = { ...state.own, read_seq: seq };
  if (seq >= newestSeq(state)) return { ...state, own, unreadBase: newBase(0, 0, state.version) };
  const base = state.unreadBase;
  const since = new Map([...base.since].filter(([one]) => one > seq));
  const gone = new Map([...base.gone].filter(([one]) => one > seq));
  const passed = passedRows(state, seq, me);
  // The server says it exactly, soon: until then the numbers go down with what was read.
  const count = base.count >= maxServerCount ? base.count : Math.max(0, base.count - passed.length);
  const mentions = Math.max(0, base.mentions - passed.filter((row) => mentionsMe(row, me)).length);
  return { ...state, own, unreadBase: { ...base, count, mentions, since, gone } };
}

/** Rows that the server had counted, and that are read with everything up to `seq`. */
function passedRows(state: ConversationState, seq: number, me: string): Message[] {
  const rows = [...(state.context?.messages ?? []), ...state.messages];
  return rows.filter(
    (row) =>
      row.seq > state.own.read_seq &&
      row.seq <= Math.min(seq, state.unreadBase.version) &&
      countsAsUnread(row, me),
  );
}

export function newestSeq(state: ConversationState): number {
  return Math.max(state.last?.seq ?? 0, state.messages.at(-1)?.seq ?? 0);
}

export function unreadOf(state: ConversationState, me: string): number {
  if (coversUnread(state)) return newRows(state, me).length;
  const { count, since, gone } = state.unreadBase;
  if (count >= maxServerCount) return count;
  const added = [...since.values()].filter(({ unread }) => unread).length;
  return Math.max(0, count + added - gone.size);
}

export function mentionsOf(state: ConversationState, me: string): number {
  if (coversUnread(state)) return newRows(state, me).filter((row) => mentionsMe(row, me)).length;
  const { mentions, since } = state.unreadBase;
  return mentions + [...since.values()].filter(({ mention }) => mention).length;
}

/** By name, or together with everybody. */
export function mentionsMe(message: Message, me: string): boolean {
  return message.mentions.some(({ user }) => user === null || user === me);
}

/** The counts are not certain and the rows are not held: the server has to be asked. */
export function needsCounts(state: ConversationState): boolean {
  return state.unreadBase.recountFrom !== null && !coversUnread(state);
}

function newRows(state: ConversationState, me: string): Message[] {
  return state.messages.filter((row) => row.seq > state.own.read_seq && countsAsUnread(row, me));
}

function coversUnread(state: ConversationState): boolean {
  if (state.history !== 'loaded') return false;
  const first = state.messages[0];
  return !state.more || (first !== undefined && first.seq <= state.own.read_seq);
}

export function countsAsUnread(message: Message, me: string): boolean {
  return isOfOthers(message, me) && !message.deleted;
}

function isOfOthers(message: Message, me: string): boolean {
  return message.author !== me && message.system === null;
}

/** A row arrived, in whatever order and number. */
export function countRow(state: ConversationState, row: Message, me: string): ConversationState {
  const { unreadBase, own } = state;
  if (row.seq <= own.read_seq) return state;
  if (row.seq <= unreadBase.version) return recountRow(state, row, me);
  const known = unreadBase.since.get(row.seq);
  if (known !== undefined && known.version >= row.version) return state;
  const unread = countsAsUnread(row, me);
  const gone = isOfOthers(row, me) && row.deleted;
  const mention = unread && mentionsMe(row, me);
  const one = { version: row.version, unread, gone, mention };
  const since = new Map(unreadBase.since).set(row.seq, one);
  return { ...state, unreadBase: { ...unreadBase, since } };
}

/** A message that the server had counted was changed afterwards. */
function recountRow(state: ConversationState, row: Message, me: string): ConversationState {
  const { unreadBase } = state;
  if (!isOfOthers(row, me) || row.version <= unreadBase.version) return state;
  const gone = new Map(unreadBase.gone);
  if (row.deleted) gone.set(row.seq, row.version);
  // Whether it mentioned the person before is not known.
  const maybe =
    (row.deleted && unreadBase.mentions > 0) ||
    (row.edited_at !== null && (unreadBase.mentions > 0 || mentionsMe(row, me)));
  const recountFrom = maybe
    ? Math.max(unreadBase.recountFrom ?? 0, row.version)
    : unreadBase.recountFrom;
  return { ...state, unreadBase: { ...unreadBase, gone, recountFrom } };
}

/** The person cleared everything up to a message, or took that back: the server says what counts. */
export function recountAfterClearing(state: ConversationState, cleared: number): ConversationState {
  const { unreadBase: base } = state;
  const since = new Map([...base.since].filter(([seq]) => seq > cleared));
  const gone = new Map([...base.gone].filter(([seq]) => seq > cleared));
  const recountFrom = Math.max(base.recountFrom ?? 0, base.version);
  return { ...state, unreadBase: { ...base, since, gone, recountFrom } };
}

/** Messages that the person deleted for themselves do not count. */
export function uncountRows(
  state: ConversationState,
  seqs: readonly number[],
  ask: boolean,
): ConversationState {
  const { unreadBase, own } = state;
  const since = new Map(unreadBase.since);
  let recountFrom = ask
    ? Math.max(unreadBase.recountFrom ?? 0, unreadBase.version)
    : unreadBase.recountFrom;
  for (const seq of seqs) {
    if (seq <= own.read_seq) continue;
    if (seq > unreadBase.version) since.delete(seq);
    else recountFrom = Math.max(recountFrom ?? 0, unreadBase.version);
  }
  return { ...state, unreadBase: { ...unreadBase, since, recountFrom } };
}
