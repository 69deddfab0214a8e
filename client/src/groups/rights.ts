// What one member of a group may do with it and with another; the server decides alike.
import type { Role } from '../contract/objects';
import type { ConversationState } from '../conversations/conversation';

export function roleOf(conversation: ConversationState, user: string): Role {
  return conversation.members.get(user)?.role ?? 'member';
}

/** Owner and admins add people, rename and invite. */
export function mayManage(conversation: ConversationState, me: string): boolean {
  return conversation.kind === 'group' && roleOf(conversation, me) !== 'member';
}

export function mayRemove(conversation: ConversationState, me: string, other: string): boolean {
  if (!mayManage(conversation, me) || other === me) return false;
  const own = roleOf(conversation, me);
  const theirs = roleOf(conversation, other);
  return own === 'owner' || theirs === 'member';
}

/** The roles that one may give to another, beside the one they have. */
export function rolesToGive(
  conversation: ConversationState,
  me: string,
  other: string,
): readonly Role[] {
  if (conversation.kind !== 'group' || roleOf(conversation, me) !== 'owner' || other === me)
    return [];
  const all: readonly Role[] = ['member', 'admin', 'owner'];
  return all.filter((role) => role !== roleOf(conversation, other));
}
