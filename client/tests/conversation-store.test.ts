// The conversations behind the screens: jumping, reading, receiving, hiding, leaving.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusal } from '../src/platform/refusal';
import { MessageActions } from '../src/messages/actions';
import { MessageApi } from '../src/messages/api';
import { Reactions } from '../src/reactions/store';
import { SavedMessages } from '../src/saved/store.svelte';
import { defaultSettings } from '../src/settings/model';
import { Device, opened, talkative } from './device';
import { me, member, message, Server } from './server';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'hidden', hasFocus: () => false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what this device has received', () => {
  test('is told once a second for all that came, and never of own messages', async () => {
    const device = await new Device(talkative(2)).start();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(device.calls('delivered')).toEqual([{ conversation: 'c', seq: 3 }]);
    for (let said = 0; said < 5; said += 1) device.receive(device.server.post('ana', 'more'));
    device.receive(device.server.post(me, 'mine'));
    await vi.advanceTimersByTimeAsync(1_100);
    expect(device.calls('delivered').slice(1)).toEqual([{ conversation: 'c', seq: 8 }]);
  });

  test('is told after a catch-up', async () => {
    const device = await new Device(talkative(1)).start();
    await vi.advanceTimersByTimeAsync(1_100);
    device.server.post('ana', 'missed');
    device.store.syncScheduler.request();
    await vi.advanceTimersByTimeAsync(1_200);
    expect(device.calls('delivered').at(-1)).toEqual({ conversation: 'c', seq: 3 });
  });

  test('is told to nobody by those who turned receipts off, nor in large groups', async () => {
    const quiet = new Device(talkative(2));
    quiet.settings = { ...defaultSettings, receipts: false };
    await quiet.start();
    const crowded = new Device(talkative(2));
    for (let count = 0; count < 200; count += 1) {
      crowded.server.members.set(`p${count}`, member(`p${count}`, 1));
    }
    await crowded.start();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([quiet.calls('delivered'), crowded.calls('delivered')]).toEqual([[], []]);
  });

  test('needs no telling where it was read', async () => {
    const device = await new Device(talkative(2)).start();
    device.store.seen('c', 3);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(device.calls('read')).toEqual([{ conversation: 'c', seq: 3 }]);
    expect(device.calls('delivered')).toEqual([]);
  });

  test('goes out with the next connection when there is none', async () => {
    const device = await new Device(talkative(2)).start();
    device.fakeApi.online = false;
    device.store.seen('c', 3);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(device.calls('read')).toEqual([]);
    device.fakeApi.online = true;
    device.store.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(device.calls('read')).toEqual([{ conversation: 'c', seq: 3 }]);
  });
});

describe('what the person deleted for themselves', () => {
  test('is fetched from where the last fetch ended, and is gone', async () => {
    const device = await opened(new Device(talkative(5)));
    device.fakeApi.answers.push(
      ['GET', '/conversations', { conversations: [] }],
      ['GET', '/hidden?after=0', { hidden: [{ conversation: 'c', seq: 3 }], after: 7, more: true }],
      [
        'GET',
        '/hidden?after=7',
        { hidden: [{ conversation: 'c', seq: 4 }], after: 9, more: false },
      ],
    );
    device.store.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    expect(device.state.messages.map(({ seq }) => seq)).toEqual([2, 5, 6]);
    expect([device.gone, device.hiddenAfter]).toEqual([[3, 4], 9]);
  });

  test('does not come back with a later change of it', async () => {
    const device = await opened(new Device(talkative(3)));
    device.store.handlers.hidden({ conversation: 'c', seqs: [3] });
    const edited = device.server.edit(1, 'changed by its author');
    if (edited !== null) device.receive(edited);
    expect(device.state.messages.map(({ seq }) => seq)).toEqual([2, 4]);
    expect(device.state.version).toBe(device.server.version);
    // The newest one, too: it is no news.
    device.store.handlers.hidden({ conversation: 'c', seqs: [4] });
    const newest = device.server.edit(2, 'changed by its author');
    if (newest !== null) device.receive(newest);
    expect(device.arrived).toEqual([]);
  });
});

