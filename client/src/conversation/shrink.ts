// A bubble whose text wraps is as wide as its longest line: CSS alone leaves the rest of it empty.
import type { Attachment } from 'svelte/attachments';

/** What has no lines to go by: the bubble keeps its width. */
const unmeasured = '.files, .code, .preview, .large';
/** Between the last line and the time. */
const gap = 10;
/** Keeps rounding from breaking the longest line. */
const slack = 0.5;

const widths = new WeakMap<Element, number>();
const bubbles = new WeakMap<Element, HTMLElement>();
const changed = new Set<HTMLElement>();
let scheduled = 0;

/** Its row tells of the room there is; only another width, not another height, matters. */
const rows = new ResizeObserver((entries) => {
  const due: HTMLElement[] = [];
  for (const { target, contentRect } of entries) {
    const bubble = bubbles.get(target);
    if (bubble === undefined || widths.get(target) === contentRect.width) continue;
    widths.set(target, contentRect.width);
    due.push(bubble);
  }
  fit(due);
});

const contents = new MutationObserver((mutations) => {
  for (const { target } of mutations) {
    const element = target instanceof Element ? target : target.parentElement;
    const bubble = element?.closest<HTMLElement>('.bubble');
    if (bubble != null) later(bubble);
  }
});

export const shrinking: Attachment<HTMLElement> = (bubble) => {
  const row = bubble.closest('.row') ?? bubble;
  bubbles.set(row, bubble);
  rows.observe(row);
  contents.observe(bubble, { childList: true, subtree: true, characterData: true });
  const fonts = (): void => later(bubble);
  document.fonts.addEventListener('loadingdone', fonts);
  return () => {
    rows.unobserve(row);
    changed.delete(bubble);
    document.fonts.removeEventListener('loadingdone', fonts);
  };
};

function later(bubble: HTMLElement): void {
  changed.add(bubble);
  if (scheduled !== 0) return;
  scheduled = requestAnimationFrame(() => {
    scheduled = 0;
    const due = [...changed];
    changed.clear();
    fit(due);
  });
}

/** All are measured between two writes: the page is laid out twice, however many there are. */
function fit(due: readonly HTMLElement[]): void {
  for (const bubble of due) bubble.style.width = '';
  const found = due.map((bubble) => neededWidth(bubble));
  due.forEach((bubble, index) => {
    const width = found[index];
    if (width != null) bubble.style.width = `${width}px`;
  });
}

/** Null where it is as wide as it should be. */
function neededWidth(bubble: HTMLElement): number | null {
  const said = bubble.querySelector('.said');
  const meta = said?.querySelector('.meta')?.getBoundingClientRect();
  if (said === null || meta === undefined) return null;
  // One line: the browser has made it as narrow as it can be.
  if (said.getBoundingClientRect().height < 1.9 * meta.height) return null;
  if (bubble.querySelector(unmeasured) !== null) return null;
  const lines = linesOf(said.querySelector('.words, .deleted'));
  const style = getComputedStyle(bubble);
  const inner = Math.max(widthOf(lines), lastWidth(said, lines, meta), ...headWidths(bubble));
  const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  const width = Math.ceil(inner + padding + slack);
  return lines.length > 0 && width < bubble.getBoundingClientRect().width - 1 ? width : null;
}

/** The rectangles of a text, line by line; what has a ground of its own counts with it. */
function linesOf(element: Element | null): DOMRect[] {
  if (element === null) return [];
  const found: DOMRect[] = [];
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    range.selectNodeContents(node);
    const inset = node.parentElement?.closest('code, .mention, .deleted');
    found.push(...(inset ?? range).getClientRects());
  }
  return found;
}

function widthOf(lines: readonly DOMRect[]): number {
  if (lines.length === 0) return 0;
  return Math.max(...lines.map(({ right }) => right)) - Math.min(...lines.map(({ left }) => left));
}

/** The last line where the time stands behind it, or the time alone. */
function lastWidth(said: Element, lines: readonly DOMRect[], meta: DOMRect): number {
  const behind = lines.filter(({ bottom }) => bottom > meta.top + 1);
  if (behind.length === 0) return meta.width;
  const { left, right } = said.getBoundingClientRect();
  const reach =
    getComputedStyle(said).direction === 'rtl'
      ? right - Math.min(...behind.map((line) => line.left))
      : Math.max(...behind.map((line) => line.right)) - left;
  return reach + meta.width + gap;
}

/** What stands above the text wants its room, too. */
function headWidths(bubble: Element): number[] {
  const widths = [...bubble.querySelectorAll('.name, .forwarded')].map((head) =>
    widthOf(linesOf(head)),
  );
  const quote = bubble.querySelector('.quote');
  const words = quote?.querySelector(':scope > .words') ?? null;
  if (quote === null || words === null) return widths;
  const around = quote.getBoundingClientRect().width - words.getBoundingClientRect().width;
  return [...widths, widthOf(linesOf(words)) + around];
}
