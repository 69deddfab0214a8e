// A bot: its handlers, and what it can do.

import { Api, type PostOptions } from './api.js';
import { Dispatcher } from './dispatcher.js';
import { ApiError, ConfigurationError, EchoSphereError } from './errors.js';
import { type CommandOptions, type Handler, Handlers } from './handlers.js';
import { Listener } from './listener.js';
import { type Log, logger } from './log.js';
import { ProgressKeeper } from './progress.js';
import { PATIENT, pause, type Retry, SCRIPT } from './retry.js';
import { defaultPath, FileStorage, type Storage } from './state.js';
import {
  type Action,
  type CommandCall,
  type Membership,
  type Message,
  messageOf,
  type Reaction,
} from './things.js';
import type { Button, Event, User } from './wire.js';

export interface BotOptions {
  /** Of the server, such as `https://chat.example.org`; or ECHOSPHERE_URL. */
  readonly url?: string;
  /** Of the bot, shown once when it was made; or ECHOSPHERE_KEY. */
  readonly key?: string;
  /** The file for how far the bot has read, or another storage; or ECHOSPHERE_STATE. */
  readonly state?: string | Storage;
  /** Whether messages of other programs are handled, if the bot's owner lets it hear them. */
  readonly hearBots?: boolean;
  /** `auto` for a socket, and polls where that does not get through; or `poll`. */
  readonly transport?: 'auto' | 'poll';
  readonly retry?: Retry;
  /** Seconds that handlers have to end when the bot is stopped; the rest is handled after the next start. */
  readonly grace?: number;
  readonly log?: Log;
}

interface Configuration {
  readonly url: string;
  readonly key: string;
  readonly state: string | Storage | undefined;
  readonly transport: string;
}

export class Bot {
  private readonly handlers: Handlers;
  private readonly log: Log;
  private running: Api | null = null;

  constructor(private readonly options: BotOptions = {}) {
    this.handlers = new Handlers(options.hearBots ?? false);
    const asJson = process.env['ECHOSPHERE_LOG'] === 'json';
    this.log = options.log ?? logger(asJson, (line) => process.stderr.write(line));
  }

  /** Handles messages that mention the bot by name. */
  onMention(handler: Handler<Message>): this {
    this.handlers.mentions.push(handler);
    return this;
  }

  /** Handles messages; those that mention the bot only if there is no `onMention`. */
  onMessage(handler: Handler<Message>): this {
    this.handlers.messages.push(handler);
    return this;
  }

  /** Handles reactions that are set or taken away. */
  onReaction(handler: Handler<Reaction>): this {
    this.handlers.reactions.push(handler);
    return this;
  }

  /** Handles who joins and leaves, the bot itself too. */
  onMember(handler: Handler<Membership>): this {
    this.handlers.members.push(handler);
    return this;
  }

  /** Handles events of one type as they are sent, such as `message.edited`. */
  onEvent(type: string, handler: Handler<Event>): this {
    this.handlers.events.push({ type, handler });
    return this;
  }

  /** Handles presses of buttons: of all, or of those with one id. */
  onAction(handler: Handler<Action>): this;
  onAction(id: string, handler: Handler<Action>): this;
  onAction(first: string | Handler<Action>, second?: Handler<Action>): this {
    if (typeof first !== 'string') this.handlers.actions.push({ id: null, handler: first });
    else if (second !== undefined) this.handlers.actions.push({ id: first, handler: second });
    return this;
  }

  /** Handles a command, such as `deploy` for what is typed as `/deploy main`. */
  command(name: string, options: CommandOptions, handler: Handler<CommandCall>): this {
    if (!/^[a-z0-9_-]{1,32}$/.test(name) || options.about.trim() === '') {
      throw new ConfigurationError(
        `/${name} needs a name of 1 to 32 of a-z, 0-9, _ and -, and says what it does in 'about'.`,
      );
    }
    if (this.handlers.commands.has(name)) {
      throw new ConfigurationError(`There are two handlers of /${name}.`);
    }
    this.handlers.commands.set(name, { name, ...options, handler });
    return this;
  }

  /** Returns a button; its id is made of the label if it is not given. */
  button(label: string, more: Partial<Button> = {}): Button {
    const id = label.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    return { id: id.replace(/^-+|-+$/g, '').slice(0, 32) || 'button', label, ...more };
  }

  /** Posts a message; `conversation` is the id of a group, which is in its address. */
  async post(conversation: string, text: string, options: PostOptions = {}): Promise<Message> {
    const api = this.running ?? this.connect(this.configured(), this.options.retry ?? SCRIPT);
    return messageOf(api, await api.post(conversation, text, options));
  }

