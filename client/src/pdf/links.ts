// The links within a document: where they lie on their page, and where they lead.
import { hrefOf } from '../richtext/addresses';
import type { PDFDocumentProxy } from './opening';
import type { Size } from './pages';

/** Left, top, right and bottom, in the units of the page as it is shown. */
type Box = readonly number[];

export interface PageLink {
  /** To the web or to somebody's mail, and nowhere else; null for a place in the document. */
  readonly href: string | null;
  /** That place, in pdf.js's words. */
  readonly to: unknown;
  /** Shares of the page, from 0 to 1. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A page with more of them has the others as a picture only. */
const most = 500;

/**
 * The links among what lies on a page. Everything in a document is a stranger's: what does not have
 * the expected form is left out, and so are addresses of any other kind.
 */
export function linksOf(
  notes: readonly unknown[],
  boxOf: (rect: Box) => Box,
  { width, height }: Size,
): PageLink[] {
  const links: PageLink[] = [];
  for (const note of notes) {
    if (links.length === most) break;
    if (typeof note !== 'object' || note === null) continue;
    const { subtype, rect, url, dest } = note as Record<string, unknown>;
    if (subtype !== 'Link' || !isRect(rect)) continue;
    const href = typeof url === 'string' ? hrefOf(url) : null;
    const inside = url === undefined && (typeof dest === 'string' || Array.isArray(dest));
    if (href === null && !inside) continue;
    const [one = 0, above = 0, other = 0, below = 0] = boxOf(rect);
    links.push({
      href,
      to: href === null ? dest : null,
      left: Math.min(one, other) / width,
      top: Math.min(above, below) / height,
      width: Math.abs(other - one) / width,
      height: Math.abs(below - above) / height,
    });
  }
  return links;
}

/** The index of the page to which a link within the document leads; null where it leads nowhere. */
export async function pageOf(pdf: PDFDocumentProxy, to: unknown): Promise<number | null> {
  try {
    const place: unknown = typeof to === 'string' ? await pdf.getDestination(to) : to;
    const page: unknown = Array.isArray(place) ? place[0] : null;
    const index =
      typeof page === 'number'
        ? page
        : await pdf.getPageIndex(page as Parameters<PDFDocumentProxy['getPageIndex']>[0]);
    return Number.isInteger(index) && index >= 0 && index < pdf.numPages ? index : null;
  } catch {
    return null;
  }
}

function isRect(rect: unknown): rect is number[] {
  return Array.isArray(rect) && rect.length === 4 && rect.every((one) => Number.isFinite(one));
}
