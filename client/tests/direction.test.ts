// Pages from right to left.
import { expect, test } from 'vitest';
import { lineKey } from '../src/ui/direction';
import { directionOf } from '../src/texts/language';

test('the arrow keys across a line follow its direction, all other keys stay', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'Home', 'a'];
  expect(keys.map((key) => lineKey(key, false))).toEqual(keys);
  expect(keys.map((key) => lineKey(key, true))).toEqual([
    'ArrowRight',
    'ArrowLeft',
    'ArrowUp',
    'Home',
    'a',
  ]);
});

test('Arabic, Hebrew, Persian and Urdu run from right to left, with or without a country', () => {
  expect(['ar', 'he', 'fa-IR', 'ur'].map(directionOf)).toEqual(['rtl', 'rtl', 'rtl', 'rtl']);
  expect(['en', 'de', 'de-AT'].map(directionOf)).toEqual(['ltr', 'ltr', 'ltr']);
});
