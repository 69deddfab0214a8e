// How much of the list and of the messages a screen shows; kept for this browser, as the colours are.

export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

const name = 'echosphere_density';

export function savedDensity(): Density {
  try {
    const saved = localStorage.getItem(name);
    return densities.find((density) => density === saved) ?? 'comfortable';
  } catch {
    return 'comfortable';
  }
}

export function saveDensity(density: Density): void {
  showDensity(density);
  // The cookie lets the server draw its rows as high as those that follow.
  document.cookie = `${name}=${density}; Path=/; Max-Age=31536000; SameSite=Lax`;
  try {
    localStorage.setItem(name, density);
  } catch {
    // A browser that keeps nothing still shows it until the page is left.
  }
}

export function showDensity(density: Density): void {
  if (density === 'comfortable') document.documentElement.removeAttribute('data-density');
  else document.documentElement.setAttribute('data-density', density);
}
