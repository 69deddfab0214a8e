// The buttons under a message of a bot.
import * as v from 'valibot';
import type { Message } from '../contract/objects';

const word = v.pipe(v.string(), v.minLength(1));

export const actionSchema = v.object({
  id: word,
  label: word,
  style: v.fallback(v.optional(v.picklist(['primary', 'danger'])), undefined),
  /** Where it leads: then nobody is told of a press. */
  url: v.optional(v.pipe(v.string(), v.regex(/^https:\/\//))),
  /** What is asked first. */
  confirm: v.optional(v.string()),
});

export const actionsSchema = v.array(v.array(actionSchema));

export type Action = v.InferOutput<typeof actionSchema>;
export type ActionRows = v.InferOutput<typeof actionsSchema>;

/** What is written on the buttons in one line, with where they lead; empty without any. */
export function wordsOn(message: Pick<Message, 'actions'>): string {
  const words = ({ label, url }: Action): string =>
    url === undefined ? `[${label}]` : `[${label}](${url})`;
  return rowsOf(message).flat().map(words).join(' ');
}

/** What does not parse is left out: the text says what the message is about. */
export function rowsOf({ actions }: Pick<Message, 'actions'>): ActionRows {
  const parsed = v.safeParse(actionsSchema, actions);
  return parsed.success ? parsed.output : [];
}
