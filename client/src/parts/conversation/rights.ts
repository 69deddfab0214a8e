// What a person may do with a message. The server decides; this only hides what it would refuse.
import type { Message } from '../../contract/objects';
import { presentMembers } from '../../state/conversations.state';
import type { Held } from '../../state/held.state';
import { isLiving } from '../../state/selection.state';

/** In larger groups only those who run it pin. */
const mostFreePins = 20;

function runs(held: Held, me: string): boolean {
  const role = held.members.get(me)?.role;
  return held.kind === 'group' && (role === 'owner' || role === 'admin');
}

export function canAnswer(message: Message): boolean {
  return isLiving(message);
}

export function canEdit(message: Message, me: string): boolean {
  return isLiving(message) && message.author === me && !message.forwarded;
}

export function canDeleteForAll(held: Held, message: Message, me: string): boolean {
  return isLiving(message) && (message.author === me || runs(held, me));
}

export function canPin(held: Held, message: Message, me: string): boolean {
  return isLiving(message) && (runs(held, me) || presentMembers(held).length <= mostFreePins);
}

/** Own messages in groups are seen by several people; in direct conversations the ticks tell. */
export function canSeeReceipts(held: Held, message: Message, me: string): boolean {
  return isLiving(message) && message.author === me && held.members.size > 1;
}

/** In a group there are several who may have said it. */
export function canSeeAuthor(held: Held, { author }: Message, me: string): boolean {
  return held.kind === 'group' && author !== null && author !== me;
}
