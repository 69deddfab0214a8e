// How conversations and messages are named in one line.
import type { Message, User } from '../../contract/objects';
import { counterpart } from '../../state/conversations.state';
import type { Held } from '../../state/held.state';
import { texts } from '../../texts';

export function titleOf(held: Held, me: string): string {
  return held.title ?? counterpart(held, me)?.name ?? texts.common.unknownPerson;
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
  return message.body === '' ? filesLine(message) : message.body;
}

function filesLine({ attachments }: Message): string {
  const [first] = attachments;
  if (first === undefined) return '';
  if (attachments.every(({ type }) => type.startsWith('image/'))) {
    return attachments.length === 1 ? texts.list.photo : texts.list.photos(attachments.length);
  }
  if (attachments.length > 1) return texts.list.files(attachments.length);
  if (first.type.startsWith('video/')) return texts.list.video;
  return first.type.startsWith('audio/') ? texts.list.audio : first.name;
}

export function systemLine(held: Held, message: Message): string {
  const system: Record<string, unknown> = message.system ?? {};
  const subject = typeof system['user'] === 'string' ? system['user'] : message.author;
  const name = nameOf(held, subject);
  const title = typeof system['title'] === 'string' ? system['title'] : '';
  switch (system['kind'] ?? system['type']) {
    case 'created':
      return texts.system.created(name);
    case 'joined':
      return texts.system.joined(name);
    case 'left':
    case 'removed':
      return texts.system.left(name);
    case 'renamed':
      return texts.system.renamed(name, title);
    default:
      return texts.system.other;
  }
}
