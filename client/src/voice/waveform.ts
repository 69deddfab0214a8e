// The loudness of a voice message as bars, and as the text in which they travel.

/** As many bars as a message may have at most. */
export const mostBars = 100;
const levels = '0123456789abcdefghijklmnopqrstuv';
const highest = levels.length - 1;

/** Measured loudness (0 to 1, evenly over time) as bars, the loudest of each stretch. */
export function barsOf(measured: readonly number[], most = mostBars): number[] {
  const count = Math.min(most, measured.length);
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * measured.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * measured.length) / count));
    return Math.max(...measured.slice(from, to));
  });
}

/**
 * One character for each bar, 0 for silence to v for the loudest. Quiet recordings are raised:
 * the bars show how the voice moves, not how far away the microphone was.
 */
export function encoded(measured: readonly number[]): string {
  const bars = barsOf(measured);
  const peak = Math.max(0.05, ...bars);
  return bars.map((bar) => levels[Math.round((clamped(bar) / peak) * highest)] ?? '0').join('');
}

/** The bars of a waveform between 0 and 1; nothing where it is not one. */
export function decoded(waveform: string | null | undefined): number[] {
  if (waveform == null || !/^[0-9a-v]{1,100}$/.test(waveform)) return [];
  return Array.from(waveform, (character) => levels.indexOf(character) / highest);
}

/** As many bars as fit, whatever their number was; a flat line where there are none. */
export function fitted(bars: readonly number[], count: number): number[] {
  if (bars.length === 0) return Array.from({ length: count }, () => 0);
  if (bars.length > count) return barsOf(bars, count);
  return Array.from(
    { length: count },
    (_, index) => bars[Math.floor((index * bars.length) / count)] ?? 0,
  );
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** The loudness of a stretch of sound, as people hear it: between 0 and 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return clamped(Math.sqrt(sum / Math.max(1, samples.length)) * 2.5);
}

/** Minutes and seconds, as on a clock: 0:07, 12:34. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
