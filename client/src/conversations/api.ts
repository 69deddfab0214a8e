// Fetches conversations: lists, messages, members and changes since a version.
import {
  conversationAnswerSchema,
  conversationsSchema,
  hiddenAnswerSchema,
  historySchema,
  membersSchema,
  syncSchema,
  type HiddenAnswer,
  type History,
  type SyncAnswer,
} from '../contract/answers';
import type { Conversation, Member } from '../contract/objects';
import { conversationPath, queryString, type ApiClient } from '../platform/api-client';
import { OwnFieldsGuard } from './own-fields-guard';

export type Range = {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit: number;
};

export class ConversationApi {
  readonly ownFieldsGuard = new OwnFieldsGuard();

  constructor(private readonly api: ApiClient) {}

  async list(): Promise<Conversation[]> {
    const { rest } = this.api;
    const request = (): Promise<{ conversations: Conversation[] }> =>
      rest.call(conversationsSchema, 'GET', '/conversations');
    const [{ conversations }, applyNewer] = await this.ownFieldsGuard.applyDuring(request);
    return conversations.map(applyNewer);
  }

  async conversation(id: string): Promise<Conversation> {
    const { rest } = this.api;
    const request = (): Promise<{ conversation: Conversation }> =>
      rest.call(conversationAnswerSchema, 'GET', conversationPath(id));
    const [{ conversation }, applyNewer] = await this.ownFieldsGuard.applyDuring(request);
    return applyNewer(conversation);
  }

  async create(body: object): Promise<Conversation> {
    const { rest } = this.api;
    return (await rest.create(conversationAnswerSchema, '/conversations', body)).conversation;
  }

  async members(id: string): Promise<Member[]> {
    const path = conversationPath(id, 'members');
    return (await this.api.rest.call(membersSchema, 'GET', path)).members;
  }

  history(conversation: string, range: Range): Promise<History> {
    return this.api.callWithFallback(historySchema, {
      event: 'history',
      argument: { conversation, ...range },
      method: 'GET',
      path: conversationPath(conversation, 'messages') + queryString(range),
    });
  }

  /** `epoch` is the server epoch that the versions belong to; empty when unknown. */
  async sync(
    versions: Readonly<Record<string, number>>,
    clearings: Readonly<Record<string, number>>,
    epoch: string,
  ): Promise<SyncAnswer> {
    const known = { versions, clearings };
    const argument = epoch === '' ? known : { ...known, epoch };
    const call = {
      event: 'sync',
      argument,
      method: 'POST',
      path: '/sync',
      body: argument,
    } as const;
    const [answer, applyNewer] = await this.ownFieldsGuard.applyDuring(() =>
      this.api.callWithFallback(syncSchema, call),
    );
    const conversations = answer.conversations.map((item) => ({
      ...item,
      conversation: applyNewer(item.conversation),
    }));
    return { ...answer, conversations };
  }

  /** Messages that the user hid or restored after that point, and the point to continue from. */
  async hidden(after: number): Promise<HiddenAnswer> {
    return this.api.rest.call(hiddenAnswerSchema, 'GET', `/hidden${queryString({ after })}`);
  }
}
