// What the shortcuts for Markdown do to a text and its selection.

export interface Edit {
  /** This part is replaced … */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** … and this is selected afterwards. */
  readonly start: number;
  readonly end: number;
}

export const marks = { bold: '**', italic: '_', strike: '~~', code: '`' } as const;
export type Mark = keyof typeof marks;

/** Puts the signs around the selection, or takes them away where they are. */
export function marked(text: string, start: number, end: number, mark: Mark): Edit {
  if (mark === 'code' && text.slice(start, end).includes('\n')) return fenced(text, start, end);
  const sign = marks[mark];
  const long = sign.length;
  if (text.slice(start - long, start) === sign && text.slice(end, end + long) === sign) {
    const insert = text.slice(start, end);
    return { from: start - long, to: end + long, insert, start: start - long, end: end - long };
  }
  const chosen = text.slice(start, end);
  if (chosen.length >= 2 * long && chosen.startsWith(sign) && chosen.endsWith(sign)) {
    const insert = chosen.slice(long, -long);
    return { from: start, to: end, insert, start, end: start + insert.length };
  }
  return around(start, chosen, sign);
}

/** Spaces at the ends stay outside: signs beside a space mean nothing. */
function around(start: number, chosen: string, sign: string): Edit {
  const inner = chosen.trim();
  const before = inner === '' ? '' : chosen.slice(0, chosen.indexOf(inner));
  const after = inner === '' ? '' : chosen.slice(before.length + inner.length);
  const from = start + before.length + sign.length;
  return {
    from: start,
    to: start + chosen.length,
    insert: `${before}${sign}${inner}${sign}${after}`,
    start: from,
    end: from + inner.length,
  };
}

function fenced(text: string, start: number, end: number): Edit {
  const chosen = text.slice(start, end).replace(/\n$/, '');
  const before = start === 0 || text[start - 1] === '\n' ? '' : '\n';
  const after = end === text.length || text[end] === '\n' ? '' : '\n';
  const from = start + before.length + 4;
  return {
    from: start,
    to: end,
    insert: `${before}\`\`\`\n${chosen}\n\`\`\`${after}`,
    start: from,
    end: from + chosen.length,
  };
}

const address = /^(?:https?:\/\/|mailto:)\S+$/i;

export function isAddress(text: string): boolean {
  return address.test(text.trim());
}

/** Makes the selection a link; what is missing, the words or the address, is typed next. */
export function linked(text: string, start: number, end: number, target = ''): Edit {
  const chosen = text.slice(start, end);
  const isTarget = target === '' && isAddress(chosen);
  const words = isTarget ? '' : chosen;
  const to = isTarget ? chosen.trim() : target;
  const insert = `[${words}](${to})`;
  const inWords = words === '';
  const caret = start + (inWords ? 1 : words.length + 3);
  const done = words !== '' && to !== '';
  const place = done ? start + insert.length : caret;
  return { from: start, to: end, insert, start: place, end: place };
}

/** Which shortcut a key is; none for keys that mean something else. */
export function shortcutOf(event: {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}): Mark | 'link' | null {
  if (event.altKey || event.ctrlKey === event.metaKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === 'x' ? 'strike' : key === 'k' ? 'link' : null;
  const plain: Partial<Record<string, Mark>> = { b: 'bold', i: 'italic', e: 'code' };
  return plain[key] ?? null;
}
