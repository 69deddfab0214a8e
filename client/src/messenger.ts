// Starts the messenger in the page that the server rendered for it.
import { mount } from 'svelte';
import Shell from './parts/shell/Shell.svelte';
import { Messenger } from './messenger/messenger.svelte';
import { savedColourMode, showColourMode } from './theme/colour-mode';
import './theme/messenger.scss';

showColourMode(savedColourMode());

const target = document.getElementById('messenger');
if (target === null) throw new Error('the page has no element with the id "messenger"');

const messenger = new Messenger();
mount(Shell, { target, props: { messenger } });
for (const notice of document.querySelectorAll<HTMLElement>('#notices li')) {
  // What the server had to say when it rendered this page looks like every other notice.
  const text = notice.textContent.trim();
  if (notice.dataset['category'] === 'danger') messenger.notices.bad(text);
  else messenger.notices.good(text);
}
void messenger.start();
