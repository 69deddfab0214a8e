// What is dear to make is made when it is first wanted.

/** The browser's tools for languages read their data with the first use, a tenth of a second on a phone. */
export function lazy<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | null = null;
  return () => (made ??= { it: make() }).it;
}

/** A whole number below a thousand is written the same in both our languages, without these tools. */
export function small(count: number): string | null {
  return Number.isInteger(count) && count >= 0 && count < 1_000 ? String(count) : null;
}
