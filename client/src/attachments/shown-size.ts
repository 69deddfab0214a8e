// The size of a picture in a bubble, known before it has arrived, so that nothing jumps.

const widest = 320;
const highest = 360;
/** The time and the ticks stand on it. */
const smallest = 112;

export function shownSize(
  width: number | null,
  height: number | null,
): { width: number; height: number } {
  if (width === null || height === null || width === 0 || height === 0) {
    return { width: 240, height: 180 };
  }
  const scale = Math.min(1, widest / width, highest / height);
  return {
    width: Math.max(smallest, Math.round(width * scale)),
    height: Math.max(smallest, Math.round(height * scale)),
  };
}
