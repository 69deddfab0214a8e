// What the server reads in a text is what is shown of it: one table of cases for both languages.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hrefOf } from '../src/richtext/addresses';
import { plainInline } from '../src/richtext/inline';
import { hasMarkup } from '../src/richtext/markup';
import { parse } from '../src/richtext/parser';
import { inlinePieces, joined, type TextPiece, textPieces } from '../src/richtext/plain';

type Row = readonly [kind: string, text: string, href?: string];

interface Case {
  readonly body: string;
  readonly pieces: readonly Row[];
}

// A test of the server sets the first one, to compare both on texts that nobody thought of.
const path = process.env['RICHTEXT_CASES'] ?? '../tests/richtext/cases.jsonl';
const [first = '{}', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
const { names } = JSON.parse(first) as { names: string[] };
const cases = lines.map((line) => JSON.parse(line) as Case);
const mentions = names.map((text) => ({ user: text, text }));

function shown(body: string): TextPiece[] {
  if (hasMarkup(body)) return textPieces(parse(body, mentions));
  return joined(plainInline(body, mentions).flatMap(inlinePieces));
}

/** As the table has it; an address that the browser can make no link of is text for it. */
function expected(rows: readonly Row[]): TextPiece[] {
  return joined(
    rows.map(([kind, text, href]): TextPiece => {
      if (href === undefined) return { kind: kind as TextPiece['kind'], text };
      const read = hrefOf(href);
      return read === null ? { kind: 'text', text } : { kind: 'link', text, href: read };
    }),
  );
}

/** Without what turns the direction: it is taken from links only, and not from what is none. */
function straight(pieces: readonly TextPiece[]): TextPiece[] {
  return pieces.map((one) => ({ ...one, text: one.text.replace(/[\u202A-\u202E]/gu, '') }));
}

describe('the pieces of a text are those that the server sees', () => {
  test('there are cases', () => expect(cases.length).toBeGreaterThan(100));

  test.each(cases)('$body', ({ body, pieces }) => {
    expect(straight(shown(body))).toEqual(straight(expected(pieces)));
  });
});
