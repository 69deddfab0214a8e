// Which files of the client know which: no circle, not even of types, and nothing that looks upward.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(?:ts|svelte)$/.test(name),
);
/** Imports of values and of types, at the start of a file and later. */
const imported = /(?:\bfrom\s+|\bimport\s*\(?\s*)'(\.[^']+)'/g;

function targetOf(file: string, specifier: string): string | null {
  const path = join(root, dirname(file), specifier);
  const found = ['', '.ts', '.svelte.ts', '/index.ts']
    .map((ending) => relative(root, path + ending))
    .find((name) => files.includes(name));
  if (found !== undefined) return found;
  // Styles, and tables that the server reads, too.
  if (existsSync(path) && /\.(?:scss|json)$/.test(path)) return null;
  throw new Error(`${file} imports ${specifier}, which is not there`);
}

const imports = new Map(
  files.map((file) => {
    const specifiers = [...readFileSync(join(root, file), 'utf8').matchAll(imported)];
    const targets = specifiers.flatMap(([, specifier = '']) => targetOf(file, specifier) ?? []);
    // A component may contain itself.
    return [file, [...new Set(targets)].filter((target) => target !== file)];
  }),
);

/** The first circle that is found, as the files in their order; empty if there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): readonly string[] => {
    const start = way.indexOf(file);
    if (start !== -1) return [...way.slice(start), file];
    if (done.has(file)) return [];
    way.push(file);
    for (const target of graph.get(file) ?? []) {
      const circle = visit(target);
      if (circle.length > 0) return circle;
    }
    way.pop();
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = visit(file);
    if (circle.length > 0) return circle;
  }
  return [];
}

test('a circle is found', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', []],
    ['c', ['d']],
    ['d', ['b', 'c']],
  ]);
  expect(circleIn(graph)).toEqual(['c', 'd', 'c']);
});

test('there is no circle, of values or of types', () => {
  expect(imports.size).toBeGreaterThan(300);
  expect(imports.get('messenger.ts')).toContain('app/Shell.svelte');
  expect(circleIn(imports)).toEqual([]);
});

/** What each folder below the features may import of the others, and why more than the lower ones. */
const lower: Readonly<Record<string, readonly string[]>> = {
  contract: ['contract/'],
  texts: ['texts/', 'platform/lazy.ts'],
  platform: [
    'platform/',
    'contract/',
    'texts/',
    // What this browser keeps: drafts and conversations.
    'drafts/model.ts',
    'conversations/model.ts',
    'conversations/state.ts',
    'conversations/group-rules.ts',
  ],
  // Notices stand in the dialog that lies in front of the page.
  ui: ['ui/', 'platform/', 'contract/', 'texts/', 'notices/Toasts.svelte'],
};

test.each(Object.entries(lower))('%s/ imports only what lies below it', (folder, allowed) => {
  const above = [...imports]
    .filter(([file]) => file.startsWith(`${folder}/`))
    .flatMap(([file, targets]) => targets.map((target) => [file, target]))
    .filter(([, target = '']) => !allowed.some((path) => target.startsWith(path)));
  expect(above).toEqual([]);
});

test('only the entries import the folder in which everything meets', () => {
  const entering = [...imports]
    .filter(([file]) => !file.startsWith('app/'))
    .filter(([, targets]) => targets.some((target) => target.startsWith('app/')))
    .map(([file]) => file);
  expect(entering).toEqual(['messenger.ts']);
});

test('a model knows neither the platform nor a store', () => {
  const models = [...imports].filter(([file]) => file.endsWith('/model.ts'));
  expect(models.length).toBeGreaterThan(5);
  const impure = models.flatMap(([file, targets]) =>
    targets
      .filter((target) => /\.svelte(?:\.ts)?$|\/(?:store|api|context)\.ts$/.test(target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(impure).toEqual([]);
});
