// Several messages that one thing is done with: chosen one by one, or from one to another.
import type { Message } from '../contract/objects';

/** More than anybody picks by hand; each of them costs the server a call. */
export const maxSelected = 100;

export interface Selection {
  /** As they were when they were chosen, by their numbers. */
  readonly messages: ReadonlyMap<number, Message>;
  /** Where a range begins: the one that was last chosen alone. */
  readonly anchor: number;
}

export function selectionOf(message: Message): Selection {
  return { messages: new Map([[message.seq, message]]), anchor: message.seq };
}

/** Lines of the server and what was deleted are nothing that one could do something with. */
export function isActionable({ deleted, system }: Message): boolean {
  return !deleted && system === null;
}

/** One more, or one less; the same selection where no more fit. */
export function toggled(selection: Selection, message: Message): Selection {
  const messages = new Map(selection.messages);
  if (!messages.delete(message.seq)) {
    if (messages.size >= maxSelected) return selection;
    messages.set(message.seq, message);
  }
  return { messages, anchor: message.seq };
}

/** Everything from the anchor through a message, as far as it fits: what is near the anchor first. */
export function through(
  { messages: before, anchor }: Selection,
  message: Message,
  shown: readonly Message[],
): Selection {
  const messages = new Map(before);
  const [from, to] = [Math.min(anchor, message.seq), Math.max(anchor, message.seq)];
  const between = shown.filter((one) => one.seq >= from && one.seq <= to && isActionable(one));
  for (const one of message.seq < anchor ? between.reverse() : between) {
    if (messages.size < maxSelected) messages.set(one.seq, one);
  }
  return { messages, anchor };
}

/** The newest rows of those chosen, in their order; what has been deleted, hidden or cleared is out. */
export function latest(
  { messages }: Selection,
  rows: ReadonlyMap<number, Message>,
  isHidden: (seq: number) => boolean,
): Message[] {
  return [...messages.values()]
    .map((message) => rows.get(message.seq) ?? message)
    .filter((message) => isActionable(message) && !isHidden(message.seq))
    .sort((a, b) => a.seq - b.seq);
}

/** Only these stay chosen: with the others all is done. */
export function kept(selection: Selection, left: readonly Message[]): Selection {
  return { ...selection, messages: new Map(left.map((message) => [message.seq, message])) };
}
