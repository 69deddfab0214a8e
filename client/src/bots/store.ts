// The person's bots and their keys, and the bots of a group.
import {
  botAnswerSchema,
  botsSchema,
  createdApiKeySchema,
  createdBotSchema,
  groupBotsSchema,
  nothingSchema,
} from '../contract/answers';
import type { CreatedKey } from '../api-keys/store';
import type { Bot, BotScope, GroupBot } from '../contract/objects';
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';

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
  constructor(private readonly rest: Rest) {}

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
