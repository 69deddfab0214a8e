// A part of a conversation far from its newest messages, shown when one jumps to a message there.
import type { History } from '../contract/answers';
import type { Message } from '../contract/objects';
import type { Held } from './held.state';
import { isAway } from './hidden.state';
import { newerOf, withMessages } from './rows.state';

export interface Context {
  /** Without gaps, ascending; not joined to the held messages. */
  readonly messages: readonly Message[];
  /** The server has older ones. */
  readonly more: boolean;
}

/** What the list of messages shows: the context while there is one, otherwise the newest. */
export interface Shown {
  readonly messages: readonly Message[];
  /** There are older ones. */
  readonly more: boolean;
  /** There are newer ones that are not shown. */
  readonly newer: boolean;
}

export function shown(held: Held): Shown {
  const { context, messages, more } = held;
  if (context !== null) return { ...context, newer: true };
  return { messages, more, newer: false };
}

/** A page around a message: joined to what is held where it touches that, otherwise apart. */
export function applyAround(held: Held, page: History): Held {
  const messages = page.messages
    .filter((row) => !isAway(held, row.seq))
    .map((row) => newerOf(held.stray.get(row.seq), row));
  if (messages.length === 0) return held;
  return joined({ ...held, context: { messages, more: page.more } });
}

/** An older page, asked for with `before` as the first one shown in the context. */
export function applyContextOlder(held: Held, page: History, before: number): Held {
  const { context } = held;
  if (context === null || context.messages[0]?.seq !== before) return held;
  const older = rowsOf(held, page);
  return { ...held, context: { messages: [...older, ...context.messages], more: page.more } };
}

/** A newer page, asked for with `after` as the last one shown in the context. */
export function applyContextNewer(held: Held, page: History, after: number): Held {
  const { context } = held;
  if (context === null || context.messages.at(-1)?.seq !== after) return held;
  const next = {
    ...held,
    context: { ...context, messages: [...context.messages, ...rowsOf(held, page)] },
  };
  // The newest page of all touches what is held, whatever was hidden in between.
  return joined(next, !page.more);
}

export function withoutContext(held: Held): Held {
  return held.context === null ? held : { ...held, context: null };
}

/** A row that is shown in the context was changed. */
export function inContext(held: Held, row: Message): Held {
  const { context } = held;
  if (context === null || !context.messages.some(({ seq }) => seq === row.seq)) return held;
  const messages = context.messages.map((known) =>
    known.seq === row.seq ? newerOf(known, row) : known,
  );
  return { ...held, context: { ...context, messages } };
}

/** A row that is shown again, where it lies between those of the context. */
export function restoredInContext(held: Held, row: Message): Held {
  const { context } = held;
  if (context === null) return held;
  const after = context.messages.some(({ seq }) => seq > row.seq);
  const before = !context.more || context.messages.some(({ seq }) => seq < row.seq);
  const there = context.messages.some(({ seq }) => seq === row.seq);
  if (!after || !before || there || isAway(held, row.seq)) return held;
  const messages = [...context.messages, row].sort((a, b) => a.seq - b.seq);
  return { ...held, context: { ...context, messages } };
}

function rowsOf(held: Held, page: History): Message[] {
  return page.messages
    .filter((row) => !isAway(held, row.seq))
    .map((row) => newerOf(held.stray.get(row.seq), row));
}

/** Where the context reaches the held messages, the two become one. */
function joined(held: Held, touching = false): Held {
  const { context } = held;
  const first = held.messages[0];
  const end = context?.messages.at(-1);
  if (context === null || held.history !== 'held' || end === undefined) return held;
  const meets = touching || first === undefined || end.seq >= first.seq;
  if (!meets) return held;
  const start = context.messages[0]?.seq ?? 0;
  const more = first === undefined || start < first.seq ? context.more : held.more;
  return withMessages({ ...held, context: null, more }, [...context.messages, ...held.messages]);
}
