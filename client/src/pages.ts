// The small script of the server-rendered pages: colours, closing notices, showing a password.
import { guardCompositions } from './ui/composition';
import { copyText } from './ui/copy';
import { savedColourMode, showColourMode } from './ui/theme/colour-mode';
import './ui/theme/pages.scss';

guardCompositions(window);
showColourMode(savedColourMode());

/** `<button data-dismiss="alert">` inside an `.alert` takes the notice away. */
function dismissNotice(button: Element): void {
  button.closest('.alert')?.remove();
}

/** `<button data-reveal="id-of-field">` switches a password field between dots and text. */
function revealPassword(button: Element, field: string): void {
  const input = document.getElementById(field);
  if (!(input instanceof HTMLInputElement)) return;
  const shown = input.type === 'password';
  input.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
}

/** `<button data-copy="text" data-copied="said then">` puts a text on the clipboard. */
async function copy(button: HTMLElement): Promise<void> {
  const { copy: text = '', copied = '' } = button.dataset;
  if (await copyText(text)) button.textContent = copied;
}

// Without a script nothing would come of them.
for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) button.hidden = false;

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  void import('./passkey-forms').then(({ offerPasskeys }) => offerPasskeys(form));
}

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  const dismiss = target.closest('[data-dismiss="alert"]');
  if (dismiss !== null) dismissNotice(dismiss);
  const copied = target.closest<HTMLElement>('[data-copy]');
  if (copied !== null) void copy(copied);
  const reveal = target.closest('[data-reveal]');
  if (reveal !== null) revealPassword(reveal, reveal.getAttribute('data-reveal') ?? '');
});

// A form that is on its way must not be sent twice by an impatient second click.
document.addEventListener('submit', ({ target }) => {
  if (!(target instanceof HTMLFormElement)) return;
  for (const button of target.querySelectorAll<HTMLButtonElement>('button[type="submit"]')) {
    // Disabled only after the browser has taken the button's own name and value.
    setTimeout(() => (button.disabled = true), 0);
  }
});
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[type="submit"]')) {
    button.disabled = false;
  }
});
