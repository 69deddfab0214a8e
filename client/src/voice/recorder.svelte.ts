// Records what the microphone hears, and measures how loud it is while it does.
import { encoded, loudness } from './waveform';

export interface Recording {
  readonly blob: Blob;
  /** In milliseconds, without the pauses. */
  readonly duration: number;
  readonly waveform: string;
}

export type Trouble = 'refused' | 'missing' | 'failed';

const formats = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const every = 60;
/** Speech in Opus; an hour of it stays well below the largest attachment. */
const bitsPerSecond = 32_000;
const longest = 60 * 60_000;
const shortest = 300;

export function canRecord(): boolean {
  // Browsers offer neither on plain http.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  return mediaDevices !== undefined && typeof MediaRecorder === 'function';
}

export function endingFor(type: string): string {
  if (type.startsWith('audio/mp4')) return 'm4a';
  return type.startsWith('audio/ogg') ? 'ogg' : 'webm';
}

export class Recorder {
  state = $state<'asking' | 'recording' | 'paused' | 'over'>('asking');
  /** Recorded so far, in milliseconds. */
  elapsed = $state(0);
  /** How loud it was, newest last. */
  levels = $state.raw<readonly number[]>([]);
  /** Not reactive: what is asked while a component goes would still see the state before. */
  #over = false;
  #stream: MediaStream | null = null;
  #media: MediaRecorder | null = null;
  #context: AudioContext | null = null;
  #analyser: AnalyserNode | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #resumedAt = 0;
  #before = 0;
  readonly #parts: Blob[] = [];

  /** Asks for the microphone and begins; answers what stood in the way, if anything did. */
  async start(): Promise<Trouble | null> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.#stream = stream;
      if (this.isOver()) {
        this.#release();
        return null;
      }
      this.#begin(stream);
      return null;
    } catch (error) {
      this.cancel();
      return troubleOf(error);
    }
  }

  pause(): void {
    if (this.state !== 'recording') return;
    this.#media?.pause();
    this.#rest();
  }

  resume(): void {
    if (this.state !== 'paused' || this.elapsed >= longest) return;
    if (this.#media?.state === 'inactive') return;
    this.#media?.resume();
    this.#resumedAt = performance.now();
    this.state = 'recording';
  }

  /** What was recorded, or nothing where it was too short to be meant. */
  async finish(): Promise<Recording | null> {
    const media = this.#media;
    if (media === null || this.#over) return null;
    const duration = Math.round(this.#recorded());
    this.#end();
    if (media.state !== 'inactive') {
      const stopped = new Promise((done) => media.addEventListener('stop', done, { once: true }));
      media.stop();
      await stopped;
    }
    this.#release();
    const blob = new Blob(this.#parts, { type: media.mimeType.split(';')[0] ?? '' });
    if (duration < shortest || blob.size === 0) return null;
    return { blob, duration, waveform: encoded(this.levels) };
  }

  cancel(): void {
    this.#end();
    if (this.#media !== null && this.#media.state !== 'inactive') this.#media.stop();
    this.#release();
  }

  /** Whether it was finished or cancelled. */
  isOver(): boolean {
    return this.#over;
  }

  #end(): void {
    this.#over = true;
    this.state = 'over';
  }

  #begin(stream: MediaStream): void {
    const mimeType = formats.find((format) => MediaRecorder.isTypeSupported(format));
    const media = new MediaRecorder(stream, {
      audioBitsPerSecond: bitsPerSecond,
      ...(mimeType === undefined ? {} : { mimeType }),
    });
    media.ondataavailable = ({ data }) => this.#parts.push(data);
    // A microphone was unplugged or taken by a call: what was said until then is still there.
    media.onstop = () => this.#rest();
    this.#media = media;
    this.#listen(stream);
    // In pieces: a page that is closed by the system has lost little.
    media.start(1_000);
    this.#resumedAt = performance.now();
    this.state = 'recording';
    this.#timer = setInterval(() => this.#measure(), every);
  }

  #listen(stream: MediaStream): void {
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 2048;
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
  }

  #measure(): void {
    if (this.state !== 'recording' || this.#analyser === null) return;
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    this.elapsed = this.#recorded();
    this.levels = [...this.levels, loudness(samples)];
    if (this.elapsed >= longest) this.pause();
  }

  #rest(): void {
    if (this.state !== 'recording') return;
    this.#before = this.#recorded();
    this.state = 'paused';
  }

  #recorded(): number {
    const running = this.state === 'recording' ? performance.now() - this.#resumedAt : 0;
    return this.#before + running;
  }

  /** The sign that the microphone is on goes out. */
  #release(): void {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
    this.#stream = null;
  }
}

function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'NotReadableError' ? 'missing' : 'failed';
}
