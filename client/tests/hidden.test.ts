// What the person deletes for themselves, and takes back.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Device, opened, talkative } from './device';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'hidden', hasFocus: () => false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what the person takes back after deleting it for themselves', () => {
  const seqsOf = (device: Device): number[] => device.held.messages.map(({ seq }) => seq);

  test('is there again, as it was changed meanwhile', async () => {
    const device = await opened(new Device(talkative(5)));
    device.talk.handlers.hidden({ conversation: 'c', seqs: [3, 6] });
    const edited = device.server.edit(1, 'better words');
    if (edited !== null) device.receive(edited);
    device.talk.handlers.restored({ conversation: 'c', seqs: [3, 6] });
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual([2, 3, 4, 5, 6]);
    expect(device.held.messages[1]?.body).toBe('better words');
    expect(device.held.last?.seq).toBe(6);
    expect(device.held.hidden.size).toBe(0);
    // What its answer and its event both tell is fetched once.
    const asked = device.calls('history').length;
    device.talk.handlers.restored({ conversation: 'c', seqs: [3, 6] });
    await vi.advanceTimersByTimeAsync(100);
    expect(device.calls('history')).toHaveLength(asked);
  });

  test('is there again also where it was all that was held', async () => {
    const device = await opened(new Device(talkative(120, 60)));
    const all = seqsOf(device);
    device.talk.handlers.hidden({ conversation: 'c', seqs: all });
    expect(seqsOf(device)).toEqual([]);
    device.talk.handlers.restored({ conversation: 'c', seqs: all });
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual(all);
  });

  test('is told to a device that was away, too', async () => {
    const device = await opened(new Device(talkative(5)));
    device.talk.handlers.hidden({ conversation: 'c', seqs: [3, 4] });
    const restored = [{ conversation: 'c', seq: 3 }];
    device.doors.answers.push(
      ['GET', '/conversations', { conversations: [] }],
      ['GET', '/hidden?after=0', { hidden: [], restored, after: 9, more: false }],
    );
    device.talk.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual([2, 3, 5, 6]);
    expect(device.hiddenAfter).toBe(9);
  });

  test('is fetched with all others when it cannot be fetched by itself', async () => {
    const device = await opened(new Device(talkative(5)));
    device.talk.handlers.hidden({ conversation: 'c', seqs: [3] });
    device.doors.online = false;
    device.talk.handlers.restored({ conversation: 'c', seqs: [3] });
    await vi.advanceTimersByTimeAsync(100);
    device.doors.online = true;
    await device.talk.reload('c');
    expect(seqsOf(device)).toEqual([2, 3, 4, 5, 6]);
  });

  test('is among the rows far above that are shown', async () => {
    const device = await opened(new Device(talkative(200, 8)));
    await device.talk.jumpTo('c', 10);
    device.talk.handlers.hidden({ conversation: 'c', seqs: [10] });
    device.talk.handlers.restored({ conversation: 'c', seqs: [10] });
    await vi.advanceTimersByTimeAsync(100);
    expect(device.held.context?.messages.map(({ seq }) => seq)).toContain(10);
  });
});
