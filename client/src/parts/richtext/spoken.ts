// Marked-up text as it is said in one line: without the signs of the markup.
import { hasMarkup } from './markup';

/** Good enough for a line in a list, and quick; the exact reading is the parser's. */
export function spoken(text: string): string {
  if (!hasMarkup(text)) return text;
  return text
    .replace(/^[ \t]*```[\w+#.-]*\n?/gmu, '')
    .replace(/^[ \t]{0,3}(?:> ?)+/gmu, '')
    .replace(/\[([^\][\n]*)\]\((?:https?:|mailto:)[^()\s]*\)/gu, '$1')
    .replace(/(?<![\p{L}\p{N}\\/*])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1(?![\p{L}\p{N}*])/gu, '$2')
    .replace(/(?<![\p{L}\p{N}\\/_])(_{1,2})(?=[^\s_])([^_\n]*[^\s_])\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/~~(?=\S)([^~\n]*\S)~~/gu, '$1')
    .replace(/`([^`\n]+)`/gu, '$1')
    .trim();
}
