// Changes a message over the socket, or over HTTP where that gives no answer.
import { messageAnswerSchema } from '../contract/answers';
import type { Message } from '../contract/objects';
import { conversationPath, type ApiClient } from '../platform/api-client';

export interface MessageChange {
  /** The call on the socket, and its argument beside the message. */
  readonly event: string;
  readonly argument?: object;
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  /** What follows the address of the message. */
  readonly path?: readonly string[];
  readonly body?: object;
}

export class MessageApi {
  constructor(
    private readonly api: ApiClient,
    private readonly onChanged: (message: Message) => void,
  ) {}

  async change(
    { conversation, seq }: Message,
    { event, argument, method, path = [], body }: MessageChange,
  ): Promise<Message> {
    const { message } = await this.api.callWithFallback(messageAnswerSchema, {
      event,
      argument: { conversation, seq, ...argument },
      method,
      path: messagePath(conversation, seq, ...path),
      body,
    });
    this.onChanged(message);
    return message;
  }
}

export function messagePath(conversation: string, seq: number, ...further: string[]): string {
  return conversationPath(conversation, 'messages', seq, ...further);
}
