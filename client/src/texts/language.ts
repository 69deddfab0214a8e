// Which language the texts are in: what the person chose, else the first of the browser's that we speak.

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];
export type LanguageChoice = Language | 'auto';

const name = 'echosphere_language';
const rightToLeft = ['ar', 'fa', 'he', 'ur'];

export function savedLanguage(): LanguageChoice {
  try {
    const saved = localStorage.getItem(name);
    return languages.find((one) => one === saved) ?? 'auto';
  } catch {
    return 'auto';
  }
}

/** Kept for this browser, so that the next page is in this language from its first moment. */
export function saveLanguage(choice: LanguageChoice): void {
  // The cookie tells the server, for its own pages and for what it refuses.
  document.cookie = `${name}=${choice}; Path=/; Max-Age=31536000; SameSite=Lax`;
  try {
    localStorage.setItem(name, choice);
  } catch {
    // A browser that keeps nothing goes by its own languages.
  }
}

export function languageFor(choice: LanguageChoice, wanted: readonly string[]): Language {
  if (choice !== 'auto') return choice;
  for (const tag of wanted) {
    const known = languages.find((one) => tag.toLowerCase().split('-')[0] === one);
    if (known !== undefined) return known;
  }
  return 'en';
}

/** The browser's own variety of a language (`en-GB`), for numbers and dates. */
export function localeFor(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.includes(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

const wanted = typeof navigator === 'undefined' ? [] : navigator.languages;
export const language = languageFor(savedLanguage(), wanted);
export const locale = localeFor(language, wanted);
