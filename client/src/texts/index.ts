// The texts of the language in use, and numbers, dates and sizes as that language writes them.
import { en } from './en';
import { directionOf, language } from './language';

export type Texts = typeof en;

/** English until `loadTexts` was awaited: read it where it is shown, not when a module begins. */
export let texts: Texts = en;

/** Fetches the texts of the language in use; the page says which one it is in. */
export async function loadTexts(): Promise<void> {
  if (language === 'de') texts = (await import('./de')).de;
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

export * from './formats';
