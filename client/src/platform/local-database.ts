// The browser's database: the outbox with its files, drafts, and a cache of conversations, so that
// the app opens at once and without a network.
//
// Each user has their own database, so that two users can share a browser.
import { openDB, deleteDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Message } from '../contract/objects';
import { received, type Draft } from '../drafts/model';
import type { PersistedConversation, PersistedChange } from './persistence';
import type { Pending } from './outbox';

interface Tables extends DBSchema {
  outbox: {
    key: number;
    value: Omit<Pending, 'order'> & { order?: number };
    indexes: { key: string };
  };
  drafts: { key: string; value: Draft };
  conversations: { key: string; value: PersistedConversation };
  messages: { key: [string, number]; value: Message };
  /** Single values by name, such as the user, the contacts and the saved messages. */
  known: { key: string; value: unknown };
}

export interface CachedData {
  readonly conversations: readonly PersistedConversation[];
  readonly messages: readonly Message[];
}

export interface LocalDatabase {
  /** False where the browser stores nothing (some private windows): then it is in memory only. */
  readonly persistent: boolean;
  pending(): Promise<Pending[]>;
  addPending(pending: Omit<Pending, 'order'>): Promise<Pending>;
  /** Does nothing if it was discarded meanwhile. */
  replacePending(pending: Pending): Promise<void>;
  removePending(order: number): Promise<void>;
  drafts(): Promise<Draft[]>;
  saveDraft(draft: Draft): Promise<void>;
  /** Text from another device; files and mode that another tab stored stay. */
  receiveDraft(conversation: string, text: string | null): Promise<void>;
  removeDraft(conversation: string): Promise<void>;
  loadCache(): Promise<CachedData>;
  /** In one transaction; `replaceAll` removes everything that was cached before. */
  saveChanges(changes: readonly PersistedChange[], replaceAll: boolean): Promise<void>;
  getValue(name: string): Promise<unknown>;
  setValue(name: string, value: unknown): Promise<void>;
  /** Removes everything that can be fetched again; the outbox and the drafts stay. */
  clearCache(): Promise<void>;
  erase(): Promise<void>;
}

const version = 2;
/** Raised when the shape of a cached conversation changes: the cache is then fetched again. */
export const cacheVersion = 4;
const caches = ['conversations', 'messages', 'known'] as const;
type Cache = (typeof caches)[number];

const databaseName = (person: string): string => `echosphere-${person}`;

export async function openLocalDatabase(person: string): Promise<LocalDatabase> {
  try {
    const database = await IndexedDatabase.open(databaseName(person));
    await database.prepare();
    return database;
  } catch {
    return new MemoryDatabase();
  }
}

/** Removes the cache of a user who is no longer signed in; their outbox and drafts stay. */
export async function clearCacheOf(person: string): Promise<void> {
  const database = await IndexedDatabase.open(databaseName(person));
  await database.clearCache();
  database.close();
}

function openDatabase(name: string, abandon: () => void): Promise<IDBPDatabase<Tables>> {
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
    // Another tab wants to erase or upgrade the database: do not block it.
    blocking: abandon,
  });
}

class IndexedDatabase implements LocalDatabase {
  readonly persistent = true;
  #database: IDBPDatabase<Tables>;
  /** Set while the database is reopened after the browser closed it; other callers wait for it. */
  #opening: Promise<void> | null = null;
  #abandoned = false;

  private constructor(
    private readonly name: string,
    database: IDBPDatabase<Tables>,
  ) {
    this.#database = database;
  }

  static async open(name: string): Promise<IndexedDatabase> {
    const database: IndexedDatabase = new IndexedDatabase(
      name,
      await openDatabase(name, () => database.#abandon()),
    );
    return database;
  }

  /** Another tab erases or upgrades the database: this tab stops using it. */
  #abandon(): void {
    this.#abandoned = true;
    this.#database.close();
  }

