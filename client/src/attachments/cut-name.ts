// Where a long name of a file is cut when there is no room for all of it.
import { graphemes } from '../platform/graphemes';

/** Shorter ones fit nearly everywhere. */
const short = 20;
/** How much of the name is kept before its ending: numbers and versions stand there. */
const kept = 6;
const longestEnding = 8;

/** The two parts of a name; its middle is between them. Null for a name that stays whole. */
export function cutName(name: string): { start: string; end: string } | null {
  const signs = graphemes(name);
  if (signs.length <= short) return null;
  const dot = signs.lastIndexOf('.');
  const ending = dot > 0 && signs.length - dot <= longestEnding ? signs.length - dot : 0;
  const from = signs.length - ending - kept;
  return { start: signs.slice(0, from).join(''), end: signs.slice(from).join('') };
}
