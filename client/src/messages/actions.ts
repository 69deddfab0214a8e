// What a person does with messages that are there already.
import { conversationPath, type ApiClient } from '../platform/api-client';
import { nothingSchema, postAnswerSchema } from '../contract/answers';
import type { Message } from '../contract/objects';
import type { ConversationStore } from '../conversations/store.svelte';
import { messagePath, type MessageApi } from './api';

export class MessageActions {
  constructor(
    private readonly api: ApiClient,
    private readonly messages: MessageApi,
    private readonly conversations: ConversationStore,
  ) {}

  /** Answers false where the filter of a group holds the new words. */
  async edit({ conversation, seq }: Message, body: string): Promise<boolean> {
    const { message } = await this.api.callWithFallback(postAnswerSchema, {
      event: 'edit',
      argument: { conversation, seq, body },
      method: 'PATCH',
      path: messagePath(conversation, seq),
      body: { body },
    });
    if (message !== null) this.conversations.onChanged(message);
    return message !== null;
  }

  /** Deletes it for everyone. */
  remove(message: Message): Promise<Message> {
    return this.messages.change(message, { event: 'delete', method: 'DELETE' });
  }

  /** Deletes messages of one conversation for oneself, at most 100 at once; others keep them. */
  async hide(conversation: string, seqs: readonly number[]): Promise<void> {
    await this.api.callWithFallback(nothingSchema, {
      event: 'hide',
      argument: { conversation, seqs },
      method: 'POST',
      path: conversationPath(conversation, 'hidden'),
      body: { seqs },
    });
    this.conversations.hidden.hide(conversation, seqs);
  }

  /** Takes that back, as long as it is a moment ago. */
  async restore(conversation: string, seqs: readonly number[]): Promise<void> {
    await this.api.callWithFallback(nothingSchema, {
      event: 'restore',
      argument: { conversation, seqs },
      method: 'POST',
      path: conversationPath(conversation, 'restored'),
      body: { seqs },
    });
    await this.conversations.hidden.restore(conversation, seqs);
  }

  /** An address that opens the conversation at this message. */
  linkTo({ conversation, seq }: Pick<Message, 'conversation' | 'seq'>): string {
    return `${location.origin}/c/${encodeURIComponent(conversation)}?m=${seq}`;
  }
}
