// What is being listened to: one sound at a time in the whole page, at the speed last chosen.

export interface Track {
  readonly id: string;
  readonly url: string;
  /** In milliseconds, where the message says it. */
  readonly duration: number | null;
  /** What plays on when this one has ended. */
  readonly following: () => Track | null;
}

export const speeds = [1, 1.5, 2] as const;

class Playback {
  /** What is chosen, whether it plays or rests. */
  track = $state.raw<Track | null>(null);
  playing = $state(false);
  /** Both in seconds. */
  position = $state(0);
  duration = $state(0);
  speed = $state<number>(1);
  failed = $state(false);
  #sound: HTMLAudioElement | null = null;
  #frame = 0;

  isCurrent(id: string): boolean {
    return this.track?.id === id;
  }

  toggle(track: Track): void {
    if (this.isCurrent(track.id) && this.playing) this.pause();
    else this.play(track);
  }

  play(track: Track): void {
    const sound = this.#chosen(track);
    sound.playbackRate = this.speed;
    sound.play().catch((error: unknown) => {
      // A pause right after it, or another track, is not a failure.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (this.isCurrent(track.id)) this.failed = true;
    });
  }

  pause(): void {
    this.#sound?.pause();
  }

  /** Goes to a place, in seconds; the track is chosen but does not begin by that. */
  seek(track: Track, seconds: number): void {
    const sound = this.#chosen(track);
    this.position = Math.min(Math.max(0, seconds), this.duration);
    sound.currentTime = this.position;
  }

  nextSpeed(): void {
    const index = speeds.findIndex((speed) => speed === this.speed);
    this.speed = speeds[(index + 1) % speeds.length] ?? 1;
    if (this.#sound !== null) this.#sound.playbackRate = this.speed;
  }

  /** The place where it was shown is gone: a sound without a button to stop it must end. */
  leave(id: string): void {
    if (this.isCurrent(id)) this.pause();
  }

  #chosen(track: Track): HTMLAudioElement {
    const sound = this.#player();
    if (this.track?.id === track.id && !this.failed) return sound;
    sound.pause();
    this.track = track;
    this.failed = false;
    this.position = 0;
    this.duration = (track.duration ?? 0) / 1_000;
    sound.src = track.url;
    return sound;
  }

  #player(): HTMLAudioElement {
    if (this.#sound !== null) return this.#sound;
    const sound = new Audio();
    sound.preload = 'auto';
    sound.onplay = () => {
      this.playing = true;
      this.#follow();
    };
    sound.onpause = () => (this.playing = false);
    sound.ondurationchange = () => this.#learnDuration(sound.duration);
    sound.ontimeupdate = () => (this.position = sound.currentTime);
    sound.onerror = () => {
      this.failed = true;
      this.playing = false;
    };
    sound.onended = () => this.#ended();
    this.#sound = sound;
    return sound;
  }

  /** Recordings of browsers often do not tell their length until they were played through. */
  #learnDuration(seconds: number): void {
    if (Number.isFinite(seconds) && seconds > 0) this.duration = seconds;
  }

  /** `timeupdate` comes four times a second: too coarse for a line that moves. */
  #follow(): void {
    cancelAnimationFrame(this.#frame);
    if (!this.playing || this.#sound === null) return;
    this.position = this.#sound.currentTime;
    this.#frame = requestAnimationFrame(() => this.#follow());
  }

  #ended(): void {
    this.playing = false;
    this.position = 0;
    const next = this.track?.following() ?? null;
    if (this.#sound !== null) this.#sound.currentTime = 0;
    if (next !== null) this.play(next);
  }
}

export const playback = new Playback();
