// Pins messages for all members of a conversation.
import { messagesAnswerSchema } from '../contract/answers';
import type { Message } from '../contract/objects';
import type { MessageApi } from '../messages/api';
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';

export class PinnedMessages {
  constructor(
    private readonly rest: Rest,
    private readonly messages: MessageApi,
  ) {}

  async list(conversation: string): Promise<readonly Message[]> {
    const path = conversationPath(conversation, 'pins');
    return (await this.rest.call(messagesAnswerSchema, 'GET', path)).messages;
  }

  set(message: Message, on: boolean): Promise<Message> {
    const method = on ? 'PUT' : 'DELETE';
    return this.messages.change(message, { event: 'pin', argument: { on }, method, path: ['pin'] });
  }
}
