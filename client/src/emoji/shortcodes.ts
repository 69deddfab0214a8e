// Shortcodes in a text, such as `:smile:`: whether there are any, and putting emoji in their place.
import { loadCatalogue, loadedCatalogue, toned, type Catalogue } from './catalogue';

/** One or several on end; times, addresses and names with colons in them are none. */
const codes = /(?<![\p{L}\p{N}:/])(?::[a-z0-9_+-]{1,60}:)+(?![\p{L}\p{N}:])/iu;
const code = /:([a-z0-9_+-]+):/gi;
/** Code is left alone: fences over several lines, and one or more backticks within a line. */
const codeSpans = /(^|\n)(`{3,}|~{3,})[\s\S]*?(?:\n\2|$)|(`+)(?!`)[\s\S]*?(?<!`)\3(?!`)/g;

export function mayHoldShortcodes(text: string): boolean {
  return codes.test(text);
}

/** The text with emoji for the shortcodes that are known; others, and those in code, stay. */
export function withEmoji(text: string, catalogue: Catalogue, tone = 0): string {
  let replaced = '';
  let end = 0;
  for (const span of text.matchAll(codeSpans)) {
    replaced += inProse(text.slice(end, span.index), catalogue, tone) + span[0];
    end = span.index + span[0].length;
  }
  return replaced + inProse(text.slice(end), catalogue, tone);
}

function inProse(text: string, { byCode }: Catalogue, tone: number): string {
  return text.replace(new RegExp(codes, 'giu'), (run) =>
    run.replace(code, (whole, name: string) => {
      const found = byCode.get(name.toLowerCase());
      return found === undefined ? whole : toned(found, tone);
    }),
  );
}

const patience = 2_000;

/** As `withEmoji`; without the names (offline, at the first use) the text stays as it was typed. */
export async function replaceShortcodes(text: string, tone: number): Promise<string> {
  if (!mayHoldShortcodes(text)) return text;
  const late = new Promise<null>((done) => setTimeout(() => done(null), patience));
  const catalogue =
    loadedCatalogue() ?? (await Promise.race([loadCatalogue().catch(() => null), late]));
  return catalogue === null ? text : withEmoji(text, catalogue, tone);
}
