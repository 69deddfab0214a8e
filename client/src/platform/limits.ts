// What this instance allows and has, as its page says.

const usual = 25 * 1024 * 1024;

/** The bytes of the largest file that can be sent. */
export function largestFile(): number {
  const given = Number(document.getElementById('messenger')?.dataset['largest']);
  return Number.isSafeInteger(given) && given > 0 ? given : usual;
}

/** Whether people of this server are found by name. */
export function hasDirectory(): boolean {
  return document.getElementById('messenger')?.dataset['directory'] !== undefined;
}
