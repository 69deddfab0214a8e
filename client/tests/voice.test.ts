// The waveform of a voice message: measured, written as text, read and drawn.
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Attachment, Message } from '../src/contract/objects';
import { nextVoice } from '../src/attachments/sounds';
import { Recorder } from '../src/voice/recorder.svelte';
import { barsOf, clock, decoded, encoded, fitted, loudness } from '../src/voice/waveform';

const measured = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 400 });

describe('a waveform', () => {
  test('has at most a hundred bars, each one character of base 32', () => {
    fc.assert(
      fc.property(measured, (levels) => {
        const text = encoded(levels);
        expect(text).toMatch(/^[0-9a-v]{0,100}$/);
        expect(text.length).toBe(Math.min(100, levels.length));
        expect(decoded(text).length).toBe(text.length);
      }),
    );
  });

  test('keeps its shape on the way, and its loudest bar is the highest', () => {
    expect(encoded([0, 0.25, 0.5])).toBe('0gv');
    expect(encoded([0, 0.1, 0.2])).toBe('0gv');
    expect(decoded('0gv').map((bar) => Math.round(bar * 100))).toEqual([0, 52, 100]);
    expect(encoded(new Array<number>(10).fill(0))).toBe('0000000000');
  });

  test('keeps the loudest moment of each stretch', () => {
    const levels = new Array<number>(1_000).fill(0);
    levels[505] = 1;
    expect(barsOf(levels)[50]).toBe(1);
    expect(barsOf(levels).filter((bar) => bar > 0).length).toBe(1);
  });

  test('that is none, or not one, is no bars', () => {
    for (const text of [null, undefined, '', 'xyz', '0'.repeat(101), '0 1']) {
      expect(decoded(text)).toEqual([]);
    }
  });

  test('is drawn with as many bars as there is room for', () => {
    fc.assert(
      fc.property(measured, fc.integer({ min: 1, max: 60 }), (bars, count) => {
        expect(fitted(bars, count).length).toBe(count);
      }),
    );
  });
});

test('silence is 0 and the loudest sound 1', () => {
  expect(loudness(new Float32Array(64))).toBe(0);
  expect(loudness(new Float32Array(64).fill(1))).toBe(1);
  expect(loudness(new Float32Array(64).fill(0.1))).toBeCloseTo(0.25);
});

test('lengths are written as on a clock', () => {
  expect([0, 999, 7_400, 60_000, 754_000].map(clock)).toEqual([
    '0:00',
    '0:00',
    '0:07',
    '1:00',
    '12:34',
  ]);
});

describe('what plays on after a voice message', () => {
  const sound = (id: string, waveform: string | null = '0v'): Attachment =>
    ({ id, type: 'audio/webm', waveform, duration: 1_000, url: `/${id}` }) as Attachment;
  const said = (seq: number, author: string, ...attachments: Attachment[]): Message =>
    ({ seq, author, attachments, deleted: false }) as unknown as Message;
  const list = [
    said(1, 'ana', sound('a')),
    said(2, 'ana'),
    said(3, 'ana', sound('b'), sound('c')),
    said(4, 'ana', sound('song', null)),
    said(5, 'ben', sound('d')),
    said(6, 'ana', sound('e')),
  ];
  const after = (seq: number, id: string): string | undefined => {
    const message = list.find((one) => one.seq === seq);
    const file = message?.attachments.find((one) => one.id === id);
    if (message === undefined || file === undefined) throw new Error('not in the list');
    return nextVoice(list, message, file)?.file.id;
  };

  test('is the next one of the same person, also within a message and over other lines', () => {
    expect(after(1, 'a')).toBe('b');
    expect(after(3, 'b')).toBe('c');
  });

  test('is nothing where somebody else speaks next, or nobody', () => {
    expect(after(3, 'c')).toBeUndefined();
    expect(after(5, 'd')).toBeUndefined();
    expect(after(6, 'e')).toBeUndefined();
  });

  test('is nothing when the one that played was deleted meanwhile', () => {
    const [first] = list;
    if (first === undefined) throw new Error('an empty list');
    const deleted = [{ ...first, deleted: true, attachments: [] }, ...list.slice(1)];
    expect(nextVoice(deleted, first, sound('a'))).toBeNull();
  });
});

describe('a recording', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('whose microphone was unplugged has what was said until then', async () => {
    const machine = pluggedIn();
    const recorder = new Recorder();
    await recorder.start();
    machine.now = 2_000;
    machine.unplug(new Blob(['said so far']));
    expect(recorder.state).toBe('paused');
    machine.now = 9_000;
    recorder.resume();
    const recording = await recorder.finish();
    expect(await recording?.blob.text()).toBe('said so far');
    expect(recording?.duration).toBe(2_000);
  });
});

/** A browser with a microphone, as far as a recording asks for it. */
function pluggedIn(): { now: number; unplug: (heard: Blob) => void } {
  let media: FakeMedia | null = null;
  class FakeMedia extends EventTarget {
    static isTypeSupported = (): boolean => true;
    state = 'inactive';
    mimeType = 'audio/webm';
    ondataavailable: (event: { data: Blob }) => void = () => undefined;
    onstop: () => void = () => undefined;

    constructor() {
      super();
      // eslint-disable-next-line @typescript-eslint/no-this-alias
      media = this;
    }

    start(): void {
      this.state = 'recording';
    }
  }
  const machine = {
    now: 0,
    unplug(heard: Blob): void {
      if (media === null) throw new Error('nothing is recorded');
      media.state = 'inactive';
      media.ondataavailable({ data: heard });
      media.onstop();
    },
  };
  const node = { fftSize: 0, connect: () => undefined, getFloatTimeDomainData: () => undefined };
  const stream = { getTracks: () => [] };
  vi.stubGlobal('MediaRecorder', FakeMedia);
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => Promise.resolve(stream) } });
  vi.stubGlobal('performance', { now: () => machine.now });
  vi.stubGlobal(
    'AudioContext',
    class {
      createAnalyser = (): typeof node => node;
      createMediaStreamSource = (): typeof node => node;
      close = (): Promise<void> => Promise.resolve();
    },
  );
  return machine;
}
