// What the page says of its instance, and what holds where it says nothing.
import { afterEach, expect, test, vi } from 'vitest';
import {
  acceptedFiles,
  hasDirectory,
  isRefusedType,
  largestFile,
  learnLimits,
} from '../src/platform/limits';

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

test('what the operator changes holds at once', () => {
  const page = { dataset: {} };
  vi.stubGlobal('document', { getElementById: () => page });
  const files = { allowed_files: [], refused_files: [] };
  learnLimits({ largest_file: 2048, directory: true, ...files });
  expect([largestFile(), hasDirectory()]).toEqual([2048, true]);
  learnLimits({ largest_file: 4096, directory: false, ...files });
  expect([largestFile(), hasDirectory()]).toEqual([4096, false]);
});

test('what surely cannot be sent is known before it is uploaded', () => {
  const page = { dataset: {} };
  vi.stubGlobal('document', { getElementById: () => page });
  const rest = { largest_file: 2048, directory: true };
  const picture = { name: 'a.png', type: 'image/png' };
  const program = { name: 'Setup.EXE', type: 'application/x-msdownload' };
  const drawing = { name: 'plan.dwg', type: '' };
  const refused = (): boolean[] => [picture, program, drawing].map(isRefusedType);
  expect([refused(), acceptedFiles()]).toEqual([[false, false, false], undefined]);
  learnLimits({ ...rest, allowed_files: ['images', '.pdf'], refused_files: [] });
  // What the browser does not know the server looks into.
  expect([refused(), acceptedFiles()]).toEqual([[false, true, false], 'image/*,.pdf']);
  learnLimits({ ...rest, allowed_files: [], refused_files: ['image/*', '.dwg'] });
  expect(refused()).toEqual([true, false, true]);
  learnLimits({ ...rest, allowed_files: ['documents'], refused_files: ['programs'] });
  expect([refused(), acceptedFiles()]).toEqual([[true, true, false], undefined]);
});

test('a program is known before it is uploaded, whatever the browser calls it', () => {
  vi.stubGlobal('document', { getElementById: () => ({ dataset: { refusedFiles: 'programs' } }) });
  const portable = 'application/vnd.microsoft.portable-executable';
  const refused = [
    { name: 'Setup.EXE', type: '' },
    { name: 'library.dll', type: 'application/octet-stream' },
    { name: 'renamed', type: portable },
    { name: 'tool', type: 'application/x-pie-executable' },
    { name: 'setup.exe.txt', type: 'text/plain' },
    { name: 'exe', type: '' },
  ].map(isRefusedType);
  expect(refused).toEqual([true, true, true, true, false, false]);
  vi.stubGlobal('document', { getElementById: () => ({ dataset: { allowedFiles: 'images' } }) });
  expect(isRefusedType({ name: 'Setup.EXE', type: '' })).toBe(true);
});