  /** Browsers close the databases of frozen pages: it is then reopened, once. */
  async #withDatabase<Result>(
    work: (database: IDBPDatabase<Tables>) => Promise<Result>,
  ): Promise<Result> {
    const used = this.#database;
    try {
      return await work(used);
    } catch (error) {
      // Only work that did not start is repeated.
      const closed = error instanceof DOMException && error.name === 'InvalidStateError';
      if (!closed || this.#abandoned) throw error;
      if (this.#database === used) await (this.#opening ??= this.#reopen());
      return work(this.#database);
    }
  }

  async #reopen(): Promise<void> {
    try {
      this.#database = await openDatabase(this.name, () => this.#abandon());
    } finally {
      this.#opening = null;
    }
  }

  async prepare(): Promise<void> {
    if ((await this.getValue('shape')) === cacheVersion) return;
    await this.clearCache();
    await this.setValue('shape', cacheVersion);
  }

  async pending(): Promise<Pending[]> {
    const rows = await this.#withDatabase((database) => database.getAll('outbox'));
    return rows.map((row) => ({ ...row, order: row.order ?? 0 }));
  }

  async addPending(pending: Omit<Pending, 'order'>): Promise<Pending> {
    const order = await this.#withDatabase((database) => database.add('outbox', pending));
    return { ...pending, order };
  }

  replacePending(pending: Pending): Promise<void> {
    return this.#withDatabase(async (database) => {
      const transaction = database.transaction('outbox', 'readwrite');
      if ((await transaction.store.getKey(pending.order)) !== undefined) {
        await transaction.store.put(pending);
      }
      await transaction.done;
    });
  }

  removePending(order: number): Promise<void> {
    return this.#withDatabase((database) => database.delete('outbox', order));
  }

  drafts(): Promise<Draft[]> {
    return this.#withDatabase((database) => database.getAll('drafts'));
  }

  async saveDraft(draft: Draft): Promise<void> {
    await this.#withDatabase((database) => database.put('drafts', draft));
  }

  receiveDraft(conversation: string, text: string | null): Promise<void> {
    return this.#withDatabase(async (database) => {
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
    return this.#withDatabase((database) => database.delete('drafts', conversation));
  }

  loadCache(): Promise<CachedData> {
    return this.#withDatabase(async (database) => {
      const transaction = database.transaction(['conversations', 'messages']);
      const [conversations, messages] = await Promise.all([
        transaction.objectStore('conversations').getAll(),
        transaction.objectStore('messages').getAll(),
      ]);
      await transaction.done;
      return { conversations, messages };
    });
  }

  async saveChanges(changes: readonly PersistedChange[], replaceAll: boolean): Promise<void> {
    await this.#withDatabase((database) => {
      const transaction = database.transaction(caches, 'readwrite');
      const cleared = replaceAll
        ? [
            transaction.objectStore('conversations').clear(),
            transaction.objectStore('messages').clear(),
          ]
        : [];
      // Requests of one transaction run in the order in which they were made.
      return Promise.all([
        ...cleared,
        ...changes.flatMap((change) => writeChange(transaction, change)),
        transaction.done,
      ]);
    });
  }

  getValue(name: string): Promise<unknown> {
    return this.#withDatabase((database) => database.get('known', name));
  }

  async setValue(name: string, value: unknown): Promise<void> {
    await this.#withDatabase((database) => database.put('known', value, name));
  }

  clearCache(): Promise<void> {
    return this.#withDatabase(async (database) => {
      const transaction = database.transaction(caches, 'readwrite');
      await Promise.all(caches.map((name) => transaction.objectStore(name).clear()));
      await transaction.done;
    });
  }

  close(): void {
    this.#database.close();
  }

  async erase(): Promise<void> {
    // Cleared first: another tab may keep the database open for a while.
    await this.clearCache();
    const transaction = this.#database.transaction(['outbox', 'drafts'], 'readwrite');
    await transaction.objectStore('outbox').clear();
    await transaction.objectStore('drafts').clear();
    await transaction.done;
    this.#abandon();
    await deleteDB(this.name);
  }
}

function writeChange(
  transaction: IDBPTransaction<Tables, readonly Cache[], 'readwrite'>,
  change: PersistedChange,
): Promise<unknown>[] {
  const conversations = transaction.objectStore('conversations');
  const messages = transaction.objectStore('messages');
  const { id } = change;
  const everything = IDBKeyRange.bound([id], [id, []]);
  if (change.conversation === null) return [conversations.delete(id), messages.delete(everything)];
  return [
    ...(change.replaceRows ? [messages.delete(everything)] : []),
    ...change.removed.map((seq) => messages.delete([id, seq])),
    ...change.rows.map((row) => messages.put(row)),
    conversations.put(change.conversation),
  ];
}

class MemoryDatabase implements LocalDatabase {
  readonly persistent = false;
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

  // The page has the conversations in memory anyway.
  loadCache(): Promise<CachedData> {
    return Promise.resolve({ conversations: [], messages: [] });
  }

  saveChanges(): Promise<void> {
    return Promise.resolve();
  }

  getValue(): Promise<unknown> {
    return Promise.resolve(undefined);
  }

  setValue(): Promise<void> {
    return Promise.resolve();
  }

  clearCache(): Promise<void> {
    return Promise.resolve();
  }

  erase(): Promise<void> {
    this.#pending.clear();
    this.#drafts.clear();
    return Promise.resolve();
  }
}
