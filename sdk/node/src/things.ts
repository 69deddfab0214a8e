// What handlers are given: messages, reactions, members, commands and presses of buttons.

import type { Api, PostOptions } from './api.js';
import { type Actions, type FileData, type MessageData, rowsOf, type User } from './wire.js';

export class ReceivedFile {
  constructor(
    private readonly data: FileData,
    private readonly api: Api,
  ) {}

  get name(): string {
    return this.data.name;
  }

  /** Its media type, by its content. */
  get type(): string {
    return this.data.type;
  }

  get size(): number {
    return this.data.size;
  }

  async read(): Promise<Uint8Array> {
    return this.api.download(this.data.url);
  }
}

export class Message {
  readonly files: readonly ReceivedFile[];

  constructor(
    private readonly data: MessageData,
    readonly author: User,
    /** What it says, without a mention of the bot at its beginning or end. */
    readonly text: string,
    readonly mentionsBot: boolean,
    /** What it was heard by; the same id if it is handled again after a crash. */
    readonly event: string,
    private readonly api: Api,
  ) {
    this.files = data.attachments.map((one) => new ReceivedFile(one, api));
  }

  get conversation(): string {
    return this.data.conversation;
  }

  get seq(): number {
    return this.data.seq;
  }

  /** What it says, as Markdown, as it was typed. */
  get body(): string {
    return this.data.body;
  }

  get replyTo(): number | null {
    return this.data.reply_to;
  }

  /** Whether a program wrote it. */
  get automated(): boolean {
    return this.data.automated ?? false;
  }

  /** Answers it; returns the answer. */
  async reply(text: string, options: Omit<PostOptions, 'replyTo'> = {}): Promise<Message> {
    const given = { ...options, replyTo: this.seq };
    return messageOf(this.api, await this.api.post(this.conversation, text, given));
  }

  async react(emoji: string): Promise<void> {
    await this.api.request('PUT', this.path(`/reactions/${encodeURIComponent(emoji)}`));
  }

  async unreact(emoji: string): Promise<void> {
    await this.api.request('DELETE', this.path(`/reactions/${encodeURIComponent(emoji)}`));
  }

  /** Gives it another text, and with `actions` other buttons: an empty list takes them away. */
  async edit(text: string, options: { readonly actions?: Actions } = {}): Promise<Message> {
    return messageOf(this.api, await this.api.edit(this.path(), text, options.actions));
  }

  async delete(): Promise<void> {
    await this.api.request('DELETE', this.path());
  }

  private path(rest = ''): string {
    return `/conversations/${encodeURIComponent(this.conversation)}/messages/${this.seq}${rest}`;
  }
}

export async function messageOf(
  api: Api,
  data: MessageData,
  bot?: User,
  event = '',
): Promise<Message> {
  const names = data.mentions.filter((one) => one.user === bot?.id).map((one) => one.text);
  const author = data.author === bot?.id ? bot : await api.user(data.author, data.conversation);
  return new Message(data, author, withoutMention(data.body, names), names.length > 0, event, api);
}

export function withoutMention(body: string, names: readonly string[]): string {
  if (names.length === 0) return body;
  const escaped = names.map((name) => '@' + name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const mention = escaped.sort((one, other) => other.length - one.length).join('|');
  return body
    .replace(new RegExp(`^\\s*(?:${mention})(?![\\p{L}\\p{N}_])[\\s,:]*`, 'u'), '')
    .replace(new RegExp(`\\s*(?:${mention})\\s*$`, 'u'), '');
}

export interface Reaction {
  readonly conversation: string;
  /** The number of the message. */
  readonly seq: number;
  readonly emoji: string;
  readonly user: User;
  /** Whether it was set, and not taken away. */
  readonly added: boolean;
}

export interface Membership {
  readonly conversation: string;
  readonly user: User;
  readonly joined: boolean;
  /** Whether it is the bot itself. */
  readonly isBot: boolean;
}

export interface AnswerOptions {
  readonly actions?: Actions;
  /** Shows it to who asked alone; buttons of such an answer can be links only. */
  readonly only?: 'user';
  readonly key?: string;
}

/** What can be answered for half an hour, five times. */
class Answerable {
  constructor(
    readonly conversation: string,
    readonly user: User,
    /** The same id if it is handled again after a crash. */
    readonly event: string,
    protected readonly address: string,
    protected readonly api: Api,
  ) {}

  /** Answers in the conversation; returns null for what only one person sees, as it is not kept. */
  async reply(text: string, options: AnswerOptions = {}): Promise<Message | null> {
    const { actions, only, key } = options;
    const answer = {
      text,
      ...(actions === undefined ? {} : { actions: rowsOf(actions) }),
      ...(only === undefined ? {} : { only }),
    };
    const data = await this.api.respond(this.address, answer, key);
    return data === null ? null : messageOf(this.api, data);
  }
}

/** A command that somebody used. */
export class CommandCall extends Answerable {
  readonly words: readonly string[];

  constructor(
    readonly name: string,
    /** What was typed after it; `words` has its words, of which quotes hold several together. */
    readonly text: string,
    ...rest: ConstructorParameters<typeof Answerable>
  ) {
    super(...rest);
    this.words = wordsOf(text);
  }
}

const WORD = /"((?:[^"\\]|\\.)*)"|“([^”]*)”|„([^“”]*)[“”]|(\S+)/g;

/** Returns words: quotes are those of keyboards, and those that phones make of them. */
export function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(WORD), (match: (string | undefined)[]) => {
    const [, quoted, ...others] = match;
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
    return others.find((one) => one !== undefined) ?? '';
  });
}

/** A press of a button. */
export class Action extends Answerable {
  constructor(
    readonly id: string,
    readonly value: string | null,
    readonly message: Message,
    ...rest: ConstructorParameters<typeof Answerable>
  ) {
    super(...rest);
  }

  /** Gives the message of the button another text or other buttons; an empty list takes them away. */
  async update(
    change: { readonly text?: string; readonly actions?: Actions },
    options: { readonly key?: string } = {},
  ): Promise<void> {
    const { text, actions } = change;
    const update = {
      ...(text === undefined ? {} : { text }),
      ...(actions === undefined ? {} : { actions: rowsOf(actions) }),
    };
    await this.api.respond(this.address, { update }, options.key);
  }

  /** Shows a passing notice to who pressed it. */
  async notice(text: string, options: { readonly key?: string } = {}): Promise<void> {
    await this.api.respond(this.address, { notice: text }, options.key);
  }
}