  /** Runs until SIGTERM or SIGINT, and ends the process with 1 and a sentence if it cannot go on. */
  async run(): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    process.once('SIGTERM', end).once('SIGINT', end);
    try {
      await this.serve(stop.signal);
    } catch (error) {
      if (!(error instanceof EchoSphereError)) throw error;
      this.log('error', error.message);
      process.exitCode = 1;
    } finally {
      process.off('SIGTERM', end).off('SIGINT', end);
    }
    // Handlers that were not waited for would keep the process alive.
    if (stop.signal.aborted) process.exit();
  }

  /** Runs until a signal is aborted. */
  async serve(signal: AbortSignal): Promise<void> {
    if (this.running !== null) throw new EchoSphereError('This bot is running already.');
    const where = this.configured();
    const retry = this.options.retry ?? PATIENT;
    // What handlers send may take a while longer than what is received.
    const cut = new AbortController();
    const api = this.connect(where, retry, cut.signal);
    try {
      const me = await untilAborted(signal, this.identify(api));
      if (me === undefined) return;
      this.running = api;
      await this.listen(where, api, me, retry, signal, cut);
    } finally {
      this.running = null;
      cut.abort();
    }
  }

  private async listen(
    where: Configuration,
    api: Api,
    me: User,
    retry: Retry,
    signal: AbortSignal,
    cut: AbortController,
  ): Promise<void> {
    const storage = this.storage(where, api, me);
    const progress = new ProgressKeeper(storage, await storage.open(), this.log);
    const handle = (event: Event) => this.handlers.handle(api, me, event, this.log);
    const dispatcher = new Dispatcher(handle, progress, this.log);
    const receiving = this.connect(where, retry, signal);
    const isSocket = where.transport === 'auto';
    const listener = new Listener(
      receiving,
      where.key,
      progress,
      dispatcher,
      retry,
      isSocket,
      this.log,
      signal,
    );
    try {
      await this.tellCommands(receiving, me, progress);
      await listener.begin();
      this.log('info', `${me.name} listens to ${api.url}`);
      await listener.run();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.end(dispatcher, cut);
      await progress.close();
    }
  }

  /** Lets handlers end, and cuts off what they send when that takes too long. */
  private async end(dispatcher: Dispatcher, cut: AbortController): Promise<void> {
    const late = AbortSignal.timeout((this.options.grace ?? 10) * 1000);
    await untilAborted(late, dispatcher.drain());
    cut.abort();
    await pause(0); // what was cut off is told that
  }

  private async identify(api: Api): Promise<User> {
    const me = await api.me();
    if (me.kind === 'bot') return me;
    throw new EchoSphereError(
      "This key is a person's. Make a bot in Settings → Bots and keys, and use its key.",
    );
  }

  private async tellCommands(api: Api, me: User, progress: ProgressKeeper): Promise<void> {
    const commands = [...this.handlers.commands.values()].map(({ name, about, usage }) => ({
      name,
      about,
      usage: usage ?? '',
    }));
    if (commands.length === 0 && !progress.hasCommands) return;
    try {
      await api.request('PUT', `/bots/${encodeURIComponent(me.id)}/commands`, {
        json: { commands },
      });
      progress.setCommands(commands.length > 0);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.log('warning', 'This server is too old for commands; nobody can use those of this bot.');
    }
  }

  private connect(where: Configuration, retry: Retry, signal?: AbortSignal): Api {
    return new Api(where.url, where.key, retry, this.log, signal);
  }

  private storage(where: Configuration, api: Api, me: User): Storage {
    if (typeof where.state === 'object') return where.state;
    return new FileStorage(where.state ?? defaultPath(api.url, me.id, process.env));
  }

  private configured(): Configuration {
    const { env } = process;
    const url = this.options.url ?? env['ECHOSPHERE_URL'] ?? '';
    const key = this.options.key ?? env['ECHOSPHERE_KEY'] ?? '';
    const state = this.options.state ?? (env['ECHOSPHERE_STATE'] || undefined);
    const transport = env['ECHOSPHERE_TRANSPORT'] || (this.options.transport ?? 'auto');
    if (url === '') {
      throw new ConfigurationError(
        'Set ECHOSPHERE_URL to the address of the server, such as https://chat.example.org',
      );
    }
    if (key === '') {
      throw new ConfigurationError(
        'Set ECHOSPHERE_KEY to the key of the bot. It is shown once, when the bot is made in Settings → Bots and keys.',
      );
    }
    if (!['auto', 'poll'].includes(transport)) {
      throw new ConfigurationError('ECHOSPHERE_TRANSPORT is one of auto, poll.');
    }
    return { url: url.trim(), key: key.trim(), state, transport };
  }
}

/** Waits for something until a signal is aborted; then returns undefined, whatever becomes of it. */
async function untilAborted<Result>(
  signal: AbortSignal,
  work: Promise<Result>,
): Promise<Result | undefined> {
  if (signal.aborted) return undefined;
  return new Promise((done, fail) => {
    signal.addEventListener('abort', () => done(undefined), { once: true });
    work.then(done, fail);
  });
}