describe('what was hidden in a conversation that was away', () => {
  test('is asked for anew when the conversation is there again', async () => {
    const device = await opened(new Device(talkative(3)));
    const hidden = { hidden: [{ conversation: 'c', seq: 3 }], after: 7, more: false };
    device.fakeApi.answers.push(
      ['GET', '/conversations', { conversations: [] }],
      ['GET', '/hidden?after=0', hidden],
    );
    device.store.onConnected();
    await vi.advanceTimersByTimeAsync(100);
    device.store.onLeft('c');
    device.fakeApi.answers.push(['GET', '/hidden?after=0', hidden]);
    device.store.onFetched(device.server.conversation());
    await vi.advanceTimersByTimeAsync(100);
    expect([...device.state.hidden]).toEqual([3]);
  });
});

describe('a change that the person may not see', () => {
  test('asks for no difference', async () => {
    const server = talkative(5);
    server.joined = 4;
    const device = await opened(new Device(server));
    await vi.advanceTimersByTimeAsync(100);
    const asked = device.calls('sync').length;
    const unseen = server.edit(0, 'better words');
    expect(unseen?.name).toBe('version');
    if (unseen !== null) device.receive(unseen);
    await vi.advanceTimersByTimeAsync(100);
    expect(device.calls('sync')).toHaveLength(asked);
    expect(device.state.version).toBe(server.version);
  });
});

describe('a deleted message', () => {
  test('is announced, so that drafts about it forget it, also after a catch-up', async () => {
    const device = await opened(new Device(talkative(3)));
    const removed = device.server.remove(0);
    if (removed !== null) device.receive(removed);
    device.server.remove(1);
    device.store.syncScheduler.request();
    await vi.advanceTimersByTimeAsync(100);
    expect(device.gone).toEqual([2, 3]);
  });
});

describe('counts that cannot be told from here', () => {
  test('are asked for', async () => {
    const server = new Server();
    server.post('ana', '@me', 'me');
    const device = await new Device(server).start();
    expect(device.store.mentions(device.state)).toBe(1);
    const edited = server.edit(0, 'nobody');
    if (edited !== null) device.receive(edited);
    device.fakeApi.answers.unshift([
      'GET',
      '/conversations/c',
      { conversation: server.conversation() },
    ]);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(device.store.mentions(device.state)).toBe(0);
    expect(device.store.unread(device.state)).toBe(1);
  });
});

describe('counts that the server tells by itself', () => {
  test('are not asked for', async () => {
    const server = new Server();
    server.post('ana', '@me', 'me');
    const device = await new Device(server).start();
    const edited = server.edit(0, 'nobody');
    if (edited !== null) device.receive(edited);
    device.receive(server.own());
    const asked = device.fakeApi.asked.length;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(device.fakeApi.asked).toHaveLength(asked);
    expect(device.store.mentions(device.state)).toBe(0);
  });
});

describe('what the person changes elsewhere', () => {
  const told = { conversation: 'c', muted: true, draft: 'half a thought' } as const;

  test.each([
    ['list', (device: Device) => device.store.onConnected()],
    ['difference', (device: Device) => device.store.syncScheduler.request(0)],
  ])('stays when a %s arrives that was asked for before', async (_name, ask) => {
    const device = await opened(new Device(talkative(3)));
    const older = { ...device.server.conversation(), muted: false, draft: null };
    device.server.post('ana', 'missed');
    device.fakeApi.answers.unshift(['GET', '/conversations', { conversations: [older] }]);
    device.fakeApi.delay();
    ask(device);
    await vi.advanceTimersByTimeAsync(50);
    device.store.handlers.own(told);
    device.fakeApi.arrive();
    await vi.advanceTimersByTimeAsync(50);
    expect(device.state.version).toBe(device.server.version);
    expect(device.state.own).toMatchObject({ muted: true, draft: 'half a thought' });
  });

  test('gives way to what is asked for afterwards', async () => {
    const device = await opened(new Device(talkative(3)));
    device.store.handlers.own(told);
    device.store.onFetched({ ...device.server.conversation(), muted: false });
    expect(device.state.own.muted).toBe(false);
  });
});

describe('members that were asked for before the connection stood', () => {
  test('are asked for again: positions that were missed come only this way', async () => {
    const device = await new Device(talkative(3)).start();
    const members = [...device.server.members.values()];
    device.fakeApi.answers.push(['GET', '/conversations/c/members', { members }]);
    device.fakeApi.answers.push(['GET', '/conversations/c/members', { members }]);
    device.store.onConnected();
    device.fakeApi.delay();
    device.store.show('c');
    await vi.advanceTimersByTimeAsync(0);
    device.store.onConnected();
    device.fakeApi.arrive();
    await vi.advanceTimersByTimeAsync(100);
    const asked = device.fakeApi.asked.filter((line) => line.endsWith('/members'));
    expect(asked).toHaveLength(2);
  });
});

