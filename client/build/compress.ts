// Puts a Brotli and a gzip form beside each file of the build that gets smaller by it.
//
// The server chooses by what a browser accepts; compressing once, here, can take all the time
// that the smallest form needs.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(?:css|js|mjs|json|svg|webmanifest|wasm|txt)$/;
/** Below this, headers weigh more than what is saved. */
const minimumBytes = 1_000;

export function compress(): Plugin {
  let folder = '';
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of filesIn(folder)) if (compressible.test(file)) compressFile(file);
    },
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('.vite'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function compressFile(file: string): void {
  const content = readFileSync(file);
  if (content.length < minimumBytes) return;
  const brotli = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  for (const [ending, form] of [
    ['.br', brotli],
    ['.gz', gzipSync(content, { level: 9 })],
  ] as const) {
    if (form.length < content.length) writeFileSync(file + ending, form);
  }
}
