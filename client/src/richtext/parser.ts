// Markdown to a tree: markdown-it finds the structure, HTML never comes into being.
//
// Stricter than CommonMark where people would be surprised: what looks like arithmetic, a file name
// or an address stays as it was typed. Headings, pictures, tables, entities and HTML are plain text.
import MarkdownIt from 'markdown-it';
//
// The server reads the same rules (src/echosphere/richtext): whom a message calls is what is shown.
import { type Address, addressesOf, hrefOf, isWebAddress, lastOf, piecesOf } from './addresses';
import { pattern } from './patterns';
import { mentionAt, textNode } from './inline';
import { textPieces } from './plain';
import { textOf } from './tree';
import type { Block, Inline, Mentioned } from './tree';

type Markdown = InstanceType<typeof MarkdownIt>;
type Token = ReturnType<Markdown['parse']>[number];
type Scanned = ReturnType<InstanceType<Markdown['inline']['State']>['scanDelims']>;
type InlineRule = Parameters<Markdown['inline']['ruler']['push']>[1];

const deepest = 16;
/** Lines, and characters that may be markup: a text with more is shown as it was typed. */
const mostMarks = 2_000;

export function parse(text: string, mentions: readonly Mentioned[]): Block[] {
  const marks = (text.match(stop)?.length ?? 0) + text.split('\n').length - 1;
  if (marks > mostMarks) return [asTyped(text)];
  const tokens = markdown.parse(withPlainQuotes(text), { mentions });
  // Below its deepest level the parser drops what it finds: nothing anybody wrote may vanish.
  const deep = tokens.some(({ level }) => level >= deepest - 2);
  if (deep) return [asTyped(text)];
  const blocks = new Reader(tokens).blocks();
  return textPieces(blocks).length === 0 ? [asTyped(text)] : blocks;
}

function asTyped(text: string): Block {
  return { kind: 'paragraph', tight: true, children: [textNode(text)] };
}

const noQuote = '\u{E0001}';
const face = pattern('face', 'gu');

/** `>_<` and `>:(` are faces: only a sign with a space behind it quotes. */
function withPlainQuotes(text: string): string {
  return text.replace(face, `$1${noQuote}`);
}

