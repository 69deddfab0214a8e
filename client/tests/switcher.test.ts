import { describe, expect, it } from 'vitest';
import { matchRank, bestMatches, adjacentId } from '../src/ui/name-match';
import { directionOf, languageFor, localeFor } from '../src/texts/language';

const places = ['Ana Lima', 'Marianne', 'Team Banana', 'Zoë', 'Ben'].map((name, weight) => ({
  id: name,
  name,
  weight,
}));

describe('going to a conversation by typing', () => {
  it('prefers names that begin with what was typed, then words, then any part', () => {
    expect(bestMatches(places, 'an').map(({ name }) => name)).toEqual([
      'Ana Lima',
      'Team Banana',
      'Marianne',
    ]);
  });

  it('takes no notice of case and accents', () => {
    expect(matchRank('Zoë', 'zoe')).toBe(3);
    expect(matchRank('ZOE', 'zoë')).toBe(3);
  });

  it('finds words in any order and nothing else', () => {
    expect(matchRank('Ana Lima', 'lim an')).toBe(1);
    expect(matchRank('Ana Lima', 'lim bo')).toBe(0);
  });

  it('shows all, the weightiest first, before anything is typed', () => {
    expect(bestMatches(places, ' ')[0]?.name).toBe('Ben');
  });

  it('steps round the ends of the list', () => {
    expect(adjacentId(['a', 'b', 'c'], 'c', 1)).toBe('a');
    expect(adjacentId(['a', 'b', 'c'], 'a', -1)).toBe('c');
    expect(adjacentId(['a', 'b', 'c'], null, 1)).toBe('a');
    expect(adjacentId(['a', 'b', 'c'], 'elsewhere', -1)).toBe('c');
    expect(adjacentId([], 'a', 1)).toBeNull();
  });
});

describe('languages', () => {
  it('takes the first of the browser that we speak', () => {
    expect(languageFor('auto', ['fr-CH', 'de-CH', 'en'])).toBe('de');
    expect(languageFor('auto', ['fr'])).toBe('en');
    expect(languageFor('en', ['de'])).toBe('en');
    expect(localeFor('de', ['fr', 'de-CH'])).toBe('de-CH');
  });

  it('knows which ones are written from right to left', () => {
    expect(directionOf('he')).toBe('rtl');
    expect(directionOf('de')).toBe('ltr');
  });
});
