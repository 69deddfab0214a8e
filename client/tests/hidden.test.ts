// What the person deletes for themselves, and takes back.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lastActivityAt, visibleConversations } from '../src/conversations/model';
import { Device, opened, talkative } from './device';
import { message, systemLine } from './server';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'hidden', hasFocus: () => false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what the person takes back after deleting it for themselves', () => {
  const seqsOf = (device: Device): number[] => device.state.messages.map(({ seq }) => seq);

  test('is there again, as it was changed meanwhile', async () => {
    const device = await opened(new Device(talkative(5)));
    device.store.handlers.hidden({ conversation: 'c', seqs: [3, 6] });
    const edited = device.server.edit(1, 'better words');
    if (edited !== null) device.receive(edited);
    device.store.handlers.restored({ conversation: 'c', seqs: [3, 6] });
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual([2, 3, 4, 5, 6]);
    expect(device.state.messages[1]?.body).toBe('better words');
    expect(device.state.last?.seq).toBe(6);
    expect(device.state.hidden.size).toBe(0);
    // What its answer and its event both tell is fetched once.
    const asked = device.calls('history').length;
    device.store.handlers.restored({ conversation: 'c', seqs: [3, 6] });
    await vi.advanceTimersByTimeAsync(100);
    expect(device.calls('history')).toHaveLength(asked);
  });

  test('is there again also where it was all that was held', async () => {
    const device = await opened(new Device(talkative(120, 60)));
    const all = seqsOf(device);
    device.store.handlers.hidden({ conversation: 'c', seqs: all });
    expect(seqsOf(device)).toEqual([]);
    device.store.handlers.restored({ conversation: 'c', seqs: all });
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual(all);
  });

  test('is told to a device that was away, too', async () => {
    const device = await opened(new Device(talkative(5)));
    device.store.handlers.hidden({ conversation: 'c', seqs: [3, 4] });
    const restored = [{ conversation: 'c', seq: 3 }];
    device.fakeApi.answers.push(
      ['GET', '/conversations', { conversations: [] }],
      ['GET', '/hidden?after=0', { hidden: [], restored, after: 9, more: false }],
    );
    device.store.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual([2, 3, 5, 6]);
    expect(device.hiddenAfter).toBe(9);
  });

  test('comes after the page was left while it was fetched', async () => {
    const device = await opened(new Device(talkative(5)));
    device.store.handlers.hidden({ conversation: 'c', seqs: [3, 6] });
    device.store.handlers.restored({ conversation: 'c', seqs: [3, 6] });
    await Promise.resolve();
    // What was kept in that moment: nothing is hidden any more, and the rows are not there yet.
    const kept = device.state;
    expect(kept.hidden.size).toBe(0);
    const later = new Device(device.server);
    later.store.restore('me', new Map([['c', kept]]), 0);
    expect(later.state.messages.map(({ seq }) => seq)).toEqual([2, 4, 5]);
    const restored = [3, 6].map((seq) => ({ conversation: 'c', seq }));
    later.fakeApi.answers.push(
      ['GET', '/conversations', { conversations: [] }],
      ['GET', '/hidden?after=0', { hidden: [], restored, after: 9, more: false }],
    );
    later.store.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(later)).toEqual([2, 3, 4, 5, 6]);
  });

  test('is kept as told only when it is there', async () => {
    const device = await opened(new Device(talkative(5)));
    device.store.handlers.hidden({ conversation: 'c', seqs: [3] });
    const restored = [{ conversation: 'c', seq: 3 }];
    device.fakeApi.answers.push(
      ['GET', '/conversations', { conversations: [] }],
      ['GET', '/hidden?after=0', { hidden: [], restored, after: 9, more: false }],
    );
    device.fakeApi.socket.set('history', () => {
      device.fakeApi.delay();
      return device.server.after(2);
    });
    device.store.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(device.calls('history')).not.toEqual([]);
    expect(device.hiddenAfter).toBeNull();
    device.fakeApi.arrive();
    await vi.advanceTimersByTimeAsync(100);
    expect(device.hiddenAfter).toBe(9);
    expect(seqsOf(device)).toEqual([2, 3, 4, 5, 6]);
  });

  test('is fetched with all others when it cannot be fetched by itself', async () => {
    const device = await opened(new Device(talkative(5)));
    device.store.handlers.hidden({ conversation: 'c', seqs: [3] });
    device.fakeApi.online = false;
    device.store.handlers.restored({ conversation: 'c', seqs: [3] });
    await vi.advanceTimersByTimeAsync(100);
    device.fakeApi.online = true;
    await device.store.rows.reload('c');
    expect(seqsOf(device)).toEqual([2, 3, 4, 5, 6]);
  });

  test('is among the rows far above that are shown', async () => {
    const device = await opened(new Device(talkative(200, 8)));
    await device.store.jumpTo('c', 10);
    device.store.handlers.hidden({ conversation: 'c', seqs: [10] });
    device.store.handlers.restored({ conversation: 'c', seqs: [10] });
    await vi.advanceTimersByTimeAsync(100);
    expect(device.state.context?.messages.map(({ seq }) => seq)).toContain(10);
  });
});

