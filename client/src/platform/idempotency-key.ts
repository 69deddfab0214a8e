// Random names made in the browser: idempotency keys of messages and names of files in the tray.

/** 24 characters of `[A-Za-z0-9_-]`; works without a secure context, unlike `randomUUID`. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
