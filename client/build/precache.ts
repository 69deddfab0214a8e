// Tells the service worker which files the messenger consists of, and gives the build a name.
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const worker = 'sw.js';
const messenger = 'src/messenger.ts';
/** What is too large to be fetched by everybody beforehand: it needs the network when it is first opened. */
const later = /\/PdfReader\.svelte$/;

interface Chunk {
  readonly type: 'chunk';
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
  readonly facadeModuleId: string | null;
  readonly viteMetadata?: {
    readonly importedCss: ReadonlySet<string>;
    readonly importedAssets: ReadonlySet<string>;
  };
  code: string;
}

type Bundle = Readonly<Record<string, Chunk | { readonly type: 'asset' }>>;

export function precache(base: string): Plugin {
  return {
    name: 'precache',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = bundle as unknown as Bundle;
      const target = files[worker];
      if (target?.type !== 'chunk') return;
      const addresses = messengerFiles(files).map((file) => base + file);
      const build = createHash('sha256').update(addresses.join('\n')).update(target.code);
      target.code = target.code
        .replaceAll('__FILES__', JSON.stringify(addresses))
        .replaceAll('__BUILD__', JSON.stringify(build.digest('hex').slice(0, 12)));
    },
  };
}

/** What the messenger loads, at once or later: it has to open without a network. */
function messengerFiles(files: Bundle): string[] {
  const start = Object.entries(files).find(
    ([, file]) => file.type === 'chunk' && file.facadeModuleId?.endsWith(messenger) === true,
  );
  if (start === undefined) throw new Error(`the build has no entry ${messenger}`);
  const found = new Set<string>();
  const waiting = [start[0]];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const file = files[name];
    if (found.has(name) || file?.type !== 'chunk') continue;
    if (later.test(file.facadeModuleId ?? '')) continue;
    found.add(name);
    waiting.push(...file.imports, ...file.dynamicImports);
    for (const one of file.viteMetadata?.importedCss ?? []) found.add(one);
    for (const one of file.viteMetadata?.importedAssets ?? []) found.add(one);
  }
  return [...found].sort();
}
