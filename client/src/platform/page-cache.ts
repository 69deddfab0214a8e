// The browser's back/forward cache: a page that was left and is shown again as it was.

export interface PageCacheHandlers {
  /** The page is put away; what it holds open would keep it out of the cache. */
  onFreeze: () => void;
  /** The page is shown again, perhaps hours later, perhaps to somebody else. */
  onThaw: () => void;
}

export function watchPageCache({ onFreeze, onThaw }: PageCacheHandlers): void {
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) onFreeze();
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) onThaw();
  });
}
