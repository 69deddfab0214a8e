// How wide the list is beside a conversation; kept for this browser. Null is what the theme says.

const name = 'echosphere_side_width';
const property = '--es-side-width';
/** In pixels: names stay readable, and so do messages. */
export const narrowest = 240;
const everWidest = 560;
const roomBeside = 384;

export function widest(): number {
  return Math.min(everWidest, Math.max(narrowest, innerWidth - roomBeside));
}

export function savedSideWidth(): number | null {
  try {
    const saved = Number.parseInt(localStorage.getItem(name) ?? '', 10);
    return Number.isNaN(saved) ? null : saved;
  } catch {
    return null;
  }
}

export function saveSideWidth(width: number | null): void {
  // The cookie lets the server draw its list as wide as the one that follows.
  const age = width === null ? 0 : 31_536_000;
  document.cookie = `${name}=${Math.round(width ?? 0)}; Path=/; Max-Age=${age}; SameSite=Lax`;
  try {
    if (width === null) localStorage.removeItem(name);
    else localStorage.setItem(name, String(Math.round(width)));
  } catch {
    // A browser that keeps nothing still shows it until the page is left.
  }
}

/** A narrower window takes from the list before it takes from the messages. */
export function showSideWidth(width: number | null): void {
  const { style } = document.documentElement;
  if (width === null) style.removeProperty(property);
  else {
    const most = `max(${narrowest}px, 100vw - ${roomBeside}px)`;
    style.setProperty(property, `clamp(${narrowest}px, ${Math.round(width)}px, ${most})`);
  }
}
