// What the person deleted for themselves alone, some messages or all of a conversation up to one: it
// is in no row, whatever arrives.
import type { Message, OwnFields } from '../contract/objects';
import type { ConversationState } from './state';
import { recountAfterClearing, uncountRows } from './unread';

export type Clearing = Pick<
  OwnFields,
  'cleared_seq' | 'clear_version' | 'cleared_until' | 'dropped'
>;

export function clearingOf(fields: Clearing): Clearing {
  const { cleared_seq, clear_version, cleared_until, dropped } = fields;
  return { cleared_seq, clear_version, cleared_until, dropped };
}

/** The person does not see the message with this number any more. */
export function isHidden(state: ConversationState | undefined, seq: number): boolean {
  if (state === undefined) return false;
  return seq <= state.own.cleared_seq || state.hidden.has(seq);
}

/** The person deleted messages for themselves, here or elsewhere. */
export function applyHidden(state: ConversationState, seqs: readonly number[]): ConversationState {
  const fresh = seqs.filter((seq) => !state.hidden.has(seq));
  if (fresh.length === 0) return state;
  const hidden = new Set([...state.hidden, ...fresh]);
  const stays = ({ seq }: Message): boolean => !hidden.has(seq);
  const messages = state.messages.filter(stays);
  const lastStays = state.last === null || stays(state.last);
  // The one before it may not be held.
  const lastUnknown = !lastStays && messages.length === 0;
  return uncountRows(
    {
      ...state,
      hidden,
      messages,
      history: hasLostEdge(state, messages) ? 'none' : state.history,
      last: lastStays ? state.last : (messages.at(-1) ?? null),
      outOfRangeRows: new Map([...state.outOfRangeRows].filter(([, row]) => stays(row))),
      context:
        state.context === null
          ? null
          : { ...state.context, messages: state.context.messages.filter(stays) },
    },
    fresh,
    lastUnknown,
  );
}

/**
 * No row is held, and the server has older ones: where the next one belongs cannot be told, so that
 * the rows are to be fetched.
 */
export function hasLostEdge(state: ConversationState, messages: readonly Message[]): boolean {
  return state.history === 'loaded' && state.more && messages.length === 0;
}

/**
 * A message that is hidden no longer has to be fetched: it is still hidden here, or a page was left
 * after that was kept and before its row came. What lies above the rows held comes when asked for.
 */
export function isMissing(state: ConversationState | undefined, seq: number): boolean {
  if (state === undefined) return false;
  const { hidden, history, messages, more } = state;
  const isWithin = history === 'loaded' && (!more || seq > (messages[0]?.seq ?? seq));
  return hidden.has(seq) || (isWithin && !messages.some((row) => row.seq === seq));
}

/** The person took that back: the rows are to be fetched. */
export function applyRestored(
  state: ConversationState,
  seqs: readonly number[],
): ConversationState {
  const back = seqs.filter((seq) => state.hidden.has(seq));
  if (back.length === 0) return state;
  const hidden = new Set([...state.hidden].filter((seq) => !back.includes(seq)));
  return uncountRows({ ...state, hidden }, back, false);
}

/**
 * What the person cleared, here or elsewhere; an older word changes nothing. Once somebody wrote, the
 * conversation is in the list until it is deleted again.
 */
export function applyClearing(state: ConversationState, clearing: Clearing): ConversationState {
  const { own } = state;
  if (clearing.clear_version < own.clear_version) return state;
  const sameVersion = clearing.clear_version === own.clear_version;
  const dropped =
    clearing.dropped && (sameVersion ? own.dropped : !hasMessageAfter(state, clearing.cleared_seq));
  if (sameVersion && dropped === own.dropped) return state;
  const next = { ...state, own: { ...own, ...clearing, dropped } };
  if (sameVersion) return next;
  return clearing.cleared_seq < own.cleared_seq ? restoredHistory(next) : withoutCleared(next);
}

/** Somebody wrote something: a deleted conversation is there again. */
export function withoutDroppedFlag(
  state: ConversationState,
  { seq, system }: Message,
): ConversationState {
  const { own } = state;
  if (!own.dropped || system !== null || seq <= own.cleared_seq) return state;
  return { ...state, own: { ...own, dropped: false } };
}

function hasMessageAfter({ messages, last }: ConversationState, after: number): boolean {
  const rows = last === null ? messages : [...messages, last];
  return rows.some(({ seq, system }) => seq > after && system === null);
}

function withoutCleared(state: ConversationState): ConversationState {
  const { cleared_seq } = state.own;
  const stays = ({ seq }: Message): boolean => seq > cleared_seq;
  const messages = state.messages.filter(stays);
  const context = state.context?.messages.filter(stays) ?? [];
  return recountAfterClearing(
    {
      ...state,
      messages,
      // What is older than the first one held is what was cleared.
      more: state.more && messages.length === state.messages.length,
      last: state.last !== null && stays(state.last) ? state.last : (messages.at(-1) ?? null),
      outOfRangeRows: new Map([...state.outOfRangeRows].filter(([, row]) => stays(row))),
      context:
        state.context === null || context.length === 0 ? null : { messages: context, more: false },
    },
    cleared_seq,
  );
}

/** The rows are to be fetched, and the newest one with the counts where none is held. */
function restoredHistory(state: ConversationState): ConversationState {
  const history = state.messages.length === 0 ? 'none' : state.history;
  return recountAfterClearing({ ...state, history, more: true, context: null }, 0);
}
