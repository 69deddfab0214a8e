// What is being completed while one types: `:smi` an emoji, `@na` somebody's name, `/de` a command.
import { folded } from '../platform/folding';
import type { Member } from '../contract/objects';

export interface Token {
  readonly kind: 'emoji' | 'mention' | 'command';
  /** Where the sign in front begins, and where the caret is. */
  readonly start: number;
  readonly end: number;
  readonly query: string;
}

/** What takes the place of a token, and where the caret is then. */
export interface Insertion {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export interface MentionOption {
  /** Nobody in particular stands for everybody. */
  readonly member: Member | null;
  readonly name: string;
}

const emojiBefore = /(?:^|[^\p{L}\p{N}:/]):([\p{L}\p{N}_+-]{2,40})$/u;
// Names have up to four words; a mention begins a word.
const mentionBefore = /(?:^|[^\p{L}\p{N}@_./])@((?:[\p{L}\p{M}\p{N}.'’_-]+(?: |$)){0,4})$/u;
/** A command begins the whole text. */
const commandBefore = /^\/([a-z0-9_-]{0,32})$/iu;
const longestName = 60;

export function tokenAt(text: string, caret: number): Token | null {
  const command = text.startsWith('/') ? commandBefore.exec(text.slice(0, caret))?.[1] : undefined;
  if (command !== undefined) return { kind: 'command', start: 0, end: caret, query: command };
  const before = text.slice(Math.max(0, caret - longestName - 2), caret);
  const emoji = emojiBefore.exec(before)?.[1];
  if (emoji !== undefined) {
    return { kind: 'emoji', start: caret - emoji.length - 1, end: caret, query: emoji };
  }
  const mention = mentionBefore.exec(before)?.[1];
  if (mention === undefined) return null;
  return { kind: 'mention', start: caret - mention.length - 1, end: caret, query: mention };
}

/** Put in the place of the token, with a space behind it unless there is one. */
export function insertion(text: string, { start, end }: Token, completed: string): Insertion {
  const spaced = /^\s/u.test(text.slice(end));
  return { from: start, to: end, insert: spaced ? completed : `${completed} ` };
}

const everybody = ['all', 'everyone', 'alle'];
const mostShown = 8;

/** Members whose name, or a word of it, begins like this; whole names first. */
export function mentionOptions(
  query: string,
  members: readonly Member[],
  all: boolean,
): MentionOption[] {
  const begun = folded(query);
  const ranked = members
    .map((member) => ({ member, name: member.user.name, rank: rankOf(folded(member.user.name)) }))
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
  const options: MentionOption[] = ranked.map(({ member, name }) => ({ member, name }));
  const [word] = everybody;
  if (all && word !== undefined && everybody.some((one) => one.startsWith(begun))) {
    options.splice(begun === '' ? options.length : 0, 0, { member: null, name: word });
  }
  // Everybody is offered also where the list is longer than what is shown.
  const shown = options.slice(0, mostShown);
  const last = options.at(-1);
  if (last?.member === null && !shown.includes(last)) shown[mostShown - 1] = last;
  // What stands there already needs no completing.
  return shown.length === 1 && shown[0]?.name === query ? [] : shown;

  function rankOf(name: string): number {
    if (name.startsWith(begun)) return 0;
    return name.split(/[\s-]+/u).some((part) => part.startsWith(begun)) ? 1 : 2;
  }
}

/** Whether a text calls everybody; the server decides in the end. */
export function callsEverybody(text: string): boolean {
  return /(?<![\p{L}\p{N}@_./])@(?:all|everyone|alle)(?![\p{L}\p{N}_])/iu.test(text);
}

const freeForAll = 50;

/** In large groups only those who lead them may call everybody. */
export function mayCallEverybody(kind: string, present: number, role: string | undefined): boolean {
  if (kind !== 'group') return false;
  return present <= freeForAll || role === 'owner' || role === 'admin';
}
