// What a person may do with a message. The server decides; this only hides what it would refuse.
import type { Message } from '../contract/objects';
import { activeMembers } from '../conversations/model';
import type { ConversationState } from '../conversations/conversation';
import { isActionable } from '../conversation/selection';
import { mayPost, mayReact } from '../groups/rights';

/** In larger groups only those who run it pin. */
const mostFreePins = 20;

function runs(conversation: ConversationState, me: string): boolean {
  const role = conversation.members.get(me)?.role;
  return conversation.kind === 'group' && (role === 'owner' || role === 'admin');
}

export function canAnswer(message: Message): boolean {
  return isActionable(message);
}

export function canReply(conversation: ConversationState, message: Message, me: string): boolean {
  return isActionable(message) && mayPost(conversation, me);
}

export function canReact(conversation: ConversationState, message: Message, me: string): boolean {
  return isActionable(message) && mayReact(conversation, me);
}

export function canEdit(conversation: ConversationState, message: Message, me: string): boolean {
  const own = isActionable(message) && message.author === me && !message.forwarded;
  return own && mayPost(conversation, me);
}

export function canDeleteForAll(
  conversation: ConversationState,
  message: Message,
  me: string,
): boolean {
  return isActionable(message) && (message.author === me || runs(conversation, me));
}

export function canPin(conversation: ConversationState, message: Message, me: string): boolean {
  return (
    isActionable(message) &&
    mayPost(conversation, me) &&
    (runs(conversation, me) || activeMembers(conversation).length <= mostFreePins)
  );
}

/** Own messages in groups are seen by several people; in direct conversations the ticks tell. */
export function canSeeReceipts(
  conversation: ConversationState,
  message: Message,
  me: string,
): boolean {
  return isActionable(message) && message.author === me && conversation.members.size > 1;
}

/** What somebody else said, also a program. */
export function canReport(message: Message, me: string): boolean {
  return isActionable(message) && message.author !== null && message.author !== me;
}

/** In a group there are several who may have said it; a program has no profile. */
export function canSeeAuthor(
  conversation: ConversationState,
  { author, automated }: Message,
  me: string,
): boolean {
  return conversation.kind === 'group' && author !== null && author !== me && !automated;
}
