// Sizes as people type them: a number and a unit.
const mebibyte = 2 ** 20;

export const sizeUnits = ['MB', 'GB', 'TB'] as const;
export type SizeUnit = (typeof sizeUnits)[number];

const largest = 2 ** 50;

function bytesOf(unit: SizeUnit): number {
  return mebibyte * 1024 ** sizeUnits.indexOf(unit);
}

/** The number and the largest unit that say a size exactly enough. */
export function typedSize(bytes: number): { amount: string; unit: SizeUnit } {
  const unit = sizeUnits.findLast((one) => bytes >= bytesOf(one)) ?? 'MB';
  const amount = bytes / bytesOf(unit);
  return { amount: String(Math.round(amount * 100) / 100), unit };
}

/** The bytes of what was typed, in whole MB; null if it is no size. */
export function readSize(amount: string, unit: SizeUnit): number | null {
  const number = /^\d{1,9}(?:[.,]\d{1,3})?$/.test(amount.trim())
    ? Number(amount.trim().replace(',', '.'))
    : 0;
  const bytes = Math.round((number * bytesOf(unit)) / mebibyte) * mebibyte;
  return bytes > 0 && bytes <= largest ? bytes : null;
}
