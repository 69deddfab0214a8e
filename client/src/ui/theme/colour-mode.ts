// Light, dark or as the system says; kept for this browser and told to the server's pages by a cookie.

export const colourModes = ['auto', 'light', 'dark'] as const;
export type ColourMode = (typeof colourModes)[number];

const name = 'echosphere_colours';

export function savedColourMode(): ColourMode {
  try {
    const saved = localStorage.getItem(name);
    return colourModes.find((mode) => mode === saved) ?? 'auto';
  } catch {
    return 'auto';
  }
}

export function saveColourMode(mode: ColourMode): void {
  showColourMode(mode);
  // The cookie lets the server write the mode into its pages: no flash of the other one.
  document.cookie = `${name}=${mode}; Path=/; Max-Age=31536000; SameSite=Lax`;
  try {
    localStorage.setItem(name, mode);
  } catch {
    // A browser that keeps nothing still shows the mode until the page is left.
  }
}

export function showColourMode(mode: ColourMode): void {
  if (mode === 'auto') document.documentElement.removeAttribute('data-bs-theme');
  else document.documentElement.setAttribute('data-bs-theme', mode);
}
