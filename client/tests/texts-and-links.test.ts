// What is made of typed text: links, what is sent, drafts, initials.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sendableText, excessLength } from '../src/composer/body';
import * as drafts from '../src/drafts/model';
import { initialsOf, shadeOf } from '../src/ui/avatar-fallback';
import { newKey } from '../src/platform/idempotency-key';
import { piecesOf } from '../src/richtext/addresses';

const links = (text: string): (string | null)[] =>
  piecesOf(text).flatMap(({ href }) => (href === null ? [] : [href]));

describe('links in a text', () => {
  test('are found for web and mail addresses', () => {
    expect(links('see https://example.org/a?b=c#d and www.example.org')).toEqual([
      'https://example.org/a?b=c#d',
      'https://www.example.org/',
    ]);
    expect(links('write to ana@example.org')).toEqual(['mailto:ana@example.org']);
  });

  test('leave the punctuation of the sentence out, and keep brackets that belong', () => {
    expect(piecesOf('(see https://example.org/x).').map(({ text }) => text)).toEqual([
      '(see ',
      'https://example.org/x',
      ').',
    ]);
    expect(links('https://example.org/a_(b)')).toEqual(['https://example.org/a_(b)']);
  });

  test('are never made of other schemes', () => {
    const texts = ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x'];
    expect(texts.flatMap(links)).toEqual([]);
  });

  test('lose no character of the text and have only safe schemes, whatever was typed', () => {
    const typed = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('https://', 'www.', 'javascript:', '@', '.org', ' ', ')', 'mailto:'),
      ),
    );
    fc.assert(
      fc.property(typed, (parts) => {
        const text = parts.join('');
        const pieces = piecesOf(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const { href } of pieces) expect(href ?? 'https:').toMatch(/^(?:https?|mailto):/u);
      }),
    );
  });
});

describe('a typed text', () => {
  test('is sent without the empty lines around it and with its inner form', () => {
    expect(sendableText('\n \n    code\n  more\n\n')).toBe('    code\n  more');
    expect(sendableText(' \n\t')).toBe('');
  });

  test('is cleaned of what no server stores', () => {
    expect(sendableText('a\0b\uD800c')).toBe('ab\uFFFDc');
    expect(sendableText('👍')).toBe('👍');
  });

  test('is measured in characters, not in halves of them', () => {
    expect(excessLength('👍'.repeat(10_000))).toBe(0);
    expect(excessLength('a'.repeat(10_001))).toBe(1);
    expect(excessLength('short')).toBeLessThan(0);
  });
});

describe('a draft', () => {
  const empty: drafts.Drafts = new Map();

  test('is replaced by that of another device only where the server knew ours', () => {
    const ours = drafts.typed(empty, 'c', 'ours');
    expect(drafts.draftOf(drafts.received(ours, 'c', 'theirs'), 'c').text).toBe('ours');
    const known = drafts.shared(ours, 'c', 'ours');
    expect(drafts.draftOf(drafts.received(known, 'c', 'theirs'), 'c').text).toBe('theirs');
  });

  test('stays unshared while one types on during the sharing', () => {
    const typedOn = drafts.typed(drafts.typed(empty, 'c', 'on'), 'c', 'on and on');
    expect(drafts.draftOf(drafts.shared(typedOn, 'c', 'on'), 'c').shared).toBe(false);
  });

  test('belongs to the conversation in which it was typed', () => {
    const two = drafts.typed(drafts.typed(empty, 'a', 'to a'), 'b', 'to b');
    expect(drafts.draftOf(two, 'a').text).toBe('to a');
    expect(drafts.draftOf(two, 'b').text).toBe('to b');
  });

  test('is forgotten when it is empty and the server knows it', () => {
    const cleared = drafts.typed(drafts.typed(empty, 'c', 'x'), 'c', '');
    expect(cleared.has('c')).toBe(true);
    expect(drafts.shared(cleared, 'c', '').has('c')).toBe(false);
  });
});

describe('small things', () => {
  test('initials come from the first and the last word', () => {
    expect(initialsOf('Ana Maria da Silva')).toBe('AS');
    expect(initialsOf('陈伟')).toBe('陈');
    expect(initialsOf(' ')).toBe('?');
  });

  test('every id has one of the twelve shades, always the same', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).toContain(shadeOf(id));
        expect(shadeOf(id)).toBe(shadeOf(id));
      }),
    );
  });

  test('keys are of the form that the contract asks for, and differ', () => {
    const keys = Array.from({ length: 100 }, newKey);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{24}$/u);
    expect(new Set(keys).size).toBe(100);
  });
});
