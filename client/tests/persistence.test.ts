// What a browser keeps: the same after a reload, nothing of what was deleted, nothing of others.
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Persister, type TabLocks } from '../src/platform/persister';
import {
  clearCacheOf,
  openLocalDatabase,
  type LocalDatabase,
} from '../src/platform/local-database';
import * as held from '../src/conversations/conversation';
import {
  changesBetween,
  conversationsFromPersisted,
  maxPersistedRows,
  unknownEpoch,
} from '../src/platform/persistence';
import { prevailingEpoch, syncVersions, type Conversations } from '../src/conversations/model';
import { me, Server, type Event } from './server';

let person = 0;

const unsent = {
  conversation: 'c',
  body: 'said',
  files: [],
  created_at: 0,
  failed: null,
};

async function browser(): Promise<{ id: string; local: LocalDatabase }> {
  person += 1;
  const id = `keeper-${person}`;
  return { id, local: await openLocalDatabase(id) };
}

function opened(server: Server): held.ConversationState {
  const fresh = { ...held.fromServer(server.conversation()), epoch: 'this one' };
  return held.applyLatest(held.startLoading(fresh), server.latest());
}

function of(...conversations: held.ConversationState[]): Conversations {
  return new Map(conversations.map((one) => [one.id, one]));
}

async function read(local: LocalDatabase): Promise<Conversations> {
  const { conversations, messages } = await local.loadCache();
  return conversationsFromPersisted(conversations, messages);
}

/** Everything that lies in the browser's database of a person, as one text. */
async function everythingOf(id: string): Promise<string> {
  const database = await openDB(`echosphere-${id}`);
  const stores = [...database.objectStoreNames];
  const rows = await Promise.all(stores.map((name) => database.getAll(name)));
  database.close();
  return JSON.stringify(rows);
}

function received(state: held.ConversationState, event: Event | null): held.ConversationState {
  if (event?.name !== 'message') throw new Error('there is a message to change');
  return held.applyMessage(state, event.event, me);
}

