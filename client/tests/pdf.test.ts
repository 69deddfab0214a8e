// Which pages of a document are drawn, where they stand, and what is found in their words.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findIn, firstFrom, fold, type Line } from '../src/parts/pdf/finding';
import * as pages from '../src/parts/pdf/pages';

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
