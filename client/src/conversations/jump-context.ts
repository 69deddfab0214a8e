// A part of a conversation far from its newest messages, shown when one jumps to a message there.
import type { History } from '../contract/answers';
import type { Message } from '../contract/objects';
import type { ConversationState } from './state';
import { isHidden } from './hidden';
import { newerOf, withMessages } from './message-rows';

/** What the list of messages shows: the context while there is one, otherwise the newest. */
export interface VisibleRows {
  readonly messages: readonly Message[];
  /** There are older ones. */
  readonly more: boolean;
  /** There are newer ones that are not shown. */
  readonly newer: boolean;
}

export function shown(state: ConversationState): VisibleRows {
  const { context, messages, more } = state;
  if (context !== null) return { ...context, newer: true };
  return { messages, more, newer: false };
}

export function shows(state: ConversationState, seq: number): boolean {
  return shown(state).messages.some((one) => one.seq === seq);
}

/** The message that somebody jumped to, if it is not shown any more; otherwise null. */
export function lost<Target extends { readonly conversation: string; readonly seq: number }>(
  target: Target | null,
  all: ReadonlyMap<string, ConversationState>,
): Target | null {
  const state = target === null ? undefined : all.get(target.conversation);
  return target === null || (state !== undefined && shows(state, target.seq)) ? null : target;
}

/** A page around a message: joined to what is held where it touches that, otherwise apart. */
export function applyAround(state: ConversationState, page: History): ConversationState {
  const messages = page.messages
    .filter((row) => !isHidden(state, row.seq))
    .map((row) => newerOf(state.outOfRangeRows.get(row.seq), row));
  if (messages.length === 0) return state;
  return mergeIfTouching({ ...state, context: { messages, more: page.more } });
}

/** An older page, asked for with `before` as the first one shown in the context. */
export function applyContextOlder(
  state: ConversationState,
  page: History,
  before: number,
): ConversationState {
  const { context } = state;
  if (context === null || context.messages[0]?.seq !== before) return state;
  const older = rowsOf(state, page);
  return { ...state, context: { messages: [...older, ...context.messages], more: page.more } };
}

/** A newer page, asked for with `after` as the last one shown in the context. */
export function applyContextNewer(
  state: ConversationState,
  page: History,
  after: number,
): ConversationState {
  const { context } = state;
  if (context === null || context.messages.at(-1)?.seq !== after) return state;
  const next = {
    ...state,
    context: { ...context, messages: [...context.messages, ...rowsOf(state, page)] },
  };
  // The newest page of all touches what is held, whatever was hidden in between.
  return mergeIfTouching(next, !page.more);
}

export function withoutContext(state: ConversationState): ConversationState {
  return state.context === null ? state : { ...state, context: null };
}

/** A row that is shown in the context was changed. */
export function inContext(state: ConversationState, row: Message): ConversationState {
  const { context } = state;
  if (context === null || !context.messages.some(({ seq }) => seq === row.seq)) return state;
  const messages = context.messages.map((known) =>
    known.seq === row.seq ? newerOf(known, row) : known,
  );
  return { ...state, context: { ...context, messages } };
}

/** A row that is shown again, where it lies between those of the context. */
export function restoredInContext(state: ConversationState, row: Message): ConversationState {
  const { context } = state;
  if (context === null) return state;
  const after = context.messages.some(({ seq }) => seq > row.seq);
  const before = !context.more || context.messages.some(({ seq }) => seq < row.seq);
  const there = context.messages.some(({ seq }) => seq === row.seq);
  if (!after || !before || there || isHidden(state, row.seq)) return state;
  const messages = [...context.messages, row].sort((a, b) => a.seq - b.seq);
  return { ...state, context: { ...context, messages } };
}

function rowsOf(state: ConversationState, page: History): Message[] {
  return page.messages
    .filter((row) => !isHidden(state, row.seq))
    .map((row) => newerOf(state.outOfRangeRows.get(row.seq), row));
}

/** Where the context reaches the held messages, the two become one. */
function mergeIfTouching(state: ConversationState, touching = false): ConversationState {
  const { context } = state;
  const first = state.messages[0];
  const end = context?.messages.at(-1);
  if (context === null || state.history !== 'loaded' || end === undefined) return state;
  const meets = touching || first === undefined || end.seq >= first.seq;
  if (!meets) return state;
  const start = context.messages[0]?.seq ?? 0;
  const more = first === undefined || start < first.seq ? context.more : state.more;
  return withMessages({ ...state, context: null, more }, [...context.messages, ...state.messages]);
}