describe('what a browser keeps', () => {
  test('before a sync told the epoch of it is of none that the server has', async () => {
    const { local } = await browser();
    const state = { ...opened(new Server(3)), epoch: '' };
    await local.saveChanges(changesBetween(new Map(), of(state)), false);
    const again = await read(local);
    expect(prevailingEpoch(again)).toBe(unknownEpoch);
    expect(syncVersions(again, 'a true one')).toEqual({});
  });

  test('is after a reload what was held before', async () => {
    const { local } = await browser();
    const server = new Server(20);
    for (let count = 0; count < 12; count += 1) server.post('ana', `said ${count}`, 'me');
    const state = held.applyHidden(opened(server), [3]);
    await local.saveChanges(changesBetween(new Map(), of(state)), false);
    const [again] = [...(await read(local)).values()];
    expect(again).toEqual(state);
  });

  test('equals what is held after any changes, written at any time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            do: fc.constantFrom('post', 'edit', 'remove', 'hide', 'trim', 'write'),
            index: fc.nat(30),
          }),
          { maxLength: 40 },
        ),
        async (script) => {
          const { local } = await browser();
          const server = new Server(100);
          let state = opened(server);
          let written: Conversations = new Map();
          for (const { do: what, index } of script) {
            if (what === 'post') state = received(state, server.post('ana', `said ${index}`));
            const edit = what === 'edit' ? server.edit(index, 'better') : null;
            const removed = what === 'remove' ? server.remove(index) : null;
            for (const event of [edit, removed]) if (event) state = received(state, event);
            if (what === 'hide') state = held.applyHidden(state, [index]);
            if (what === 'trim') state = held.trimHistory(state, 5);
            if (what !== 'write') continue;
            await local.saveChanges(changesBetween(written, of(state)), false);
            written = of(state);
          }
          await local.saveChanges(changesBetween(written, of(state)), false);
          expect([...(await read(local)).values()]).toEqual([
            { ...state, outOfRangeRows: new Map() },
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('are only the latest messages of a long conversation, and that there are more', async () => {
    const { local } = await browser();
    const server = new Server(500);
    for (let count = 0; count < maxPersistedRows + 50; count += 1) server.post('ana', 'old');
    await local.saveChanges(changesBetween(new Map(), of(opened(server))), false);
    const [again] = [...(await read(local)).values()];
    expect(again?.messages).toHaveLength(maxPersistedRows);
    expect(again?.messages.at(-1)?.seq).toBe(server.version);
    expect(again?.more).toBe(true);
  });

  test('has nothing of a message that was deleted, for everyone or for oneself', async () => {
    const { id, local } = await browser();
    const server = new Server(20);
    server.post('ana', 'the marker one');
    server.post('ana', 'the marker two');
    const before = opened(server);
    await local.saveChanges(changesBetween(new Map(), of(before)), false);
    expect(await everythingOf(id)).toContain('the marker one');
    const gone = held.applyHidden(received(before, server.remove(0)), [3]);
    await local.saveChanges(changesBetween(of(before), of(gone)), false);
    expect(await everythingOf(id)).not.toContain('marker');
  });

  test('has nothing of a deleted message after a catch-up that missed the event', async () => {
    const { id, local } = await browser();
    const server = new Server(20);
    server.post('ana', 'the marker');
    server.post('ana', 'what stays');
    await local.saveChanges(changesBetween(new Map(), of(opened(server))), false);
    server.remove(0);
    const [kept] = [...(await read(local)).values()];
    const item = server.sync(kept?.version);
    if (kept === undefined || item === null) throw new Error('something changed meanwhile');
    const after = held.applySync(kept, item, me);
    await local.saveChanges(changesBetween(of(kept), of(after)), false);
    const left = await everythingOf(id);
    expect(left).toContain('what stays');
    expect(left).not.toContain('marker');
  });

  test('has nothing of a deleted message when the difference was too large to tell', async () => {
    const { id, local } = await browser();
    const server = new Server();
    server.post('ana', 'the marker');
    await local.saveChanges(changesBetween(new Map(), of(opened(server))), false);
    server.remove(0);
    for (let count = 0; count < 20; count += 1) server.post('ana', 'later');
    const [kept] = [...(await read(local)).values()];
    const item = server.sync(kept?.version);
    if (kept === undefined || item?.reset !== true) throw new Error('the difference is large');
    const after = held.applySync(kept, item, me);
    await local.saveChanges(changesBetween(of(kept), of(after)), false);
    expect(await everythingOf(id)).not.toContain('marker');
  });

  test('has nothing of a conversation that was left', async () => {
    const { id, local } = await browser();
    const server = new Server(20);
    server.post('ana', 'the marker');
    await local.saveChanges(changesBetween(new Map(), of(opened(server))), false);
    await local.saveChanges(changesBetween(of(opened(server)), new Map()), false);
    expect(await everythingOf(id)).not.toContain('marker');
    expect((await local.loadCache()).messages).toEqual([]);
  });

  test('is used on when the browser took the database away from a page that slept', async () => {
    const databases: IDBDatabase[] = [];
    vi.spyOn(indexedDB, 'open').mockImplementation((...asked) => {
      const opening = IDBFactory.prototype.open.apply(indexedDB, asked);
      opening.addEventListener('success', () => databases.push(opening.result));
      return opening;
    });
    const { local } = await browser();
    await local.saveDraft({ conversation: 'c', text: 'before', files: [], shared: false });
    databases.at(-1)?.close();
    await Promise.all([
      local.saveDraft({ conversation: 'd', text: 'after', files: [], shared: false }),
      local.addPending({ ...unsent, key: 'key-after-sleeping' }),
    ]);
    vi.restoreAllMocks();
    expect((await local.drafts()).map(({ text }) => text)).toEqual(['before', 'after']);
    expect(await local.pending()).toHaveLength(1);
    await local.erase();
    await expect(local.addPending({ ...unsent, key: 'key-after-leaving' })).rejects.toThrow();
  });

  test('is gone after signing out, with drafts and all', async () => {
    const { id, local } = await browser();
    const server = new Server(20);
    server.post('ana', 'the marker');
    await local.saveChanges(changesBetween(new Map(), of(opened(server))), false);
    await local.setValue('me', { name: 'the marker' });
    await local.saveDraft({ conversation: 'c', text: 'the marker', files: [], shared: false });
    await local.erase();
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(`echosphere-${id}`);
  });

  test('loses all but what was written when another person signs in', async () => {
    const { id, local } = await browser();
    const server = new Server(20);
    server.post('ana', 'the marker');
    await local.saveChanges(changesBetween(new Map(), of(opened(server))), false);
    await local.setValue('contacts', ['the marker']);
    await local.saveDraft({ conversation: 'c', text: 'my words', files: [], shared: false });
    await clearCacheOf(id);
    const left = await everythingOf(id);
    expect(left).toContain('my words');
    expect(left).not.toContain('marker');
  });

  test('keeps what an earlier version of the app had in its outbox and drafts', async () => {
    const id = 'from-before';
    const before = await openDB(`echosphere-${id}`, 1, {
      upgrade(database) {
        const outbox = database.createObjectStore('outbox', {
          keyPath: 'order',
          autoIncrement: true,
        });
        outbox.createIndex('key', 'key', { unique: true });
        database.createObjectStore('drafts', { keyPath: 'conversation' });
      },
    });
    await before.add('outbox', { key: 'the-key', conversation: 'c', body: 'unsent', files: [] });
    await before.put('drafts', { conversation: 'c', text: 'half a sentence', files: [] });
    before.close();
    const local = await openLocalDatabase(id);
    expect((await local.pending()).map(({ body }) => body)).toEqual(['unsent']);
    expect((await local.drafts()).map(({ text }) => text)).toEqual(['half a sentence']);
    expect(await local.loadCache()).toEqual({ conversations: [], messages: [] });
  });

  test('is fetched anew when it was written in another shape', async () => {
    const { id, local } = await browser();
    await local.saveChanges(changesBetween(new Map(), of(opened(new Server()))), false);
    await local.setValue('shape', 'of old');
    const again = await openLocalDatabase(id);
    expect(await again.loadCache()).toEqual({ conversations: [], messages: [] });
  });
});

/** The browser's locks, of which each name has one holder at a time. */
function tabLocks(): TabLocks & { release(): void } {
  let holder: (() => void) | null = null;
  const waiting: (() => void)[] = [];
  return {
    request(_name, { ifAvailable = false }, work) {
      const hold = (): Promise<void> => {
        const done = new Promise<void>((resolve) => (holder = resolve));
        void work({});
        return done;
      };
      if (holder === null) return hold();
      if (ifAvailable) return work(null);
      return new Promise<void>((resolve) => {
        waiting.push(() => void hold().then(resolve));
      });
    },
    release() {
      holder?.();
      holder = null;
      waiting.shift()?.();
    },
  };
}

describe('of several tabs', () => {
  test('one writes, and the next one takes over as a whole when it is closed', async () => {
    const { id, local } = await browser();
    const locks = tabLocks();
    const server = new Server(50);
    for (let count = 0; count < 3; count += 1) server.post('ana', `said ${count}`);
    const first = new Persister(locks);
    await first.start(id, local);
    first.changed(of(opened(server)));
    await first.flush();
    const second = new Persister(locks);
    expect((await second.start(id, local)).get('c')?.messages).toHaveLength(3);
    server.remove(0);
    second.changed(of({ ...opened(server), id: 'c' }));
    await second.flush();
    expect([first.isWriter, second.isWriter]).toEqual([true, false]);
    expect(await everythingOf(id)).toContain('said 0');
    locks.release();
    await second.flush();
    expect(second.isWriter).toBe(true);
    const left = await everythingOf(id);
    expect(left).toContain('said 1');
    expect(left).not.toContain('said 0');
  });

  test('none writes after it was told to stop', async () => {
    const { id, local } = await browser();
    const persister = new Persister(undefined);
    await persister.start(id, local);
    await persister.stop();
    persister.changed(of(opened(new Server())));
    await persister.flush();
    expect(await local.loadCache()).toEqual({ conversations: [], messages: [] });
  });
});
