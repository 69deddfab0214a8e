// Creates expensive objects on first use.

/** Defers `make` to the first call: the first Intl object takes a tenth of a second on a phone. */
export function lazy<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | null = null;
  return () => (made ??= { it: make() }).it;
}

/** Formats a whole number below a thousand without Intl: it looks the same in all our languages. */
export function formatSmallCount(count: number): string | null {
  return Number.isInteger(count) && count >= 0 && count < 1_000 ? String(count) : null;
}
