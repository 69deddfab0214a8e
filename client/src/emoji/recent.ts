// Which emoji were used last and how often, and which skin tone is preferred, remembered by this browser.
import * as v from 'valibot';

const place = 'echosphere-emoji';
const most = 27;
const shape = v.object({
  recent: v.pipe(v.array(v.string()), v.maxLength(200)),
  reacted: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer())), {}),
  tone: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)),
});

type MemoryDatabase = v.InferOutput<typeof shape>;

const usual: readonly string[] = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥'];

function remembered(): MemoryDatabase {
  try {
    const read = v.safeParse(shape, JSON.parse(localStorage.getItem(place) ?? 'null'));
    if (read.success) return read.output;
  } catch {
    // Some private windows keep nothing: then the usual ones are offered.
  }
  return { recent: [], reacted: {}, tone: 0 };
}

function remember(change: Partial<MemoryDatabase>): void {
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

export const quickCount = 6;
const maxServerCount = 60;

/** A reaction was put on a message. */
export function reacted(emoji: string): void {
  used(emoji);
  const counts = { ...remembered().reacted };
  counts[emoji] = (counts[emoji] ?? 0) + 1;
  const kept = Object.entries(counts).sort(([, a], [, b]) => b - a);
  remember({ reacted: Object.fromEntries(kept.slice(0, maxServerCount)) });
}

/**
 * The ones that are one press away. The usual ones keep their places, so that the hand finds them;
 * one that is used more than such a one takes its place, behind the others.
 */
export function quickReactions(): string[] {
  const counts = remembered().reacted;
  const places = usual.slice(0, quickCount);
  const own = Object.keys(counts).filter((emoji) => !places.includes(emoji));
  const ranked = [...places, ...own]
    .map((emoji) => ({ emoji, count: counts[emoji] ?? 0 }))
    .sort((a, b) => b.count - a.count)
    .slice(0, quickCount)
    .map(({ emoji }) => emoji);
  const kept = places.filter((emoji) => ranked.includes(emoji));
  return [...kept, ...ranked.filter((emoji) => !kept.includes(emoji))];
}

export function skinTone(): number {
  return remembered().tone;
}

export function preferTone(tone: number): void {
  remember({ tone });
}
