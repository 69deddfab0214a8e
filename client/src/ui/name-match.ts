// Finding a conversation or a person by typing parts of a name.

import { folded } from '../platform/folding';

export interface Choice {
  readonly id: string;
  readonly name: string;
  /** Larger comes first among equally good matches. */
  readonly weight: number;
}

const maxResults = 12;

/**
 * How well a name answers what was typed: 3 begins with it, 2 has a word that does, 1 contains it
 * or has the typed words in any order, 0 does not.
 */
export function matchRank(name: string, typed: string): 0 | 1 | 2 | 3 {
  const whole = folded(name);
  const wanted = folded(typed).trim();
  if (wanted === '' || whole.startsWith(wanted)) return 3;
  const words = whole.split(/[\s,.\-_/]+/u);
  if (words.some((word) => word.startsWith(wanted))) return 2;
  if (whole.includes(wanted)) return 1;
  const parts = wanted.split(/\s+/u);
  return parts.every((part) => words.some((word) => word.startsWith(part))) ? 1 : 0;
}

/** The best choices for what was typed, the best first. */
export function bestMatches<T extends Choice>(choices: readonly T[], typed: string): T[] {
  return choices
    .map((choice) => ({ choice, rank: matchRank(choice.name, typed) }))
    .filter(({ rank }) => rank > 0)
    .sort(
      (a, b) =>
        b.rank - a.rank ||
        b.choice.weight - a.choice.weight ||
        a.choice.name.localeCompare(b.choice.name),
    )
    .slice(0, maxResults)
    .map(({ choice }) => choice);
}

/** The conversation before or after one in a list, round the ends; null when there is none. */
export function adjacentId(
  ids: readonly string[],
  current: string | null,
  step: 1 | -1,
): string | null {
  if (ids.length === 0) return null;
  const here = current === null ? -1 : ids.indexOf(current);
  if (here < 0) return (step > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[(here + step + ids.length) % ids.length] ?? null;
}
