// How conversations and messages are named in one line.
import type { Message, User } from '../../contract/objects';
import { counterpart } from '../../state/conversations.state';
import type { Held } from '../../state/held.state';
import { texts } from '../../texts';
import { plainOf } from '../richtext/rich.svelte';

export function titleOf(held: Held, me: string): string {
  return held.title ?? counterpart(held, me)?.name ?? nameless(held);
}

/** A conversation of one is for one's own notes; before its members are known it may be any. */
function nameless(held: Held): string {
  const alone = held.kind === 'direct' && held.members.size === 1;
  return alone ? texts.menu.notes : texts.common.unknownPerson;
}

export function pictureOf(held: Held, me: string): string | null {
  return held.avatar_url ?? counterpart(held, me)?.avatar_url ?? null;
}

/** The id that gives the avatar its colour: a person looks the same in lists and conversations. */
export function faceOf(held: Held, me: string): string {
  return counterpart(held, me)?.id ?? held.id;
}

export function authorOf(held: Held, message: Message): User | null {
  return message.author === null ? null : (held.members.get(message.author)?.user ?? null);
}

export function nameOf(held: Held, author: string | null): string {
  const known = author === null ? undefined : held.members.get(author);
  return known?.user.name ?? texts.common.unknownPerson;
}

/** What a message says, in one line. */
export function lineOf(held: Held, message: Message): string {
  if (message.deleted) return texts.list.deleted;
  if (message.system !== null) return systemLine(held, message);
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
export function systemLine(held: Held, message: Message): string {
  const { system } = message;
  if (system === null) return '';
  const actor = nameOf(held, message.author);
  const subject = nameOf(held, system.user ?? message.author);
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
      return other ? texts.system.removed(actor, subject) : texts.system.left(subject);
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
    case 'pinned':
      return texts.system.pinned(actor);
    default:
      return texts.system.other;
  }
}
