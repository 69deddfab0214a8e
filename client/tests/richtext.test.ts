// Texts of messages become trees: what is markup, what stays as it was typed, what is never let in.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlighted } from '../src/richtext/highlight';
import { plainInline } from '../src/richtext/inline';
import { countFewEmoji, hasMarkup } from '../src/richtext/markup';
import { parse } from '../src/richtext/parser';
import { textOf } from '../src/richtext/tree';
import type { Block, Inline } from '../src/richtext/tree';

/** A tree in one line, to compare with. */
function drawn(text: string, mentions: { user: string | null; text: string }[] = []): string {
  return parse(text, mentions).map(block).join('|');
}

function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return one.children.map(inline).join('');
    case 'quote':
      return `quote(${one.children.map(block).join('|')})`;
    case 'code':
      return `code:${one.language}(${one.text})`;
    case 'list': {
      const items = one.items.map((item) => `<${item.map(block).join('|')}>`).join('');
      return `${one.ordered ? `ol${one.start}` : 'ul'}(${items})`;
    }
  }
}

function inline(one: Inline): string {
  switch (one.kind) {
    case 'text':
      return one.text;
    case 'code':
      return `code(${one.text})`;
    case 'mention':
      return `mention(${one.text})`;
    case 'link':
      return `link[${textOf(one.children)}](${one.href}${one.host === null ? '' : ` !${one.host}`})`;
    default:
      return `${one.kind}(${one.children.map(inline).join('')})`;
  }
}

function links(nodes: readonly Inline[]): string[] {
  return nodes.flatMap((node) =>
    node.kind === 'link' ? [node.href] : 'children' in node ? links(node.children) : [],
  );
}

function allLinks(blocks: readonly Block[]): string[] {
  return blocks.flatMap((one) => {
    if (one.kind === 'paragraph') return links(one.children);
    if (one.kind === 'quote') return allLinks(one.children);
    return one.kind === 'list' ? one.items.flatMap(allLinks) : [];
  });
}

describe('markup', () => {
  test.each([
    [
      '**bold** and *italic* and _italic_ and ~~gone~~',
      'strong(bold) and em(italic) and em(italic) and del(gone)',
    ],
    ['***both***', 'em(strong(both))'],
    ['**a *b* c**', 'strong(a em(b) c)'],
    ['(**x**), *"quoted"*!', '(strong(x)), em("quoted")!'],
    ['这是**粗体**字', '这是strong(粗体)字'],
    ['`a*b*c` and ``x`y``', 'code(a*b*c) and code(x`y)'],
    ['```js\nlet a = 1;\n  b\n```', 'code:js(let a = 1;\n  b)'],
    ['- a\n- b\n  - c', 'ul(<a><b|ul(<c>)>)'],
    ['3. a\n4. b', 'ol3(<a><b>)'],
    ['> quoted\n> twice\n\nanswer', 'quote(quoted\ntwice)|answer'],
    ['a **b**\nc\n  d', 'a strong(b)\nc\n  d'],
    ['[here](https://example.org/a)', 'link[here](https://example.org/a)'],
    [
      '**https://example.org/x_y_z**',
      'strong(link[https://example.org/x_y_z](https://example.org/x_y_z))',
    ],
    ['*mail* me@example.org', 'em(mail) link[me@example.org](mailto:me@example.org)'],
    ['\\*no\\* **yes**', '*no* strong(yes)'],
  ])('%j', (text, tree) => {
    expect(hasMarkup(text)).toBe(true);
    expect(drawn(text)).toBe(tree);
  });

  test.each([
    'snake_case_word and __x',
    '2*3*4 = 24 and 2 * 3 * 4',
    '# no heading',
    '#channel',
    'a | b\n--- | ---\n1 | 2',
    '<b>bold</b> &amp; <script>alert(1)</script>',
    '¯\\_(ツ)_/¯',
    '>_< and >:(',
    '*.js *.ts',
    'src/**/*.ts and tests/**/*.ts',
    'C:\\new_folder\\_x',
    'title\n====',
    '[x]: https://example.invalid*',
    '5*',
  ])('stays as typed: %j', (text) => {
    const shown = parse(text, []).map((one) =>
      one.kind === 'paragraph' ? textOf(one.children) : block(one),
    );
    expect(shown.join('\n')).toBe(text);
  });

  test('pictures stay text', () => {
    expect(drawn('![cat](https://example.org/c.png)')).toBe(
      '![cat](link[https://example.org/c.png](https://example.org/c.png))',
    );
  });

  test('an address keeps its underscores and stars', () => {
    expect(drawn('*see* https://example.org/_a_/*b*?c=_d')).toBe(
      'em(see) link[https://example.org/_a_/*b*?c=_d](https://example.org/_a_/*b*?c=_d)',
    );
  });

  test.each(['snake_case', 'a - b', 'https://example.org/a_b', 'Hello!', '#1', '10.5', 'x > y'])(
    'is not even looked for in %j',
    (text) => expect(hasMarkup(text)).toBe(false),
  );
});

