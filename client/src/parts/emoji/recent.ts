// Which emoji were used last and which skin tone is preferred, remembered by this browser.
import * as v from 'valibot';

const place = 'echosphere-emoji';
const most = 27;
const shape = v.object({
  recent: v.pipe(v.array(v.string()), v.maxLength(200)),
  tone: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)),
});

type Remembered = v.InferOutput<typeof shape>;

const usual: readonly string[] = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥'];

function remembered(): Remembered {
  try {
    const read = v.safeParse(shape, JSON.parse(localStorage.getItem(place) ?? 'null'));
    if (read.success) return read.output;
  } catch {
    // Some private windows keep nothing: then the usual ones are offered.
  }
  return { recent: [], tone: 0 };
}

function remember(change: Partial<Remembered>): void {
  try {
    localStorage.setItem(place, JSON.stringify({ ...remembered(), ...change }));
  } catch {
    // As above.
  }
}

/** The ones used last, filled up with the ones that everybody uses. */
export function recentEmoji(count = most): string[] {
  return [...new Set([...remembered().recent, ...usual])].slice(0, count);
}

export function used(emoji: string): void {
  remember({ recent: [...new Set([emoji, ...remembered().recent])].slice(0, most) });
}

export function skinTone(): number {
  return remembered().tone;
}

export function preferTone(tone: number): void {
  remember({ tone });
}
