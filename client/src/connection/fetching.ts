// What is fetched of conversations: lists, rows, members and differences.
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
import { conversationPath, queryOf, type Calls } from './calls';
import { Told } from './told';

export type Range = {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit: number;
};

export class Fetching {
  readonly told = new Told();

  constructor(private readonly calls: Calls) {}

  async list(): Promise<Conversation[]> {
    const { rest } = this.calls;
    const ask = (): Promise<{ conversations: Conversation[] }> =>
      rest.call(conversationsSchema, 'GET', '/conversations');
    const [{ conversations }, newest] = await this.told.during(ask);
    return conversations.map(newest);
  }

  async conversation(id: string): Promise<Conversation> {
    const { rest } = this.calls;
    const ask = (): Promise<{ conversation: Conversation }> =>
      rest.call(conversationAnswerSchema, 'GET', conversationPath(id));
    const [{ conversation }, newest] = await this.told.during(ask);
    return newest(conversation);
  }

  async create(wish: object): Promise<Conversation> {
    const { rest } = this.calls;
    return (await rest.create(conversationAnswerSchema, '/conversations', wish)).conversation;
  }

  async members(id: string): Promise<Member[]> {
    const path = conversationPath(id, 'members');
    return (await this.calls.rest.call(membersSchema, 'GET', path)).members;
  }

  history(conversation: string, range: Range): Promise<History> {
    return this.calls.either(historySchema, {
      event: 'history',
      argument: { conversation, ...range },
      method: 'GET',
      path: conversationPath(conversation, 'messages') + queryOf(range),
    });
  }

  /** `epoch` is the one in which the versions were got; empty if that is not known. */
  async sync(
    versions: Readonly<Record<string, number>>,
    clearings: Readonly<Record<string, number>>,
    epoch: string,
  ): Promise<SyncAnswer> {
    const held = { versions, clearings };
    const argument = epoch === '' ? held : { ...held, epoch };
    const over = {
      event: 'sync',
      argument,
      method: 'POST',
      path: '/sync',
      body: argument,
    } as const;
    const [answer, newest] = await this.told.during(() => this.calls.either(syncSchema, over));
    const conversations = answer.conversations.map((item) => ({
      ...item,
      conversation: newest(item.conversation),
    }));
    return { ...answer, conversations };
  }

  /** What the person deleted for themselves after that point or took back; where to go on from. */
  async hidden(after: number): Promise<HiddenAnswer> {
    return this.calls.rest.call(hiddenAnswerSchema, 'GET', `/hidden${queryOf({ after })}`);
  }
}
