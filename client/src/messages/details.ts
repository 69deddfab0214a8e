// What panels ask about one message, and what they do with it: its earlier versions, who has seen it,
// why it notified, copies of it elsewhere.
import {
  messageAnswerSchema,
  messagesAnswerSchema,
  notificationAnswerSchema,
  reachedAnswerSchema,
  versionsSchema,
  type EarlierVersion,
  type Notification,
  type Reached,
} from '../contract/answers';
import type { Message } from '../contract/objects';
import type { ConversationStore } from '../conversations/store.svelte';
import type { ApiClient } from '../platform/api-client';
import { Refusal } from '../platform/refusal';
import { messagePath } from './api';

/** Where a message is forwarded to, and the idempotency key of its copy there. */
export interface ForwardTarget {
  readonly conversation: string;
  readonly key: string;
}

export class MessageDetails {
  constructor(
    private readonly api: ApiClient,
    private readonly conversations: Pick<ConversationStore, 'onChanged' | 'onPosted'>,
  ) {}

  async removePreview({ conversation, seq }: Message): Promise<Message> {
    const path = messagePath(conversation, seq, 'preview');
    const { message } = await this.api.rest.call(messageAnswerSchema, 'DELETE', path);
    this.conversations.onChanged(message);
    return message;
  }

  /** One copy for each of the conversations named; the same key makes no second one. */
  async forward(
    { conversation, seq }: Message,
    to: readonly ForwardTarget[],
  ): Promise<readonly Message[]> {
    const { messages } = await this.api.callWithFallback(messagesAnswerSchema, {
      event: 'forward',
      argument: { conversation, seq, to },
      method: 'POST',
      path: messagePath(conversation, seq, 'forward'),
      body: { to },
    });
    for (const message of messages) this.conversations.onPosted(message);
    return messages;
  }

  /** One message, wherever in the conversation it is; null where it cannot be seen. */
  async one(conversation: string, seq: number): Promise<Message | null> {
    try {
      const path = messagePath(conversation, seq);
      return (await this.api.rest.call(messageAnswerSchema, 'GET', path)).message;
    } catch (error) {
      if (error instanceof Refusal && !error.isTemporary) return null;
      throw error;
    }
  }

  async versions({ conversation, seq }: Message): Promise<readonly EarlierVersion[]> {
    const path = messagePath(conversation, seq, 'versions');
    return (await this.api.rest.call(versionsSchema, 'GET', path)).versions;
  }

  async seenBy({ conversation, seq }: Message): Promise<readonly Reached[]> {
    const path = messagePath(conversation, seq, 'receipts');
    return (await this.api.rest.call(reachedAnswerSchema, 'GET', path)).receipts;
  }

  async whyNotified({ conversation, seq }: Message): Promise<Notification> {
    const path = messagePath(conversation, seq, 'notification');
    return (await this.api.rest.call(notificationAnswerSchema, 'GET', path)).notification;
  }
}
