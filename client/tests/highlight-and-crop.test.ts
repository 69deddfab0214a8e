import { describe, expect, it } from 'vitest';
import { pieces } from '../src/search/highlight';
import { moved, source, whole, within } from '../src/profile/crop';

const shown = (cut: { text: string; found: boolean }[]): string =>
  cut.map(({ text, found }) => (found ? `[${text}]` : text)).join('');

describe('what a search found', () => {
  it('is cut out by code points, so that emoji do not shift it', () => {
    expect(shown(pieces('👍🏽 see the harbour', [[7, 10]]))).toBe('👍🏽 see [the] harbour');
  });

  it('is shown once where finds overlap', () => {
    expect(
      shown(
        pieces('banana', [
          [1, 4],
          [3, 6],
        ]),
      ),
    ).toBe('b[ana][na]');
  });
});

describe('cutting a square out of a picture', () => {
  const wide = { width: 400, height: 200 };

  it('begins with the largest square in the middle', () => {
    expect(source(wide, whole)).toEqual({ left: 100, top: 0, side: 200 });
  });

  it('never leaves the picture', () => {
    const far = moved(wide, whole, { x: 10_000, y: 10_000 }, 256);
    expect(source(wide, far)).toEqual({ left: 0, top: 0, side: 200 });
    expect(source(wide, moved(wide, far, { x: -10_000, y: 0 }, 256)).left).toBe(200);
  });

  it('follows the hand: a move over the whole frame moves by what the frame shows', () => {
    const near = within(wide, { ...whole, zoom: 2 });
    const by = moved(wide, near, { x: -256, y: 0 }, 256);
    expect(source(wide, by).left - source(wide, near).left).toBeCloseTo(100);
  });

  it('enlarges four times at most', () => {
    expect(within(wide, { ...whole, zoom: 99 }).zoom).toBe(4);
    expect(within(wide, { ...whole, zoom: 0 }).zoom).toBe(1);
  });
});
