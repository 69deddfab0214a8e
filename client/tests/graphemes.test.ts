// No character is cut in half, and what cannot be seen is not sent.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sendableText } from '../src/composer/body';
import { initialsOf } from '../src/ui/avatar-fallback';
import { cut, graphemes } from '../src/platform/graphemes';

const family = '👨‍👩‍👧';

describe('characters as people see them', () => {
  test.each([
    [`${family} ${family}`, family + family],
    ['🇩🇪 Team', '🇩🇪T'],
    ['👍🏽', '👍🏽'],
    ['e\u0301mile zola', 'E\u0301Z'],
    ['𝒜da', '𝒜'],
    ['(Ada)', 'A'],
  ])('the initials of %j are %j', (name, initials) => expect(initialsOf(name)).toBe(initials));

  test('are never cut', () => {
    for (let most = family.length; most < 60; most += 1) {
      const start = cut(family.repeat(10), most);
      expect(start.replaceAll(family, '')).toBe('');
      expect(graphemes(start).length).toBe(
        Math.floor(Math.min(most, start.length) / family.length),
      );
    }
  });

  test.each([
    '\u200B',
    '\u3164',
    '\u2800',
    '\u034F',
    '\uFE0F',
    '\u115F\u1160',
    '\uFFA0',
    '\u202E',
    '\u{E0041}',
    '\u{1D159}',
    '\u00AD',
    ' \n',
  ])('%j is not sent', (text) => expect(sendableText(text)).toBe(''));

  test.each(['a', '👍', '❤\uFE0F', '\u200Bx', '⠁', family])('%j is', (text) =>
    expect(sendableText(text)).toBe(text),
  );
});

test('no text is cut by its first code unit or by a number of them', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const cutting = files
    .filter((file) => /\.(?:ts|svelte)$/u.test(file))
    .flatMap((file) =>
      readFileSync(`src/${file}`, 'utf8')
        .split('\n')
        .filter((line) =>
          /\.charAt\(0\)|\.substring\(|(?:name|title|body|text|line\w*|\))\.slice\(0, [a-z]+[A-Z]\w*\)/u.test(
            line,
          ),
        )
        .filter((line) => !/sort|Set\(|Wanted|kept|sorted|names|Cut|options/u.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(cutting).toEqual([]);
});
