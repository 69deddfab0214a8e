// The options of a completion, as they are shown and as they are put into the text.
import { commandOptions } from '../bots/commands';
import type { BotCommand } from '../bots/store';
import type { Member } from '../contract/objects';
import { activeMembers } from '../conversations/model';
import type { ConversationState } from '../conversations/conversation';
import { codeFor, search, toned, type Catalogue } from '../emoji/catalogue';
import { mayCallEverybody, mentionOptions, type Token } from './completion';

export type Option =
  | {
      readonly kind: 'emoji';
      readonly key: string;
      readonly emoji: string;
      readonly code: string;
      readonly name: string;
    }
  | {
      readonly kind: 'mention';
      readonly key: string;
      readonly name: string;
      /** Nobody in particular stands for everybody. */
      readonly member: Member | null;
    }
  | { readonly kind: 'command'; readonly key: string; readonly command: BotCommand };

const mostEmoji = 8;

export function emojiOptions(
  catalogue: Catalogue,
  query: string,
  tone: number,
  german: boolean,
): Option[] {
  return search(catalogue, query, mostEmoji).map((one) => {
    const name = german ? one.german : one.english;
    const emoji = toned(one, tone);
    return { kind: 'emoji', key: emoji, emoji, code: codeFor(one, query), name };
  });
}

export function optionsForMention(
  conversation: ConversationState,
  query: string,
  me: string,
): Option[] {
  const present = activeMembers(conversation);
  const all = mayCallEverybody(
    conversation.kind,
    present.length,
    conversation.members.get(me)?.role,
  );
  const others = present.filter(({ user }) => user.id !== me);
  return mentionOptions(query, others, all).map(({ member, name }) => ({
    kind: 'mention',
    key: member?.user.id ?? '*',
    name,
    member,
  }));
}

export function optionsForCommand(commands: readonly BotCommand[], query: string): Option[] {
  return commandOptions(commands, query).map((command) => ({
    kind: 'command',
    key: `${command.bot.id} ${command.name}`,
    command,
  }));
}

export function textOf(option: Option): string {
  if (option.kind === 'command') return `/${option.command.name}`;
  return option.kind === 'emoji' ? option.emoji : `@${option.name}`;
}

export function sameToken(one: Token | null, other: Token | null): boolean {
  return one?.kind === other?.kind && one?.start === other?.start;
}
