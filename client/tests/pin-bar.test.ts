// The bar of pinned messages is put away by oneself and for oneself, until something newer is pinned.
import { expect, test } from 'vitest';
import { PinBar } from '../src/pins/bar.svelte';

test('is away until something newer is pinned, there alone, also after a reload', () => {
  const bar = new PinBar();
  let kept: unknown;
  bar.onChanged = (away) => (kept = structuredClone(away));
  bar.dismiss('harbour', 20);
  const later = new PinBar();
  later.restore(kept);
  for (const one of [bar, later]) {
    expect(one.isDismissed('harbour', 20)).toBe(true);
    expect(one.isDismissed('harbour', 10)).toBe(true);
    expect(one.isDismissed('harbour', 21)).toBe(false);
    expect(one.isDismissed('pier', 20)).toBe(false);
  }
  later.bringBack('harbour');
  expect(later.isDismissed('harbour', 20)).toBe(false);
});

test.each([undefined, null, 5, 'x', {}, new Map([[1, 2]]), new Map([['a', 'b']])])(
  'is not put away by %j',
  (kept) => {
    const bar = new PinBar();
    bar.restore(kept);
    expect(bar.isDismissed('a', 0)).toBe(false);
  },
);
