// Rows as the server sends them, for tests of what is made of them.
import * as v from 'valibot';
import {
  conversationSchema,
  memberSchema,
  messageSchema,
  type Conversation,
  type Member,
  type Message,
  type System,
} from '../src/contract/objects';
import {
  applyLatest,
  startLoading,
  type ConversationState,
} from '../src/conversations/conversation';

export function message(seq: number, fields: Partial<Message> = {}): Message {
  const row = v.parse(messageSchema, {
    conversation: 'c',
    seq,
    version: seq,
    author: 'ben',
    body: `message ${seq}`,
    created_at: seq * 1_000,
  });
  return { ...row, ...fields };
}

export function system(type: string, fields: object = {}): System | null {
  const row = v.parse(messageSchema, {
    conversation: 'c',
    seq: 1,
    version: 1,
    body: '',
    created_at: 0,
    system: { type, ...fields },
  });
  return row.system;
}

export function member(id: string, role: Member['role']): Member {
  return v.parse(memberSchema, { user: { id, name: `Name ${id}` }, role, version: 1 });
}

export function conversation(kind: 'direct' | 'group', members: readonly Member[]): Conversation {
  return v.parse(conversationSchema, { id: 'c', kind, version: 1, created_at: 0, members });
}

export function withMessages(
  held: ConversationState,
  messages: readonly Message[],
): ConversationState {
  return applyLatest(startLoading(held), { messages: [...messages], version: 1, more: false });
}
