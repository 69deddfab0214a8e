// Where the pages of a document stand below each other, and which of them are drawn.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** Where each page begins, from the top of the first; one more than there are pages: the end. */
  readonly tops: readonly number[];
  readonly sizes: readonly Size[];
}

/** A place that stays the same when pages grow: a page, and how much of it is above. */
export interface Place {
  readonly index: number;
  readonly part: number;
}

export const gap = 12;
export const zooms = { least: 0.5, most: 5 } as const;
/** A page on a wide screen is not wider than this at first: lines stay readable. */
const widest = 960;
/** Pages before and behind those in view that are ready. */
const around = 1;
/** However small they are, so many pages have a canvas at most. */
export const mostDrawn = 12;
/** One canvas: phones give a page about this many pixels before they take the picture away. */
const mostPixels = 8_000_000;

/** Factor from a page's own units to pixels of the screen: the first page fits at zoom 1. */
export function scaleFor(first: Size, available: number, zoom: number): number {
  return (Math.max(1, Math.min(available, widest)) / first.width) * zoom;
}

export function layoutOf(pages: readonly Size[], scale: number): Layout {
  const sizes = pages.map(({ width, height }) => ({
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }));
  const tops = [0];
  for (const { height } of sizes) tops.push((tops.at(-1) ?? 0) + height + gap);
  return { tops, sizes };
}

/** The page at a height: the last one that begins at or above it. */
export function pageAt({ tops, sizes }: Layout, height: number): number {
  let [low, high] = [0, Math.max(0, sizes.length - 1)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The pages with a canvas: those in view and their neighbours, from the first of them on. */
export function drawnPages(layout: Layout, top: number, visible: number): number[] {
  if (layout.sizes.length === 0) return [];
  const first = Math.max(0, pageAt(layout, top) - around);
  const last = Math.min(layout.sizes.length - 1, pageAt(layout, top + visible) + around);
  const count = Math.min(mostDrawn, last - first + 1);
  return Array.from({ length: count }, (_, index) => first + index);
}

/** The page that is being read: the one in the middle of what is in view. */
export function pageInView(layout: Layout, top: number, visible: number): number {
  if (top <= 0) return 0;
  return pageAt(layout, top + visible / 2);
}

export function placeAt(layout: Layout, height: number): Place {
  const index = pageAt(layout, height);
  const whole = (layout.sizes[index]?.height ?? 1) + gap;
  return { index, part: (height - (layout.tops[index] ?? 0)) / whole };
}

export function heightOf(layout: Layout, { index, part }: Place): number {
  const whole = (layout.sizes[index]?.height ?? 1) + gap;
  return (layout.tops[index] ?? 0) + part * whole;
}

/** How many pixels of a canvas stand for one of the page, so that it never gets too large. */
export function density({ width, height }: Size, wished: number): number {
  return Math.min(wished, Math.sqrt(mostPixels / (width * height)));
}

/** What somebody typed as the number of a page; null if there is no such page. */
export function pageNumber(typed: string, count: number): number | null {
  if (!/^\d+$/.test(typed.trim())) return null;
  const number = Number(typed);
  return number >= 1 && number <= count ? number - 1 : null;
}
