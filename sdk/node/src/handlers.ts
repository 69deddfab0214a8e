// The handlers of a bot, and which of them an event is for.

import type { Api } from './api.js';
import { becauseOf } from './cause.js';
import { EchoSphereError, UsageError } from './errors.js';
import type { Log } from './log.js';
import {
  Action,
  CommandCall,
  type Membership,
  type Message,
  messageOf,
  type Reaction,
} from './things.js';
import type { Event, MessageData, User } from './wire.js';

export type Handler<Thing> = (thing: Thing) => unknown;

export interface CommandOptions {
  /** What it does, for the list of commands. */
  readonly about: string;
  /** What follows it, such as `<branch>`. */
  readonly usage?: string;
}

interface Command extends CommandOptions {
  readonly name: string;
  readonly handler: Handler<CommandCall>;
}

type Run = () => unknown;

export class Handlers {
  readonly mentions: Handler<Message>[] = [];
  readonly messages: Handler<Message>[] = [];
  readonly reactions: Handler<Reaction>[] = [];
  readonly members: Handler<Membership>[] = [];
  readonly actions: { readonly id: string | null; readonly handler: Handler<Action> }[] = [];
  readonly events: { readonly type: string; readonly handler: Handler<Event> }[] = [];
  readonly commands = new Map<string, Command>();

  constructor(private readonly hearBots: boolean) {}

  /** Runs all handlers that an event is for; throws what the first that failed threw, after all have run. */
  async handle(api: Api, bot: User, event: Event, log: Log): Promise<void> {
    const failures: unknown[] = [];
    for (const [number, run] of (await this.for(api, bot, event, log)).entries()) {
      try {
        await becauseOf(event.id, number, run);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private async for(api: Api, bot: User, event: Event, log: Log): Promise<Run[]> {
    const raw = this.events.filter((one) => one.type === event.type);
    const runs: Run[] = raw.map((one) => () => one.handler(event));
    try {
      return [...runs, ...(await this.typed(api, bot, event, log))];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new EchoSphereError(`An event ${event.type} cannot be read: ${error.message}`);
    }
  }

  private async typed(api: Api, bot: User, event: Event, log: Log): Promise<Run[]> {
    switch (event.type) {
      case 'message.posted':
        return this.forMessage(api, bot, event);
      case 'reaction.added':
      case 'reaction.removed':
        return each(this.reactions, () => reactionOf(api, event));
      case 'member.joined':
      case 'member.left':
        return each(this.members, () => membershipOf(api, bot, event));
      case 'command':
        return this.forCommand(callOf(api, event), log);
      case 'action': {
        const action = await actionOf(api, event);
        const fitting = this.actions.filter((one) => one.id === null || one.id === action.id);
        if (fitting.length === 0 && !this.events.some((one) => one.type === 'action')) {
          log('warning', `Nobody handles presses of the button '${action.id}'`);
        }
        return fitting.map((one) => () => one.handler(action));
      }
      default:
        return [];
    }
  }

  private async forMessage(api: Api, bot: User, event: Event): Promise<Run[]> {
    const data = event.data['message'] as MessageData;
    if (data.author === bot.id || (data.automated === true && !this.hearBots)) return [];
    const isMention = data.mentions.some((one) => one.user === bot.id);
    const handlers = isMention && this.mentions.length > 0 ? this.mentions : this.messages;
    return each(handlers, () => messageOf(api, data, bot, event.id));
  }

  private forCommand(call: CommandCall, log: Log): Run[] {
    const command = this.commands.get(call.name);
    if (command === undefined) {
      log('warning', `Nobody handles the command /${call.name}`);
      return [];
    }
    return [() => runCommand(command, call)];
  }
}

async function runCommand(command: Command, call: CommandCall): Promise<void> {
  try {
    await command.handler(call);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const usage = `/${command.name} ${command.usage ?? ''}`.trimEnd();
    await call.reply(`${error.message}\n\`${usage}\``, { only: 'user' });
  }
}

async function each<Thing>(
  handlers: readonly Handler<Thing>[],
  make: () => Promise<Thing>,
): Promise<Run[]> {
  if (handlers.length === 0) return [];
  const thing = await make();
  return handlers.map((handler) => () => handler(thing));
}

async function reactionOf(api: Api, event: Event): Promise<Reaction> {
  const data = event.data as { seq: number; emoji: string; user: string };
  return {
    conversation: event.conversation,
    seq: data.seq,
    emoji: data.emoji,
    user: await api.user(data.user, event.conversation),
    added: event.type === 'reaction.added',
  };
}

async function membershipOf(api: Api, bot: User, event: Event): Promise<Membership> {
  const id = event.data['user'] as string;
  return {
    conversation: event.conversation,
    user: await api.user(id, event.conversation),
    joined: event.type === 'member.joined',
    isBot: id === bot.id,
  };
}

function asked(api: Api, event: Event): [string, User, string, string, Api] {
  const data = event.data as { user: User; respond: string };
  return [event.conversation, api.remember(data.user), event.id, data.respond, api];
}

function callOf(api: Api, event: Event): CommandCall {
  const { name, text } = event.data['command'] as { name: string; text: string };
  return new CommandCall(name, text, ...asked(api, event));
}

async function actionOf(api: Api, event: Event): Promise<Action> {
  const { id, value } = event.data['action'] as { id: string; value?: string | null };
  const data = event.data['message'] as MessageData;
  const message = await messageOf(api, data, undefined, event.id);
  return new Action(id, value ?? null, message, ...asked(api, event));
}
