// The person's bots and their keys, the bots of a group, and what is asked of them.
import * as v from 'valibot';
import {
  botAnswerSchema,
  botsSchema,
  createdApiKeySchema,
  createdBotSchema,
  groupBotsSchema,
  nothingSchema,
} from '../contract/answers';
import type { CreatedKey } from '../api-keys/store';
import type { Bot, BotScope, GroupBot, Message } from '../contract/objects';
import { conversationPath } from '../platform/api-client';
import type { Notices } from '../notices/store.svelte';
import type { Rest } from '../platform/rest';
import { actionsSchema } from './actions';
import { interactions } from './interactions.svelte';

const commandsSchema = v.object({
  commands: v.array(
    v.object({
      name: v.string(),
      about: v.string(),
      usage: v.string(),
      bot: v.object({ id: v.string(), name: v.string() }),
    }),
  ),
});

const answerSchema = v.object({
  conversation: v.string(),
  bot: v.string(),
  key: v.string(),
  text: v.optional(v.string()),
  actions: v.fallback(v.optional(actionsSchema, []), []),
  notice: v.optional(v.string()),
});

/** What can be asked of a bot of a conversation. */
export type BotCommand = v.InferOutput<typeof commandsSchema>['commands'][number];

/** The only time that its first key is told. */
export interface CreatedBot {
  readonly bot: Bot;
  readonly key: string;
}

export interface BotChanges {
  readonly name?: string;
  readonly disabled?: boolean;
  readonly hear_bots?: boolean;
}

/** The bots of a group, and the person's own that can be added. */
export interface GroupBots {
  readonly bots: readonly GroupBot[];
  readonly own: readonly Bot[];
}

function pathOf(bot: string, ...more: readonly string[]): string {
  return ['/bots', ...[bot, ...more].map(encodeURIComponent)].join('/');
}

export class Bots {
  constructor(
    private readonly rest: Rest,
    private readonly notices: Pick<Notices, 'plain'>,
  ) {}

  async commands(conversation: string): Promise<readonly BotCommand[]> {
    const path = conversationPath(conversation, 'commands');
    return (await this.rest.call(commandsSchema, 'GET', path)).commands;
  }

  /** Sends a command; it is shown until it is answered, at the latest by a message after `after`. */
  async send(
    conversation: string,
    { bot, name }: BotCommand,
    text: string,
    after: number,
  ): Promise<void> {
    let asked = '';
    try {
      const body = { bot: bot.id, command: name, text };
      const path = conversationPath(conversation, 'commands');
      await this.rest.create(nothingSchema, path, body, (key) => {
        asked = key;
        const shown = `/${name} ${text}`.trimEnd();
        interactions.asks({ key, conversation, bot: bot.id, text: shown, after });
      });
      interactions.sent(asked);
    } catch (error) {
      interactions.dismiss(asked);
      throw error;
    }
  }

  /** Presses a button of a message, which waits for the answer. */
  async press({ conversation, seq }: Message, action: string): Promise<void> {
    let pressed = '';
    try {
      const path = conversationPath(conversation, 'messages', seq, 'actions');
      await this.rest.create(nothingSchema, path, { action }, (key) => {
        pressed = key;
        interactions.presses(conversation, seq, action, key);
      });
    } catch (error) {
      interactions.released(pressed);
      throw error;
    }
  }

  onAnswer(event: unknown): void {
    const parsed = v.safeParse(answerSchema, event);
    if (!parsed.success) return;
    interactions.onAnswer(parsed.output);
    if (parsed.output.notice !== undefined) this.notices.plain(parsed.output.notice);
  }

  async list(): Promise<readonly Bot[]> {
    return (await this.rest.call(botsSchema, 'GET', '/bots')).bots;
  }

  create(name: string): Promise<CreatedBot> {
    return this.rest.create(createdBotSchema, '/bots', { name });
  }

  async change(bot: string, changes: BotChanges): Promise<Bot> {
    return (await this.rest.call(botAnswerSchema, 'PATCH', pathOf(bot), changes)).bot;
  }

  async remove(bot: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', pathOf(bot));
  }

  createKey(bot: string, name: string, scopes: readonly BotScope[]): Promise<CreatedKey> {
    return this.rest.create(createdApiKeySchema, pathOf(bot, 'keys'), { name, scopes });
  }

  async revokeKey(bot: string, key: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', pathOf(bot, 'keys', key));
  }

  ofGroup(conversation: string): Promise<GroupBots> {
    return this.rest.call(groupBotsSchema, 'GET', conversationPath(conversation, 'bots'));
  }

  setSight(conversation: string, bot: string, sees: GroupBot['sees']): Promise<GroupBots> {
    const path = conversationPath(conversation, 'bots', bot);
    return this.rest.call(groupBotsSchema, 'PUT', path, { sees });
  }
}
