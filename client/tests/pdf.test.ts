// Which pages of a document are drawn, where they stand, and what is found in their words.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findIn, firstFrom, fold, type Line } from '../src/pdf/finding';
import { linksOf, pageOf } from '../src/pdf/links';
import type { PDFDocumentProxy } from '../src/pdf/opening';
import * as pages from '../src/pdf/pages';

const size = fc.record({
  width: fc.integer({ min: 1, max: 3_000 }),
  height: fc.integer({ min: 1, max: 5_000 }),
});
const document = fc.array(size, { minLength: 1, maxLength: 600 });

function line(text: string, ends = true): Line {
  return { text, ends };
}

function words(lines: readonly Line[], wanted: string): string[] {
  return findIn(lines, wanted, 0).map(({ from, to }) => {
    if (from.line === to.line) return lines[from.line]?.text.slice(from.at, to.at) ?? '';
    return `${lines[from.line]?.text.slice(from.at) ?? ''}|${lines[to.line]?.text.slice(0, to.at) ?? ''}`;
  });
}

describe('the pages of a document', () => {
  test('that are drawn are few, next to each other, and begin with those in view', () => {
    fc.assert(
      fc.property(
        document,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        (sizes, part, visible, scale) => {
          const layout = pages.layoutOf(sizes, scale);
          const top = part * (layout.tops.at(-1) ?? 0);
          const drawn = pages.drawnPages(layout, top, visible);
          expect(drawn.length).toBeGreaterThan(0);
          expect(drawn.length).toBeLessThanOrEqual(pages.mostDrawn);
          expect(drawn).toEqual(drawn.map((_, index) => (drawn[0] ?? 0) + index));
          expect(drawn).toContain(pages.pageAt(layout, top));
        },
      ),
    );
  });

  test('stay where they were read when they grow', () => {
    fc.assert(
      fc.property(document, fc.nat(1_000_000), (sizes, height) => {
        const [small, large] = [pages.layoutOf(sizes, 1), pages.layoutOf(sizes, 2.5)];
        const top = Math.min(height, (small.tops.at(-1) ?? 1) - 1);
        const place = pages.placeAt(small, top);
        expect(pages.heightOf(small, place)).toBeCloseTo(top, 3);
        const after = pages.placeAt(large, pages.heightOf(large, place));
        expect(after.index === place.index || Math.abs(after.part % 1) < 1e-6).toBe(true);
      }),
    );
  });

  test('fit the width at first, and not more than is good to read', () => {
    expect(pages.scaleFor({ width: 600, height: 800 }, 300, 1)).toBe(0.5);
    expect(pages.scaleFor({ width: 600, height: 800 }, 300, 2)).toBe(1);
    expect(pages.scaleFor({ width: 480, height: 800 }, 2_400, 1)).toBe(2);
  });

  test('never take more pixels than a phone gives', () => {
    fc.assert(
      fc.property(size, fc.double({ min: 0.5, max: 4, noNaN: true }), (one, wished) => {
        const dots = pages.density(one, wished);
        expect(dots).toBeLessThanOrEqual(wished);
        expect(one.width * dots * one.height * dots).toBeLessThanOrEqual(8_000_001);
      }),
    );
  });

  test.each([
    ['7', 6],
    [' 12 ', 11],
    ['0', null],
    ['13', null],
    ['-1', null],
    ['two', null],
    ['', null],
  ])('go by a typed number: %j', (typed, index) => {
    expect(pages.pageNumber(typed, 12)).toBe(index);
  });
});

