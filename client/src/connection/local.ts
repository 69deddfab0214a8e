// What must survive a reload, in IndexedDB: messages not yet acknowledged with their files, drafts,
// and what is known of conversations, so that the app opens at once and without a network.
//
// Each person has a database of their own, so that two people can share a browser.
import { openDB, deleteDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Message } from '../contract/objects';
import { received, type Draft } from '../state/drafts.state';
import type { KeptConversation, KeptChange } from '../state/kept.state';
import type { Pending } from '../state/outbox.state';

interface Tables extends DBSchema {
  outbox: {
    key: number;
    value: Omit<Pending, 'order'> & { order?: number };
    indexes: { key: string };
  };
  drafts: { key: string; value: Draft };
  conversations: { key: string; value: KeptConversation };
  messages: { key: [string, number]; value: Message };
  /** Single things by name: the person, contacts, what was saved. */
  known: { key: string; value: unknown };
}

export interface Kept {
  readonly conversations: readonly KeptConversation[];
  readonly messages: readonly Message[];
}

export interface Local {
  /** False where the browser keeps nothing (some private windows): then only this page remembers. */
  readonly lasting: boolean;
  pending(): Promise<Pending[]>;
  addPending(pending: Omit<Pending, 'order'>): Promise<Pending>;
  /** Replaces it only if it is still there: what was discarded meanwhile stays discarded. */
  replacePending(pending: Pending): Promise<void>;
  removePending(order: number): Promise<void>;
  drafts(): Promise<Draft[]>;
  saveDraft(draft: Draft): Promise<void>;
  /** Text from another device: what another tab put beside the kept text stays. */
  receiveDraft(conversation: string, text: string | null): Promise<void>;
  removeDraft(conversation: string): Promise<void>;
  /** All conversations and messages that were kept. */
  kept(): Promise<Kept>;
  /**
   * All or nothing: a conversation and its messages belong together. With `anew` nothing stays that
   * was kept before.
   */
  keep(changes: readonly KeptChange[], anew: boolean): Promise<void>;
  known(name: string): Promise<unknown>;
  know(name: string, value: unknown): Promise<void>;
  /** Forgets what can be fetched again; the outbox and the drafts stay. */
  forget(): Promise<void>;
  erase(): Promise<void>;
}

const version = 2;
/** Changes when what is kept of a conversation looks different: older ones are fetched anew. */
export const keptShape = 3;
const caches = ['conversations', 'messages', 'known'] as const;
type Cache = (typeof caches)[number];

const databaseName = (person: string): string => `echosphere-${person}`;

export async function openLocal(person: string): Promise<Local> {
  try {
    const stored = await Stored.open(databaseName(person));
    await stored.prepare();
    return stored;
  } catch {
    return new Remembered();
  }
}

/** Removes what was kept for somebody who is not here any more; what they had written stays. */
export async function forgetPerson(person: string): Promise<void> {
  const stored = await Stored.open(databaseName(person));
  await stored.forget();
  stored.close();
}

function opened(name: string, giveUp: () => void): Promise<IDBPDatabase<Tables>> {
  return openDB<Tables>(name, version, {
    upgrade(database, before) {
      if (before < 1) {
        const outbox = database.createObjectStore('outbox', {
          keyPath: 'order',
          autoIncrement: true,
        });
        outbox.createIndex('key', 'key', { unique: true });
        database.createObjectStore('drafts', { keyPath: 'conversation' });
      }
      if (before < 2) {
        database.createObjectStore('conversations', { keyPath: 'id' });
        database.createObjectStore('messages', { keyPath: ['conversation', 'seq'] });
        database.createObjectStore('known');
      }
    },
    // Another tab wants to erase or to upgrade: do not stand in its way.
    blocking: giveUp,
  });
}

class Stored implements Local {
  readonly lasting = true;
  #database: IDBPDatabase<Tables>;
  /** Opening it once more after the browser took it away; whoever comes then waits for that. */
  #opening: Promise<void> | null = null;
  #over = false;

  private constructor(
    private readonly name: string,
    database: IDBPDatabase<Tables>,
  ) {
    this.#database = database;
  }

  static async open(name: string): Promise<Stored> {
    const stored: Stored = new Stored(name, await opened(name, () => stored.#giveUp()));
    return stored;
  }

  /** Another tab erases or upgrades it: here it is not used any more. */
  #giveUp(): void {
    this.#over = true;
    this.#database.close();
  }

  /** Browsers take databases away from pages that they put to sleep: then it is opened once more. */
  async #using<Result>(work: (database: IDBPDatabase<Tables>) => Promise<Result>): Promise<Result> {
    const used = this.#database;
    try {
      return await work(used);
    } catch (error) {
      // Only what was not begun is done again.
      const closed = error instanceof DOMException && error.name === 'InvalidStateError';
      if (!closed || this.#over) throw error;
      if (this.#database === used) await (this.#opening ??= this.#reopen());
      return work(this.#database);
    }
  }

  async #reopen(): Promise<void> {
    try {
      this.#database = await opened(this.name, () => this.#giveUp());
    } finally {
      this.#opening = null;
    }
  }

  async prepare(): Promise<void> {
    if ((await this.known('shape')) === keptShape) return;
    await this.forget();
    await this.know('shape', keptShape);
  }

  async pending(): Promise<Pending[]> {
    const rows = await this.#using((database) => database.getAll('outbox'));
    return rows.map((row) => ({ ...row, order: row.order ?? 0 }));
  }

  async addPending(pending: Omit<Pending, 'order'>): Promise<Pending> {
    const order = await this.#using((database) => database.add('outbox', pending));
    return { ...pending, order };
  }

  replacePending(pending: Pending): Promise<void> {
    return this.#using(async (database) => {
      const transaction = database.transaction('outbox', 'readwrite');
      if ((await transaction.store.getKey(pending.order)) !== undefined) {
        await transaction.store.put(pending);
      }
      await transaction.done;
    });
  }

