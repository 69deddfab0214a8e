// Cheap looks at a text: whether it may hold markup at all, and whether it is only a few emoji.
import { graphemes } from '../platform/graphemes';
import { lazyPattern } from './patterns';

/**
 * Anything that could become markup. Too many hits only cost time, a missed one costs the look; a
 * text without a hit never meets the parser. Words_like_this and 2 - 1 are no hits.
 */
const mayBeMarkup = lazyPattern('markup');

export function hasMarkup(text: string): boolean {
  return mayBeMarkup().test(text);
}

const mostEmoji = 9;
// Families, flags and skin tones are long; more than this is no handful of emoji.
const longestEmoji = 160;
const emoji =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Extended_Pictographic}\p{Emoji_Modifier}|\p{Extended_Pictographic}(?=\u200D))[\p{Emoji_Modifier}\uFE0F\u200D\p{Extended_Pictographic}\u{E0020}-\u{E007F}]*)$/u;

/** How many emoji a text of nothing else has; none where it has more than a handful. */
export function countFewEmoji(text: string): number {
  const trimHistory = text.trim();
  // No emoji has a letter, and most texts have one near their beginning.
  if (
    trimHistory === '' ||
    trimHistory.length > longestEmoji ||
    /\p{L}|^\p{P}/u.test(trimHistory)
  ) {
    return 0;
  }
  const parts = graphemes(trimHistory);
  const signs = parts.filter((part) => !/^\s+$/u.test(part));
  return signs.length <= mostEmoji && signs.every((sign) => emoji.test(sign)) ? signs.length : 0;
}
