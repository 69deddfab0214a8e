// Marked-up text without its markup, before the parser is here.

/** Good enough for a moment, and quick; the exact reading is the parser's. */
export function roughly(text: string): string {
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
