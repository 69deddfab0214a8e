// What is taken of what was dropped or pasted.
import { expect, test } from 'vitest';
import { broughtBy, meansText } from '../src/composer/transfer';

type Transfer = NonNullable<Parameters<typeof broughtBy>[0]>;

function transfer(text: string, ...files: (File | string)[]): Transfer {
  const items = files.map((one) => ({
    kind: 'file',
    getAsFile: () => (typeof one === 'string' ? new File([], one) : one),
    webkitGetAsEntry: () => ({ isDirectory: typeof one === 'string', name: one }),
  }));
  return { items, files: [], getData: () => text } as unknown as Transfer;
}

const picture = new File(['x'], 'image.png', { type: 'image/png' });
const photo = new File(['x'], 'sun set.jpg', { type: 'image/jpeg' });
const plan = new File(['x'], 'plan.pdf', { type: 'application/pdf' });

test('folders are told apart from files', () => {
  expect(broughtBy(transfer('', 'Holiday', plan))).toEqual({ files: [plan], folders: ['Holiday'] });
});

test.each<[string, string, File[], boolean]>([
  ['cells of a spreadsheet', 'a\tb\nc\td\n', [picture], true],
  ['one cell', '42', [picture], true],
  ['a screenshot', '', [picture], false],
  ['a picture copied from a page, with nothing but space', ' \n', [picture], false],
  ['a file from a file manager, with its name', 'sun set.jpg', [photo], false],
  ['a file with its path', '/Users/ada/sun set.jpg', [photo], false],
  ['a file with its address', 'file:///Users/ada/sun%20set.jpg', [photo], false],
  ['several files with their names', 'sun set.jpg\nimage.png', [photo, picture], false],
  ['a document', 'some words', [plan], false],
])('pasted: %s', (_what, text, files, isText) => {
  const pasted = transfer(text, ...files);
  expect(meansText(pasted, broughtBy(pasted))).toBe(isText);
});
