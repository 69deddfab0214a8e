// How conversations and messages are named in one line.
import type { Message, User } from '../contract/objects';
import { counterpart } from './model';
import type { ConversationState } from './conversation';
import { texts } from '../texts';
import { isAged } from './message-rows';
import { plainOf } from '../richtext/rich.svelte';

export function titleOf(conversation: ConversationState, me: string): string {
  return conversation.title ?? counterpart(conversation, me)?.name ?? nameless(conversation);
}

/** A conversation of one is for one's own notes; before its members are known it may be any. */
function nameless(conversation: ConversationState): string {
  const alone = conversation.kind === 'direct' && conversation.members.size === 1;
  return alone ? texts.menu.notes : texts.common.unknownPerson;
}

export function pictureOf(conversation: ConversationState, me: string): string | null {
  return conversation.avatar_url ?? counterpart(conversation, me)?.avatar_url ?? null;
}

/** The id that gives the avatar its colour: a person looks the same in lists and conversations. */
export function faceOf(conversation: ConversationState, me: string): string {
  return counterpart(conversation, me)?.id ?? conversation.id;
}

export function authorOf(conversation: ConversationState, message: Message): User | null {
  return message.author === null ? null : (conversation.members.get(message.author)?.user ?? null);
}

export function nameOf(conversation: ConversationState, author: string | null): string {
  const known = author === null ? undefined : conversation.members.get(author);
  return known?.user.name ?? texts.common.unknownPerson;
}

/** Whether an author is a program: there is no profile of it to open. */
export function isProgram(conversation: ConversationState, author: string | null): boolean {
  const known = author === null ? undefined : conversation.members.get(author);
  return known !== undefined && known.user.kind !== 'person';
}

/** What kind of program wrote a message, in a word; null for a person. */
export function programOf(conversation: ConversationState, message: Message): string | null {
  if (!message.automated) return null;
  const kind = authorOf(conversation, message)?.kind ?? 'bot';
  return texts.webhooks.kinds[kind === 'hook' ? 'hook' : 'bot'];
}

/** What a message says, in one line. */
export function lineOf(conversation: ConversationState, message: Message): string {
  if (isAged(message)) return '';
  if (message.deleted) return texts.list.deleted;
  if (message.system !== null) return systemLine(conversation, message);
  return message.body === '' ? filesLine(message) : plainOf(message.body);
}

function filesLine({ attachments }: Message): string {
  const [first] = attachments;
  if (first === undefined) return '';
  if (attachments.every(({ type }) => type.startsWith('image/'))) {
    return attachments.length === 1 ? texts.list.photo : texts.list.photos(attachments.length);
  }
  if (attachments.length > 1) return texts.list.files(attachments.length);
  if (first.type.startsWith('video/')) return texts.list.video;
  if (first.waveform !== null) return texts.voice.fileName;
  return first.type.startsWith('audio/') ? texts.list.audio : first.name;
}

/** What happened, in words: who did it and, where it was done to somebody, to whom. */
export function systemLine(conversation: ConversationState, message: Message): string {
  const { system } = message;
  if (system === null) return '';
  const actor = nameOf(conversation, message.author);
  const subject = nameOf(conversation, system.user ?? message.author);
  const other = system.user !== null && system.user !== message.author;
  switch (system.type) {
    case 'created':
      return texts.system.created(actor);
    case 'added':
      return texts.system.added(actor, subject);
    case 'joined':
      return system.invite ? texts.system.joinedByLink(subject) : texts.system.joined(subject);
    case 'left':
      return texts.system.left(subject);
    case 'removed':
      if (!other) return texts.system.left(subject);
      return texts.system[system.banned ? 'banned' : 'removed'](actor, subject);
    case 'role':
      return texts.system.role(actor, subject, system.role ?? 'member');
    case 'title':
      return texts.system.title(actor, system.title ?? '');
    case 'description':
      return texts.system.description(actor);
    case 'avatar':
      return texts.system.avatar(actor);
    case 'history':
      return system.history === 'joined'
        ? texts.system.historyJoined(actor)
        : texts.system.historyAll(actor);
    case 'posting':
      return texts.system.posting(actor, system.posting ?? 'all');
    case 'reacting':
      return texts.system.reacting(actor, system.reacting ?? 'all');
    case 'slow_seconds':
      return texts.system.slowMode(actor, system.seconds ?? 0);
    case 'retention_days':
      return texts.system.retention(actor, system.days ?? 0);
    case 'expire_seconds':
      return texts.system.expiry(actor, system.seconds ?? 0);
    case 'bot_sees':
      return texts.system.botSees(actor, subject, system.sees === 'all');
    case 'webhook_added':
      return texts.system.webhookAdded(actor, subject);
    case 'webhook_revoked':
      return texts.system.webhookRevoked(actor, subject);
    case 'pinned':
      return texts.system.pinned(actor);
    default:
      return texts.system.other;
  }
}
