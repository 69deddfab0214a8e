// What the person deleted for themselves alone: it is in no row, whatever arrives.
import type { Message } from '../contract/objects';
import type { Held } from './held.state';
import { uncounted } from './unread.state';

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