  removePending(order: number): Promise<void> {
    return this.#using((database) => database.delete('outbox', order));
  }

  drafts(): Promise<Draft[]> {
    return this.#using((database) => database.getAll('drafts'));
  }

  async saveDraft(draft: Draft): Promise<void> {
    await this.#using((database) => database.put('drafts', draft));
  }

  receiveDraft(conversation: string, text: string | null): Promise<void> {
    return this.#using(async (database) => {
      const transaction = database.transaction('drafts', 'readwrite');
      const kept = await transaction.store.get(conversation);
      const before = new Map(kept === undefined ? [] : [[conversation, kept]]);
      const next = received(before, conversation, text).get(conversation);
      if (next === undefined) await transaction.store.delete(conversation);
      else await transaction.store.put(next);
      await transaction.done;
    });
  }

  removeDraft(conversation: string): Promise<void> {
    return this.#using((database) => database.delete('drafts', conversation));
  }

  kept(): Promise<Kept> {
    return this.#using(async (database) => {
      const transaction = database.transaction(['conversations', 'messages']);
      const [conversations, messages] = await Promise.all([
        transaction.objectStore('conversations').getAll(),
        transaction.objectStore('messages').getAll(),
      ]);
      await transaction.done;
      return { conversations, messages };
    });
  }

  async keep(changes: readonly KeptChange[], anew: boolean): Promise<void> {
    await this.#using((database) => {
      const transaction = database.transaction(caches, 'readwrite');
      const cleared = anew
        ? [
            transaction.objectStore('conversations').clear(),
            transaction.objectStore('messages').clear(),
          ]
        : [];
      // Requests of one transaction are carried out in the order in which they were made.
      return Promise.all([
        ...cleared,
        ...changes.flatMap((change) => written(transaction, change)),
        transaction.done,
      ]);
    });
  }

  known(name: string): Promise<unknown> {
    return this.#using((database) => database.get('known', name));
  }

  async know(name: string, value: unknown): Promise<void> {
    await this.#using((database) => database.put('known', value, name));
  }

  forget(): Promise<void> {
    return this.#using(async (database) => {
      const transaction = database.transaction(caches, 'readwrite');
      await Promise.all(caches.map((name) => transaction.objectStore(name).clear()));
      await transaction.done;
    });
  }

  close(): void {
    this.#database.close();
  }

  async erase(): Promise<void> {
    // Emptied first: another tab may hold the database open for a while.
    await this.forget();
    const transaction = this.#database.transaction(['outbox', 'drafts'], 'readwrite');
    await transaction.objectStore('outbox').clear();
    await transaction.objectStore('drafts').clear();
    await transaction.done;
    this.#giveUp();
    await deleteDB(this.name);
  }
}

function written(
  transaction: IDBPTransaction<Tables, readonly Cache[], 'readwrite'>,
  change: KeptChange,
): Promise<unknown>[] {
  const conversations = transaction.objectStore('conversations');
  const messages = transaction.objectStore('messages');
  const { id } = change;
  const everything = IDBKeyRange.bound([id], [id, []]);
  if (change.conversation === null) return [conversations.delete(id), messages.delete(everything)];
  return [
    ...(change.whole ? [messages.delete(everything)] : []),
    ...change.removed.map((seq) => messages.delete([id, seq])),
    ...change.rows.map((row) => messages.put(row)),
    conversations.put(change.conversation),
  ];
}

class Remembered implements Local {
  readonly lasting = false;
  readonly #pending = new Map<number, Pending>();
  readonly #drafts = new Map<string, Draft>();
  #order = 0;

  pending(): Promise<Pending[]> {
    return Promise.resolve([...this.#pending.values()]);
  }

  addPending(pending: Omit<Pending, 'order'>): Promise<Pending> {
    this.#order += 1;
    const row = { ...pending, order: this.#order };
    this.#pending.set(row.order, row);
    return Promise.resolve(row);
  }

  replacePending(pending: Pending): Promise<void> {
    if (this.#pending.has(pending.order)) this.#pending.set(pending.order, pending);
    return Promise.resolve();
  }

  removePending(order: number): Promise<void> {
    this.#pending.delete(order);
    return Promise.resolve();
  }

  drafts(): Promise<Draft[]> {
    return Promise.resolve([...this.#drafts.values()]);
  }

  saveDraft(draft: Draft): Promise<void> {
    this.#drafts.set(draft.conversation, draft);
    return Promise.resolve();
  }

  receiveDraft(): Promise<void> {
    return Promise.resolve();
  }

  removeDraft(conversation: string): Promise<void> {
    this.#drafts.delete(conversation);
    return Promise.resolve();
  }

  // What can be fetched again is held by the page anyway.
  kept(): Promise<Kept> {
    return Promise.resolve({ conversations: [], messages: [] });
  }

  keep(): Promise<void> {
    return Promise.resolve();
  }

  known(): Promise<unknown> {
    return Promise.resolve(undefined);
  }

  know(): Promise<void> {
    return Promise.resolve();
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  erase(): Promise<void> {
    this.#pending.clear();
    this.#drafts.clear();
    return Promise.resolve();
  }
}
