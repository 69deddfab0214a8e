// Reactions as they stand under a message.
import type { Message, Reaction } from '../contract/objects';

/** Programs write the same emoji with and without the sign that asks for its picture. */
function bare(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}

export function reactedBy({ reactions }: Message, emoji: string, user: string): boolean {
  return reactions.some((one) => bare(one.emoji) === bare(emoji) && one.users.includes(user));
}

/** Own name last, as one lists oneself. */
export function reactors(
  { users }: Reaction,
  me: string,
  nameOf: (id: string) => string,
): string[] {
  const others = users.filter((id) => id !== me).map(nameOf);
  return users.includes(me) ? [...others, nameOf(me)] : others;
}
