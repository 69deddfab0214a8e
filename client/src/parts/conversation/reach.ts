// How far own messages have come, worked out once for all bubbles of a conversation.
import type { Member } from '../../contract/objects';
import { presentMembers } from '../../state/conversations.state';
import type { Held } from '../../state/held.state';

export interface Reach {
  readonly read: number;
  readonly delivered: number;
}

/** Up to which message everybody else has read, and has received; nothing where one is alone. */
export function reachOfAll(held: Held, me: string): Reach {
  const others = presentMembers(held).filter(({ user }) => user.id !== me);
  if (others.length === 0) return { read: 0, delivered: 0 };
  return {
    read: Math.min(...others.map(({ read_seq }) => read_seq)),
    delivered: Math.min(
      ...others.map(({ read_seq, delivered_seq }) => Math.max(read_seq, delivered_seq)),
    ),
  };
}

export function progressOf(seq: number, { read, delivered }: Reach): 'sent' | 'delivered' | 'read' {
  if (seq <= read) return 'read';
  return seq <= delivered ? 'delivered' : 'sent';
}

/** How far everybody has come with one message, in one word: another one when somebody moves on. */
export function stagesOf(held: Held, seq: number): string {
  const stage = ({ read_seq, delivered_seq }: Member): number =>
    Number(seq <= delivered_seq || seq <= read_seq) + Number(seq <= read_seq);
  return presentMembers(held)
    .map((member) => `${member.user.id}:${stage(member)}`)
    .join(' ');
}