describe('somebody who is no longer a member', () => {
  test('holds nothing of the conversation, and holds it again when added', async () => {
    const device = await opened(new Device(talkative(3)));
    const left = { ...member(me, device.server.version + 1), left: true };
    device.store.handlers.member({ conversation: 'c', version: left.version, member: left });
    expect(device.store.get('c')).toBeUndefined();
    expect(device.store.missing.has('c')).toBe(true);
    device.store.onFetched(device.server.conversation());
    expect(device.store.missing.has('c')).toBe(false);
  });

  test('is led to the list after leaving by themselves', async () => {
    const device = await opened(new Device(talkative(3)));
    device.store.onLeft('c');
    expect(device.went).toEqual([null]);
    expect(device.store.byId.size).toBe(0);
  });
});

describe('what was kept', () => {
  test('is shown before the server has answered', async () => {
    const before = await opened(new Device(talkative(30)));
    const device = new Device(before.server);
    device.store.show('c');
    device.store.restore(me, before.store.byId, 0);
    expect(device.state.messages).toHaveLength(30);
    expect(device.store.loaded).toBe(true);
    expect(device.store.reading.line).toBe(0);
  });
});

describe('a message that arrives', () => {
  test('is announced once, and not when it is one of the older ones', async () => {
    const device = await opened(new Device(talkative(3)));
    const posted = device.server.post('ana', 'new');
    device.receive(posted);
    device.receive(posted);
    const edited = device.server.edit(0, 'old');
    if (edited !== null) device.receive(edited);
    expect(device.arrived).toEqual([5]);
  });
});

function actionsOn({ fakeApi, store }: Device): {
  reactions: Reactions;
  messageActions: MessageActions;
} {
  const messages = new MessageApi(fakeApi.api, (changed) => store.onChanged(changed));
  return {
    reactions: new Reactions(messages),
    messageActions: new MessageActions(fakeApi.api, messages, store),
  };
}

describe('an action', () => {
  test('goes over the socket and changes what is shown', async () => {
    const device = await opened(new Device(talkative(3)));
    const { reactions } = actionsOn(device);
    device.fakeApi.socket.set('react', ({ seq, emoji }: { seq: number; emoji: string }) => ({
      message: message({ seq, version: 9, reactions: [{ emoji, users: [me] }] }),
    }));
    const [first] = device.state.messages;
    if (first === undefined) throw new Error('there is a message');
    await reactions.set(first, '👍', true);
    expect(device.state.messages[0]?.reactions).toEqual([{ emoji: '👍', users: [me] }]);
    expect(device.fakeApi.asked.some((asked) => asked.includes('reactions'))).toBe(false);
  });

  test('goes over HTTP while there is no socket, and passes on a refusal', async () => {
    const device = await opened(new Device(talkative(3)));
    const { reactions, messageActions } = actionsOn(device);
    const [first] = device.state.messages;
    if (first === undefined) throw new Error('there is a message');
    device.fakeApi.online = false;
    const address = '/conversations/c/messages/2/reactions/%F0%9F%91%8D';
    device.fakeApi.answers.push([
      'PUT',
      address,
      { message: message({ seq: 2, version: 9, reactions: [{ emoji: '👍', users: [me] }] }) },
    ]);
    await reactions.set(first, '👍', true);
    expect(device.fakeApi.asked.at(-1)).toBe(`PUT ${address}`);
    expect(device.state.messages[0]?.reactions).toHaveLength(1);
    device.fakeApi.answers.push(['PATCH', '/', new Refusal('forbidden', 'Too late.')]);
    await expect(messageActions.edit(first, 'new')).rejects.toThrow('Too late.');
  });

  test('saves and forgets, and knows what other devices saved', async () => {
    const device = await opened(new Device(talkative(3)));
    const saved = new SavedMessages(device.fakeApi.api);
    const one = message({ seq: 2 });
    const other = message({ seq: 3 });
    await saved.set(one, true);
    saved.onSaved('c', 3, true);
    expect([saved.has(one), saved.has(other)]).toEqual([true, true]);
    await saved.set(one, false);
    expect([saved.has(one), saved.has(other)]).toEqual([false, true]);
    device.fakeApi.answers.push(
      ['GET', '/saved?limit', { saved: [{ saved_at: 9, message: one }], more: true }],
      ['GET', '/saved?before=9', { saved: [], more: false }],
    );
    await saved.load();
    expect([saved.has(one), saved.has(other)]).toEqual([true, false]);
  });
});
