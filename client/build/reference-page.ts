// Builds the page of the API's reference apart from everything else.
//
// In one build it would share Svelte with the messenger, which would then come in more files or be
// fetched by this page as a whole.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type ResolvedConfig } from 'vite';

export function referencePage(): Plugin {
  let config: ResolvedConfig | null = null;
  return {
    name: 'reference-page',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      sequential: true,
      async handler() {
        if (config !== null) await buildPage(config);
      },
    },
  };
}

async function buildPage({ root, base, css, build: made }: ResolvedConfig): Promise<void> {
  await build({
    configFile: false,
    root,
    base,
    publicDir: false,
    logLevel: 'warn',
    plugins: [svelte()],
    css: { preprocessorOptions: css.preprocessorOptions ?? {} },
    build: {
      outDir: made.outDir,
      emptyOutDir: false,
      manifest: '.vite/reference.json',
      target: made.target,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        input: { reference: 'src/reference.ts' },
        checks: { pluginTimings: false },
      },
    },
  });
}
