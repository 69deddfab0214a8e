// Whether a link leads anywhere from other machines.

/** An address that is the reader's own machine, whoever reads it. */
export function isOnlyHere(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/u.test(hostname);
}