describe('words of a page', () => {
  test.each<[string, Line[], string[]]>([
    ['cafe', [line('A Café by the sea')], ['Café']],
    ['CAFÉ', [line('cafe, cafe\u0301')], ['cafe', 'cafe\u0301']],
    ['the sea', [line('by the'), line('sea at night')], ['the|sea']],
    ['lighthouse', [line('light', false), line('house')], ['light|house']],
    ['find', [line('\ufb01nd')], ['\ufb01nd']],
    ['two  words', [line('two'), line('words')], ['two|words']],
    ['aa', [line('aaaa')], ['aa', 'aa']],
    ['😀', [line('a 😀 b')], ['😀']],
    [' ', [line('a b')], []],
    ['zebra', [line('a b')], []],
  ])('%j', (wanted, lines, found) => {
    expect(words(lines, wanted)).toEqual(found);
  });

  test('that are there are always found', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(), (texts, which) => {
        const wanted = texts[which % Math.max(1, texts.length)] ?? '';
        fc.pre(fold(wanted).trim() !== '');
        expect(
          findIn(
            texts.map((text) => line(text)),
            wanted,
            3,
          )[0]?.page,
        ).toBe(3);
      }),
    );
  });

  test('are shown from the page that is read on, and else from the first', () => {
    const hits = [2, 5, 9].flatMap((page) => findIn([line('x')], 'x', page));
    expect([0, 5, 6, 10].map((page) => firstFrom(hits, page))).toEqual([0, 1, 2, 0]);
  });
});

describe('the links of a page', () => {
  const rect = [10, 180, 60, 190];
  const sheet = { width: 100, height: 200 };
  const boxOf = ([left = 0, low = 0, right = 0, high = 0]: readonly number[]): number[] => [
    left,
    sheet.height - low,
    right,
    sheet.height - high,
  ];
  const found = (...notes: unknown[]) => linksOf(notes, boxOf, sheet);

  test('lead to the web, to mail, and to places in the document, and nowhere else', () => {
    const to = (url: unknown) => found({ subtype: 'Link', rect, url }).map(({ href }) => href);
    expect(to('https://example.org/a b')).toEqual(['https://example.org/a%20b']);
    expect(to('http://example.org')).toEqual(['http://example.org/']);
    expect(to('mailto:ada@example.org')).toEqual(['mailto:ada@example.org']);
    for (const url of [
      'javascript:alert(1)',
      ' JavaScript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'file:///etc/passwd',
      'ftp://example.org/',
      'tel:+49123',
      'blob:https://example.org/1',
      '//example.org/',
      'page.html',
      'https://',
      '',
      null,
      7,
      ['https://example.org/'],
    ]) {
      expect(to(url)).toEqual([]);
    }
  });

  test('lie where the page has them', () => {
    expect(found({ subtype: 'Link', rect, dest: 'chapter' })).toEqual([
      { href: null, to: 'chapter', left: 0.1, top: 0.05, width: 0.5, height: 0.05 },
    ]);
  });

  test('are none where anything is odd, and not too many', () => {
    const good = { subtype: 'Link', rect, url: 'https://example.org/' };
    expect(
      found(
        null,
        'Link',
        {},
        { ...good, subtype: 'Widget' },
        { ...good, rect: [1, 2, 3] },
        { ...good, rect: [1, 2, 3, NaN] },
        { ...good, rect: 'all' },
        { subtype: 'Link', rect },
        { subtype: 'Link', rect, url: 'javascript:alert(1)', dest: 'chapter' },
      ),
    ).toEqual([]);
    expect(found(...Array.from({ length: 9_000 }, () => good))).toHaveLength(500);
  });

  test('within a document lead to a page that it has', async () => {
    const pdf = {
      numPages: 3,
      getDestination: (name: string) =>
        name === 'chapter' ? Promise.resolve([{ num: 8, gen: 0 }]) : Promise.resolve(null),
      getPageIndex: (ref: { num: number } | null) =>
        ref?.num === 8 ? Promise.resolve(2) : Promise.reject(new Error('no such page')),
    } as unknown as PDFDocumentProxy;
    expect(await pageOf(pdf, 'chapter')).toBe(2);
    expect(await pageOf(pdf, [1, { name: 'Fit' }])).toBe(1);
    for (const nowhere of ['other', [], [9], [-1], [0.5], [null], [{ num: 9 }], 4, null]) {
      expect(await pageOf(pdf, nowhere)).toBeNull();
    }
  });
});
