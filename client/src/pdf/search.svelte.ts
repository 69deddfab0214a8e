// Looks for words in a whole document, a page after the other; what was found shows at once.
import { findIn, firstFrom, type Hit, type Line } from './finding';
import type { PDFDocumentProxy } from './opening';

/** Pages between two looks at the screen. */
const batch = 20;

export class Search {
  hits = $state.raw<readonly Hit[]>([]);
  at = $state(-1);
  busy = $state(false);
  /** What the hits are hits of. */
  wanted = $state('');
  readonly current = $derived(this.hits[this.at] ?? null);
  #asked = 0;
  readonly #lines = new Map<number, readonly Line[]>();

  constructor(private readonly document: PDFDocumentProxy) {}

  /** Finds all hits; the first one at or behind `from` becomes the current one. */
  async run(wanted: string, from: number): Promise<void> {
    const mine = ++this.#asked;
    this.hits = [];
    this.at = -1;
    this.wanted = wanted;
    this.busy = wanted.trim() !== '';
    const found: Hit[] = [];
    for (let page = 0; this.busy && page < this.document.numPages; page += 1) {
      const lines = await this.#linesOf(page);
      if (mine !== this.#asked) return;
      found.push(...findIn(lines, wanted, page));
      if (page % batch === 0 || page === this.document.numPages - 1) this.#show(found, from);
    }
    if (this.at < 0 && found.length > 0) this.at = firstFrom(found, from);
    this.busy = false;
  }

  step(by: number): void {
    const { length } = this.hits;
    if (length > 0) this.at = (this.at + by + length) % length;
  }

  stop(): void {
    void this.run('', 0);
  }

  #show(found: readonly Hit[], from: number): void {
    this.hits = [...found];
    if (this.at < 0 && (found.at(-1)?.page ?? -1) >= from) this.at = firstFrom(found, from);
  }

  async #linesOf(index: number): Promise<readonly Line[]> {
    const known = this.#lines.get(index);
    if (known !== undefined) return known;
    const lines = await this.#read(index);
    this.#lines.set(index, lines);
    return lines;
  }

  /** A page that cannot be read has nothing to find; the others have. */
  async #read(index: number): Promise<readonly Line[]> {
    try {
      const page = await this.document.getPage(index + 1);
      const { items } = await page.getTextContent();
      return items.flatMap((item) =>
        'str' in item ? [{ text: item.str, ends: item.hasEOL }] : [],
      );
    } catch {
      return [];
    }
  }
}
