// Whether a message is worth a sound or a notification on this device, as the server's law has it.
import type { Message } from '../contract/objects';
import { isMuted } from './conversations.state';
import { mentionsMe, type Held } from './held.state';
import { isQuiet, minuteIn, type Settings } from './settings.state';

export interface Moment {
  readonly me: string;
  readonly now: number;
}

type Told = Pick<Held, 'kind' | 'own' | 'hidden' | 'messages'>;

export function isWorthTelling(
  { kind, own, hidden, messages }: Told,
  message: Message,
  settings: Settings,
  { me, now }: Moment,
): boolean {
  if (message.author === me || message.deleted || message.system !== null) return false;
  if (hidden.has(message.seq) || message.seq <= own.read_seq) return false;
  // A muted conversation is silent, mentions included.
  if (isMuted(own, now) || isQuiet(settings, minuteIn(settings.time_zone, now))) return false;
  const level = own.notify === 'default' ? settings.notify : own.notify;
  const answered = messages.find(({ seq }) => seq === message.reply_to);
  const meant = kind === 'direct' || mentionsMe(message, me) || answered?.author === me;
  return level === 'all' || (level === 'mentions' && meant);
}
