// Reacts to messages with emoji.
import type { Message } from '../contract/objects';
import type { MessageApi } from '../messages/api';

export class Reactions {
  constructor(private readonly messages: MessageApi) {}

  set(message: Message, emoji: string, on: boolean): Promise<Message> {
    return this.messages.change(message, {
      event: 'react',
      argument: { emoji, on },
      method: on ? 'PUT' : 'DELETE',
      path: ['reactions', emoji],
    });
  }
}