const edge = pattern('edge');
const stop = pattern('stop', 'gu');
const space = pattern('blank');
/** Scripts that put no spaces between their words. */
const unspaced = pattern('unspacedCharacter');
/** Ends a word for markup. Slashes and backslashes belong to paths and to ¯\_(ツ)_/¯. */
const boundary = pattern('punctuation');
const unescaped = pattern('unescaped');
const closing = /^[)\]}]$/u;
const opening = /^[([{]$/u;

const markdown = new MarkdownIt('zero', { html: false, linkify: false, maxNesting: deepest });
markdown.enable(['fence', 'blockquote', 'list', 'paragraph']);
markdown.enable(['backticks', 'strikethrough', 'emphasis', 'link']);
markdown.inline.ruler2.enable(['balance_pairs', 'strikethrough', 'emphasis', 'fragments_join']);
markdown.validateLink = (address) => isWebAddress(address) || /^mailto:/iu.test(address);
markdown.normalizeLink = (address) => address;

class State extends markdown.inline.State {
  readonly addresses = addressesOf(this.src);

  /** The last address that begins at a place or before it, and the next one. */
  around(place: number): readonly [Address | undefined, Address | undefined] {
    let low = 0;
    let high = this.addresses.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.addresses[middle]?.start ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return [this.addresses[low - 1], this.addresses[low]];
  }

  /** Which runs of `*`, `_` and `~` open and close: never inside of a word or a calculation. */
  override scanDelims(start: number): Scanned {
    const marker = this.src[start];
    let end = start;
    while (end < this.posMax && this.src[end] === marker) end += 1;
    const before = start === 0 ? ' ' : lastOf(this.src, start);
    const after = end >= this.posMax ? ' ' : String.fromCodePoint(this.src.codePointAt(end) ?? 32);
    const beyond = String.fromCodePoint(this.src.codePointAt(end + 1) ?? 32);
    const dotted = after === '.' && !boundary.test(beyond);
    const inside = unspaced.test(before) || unspaced.test(after);
    return {
      can_open: !space.test(after) && !closing.test(after) && (inside || boundary.test(before)),
      can_close:
        !space.test(before) &&
        !opening.test(before) &&
        (inside || (boundary.test(after) && !dotted)),
      length: end - start,
    };
  }
}

markdown.inline.State = State;

/** What cannot be markup, up to the next address. */
const plain: InlineRule = (state, silent) => {
  if (!(state instanceof State)) return false;
  stop.lastIndex = state.pos;
  const found = stop.exec(state.src)?.index ?? state.posMax;
  const [current, next] = state.around(state.pos);
  const address = current?.start === state.pos ? current : next;
  const end = Math.min(found, state.posMax, address?.start ?? state.posMax);
  if (end === state.pos) return false;
  if (!silent) state.pending += state.src.slice(state.pos, end);
  state.pos = end;
  return true;
};

/** Addresses are taken whole, so that the signs in them are no markup. */
const address: InlineRule = (state, silent) => {
  if (!(state instanceof State)) return false;
  const [found] = state.around(state.pos);
  if (found?.start !== state.pos || state.linkLevel > 0 || found.end > state.posMax) return false;
  if (!silent) {
    const token = state.push('address', '', 0);
    token.content = state.src.slice(found.start, found.end);
    token.meta = { href: found.href };
  }
  state.pos = found.end;
  return true;
};

const mention: InlineRule = (state, silent) => {
  if (!(state instanceof State)) return false;
  if (state.src[state.pos] !== '@' || state.linkLevel > 0) return false;
  const [before] = state.around(state.pos);
  if (before !== undefined && state.pos < before.end) return false;
  const mentions = state.env['mentions'] as readonly Mentioned[];
  const found = mentionAt(state.src, state.pos, mentions);
  if (found === null || state.pos + 1 + found.text.length > state.posMax) return false;
  if (!silent) {
    const token = state.push('mention', '', 0);
    token.content = `@${found.text}`;
    token.meta = { user: found.user };
  }
  state.pos += 1 + found.text.length;
  return true;
};

/** A backslash takes a sign its meaning, but not in C:\new\_folder and not in ¯\_(ツ)_/¯. */
const escaped: InlineRule = (state, silent) => {
  if (state.src[state.pos] !== '\\') return false;
  const before = lastOf(state.src, state.pos);
  const sign = state.src[state.pos + 1] ?? '';
  if (!/[*`]/u.test(sign) && (!/[_~[\]>#-]/u.test(sign) || unescaped.test(before))) return false;
  if (!silent) state.pending += sign;
  state.pos += 2;
  return true;
};

/** A picture's markup stays what it is, its address becomes a link like any other. */
const picture: InlineRule = (state, silent) => {
  if (!state.src.startsWith('![', state.pos)) return false;
  if (!silent) state.pending += '![';
  state.pos += 2;
  return true;
};

/** Takes the same white space from the edges of a paragraph as the server does. */
markdown.core.ruler.after('block', 'trim', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type !== 'inline') continue;
    let [start, end] = [0, token.content.length];
    while (start < end && edge.test(token.content.charAt(start))) start += 1;
    while (start < end && edge.test(token.content.charAt(end - 1))) end -= 1;
    token.content = token.content.slice(start, end);
  }
});
markdown.inline.ruler.at('text', plain);
markdown.inline.ruler.before('backticks', 'address', address);
markdown.inline.ruler.before('backticks', 'escaped', escaped);
markdown.inline.ruler.before('backticks', 'mention', mention);
markdown.inline.ruler.before('link', 'picture', picture);

const turning = pattern('turning', 'gu');
const language = pattern('language');

/** Signs that turn the writing direction make a label read like another one. */
function straight(text: string): string {
  return text.replace(turning, '');
}

/** Reads the parser's flat list of tokens as a tree. */
class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  blocks(until?: string): Block[] {
    const blocks: Block[] = [];
    for (let token = this.#next(); token !== undefined; token = this.#next()) {
      if (token.type === until) break;
      const block = this.#block(token);
      if (block !== null) blocks.push(block);
    }
    return blocks;
  }

  #next(): Token | undefined {
    const token = this.tokens[this.#at];
    this.#at += 1;
    return token;
  }

  #block(token: Token): Block | null {
    switch (token.type) {
      case 'paragraph_open': {
        const inline = this.#next();
        this.#next();
        return {
          kind: 'paragraph',
          tight: token.hidden,
          children: new InlineReader(inline?.children ?? []).read(),
        };
      }
      case 'blockquote_open':
        return { kind: 'quote', children: this.blocks('blockquote_close') };
      case 'bullet_list_open':
        return { kind: 'list', ordered: false, start: 1, items: this.#items('bullet_list_close') };
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1);
        return { kind: 'list', ordered: true, start, items: this.#items('ordered_list_close') };
      }
      case 'fence':
        return fenceOf(unmarked(token.info.trim()), unmarked(token.content.replace(/\n$/u, '')));
      default:
        return null;
    }
  }

  #items(until: string): Block[][] {
    const items: Block[][] = [];
    for (let token = this.#next(); token !== undefined; token = this.#next()) {
      if (token.type === until) break;
      items.push(this.blocks('list_item_close'));
    }
    return items;
  }
}

/** One word behind the fence is the language; anything else there was meant as code. */
function fenceOf(info: string, content: string): Block {
  if (language.test(info)) return { kind: 'code', language: info, text: content };
  return { kind: 'code', language: '', text: content === '' ? info : `${info}\n${content}` };
}

const styles: Readonly<Record<string, 'strong' | 'em' | 'del'>> = {
  strong_open: 'strong',
  em_open: 'em',
  s_open: 'del',
};

class InlineReader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  read(until?: string, depth = 0, linked = false): Inline[] {
    const nodes: Inline[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') nodes.push(textNode(linked ? straight(text) : text));
      text = '';
    };
    while (this.#at < this.tokens.length) {
      const token = this.tokens[this.#at] as Token;
      this.#at += 1;
      if (token.type === until) break;
      const piece = this.#piece(token, depth, linked);
      if (typeof piece === 'string') text += piece;
      else {
        flush();
        nodes.push(...piece);
      }
    }
    flush();
    return nodes;
  }

  /** Text, which is joined with its neighbours, or nodes. */
  #piece(token: Token, depth: number, linked: boolean): string | readonly Inline[] {
    const style = styles[token.type];
    if (style !== undefined) {
      const children = this.read(token.type.replace('open', 'close'), depth + 1, linked);
      // Styles within styles within styles look no different any more.
      return depth >= deepest ? children : [{ kind: style, children }];
    }
    switch (token.type) {
      case 'text':
      case 'text_special':
        return unmarked(token.content);
      case 'hardbreak':
      case 'softbreak':
        return '\n';
      case 'code_inline':
        return [{ kind: 'code', text: unmarked(token.content) }];
      case 'mention':
        return [
          { kind: 'mention', user: token.meta?.['user'] as string | null, text: token.content },
        ];
      case 'address': {
        const href = token.meta?.['href'] as string | null;
        if (href === null) return unmarked(token.content);
        const children = [textNode(straight(unmarked(token.content)))];
        return [{ kind: 'link', href, host: null, children }];
      }
      case 'link_open': {
        const children = this.read('link_close', depth + 1, true);
        return linked ? children : linkOf(String(token.attrGet('href') ?? ''), children);
      }
      default:
        return unmarked(token.content);
    }
  }
}

function linkOf(address: string, children: readonly Inline[]): readonly Inline[] {
  const href = hrefOf(address);
  const label = children.length === 0 ? [textNode(address)] : children;
  if (href === null) return label;
  return [{ kind: 'link', href, host: misleading(href, textOf(label)), children: label }];
}

/** A label that is itself an address elsewhere: then the true host is told as well. */
function misleading(href: string, label: string): string | null {
  const host = new URL(href).hostname;
  const shown = piecesOf(label).flatMap((piece) => (piece.href === null ? [] : [piece.href]));
  const bare = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?=$|[/:?#\s])/u.exec(label.trim())?.[0];
  if (bare !== undefined) shown.push(`https://${bare}`);
  const other = shown.some((one) => URL.canParse(one) && new URL(one).hostname !== host);
  return other ? (host === '' ? href.replace(/^mailto:/iu, '') : host) : null;
}

function unmarked(text: string): string {
  return text.includes(noQuote) ? text.replaceAll(noQuote, '') : text;
}
