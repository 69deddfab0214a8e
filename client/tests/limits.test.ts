// What the page says of its instance, and what holds where it says nothing.
import { afterEach, expect, test, vi } from 'vitest';
import { hasDirectory, largestFile } from '../src/platform/limits';

afterEach(() => vi.unstubAllGlobals());

test('files may be as large as the operator set, or as large as usual', () => {
  const said: (string | undefined)[] = ['1048576', undefined, '', 'much', '-1', '1.5'];
  const understood = said.map((largest) => {
    vi.stubGlobal('document', { getElementById: () => ({ dataset: { largest } }) });
    return largestFile();
  });
  const usual = 25 * 1024 * 1024;
  expect(understood).toEqual([1_048_576, usual, usual, usual, usual, usual]);
});

test('there is a directory where the page says so, and nowhere else', () => {
  const shown = [{ dataset: { directory: '' } }, { dataset: {} }, null].map((element) => {
    vi.stubGlobal('document', { getElementById: () => element });
    return hasDirectory();
  });
  expect(shown).toEqual([true, false, false]);
});
