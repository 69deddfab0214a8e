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

/** Until the members are known, a person is not taken for one who may less. */
function isPlainMember(conversation: ConversationState, me: string): boolean {
  return conversation.membersLoaded && roleOf(conversation, me) === 'member';
}

/** Where only the owner and admins post, others read. */
export function mayPost(conversation: ConversationState, me: string): boolean {
  return conversation.rules.posting === 'all' || !isPlainMember(conversation, me);
}

export function mayReact(conversation: ConversationState, me: string): boolean {
  return conversation.rules.reacting === 'all' || !isPlainMember(conversation, me);
}

/** When the person may post again in slow mode; 0 where they need not wait. */
export function mayPostFrom(conversation: ConversationState, me: string): number {
  const pause = conversation.rules.slow_seconds * 1_000;
  if (pause === 0 || !isPlainMember(conversation, me)) return 0;
  const own = conversation.messages.filter(
    ({ author, system, deleted }) => author === me && system === null && !deleted,
  );
  const times = own.map(({ created_at, edited_at }) => edited_at ?? created_at);
  return Math.max(0, ...times) + pause;
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
