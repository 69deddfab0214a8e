// The files that pdf.js fetches when a document needs them: character maps, the fonts that every
// reader of PDFs has, and decoders for pictures. They keep their names, in a folder per version.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const name = 'virtual:pdf-files';
const root = dirname(require.resolve('pdfjs-dist/package.json'));
const { version } = require('pdfjs-dist/package.json') as { version: string };
const folder = `assets/pdfjs-${version}/`;
/** Our pages may not compile WebAssembly: of the decoders, only those in plain script are shipped. */
const wanted: Readonly<Record<string, RegExp>> = {
  cmaps: /./,
  standard_fonts: /./,
  wasm: /^(?:LICENSE|.*_nowasm_fallback\.js$)/,
};

export function pdfFiles(): Plugin {
  let base = '/node_modules/pdfjs-dist/';
  return {
    name: 'pdf-files',
    configResolved(config) {
      if (config.command === 'build') base = config.base + folder;
    },
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(base)};` : null),
    generateBundle() {
      for (const file of files()) {
        const source = readFileSync(join(root, file));
        this.emitFile({ type: 'asset', fileName: folder + file, source });
      }
    },
  };
}

function files(): string[] {
  const found = Object.entries(wanted).flatMap(([inside, names]) =>
    readdirSync(join(root, inside))
      .filter((file) => names.test(file))
      .map((file) => `${inside}/${file}`),
  );
  return ['LICENSE', ...found];
}
