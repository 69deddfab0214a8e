// How a message stands in its bubble, worked out from what it holds.
import type { Message } from '../contract/objects';
import type { Pending } from '../platform/outbox';
import { kindOf, kindOnItsWay, type Kind } from '../attachments/kinds';
import { countFewEmoji } from '../richtext/markup';

export interface BubbleLayout {
  /** It holds files. */
  readonly filed: boolean;
  /** Pictures reach to the edges of the bubble, and words below them are not wider. */
  readonly framed: boolean;
  /** Only pictures: the time is written on them. A lone film has its controls there. */
  readonly bare: boolean;
  /** Only a few emoji: they need no bubble. */
  readonly lone: boolean;
}

export function bubbleLayout(message: Message | null, pending: Pending | null): BubbleLayout {
  const kinds = kindsOf(message, pending);
  const body = message?.body ?? pending?.body ?? '';
  const answers = (message?.reply_to ?? pending?.reply_to ?? null) !== null;
  const filed = kinds.length > 0;
  const framed = kinds.some((kind) => kind === 'image' || kind === 'video' || kind === 'pdf');
  const drawn = kinds.every((kind) => kind === 'image' || (kind === 'video' && kinds.length > 1));
  return {
    filed,
    framed,
    bare: framed && drawn && body === '' && message?.preview == null,
    lone: !filed && !answers && message?.deleted !== true && countFewEmoji(body) > 0,
  };
}

function kindsOf(message: Message | null, pending: Pending | null): Kind[] {
  if (message !== null) return message.deleted ? [] : message.attachments.map(kindOf);
  return pending?.files.map(kindOnItsWay) ?? [];
}
