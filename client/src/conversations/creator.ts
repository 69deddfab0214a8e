// Starts conversations: with somebody, with several people, with oneself.
import type { ConversationApi } from './api';
import type { Conversation, User } from '../contract/objects';

export interface Callbacks {
  readonly conversationApi: ConversationApi;
  me(): string;
  onStarted(conversation: Conversation): void;
}

/** Each call answers the id of the conversation, which is held by then. */
export class ConversationCreator {
  constructor(private readonly callbacks: Callbacks) {}

  direct(user: Pick<User, 'id'>): Promise<string> {
    return this.#create({ kind: 'direct', user: user.id });
  }

  group(title: string, members: readonly string[]): Promise<string> {
    return this.#create({ kind: 'group', title, members });
  }

  /** A conversation with oneself. */
  notes(): Promise<string> {
    return this.direct({ id: this.callbacks.me() });
  }

  async #create(wish: object): Promise<string> {
    const conversation = await this.callbacks.conversationApi.create(wish);
    this.callbacks.onStarted(conversation);
    return conversation.id;
  }
}
