// Starts the messenger in the page that the server rendered for it.
import { mount } from 'svelte';
import { guardCompositions } from './ui/composition';
import { fetchScreen } from './conversation/screen';
import Shell from './app/Shell.svelte';
import { Messenger } from './app/messenger.svelte';
import { provideContexts } from './app/provide-contexts';
import { yieldToMain } from './platform/yield-to-main';
import { loadTexts, prepareTimes } from './texts';
import { savedColourMode, showColourMode } from './ui/theme/colour-mode';
import { savedDensity, showDensity } from './ui/theme/density';
import { savedSideWidth, showSideWidth } from './ui/theme/side-width';
import './ui/theme/messenger.scss';

guardCompositions(window);
showColourMode(savedColourMode());
showDensity(savedDensity());
showSideWidth(savedSideWidth());
/**
 * A function, and no waiting at the top of the module: the German texts import from this file's
 * bundle, and would wait for it as it waits for them.
 */
async function start(): Promise<void> {
  // Beside the texts, where the address says that it is wanted at once; it is asked for again.
  if (location.pathname.startsWith('/c/')) fetchScreen().catch(() => undefined);
  await loadTexts();
  // Each step of the start in a task of its own: on a slow phone each of them takes long enough.
  await yieldToMain();
  prepareTimes();
  await yieldToMain();

  const target = document.getElementById('messenger');
  if (target === null) throw new Error('the page has no element with the id "messenger"');

  const messenger = new Messenger();
  // What the server drew stays in the page until there is something to show.
  const coming = target.querySelector('.es-coming');
  target.replaceChildren();
  mount(Shell, { target, props: { provide: () => provideContexts(messenger), coming } });
  for (const notice of document.querySelectorAll<HTMLElement>('#notices li')) {
    // What the server had to say when it rendered this page looks like every other notice.
    const text = notice.textContent.trim();
    if (notice.dataset['category'] === 'danger') messenger.notices.bad(text);
    else messenger.notices.good(text);
  }
  // Parts that are fetched when they are wanted have other names after the server was upgraded.
  addEventListener('vite:preloadError', () => messenger.partMissing());
  void messenger.start();
}

// When the module has ended: the browser notes where a request was made, and while the module runs,
// V8 reads all of its file again to say where that was.
queueMicrotask(() => void start());