describe('what the person clears', () => {
  const seqsOf = (device: Device): number[] => device.state.messages.map(({ seq }) => seq);

  test('is gone, and in the list until more is said; what comes then is new', async () => {
    const device = await opened(new Device(talkative(5)));
    device.receive(device.server.clear(4));
    expect(seqsOf(device)).toEqual([]);
    expect([device.state.last, device.state.more]).toEqual([null, false]);
    expect([...visibleConversations(device.store.byId)]).toHaveLength(1);
    device.receive(device.server.post('ana', 'more'));
    expect(seqsOf(device)).toEqual([7]);
    expect([device.store.unread(device.state), device.arrived]).toEqual([1, [7]]);
  });

  test('leaves the list with the conversation until somebody writes, not for a line', async () => {
    const device = await opened(new Device(talkative(5)));
    device.receive(device.server.clear(4, true));
    expect(visibleConversations(device.store.byId)).toEqual([]);
    const line = message({ seq: 7, system: systemLine('title') });
    device.receive({ name: 'message', event: { conversation: 'c', version: 7, message: line } });
    expect(visibleConversations(device.store.byId)).toEqual([]);
    const said = message({ seq: 8 });
    device.receive({ name: 'message', event: { conversation: 'c', version: 8, message: said } });
    expect(visibleConversations(device.store.byId)).toHaveLength(1);
  });

  test('is in the list again when the person begins to write there', async () => {
    const device = await opened(new Device(talkative(5)));
    device.receive(device.server.clear(4, true));
    device.store.handlers.own({ conversation: 'c', draft: 'And' });
    expect(visibleConversations(device.store.byId)).toHaveLength(1);
  });

  test('keeps its place in the list', async () => {
    const device = await opened(new Device(talkative(5)));
    const before = lastActivityAt(device.state);
    device.receive(device.server.clear(4));
    expect(lastActivityAt(device.state)).toBe(before);
  });

  test('stays away when a page that was asked for before arrives afterwards', async () => {
    const device = await opened(new Device(talkative(120, 50)));
    device.fakeApi.delay();
    const older = device.store.loadOlder('c');
    await vi.advanceTimersByTimeAsync(10);
    device.receive(device.server.clear(110));
    device.fakeApi.arrive();
    await older;
    expect(seqsOf(device).every((seq) => seq > device.state.own.cleared_seq)).toBe(true);
  });

  test('comes back when it is undone, with the newest message in the list', async () => {
    const device = await opened(new Device(talkative(5)));
    const before = device.state;
    device.receive(device.server.clear(4));
    const conversation = (): object => ({ conversation: device.server.conversation() });
    const event = device.server.recountFrom();
    device.fakeApi.answers.push(['GET', '/conversations/c', conversation()]);
    device.receive(event);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(device.state.messages).toEqual(before.messages);
    expect(device.state.last).toEqual(before.last);
    expect(device.store.unread(device.state)).toBe(5);
  });

  test('is told to a device that was away by a sync, and so is that it was undone', async () => {
    const device = await opened(new Device(talkative(5)));
    await vi.advanceTimersByTimeAsync(100);
    const before = seqsOf(device);
    device.server.clear(2);
    device.store.syncScheduler.request();
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual([5, 6]);
    device.server.recountFrom();
    device.store.syncScheduler.request();
    await vi.advanceTimersByTimeAsync(100);
    expect(seqsOf(device)).toEqual(before);
  });

  test('is as the server says where it lives on from an older copy', async () => {
    const device = await opened(new Device(talkative(5)));
    const before = seqsOf(device);
    const { cleared } = device.server;
    device.receive(device.server.clear(4));
    device.server.cleared = cleared;
    device.store.syncScheduler.request();
    await vi.advanceTimersByTimeAsync(100);
    expect(device.state.own.clear_version).toBe(0);
    expect(seqsOf(device)).toEqual(before);
  });

  test('is not what an older list says', async () => {
    const device = await opened(new Device(talkative(5)));
    const older = device.server.conversation();
    device.receive(device.server.clear(4));
    device.store.onFetched(older);
    expect([device.state.last, seqsOf(device)]).toEqual([null, []]);
    expect(device.store.unread(device.state)).toBe(0);
  });
});
