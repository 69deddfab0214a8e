// Names of files are cut in their middle; what does different things has different signs.
import { describe, expect, test } from 'vitest';
import { cutName } from '../src/attachments/cut-name';
import { icons } from '../src/ui/icons';

describe('the name of a file', () => {
  test.each(['plan.pdf', '', 'twenty-letters-x.pdf'])('%j stays whole', (name) =>
    expect(cutName(name)).toBeNull(),
  );

  test.each([
    ['Minutes of the meeting, final.pdf', 'final.pdf'],
    ['no ending but really very long name', 'g name'],
    ['.a-hidden-file-with-a-long-name', 'g-name'],
    ['an-ending-that-is-none.averylongone', 'ongone'],
    ['families 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦 at the pier 👨‍👩‍👧‍👦.jpeg', 'pier 👨‍👩‍👧‍👦.jpeg'],
  ])('%j keeps its end', (name, end) => {
    const cut = cutName(name);
    expect((cut?.start ?? '') + (cut?.end ?? '')).toBe(name);
    expect(cut?.end.endsWith(end)).toBe(true);
  });
});

test('no two icons look the same', () => {
  const shapes = Object.values(icons);
  expect(new Set(shapes).size).toBe(shapes.length);
});
