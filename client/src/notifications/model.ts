// Whether a message is worth a sound or a notification on this device, as the server's law has it.
import type { Message } from '../contract/objects';
import { isMuted } from '../conversations/model';
import { mentionsMe, type ConversationState } from '../conversations/conversation';
import { isQuiet, minuteIn, type Settings } from '../settings/model';

export interface Moment {
  readonly me: string;
  readonly now: number;
  /** An edit has just mentioned the person: what they had read were other words. */
  readonly reworded?: boolean;
}

type OwnFieldsGuard = Pick<ConversationState, 'kind' | 'own' | 'hidden' | 'messages'>;

export function isWorthTelling(
  { kind, own, hidden, messages }: OwnFieldsGuard,
  message: Message,
  settings: Settings,
  { me, now, reworded = false }: Moment,
): boolean {
  if (message.author === me || message.deleted || message.system !== null) return false;
  if (hidden.has(message.seq) || (message.seq <= own.read_seq && !reworded)) return false;
  // A muted conversation is silent, mentions included.
  if (isMuted(own, now) || isQuiet(settings, minuteIn(settings.time_zone, now))) return false;
  const level = own.notify === 'default' ? settings.notify : own.notify;
  const meant = kind === 'direct' || mentionsMe(message, me) || answersMe(messages, message, me);
  return level === 'all' || (level === 'mentions' && meant);
}

/**
 * An edit mentions the person, whom the earlier words did not mean. In a direct conversation every
 * message is meant for both; where the earlier words are not held, nobody knows.
 */
export function isMentionedAnew(
  { kind, messages }: OwnFieldsGuard,
  before: Message | undefined,
  message: Message,
  me: string,
): boolean {
  if (kind === 'direct' || before === undefined || before.version >= message.version) return false;
  const meant = mentionsMe(before, me) || answersMe(messages, message, me);
  return !meant && mentionsMe(message, me);
}

function answersMe(messages: readonly Message[], message: Message, me: string): boolean {
  return messages.find(({ seq }) => seq === message.reply_to)?.author === me;
}
