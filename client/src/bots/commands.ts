// What one types after a slash, and which bot it is for.
import { activeMembers } from '../conversations/model';
import type { ConversationState } from '../conversations/conversation';
import type { BotCommand } from './store';

export interface TypedCommand {
  readonly name: string;
  /** What follows the name. */
  readonly text: string;
}

const typedCommand = /^\/([a-z0-9_-]{1,32})(?:\s+([^]*))?$/iu;
const mostShown = 8;

/** What a text asks for, if it begins like a command: `/etc/hosts` does not. */
export function commandIn(text: string): TypedCommand | null {
  const found = typedCommand.exec(text);
  if (found === null) return null;
  return { name: (found[1] ?? '').toLowerCase(), text: (found[2] ?? '').trimEnd() };
}

/** A slash means something only where somebody can be asked. */
export function hasBots(conversation: ConversationState): boolean {
  return activeMembers(conversation).some(({ user }) => user.kind === 'bot');
}

/** Two slashes stand for one where that would begin a command; `// TODO` is what it says. */
export function withoutEscape(text: string): string {
  return text.startsWith('//') && commandIn(text.slice(1)) !== null ? text.slice(1) : text;
}

/** Those whose name begins so, then those that have it anywhere; none where it stands there whole. */
export function commandOptions(commands: readonly BotCommand[], query: string): BotCommand[] {
  const begun = query.toLowerCase();
  const first = commands.filter(({ name }) => name.startsWith(begun));
  const others = commands.filter(({ name }) => name.indexOf(begun) > 0);
  const found = [...first, ...others].slice(0, mostShown);
  return found.length === 1 && found[0]?.name === begun ? [] : found;
}

/** Which of the commands a text means: several where bots share a name, and none was chosen. */
export function meantBy(
  typed: TypedCommand,
  commands: readonly BotCommand[],
  chosen: BotCommand | null,
): readonly BotCommand[] {
  const named = commands.filter(({ name }) => name === typed.name);
  const one = named.find(({ bot }) => bot.id === chosen?.bot.id);
  return one === undefined ? named : [one];
}
