// Which way lines run on this page: what leads on in English leads back in Arabic.

export function rightToLeft(): boolean {
  return document.documentElement.dir === 'rtl';
}

/** The key that means the same on a page from left to right: `ArrowRight` is always onwards. */
export function lineKey(key: string, mirrored = rightToLeft()): string {
  if (!mirrored) return key;
  if (key === 'ArrowLeft') return 'ArrowRight';
  return key === 'ArrowRight' ? 'ArrowLeft' : key;
}