describe('links', () => {
  test.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](//example.org)',
    '[x](/c/1)',
    '[x](\u0001javascript:alert(1))',
    '<javascript:alert(1)>*x*',
    '*x* javascript://example.org/%0aalert(1)',
  ])('are never made of %j', (text) => {
    expect(allLinks(parse(text, []))).toEqual([]);
  });

  test('tell where they lead when their label says something else', () => {
    expect(drawn('[https://bank.example](https://evil.example/x)')).toContain('!evil.example');
    expect(drawn('[bank.example](https://evil.example/x)')).toContain('!evil.example');
    expect(drawn('[bank.example](https://bank.example/login)')).not.toContain('!');
    expect(drawn('[my photos](https://photos.example/)')).not.toContain('!');
  });

  test('have labels without signs that turn the writing direction', () => {
    expect(drawn('[\u202Eknab\u202C](https://evil.example/)')).toBe(
      'link[knab](https://evil.example/)',
    );
  });

  test('are only http, https and mailto, whatever was typed', () => {
    const parts = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      'javascript:',
      'data:',
      'https://a.b',
      '*',
      '_',
      '`',
      '<',
      '>',
      '\n',
      ' ',
      '!',
      '@',
      'x',
      '\\',
      '- ',
      '1. ',
      '> ',
      '~~',
      '```',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (pieces) => {
        for (const href of allLinks(parse(pieces.join(''), []))) {
          expect(href).toMatch(/^(?:https?|mailto):/u);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('mentions', () => {
  const mentions = [
    { user: 'u1', text: 'Ana' },
    { user: 'u2', text: 'Ana María' },
    { user: null, text: 'all' },
  ];

  test('are found in plain text and in markup, the longest first', () => {
    expect(plainInline('Hi @Ana María, @Ana and @all!', mentions).map(inline).join('')).toBe(
      'Hi mention(@Ana María), mention(@Ana) and mention(@all)!',
    );
    expect(drawn('**@Ana** and `@Ana`', mentions)).toBe('strong(mention(@Ana)) and code(@Ana)');
  });

  test('are whole words', () => {
    expect(
      plainInline('@Anabel me@all x@Ana', mentions).some(({ kind }) => kind === 'mention'),
    ).toBe(false);
  });

  test('leave addresses alone', () => {
    expect(
      plainInline('@Ana https://example.org/@all', [{ user: 'u1', text: 'Ana' }])
        .map(inline)
        .join(''),
    ).toBe('mention(@Ana) link[https://example.org/@all](https://example.org/@all)');
  });
});

describe('nasty texts', () => {
  const long = 10_000;
  test.each([
    ['stars', '*'.repeat(long)],
    ['brackets', '['.repeat(long)],
    ['pairs of brackets', '[]('.repeat(long / 3)],
    ['closing brackets', `https://a.b/${')'.repeat(long - 12)}`],
    ['backticks', '`'.repeat(long)],
    ['growing backticks', Array.from({ length: 140 }, (_, count) => '`'.repeat(count)).join(' ')],
    ['quotes', '> '.repeat(long / 2)],
    ['lists', '- '.repeat(long / 2)],
    ['open emphasis', '*a '.repeat(long / 3)],
    ['deep emphasis', `${'**a *'.repeat(1000)}x${'* b**'.repeat(1000)}`],
    ['addresses', 'https://'.repeat(long / 8)],
    ['ats', '@'.repeat(long)],
    ['tildes', '~~a'.repeat(long / 3)],
    ['escapes', '\\'.repeat(long)],
    ['links in links', '[a](https://a.b '.repeat(long / 16)],
  ])('%s are read to the end and are not lost', (_name, text) => {
    const blocks = parse(text, [{ user: null, text: 'all' }]);
    expect(blocks.length).toBeGreaterThan(0);
    expect(depthOf(blocks)).toBeLessThan(40);
  });

  test('no letter is lost, whatever surrounds it', () => {
    const parts = fc.oneof(
      fc.constantFrom(
        '*',
        '_',
        '`',
        '~~',
        '[',
        ']',
        '(',
        ')',
        '\n',
        '> ',
        '- ',
        '1. ',
        ' ',
        '    ',
        '#',
        '|',
        '<b>',
        '&lt;',
        '```',
      ),
      fc.constantFrom('alpha', 'beta', 'gamma', 'δέλτα', '中文', 'مرحبا', '😀'),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 80 }), (pieces) => {
        const text = pieces.join('');
        const letters = (of: string): string =>
          of.replace(/[^\p{L}\p{Extended_Pictographic}]/gu, '');
        // The language of a block of code is shown as its label.
        expect(Array.from(letters(everything(parse(text, [])))).sort()).toEqual(
          Array.from(letters(text)).sort(),
        );
      }),
      { numRuns: 500 },
    );
  });
});

function everything(blocks: readonly Block[]): string {
  return blocks
    .map((one) => {
      if (one.kind === 'paragraph') return textOf(one.children);
      if (one.kind === 'quote') return everything(one.children);
      if (one.kind === 'code') return one.language + one.text;
      return one.items.map(everything).join('');
    })
    .join('');
}

function depthOf(blocks: readonly Block[]): number {
  return Math.max(
    0,
    ...blocks.map((one) => {
      if (one.kind === 'paragraph') return 1 + inlineDepth(one.children);
      if (one.kind === 'quote') return 1 + depthOf(one.children);
      return one.kind === 'list' ? 1 + Math.max(0, ...one.items.map(depthOf)) : 1;
    }),
  );
}

function inlineDepth(nodes: readonly Inline[]): number {
  return Math.max(
    0,
    ...nodes.map((node) => ('children' in node ? 1 + inlineDepth(node.children) : 1)),
  );
}

describe('a few emoji', () => {
  test.each<[string, number]>([
    ['😀', 1],
    ['👍🏽', 1],
    ['👨‍👩‍👧‍👦', 1],
    ['🇩🇪', 1],
    ['❤️', 1],
    ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', 1],
    ['1️⃣', 1],
    ['😀 😂 🎉', 3],
    ['😀😀😀😀', 4],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 9],
  ])('%s are shown large', (text, count) => expect(countFewEmoji(text)).toBe(count));

  test.each(['', '1', '123', '#', 'a😀', '😀😀😀😀😀😀😀😀😀😀', '😀!', '©', '*', '12', '❤'])(
    '%j are not',
    (text) => expect(countFewEmoji(text)).toBe(0),
  );
});

describe('code', () => {
  test('is cut into coloured pieces that together are the code', () => {
    const pieces = highlighted('const a = "<b>"; // x', 'js') ?? [];
    expect(pieces.map(({ text }) => text).join('')).toBe('const a = "<b>"; // x');
    expect(pieces.find(({ text }) => text === 'const')?.look).toBe('keyword');
  });

  test('in an unknown language stays as it is', () => {
    expect(highlighted('x', 'klingon')).toBeNull();
  });
});
