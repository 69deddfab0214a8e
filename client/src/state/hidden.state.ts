// What the person deleted for themselves alone, some messages or all of a conversation up to one: it
// is in no row, whatever arrives.
import type { Message, OwnFields } from '../contract/objects';
import type { Held } from './held.state';
import { recountedBy, uncounted } from './unread.state';

export type Clearing = Pick<
  OwnFields,
  'cleared_seq' | 'clear_version' | 'cleared_until' | 'dropped'
>;

export function clearingOf(fields: Clearing): Clearing {
  const { cleared_seq, clear_version, cleared_until, dropped } = fields;
  return { cleared_seq, clear_version, cleared_until, dropped };
}

/** The person does not see the message with this number any more. */
export function isAway(held: Held | undefined, seq: number): boolean {
  if (held === undefined) return false;
  return seq <= held.own.cleared_seq || held.hidden.has(seq);
}

/** The person deleted messages for themselves, here or elsewhere. */
export function applyHidden(held: Held, seqs: readonly number[]): Held {
  const fresh = seqs.filter((seq) => !held.hidden.has(seq));
  if (fresh.length === 0) return held;
  const hidden = new Set([...held.hidden, ...fresh]);
  const stays = ({ seq }: Message): boolean => !hidden.has(seq);
  const messages = held.messages.filter(stays);
  const lastStays = held.last === null || stays(held.last);
  // The one before it may not be held.
  const lastUnknown = !lastStays && messages.length === 0;
  return uncounted(
    {
      ...held,
      hidden,
      messages,
      last: lastStays ? held.last : (messages.at(-1) ?? null),
      stray: new Map([...held.stray].filter(([, row]) => stays(row))),
      context:
        held.context === null
          ? null
          : { ...held.context, messages: held.context.messages.filter(stays) },
    },
    fresh,
    lastUnknown,
  );
}

/** The person took that back: the rows are to be fetched. */
export function applyRestored(held: Held, seqs: readonly number[]): Held {
  const back = seqs.filter((seq) => held.hidden.has(seq));
  if (back.length === 0) return held;
  const hidden = new Set([...held.hidden].filter((seq) => !back.includes(seq)));
  return uncounted({ ...held, hidden }, back, false);
}

/**
 * What the person cleared, here or elsewhere; an older word changes nothing. Once somebody wrote, the
 * conversation is in the list until it is deleted again.
 */
export function applyClearing(held: Held, told: Clearing): Held {
  const { own } = held;
  if (told.clear_version < own.clear_version) return held;
  const again = told.clear_version === own.clear_version;
  const dropped = told.dropped && (again ? own.dropped : !isWritten(held, told.cleared_seq));
  if (again && dropped === own.dropped) return held;
  const next = { ...held, own: { ...own, ...told, dropped } };
  if (again) return next;
  return told.cleared_seq < own.cleared_seq ? broughtBack(next) : purged(next);
}

/** Somebody wrote something: a deleted conversation is there again. */
export function withoutDropped(held: Held, { seq, system }: Message): Held {
  const { own } = held;
  if (!own.dropped || system !== null || seq <= own.cleared_seq) return held;
  return { ...held, own: { ...own, dropped: false } };
}

function isWritten({ messages, last }: Held, after: number): boolean {
  const rows = last === null ? messages : [...messages, last];
  return rows.some(({ seq, system }) => seq > after && system === null);
}

function purged(held: Held): Held {
  const { cleared_seq } = held.own;
  const stays = ({ seq }: Message): boolean => seq > cleared_seq;
  const messages = held.messages.filter(stays);
  const context = held.context?.messages.filter(stays) ?? [];
  return recountedBy(
    {
      ...held,
      messages,
      // What is older than the first one held is what was cleared.
      more: held.more && messages.length === held.messages.length,
      last: held.last !== null && stays(held.last) ? held.last : (messages.at(-1) ?? null),
      stray: new Map([...held.stray].filter(([, row]) => stays(row))),
      context:
        held.context === null || context.length === 0 ? null : { messages: context, more: false },
    },
    cleared_seq,
  );
}

/** The rows are to be fetched, and the newest one with the counts where none is held. */
function broughtBack(held: Held): Held {
  const history = held.messages.length === 0 ? 'none' : held.history;
  return recountedBy({ ...held, history, more: true, context: null }, 0);
}
