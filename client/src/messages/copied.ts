// What messages become on the clipboard: one is its own words, several say who wrote them and when.
import type { Message } from '../contract/objects';
import type { ConversationState } from '../conversations/conversation';
import { fullMoment } from '../texts';
import { nameOf } from '../conversations/summary';

export function copiedText(conversation: ConversationState, messages: readonly Message[]): string {
  const [only, ...others] = messages;
  if (only === undefined) return '';
  if (others.length === 0) return wordsOf(only);
  return messages
    .map(
      (message) =>
        `${nameOf(conversation, message.author)}, ${fullMoment(message.created_at)}\n${wordsOf(message)}`,
    )
    .join('\n\n');
}

function wordsOf({ body, attachments }: Message): string {
  const files = attachments.map(({ name }) => name);
  return [body, ...files].filter((part) => part !== '').join('\n');
}
