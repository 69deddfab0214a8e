// Two soft notes for a message that arrived.

const notes = [660, 880];
const apart = 1_500;
let audio: AudioContext | null = null;
let rangAt = 0;

/** Browsers allow it once the person has touched the page; before, it stays silent. */
export function ring(): void {
  const now = Date.now();
  if (now - rangAt < apart) return;
  rangAt = now;
  try {
    audio ??= new AudioContext();
    void audio.resume();
    for (const [index, frequency] of notes.entries()) play(audio, frequency, index * 0.12);
  } catch {
    // A machine without sound has nothing to play.
  }
}

function play(context: AudioContext, frequency: number, delay: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  const start = context.currentTime + delay;
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.28);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.3);
}
