// What must survive a reload, in IndexedDB: messages not yet acknowledged with their files, and drafts.
//
// Each person has a database of their own, so that two people can share a browser.
import { openDB, deleteDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Draft } from '../state/drafts.state';
import type { Pending } from '../state/outbox.state';

interface Tables extends DBSchema {
  outbox: {
    key: number;
    value: Omit<Pending, 'order'> & { order?: number };
    indexes: { key: string };
  };
  drafts: { key: string; value: Draft };
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
  removeDraft(conversation: string): Promise<void>;
  erase(): Promise<void>;
}

const databaseName = (person: string): string => `echosphere-${person}`;

export async function openLocal(person: string): Promise<Local> {
  try {
    return new Stored(databaseName(person), await opened(databaseName(person)));
  } catch {
    return new Remembered();
  }
}

function opened(name: string): Promise<IDBPDatabase<Tables>> {
  return openDB<Tables>(name, 1, {
    upgrade(database) {
      const outbox = database.createObjectStore('outbox', {
        keyPath: 'order',
        autoIncrement: true,
      });
      outbox.createIndex('key', 'key', { unique: true });
      database.createObjectStore('drafts', { keyPath: 'conversation' });
    },
    // Another tab wants to erase or to upgrade: do not stand in its way.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

class Stored implements Local {
  readonly lasting = true;

  constructor(
    private readonly name: string,
    private readonly database: IDBPDatabase<Tables>,
  ) {}

  async pending(): Promise<Pending[]> {
    return (await this.database.getAll('outbox')).map((row) => ({ ...row, order: row.order ?? 0 }));
  }

  async addPending(pending: Omit<Pending, 'order'>): Promise<Pending> {
    const order = await this.database.add('outbox', pending);
    return { ...pending, order };
  }

  async replacePending(pending: Pending): Promise<void> {
    const transaction = this.database.transaction('outbox', 'readwrite');
    if ((await transaction.store.getKey(pending.order)) !== undefined) {
      await transaction.store.put(pending);
    }
    await transaction.done;
  }

  async removePending(order: number): Promise<void> {
    await this.database.delete('outbox', order);
  }

  drafts(): Promise<Draft[]> {
    return this.database.getAll('drafts');
  }

  async saveDraft(draft: Draft): Promise<void> {
    await this.database.put('drafts', draft);
  }

  async removeDraft(conversation: string): Promise<void> {
    await this.database.delete('drafts', conversation);
  }

  async erase(): Promise<void> {
    // Emptied first: another tab may hold the database open for a while.
    const transaction = this.database.transaction(['outbox', 'drafts'], 'readwrite');
    await transaction.objectStore('outbox').clear();
    await transaction.objectStore('drafts').clear();
    await transaction.done;
    this.database.close();
    await deleteDB(this.name);
  }
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

  removeDraft(conversation: string): Promise<void> {
    this.#drafts.delete(conversation);
    return Promise.resolve();
  }

  erase(): Promise<void> {
    this.#pending.clear();
    this.#drafts.clear();
    return Promise.resolve();
  }
}
