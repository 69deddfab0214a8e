// How far own messages have come, worked out once for all bubbles of a conversation.
import type { Member } from '../contract/objects';
import { activeMembers } from '../conversations/model';
import type { ConversationState } from '../conversations/conversation';

export interface ReceiptProgress {
  readonly read: number;
  readonly delivered: number;
}

/** Up to which message everybody else has read, and has received; nothing where one is alone. */
export function receiptProgressOf(conversation: ConversationState, me: string): ReceiptProgress {
  // Bots hear of messages, and read none.
  const others = activeMembers(conversation).filter(
    ({ user }) => user.id !== me && user.kind === 'person',
  );
  if (others.length === 0) return { read: 0, delivered: 0 };
  return {
    read: Math.min(...others.map(({ read_seq }) => read_seq)),
    delivered: Math.min(
      ...others.map(({ read_seq, delivered_seq }) => Math.max(read_seq, delivered_seq)),
    ),
  };
}

export function receiptStatus(
  seq: number,
  { read, delivered }: ReceiptProgress,
): 'sent' | 'delivered' | 'read' {
  if (seq <= read) return 'read';
  return seq <= delivered ? 'delivered' : 'sent';
}

/** How far everybody has come with one message, in one word: another one when somebody moves on. */
export function receiptStages(conversation: ConversationState, seq: number): string {
  const stage = ({ read_seq, delivered_seq }: Member): number =>
    Number(seq <= delivered_seq || seq <= read_seq) + Number(seq <= read_seq);
  return activeMembers(conversation)
    .map((member) => `${member.user.id}:${stage(member)}`)
    .join(' ');
}
