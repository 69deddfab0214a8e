// The sender over a real (in-memory) IndexedDB: nothing lost, nothing doubled, the key kept.
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openLocalDatabase, type LocalDatabase } from '../src/platform/local-database';
import { Refusal, Unreachable } from '../src/platform/refusal';
import { OutboxSender, type Locks } from '../src/platform/outbox-sender';
import type { Attachment, Message } from '../src/contract/objects';
import { newKey } from '../src/platform/idempotency-key';
import type { Pending, PendingFile } from '../src/platform/outbox';
import { me, message } from './server';

let person = 0;
const running: OutboxSender[] = [];

afterEach(() => {
  for (const sender of running.splice(0)) sender.stop();
});

/** A server that stores by key, and a network that fails as it is told. */
class World {
  readonly stored = new Map<string, Message>();
  readonly uploads: string[] = [];
  readonly attempts: string[] = [];
  outbox: readonly Pending[] = [];
  onUpload: ((file: PendingFile) => Promise<void>) | null = null;
  fail: ((pending: Pending) => Error | 'after storing' | null) | null = null;

  constructor(
    readonly local: LocalDatabase,
    readonly locks?: Locks,
  ) {}

  start(id: string): OutboxSender {
    const sender = new OutboxSender(id, {
      database: this.local,
      locks: this.locks,
      post: (pending, attachments) => this.#post(pending, attachments),
      upload: (file) => this.#upload(file),
      onChanged: (outbox) => (this.outbox = outbox),
      onPosted: () => undefined,
    });
    running.push(sender);
    return sender;
  }

  async #post(pending: Pending, attachments: readonly string[]): Promise<Message> {
    await Promise.resolve();
    this.attempts.push(pending.key);
    const failure = this.fail?.(pending) ?? null;
    if (failure instanceof Error) throw failure;
    const known = this.stored.get(pending.key);
    const seq = this.stored.size + 2;
    const row = known ?? message({ seq, author: me, key: pending.key, body: pending.body });
    this.stored.set(pending.key, { ...row, attachments: attachments.map(attachment) });
    if (failure === 'after storing') throw new Unreachable('the answer was lost');
    return row;
  }

  async #upload(file: PendingFile): Promise<Attachment> {
    const { id, name } = file;
    await Promise.resolve();
    this.uploads.push(name);
    await this.onUpload?.(file);
    return attachment(`stored-${id}`);
  }
}

function attachment(id: string): Attachment {
  return {
    id,
    name: id,
    type: 'text/plain',
    size: 1,
    width: null,
    height: null,
    url: `/${id}`,
    thumbnail_url: null,
    duration: null,
    waveform: null,
    animated: false,
    ground: null,
  };
}

function written(
  body: string,
  conversation = 'c',
  files: PendingFile[] = [],
): Omit<Pending, 'order'> {
  return { key: newKey(), conversation, body, files, created_at: 0, failed: null };
}

function fileNamed(name: string): PendingFile {
  return {
    id: name,
    name,
    type: 'text/plain',
    size: 5,
    width: null,
    height: null,
    blob: new Blob(['hello']),
    attachment: null,
  };
}

/** The browser's lock, which the first one keeps until its tab is closed or it is taken away. */
function queue(): Locks {
  const waiting: (() => void)[] = [];
  let holder: { rob: () => void } | null = null;
  return {
    request: (_name, { steal }, work) =>
      new Promise<void>((resolve, reject) => {
        const begin = (): void => {
          const mine = { rob: () => reject(new DOMException('stolen', 'AbortError')) };
          holder = mine;
          const next = (): void => {
            if (holder !== mine) return;
            holder = null;
            waiting.shift()?.();
          };
          void work().then(resolve, reject).finally(next);
        };
        if (steal === true) holder?.rob();
        if (steal === true || holder === null) begin();
        else waiting.push(begin);
      }),
  };
}

async function world(locks?: Locks): Promise<{ world: World; id: string }> {
  person += 1;
  const id = `person-${person}`;
  return { world: new World(await openLocalDatabase(id), locks), id };
}

/** Lets everything happen that waits for no timer. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function until(holds: () => boolean, most = 400): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > most) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const bodies = ({ stored }: World): string[] => [...stored.values()].map(({ body }) => body);

describe('the sender', () => {
  test('sends in the order of writing and empties the outbox', async () => {
    const { world: here, id } = await world();
    const sender = here.start(id);
    await sender.start();
    await Promise.all(['one', 'two', 'three'].map((body) => sender.add(written(body))));
    await until(() => here.stored.size === 3 && here.outbox.length === 0);
    expect(bodies(here)).toEqual(['one', 'two', 'three']);
    expect(await here.local.pending()).toEqual([]);
  });

  test('retries with the same key, so that a lost answer makes no second message', async () => {
    const { world: here, id } = await world();
    let failures = 2;
    here.fail = () => (failures-- > 0 ? 'after storing' : null);
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('once'));
    await until(() => here.attempts.length === 1);
    sender.wake();
    await until(() => here.attempts.length === 2);
    sender.wake();
    await until(() => here.outbox.length === 0);
    expect(new Set(here.attempts).size).toBe(1);
    expect(bodies(here)).toEqual(['once']);
  });

  test('goes on after a reload with what was not acknowledged', async () => {
    const { world: here, id } = await world();
    here.fail = () => new Unreachable('no network');
    const first = here.start(id);
    await first.start();
    await first.add(written('kept'));
    await until(() => here.attempts.length === 1);
    first.stop();
    here.fail = null;
    await here.start(id).start();
    await until(() => here.stored.size === 1 && here.outbox.length === 0);
    expect(new Set(here.attempts).size).toBe(1);
  });

  test('keeps a refused message with the reason, and lets the next one pass', async () => {
    const { world: here, id } = await world();
    here.fail = ({ body }) => (body === 'no' ? new Refusal('forbidden', 'You are blocked.') : null);
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('no'));
    await sender.add(written('yes'));
    await until(() => here.outbox.length === 1 && here.outbox[0]?.failed !== null);
    expect(here.outbox.map(({ body, failed }) => [body, failed?.detail])).toEqual([
      ['no', 'You are blocked.'],
    ]);
  });

  test('sends a refused message again when the person retries, or drops it when discarded', async () => {
    const { world: here, id } = await world();
    here.fail = () => new Refusal('forbidden', '');
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('again'));
    await sender.add(written('never mind'));
    await until(
      () => here.outbox.length === 2 && here.outbox.every(({ failed }) => failed !== null),
    );
    here.fail = null;
    const [again, never] = here.outbox;
    if (again === undefined || never === undefined) throw new Error('both wait');
    await sender.discard(never);
    await sender.retry(again);
    await until(() => here.outbox.length === 0);
    expect(bodies(here)).toEqual(['again']);
  });

  test('a file that cannot be cleaned goes when the person wants it sent as it is', async () => {
    const { world: here, id } = await world();
    const asked = new Refusal('invalid', 'It may tell.', null, { as_it_is: 'is needed' });
    here.fail = () => asked;
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('negative'));
    await until(() => here.outbox[0]?.failed != null);
    const [waiting] = here.outbox;
    expect(waiting?.failed).toEqual({ code: 'invalid', detail: 'It may tell.', asItIs: true });
    here.fail = null;
    if (waiting !== undefined) await sender.retry(waiting, true);
    await until(() => here.outbox.length === 0);
    expect(bodies(here)).toEqual(['negative']);
  });

  test('treats a busy server as passing and stops when the session has ended', async () => {
    const { world: here, id } = await world();
    here.fail = () => new Refusal('too_many', '', 60);
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('patient'));
    await until(() => here.attempts.length === 1);
    expect(here.outbox.map(({ failed }) => failed)).toEqual([null]);
    here.fail = () => new Refusal('unauthorized', '');
    sender.wake();
    await until(() => here.attempts.length === 2);
    here.fail = null;
    sender.wake();
    expect((await here.local.pending()).map(({ body }) => body)).toEqual(['patient']);
  });

  test('uploads files once, also when the message needs several attempts', async () => {
    const { world: here, id } = await world();
    let failures = 1;
    here.fail = () => (failures-- > 0 ? new Unreachable('no network') : null);
    const file = fileNamed('notes.txt');
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('with a file', 'c', [file]));
    await until(() => here.attempts.length === 1);
    sender.wake();
    await until(() => here.outbox.length === 0);
    expect(here.uploads).toEqual(['notes.txt']);
    const [stored] = here.stored.values();
    expect(stored?.attachments.map((one) => one.id)).toEqual(['stored-notes.txt']);
  });

  test('lets a text pass a file that is on its way, and what cannot be read fails alone', async () => {
    const { world: here, id } = await world();
    const sender = here.start(id);
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    here.onUpload = async ({ name }) => {
      if (name === 'slow') await slow;
      if (name === 'folder') throw new Refusal('unreadable', '');
    };
    await sender.start();
    await sender.add(written('a folder', 'c', [fileNamed('folder')]));
    await sender.add(written('a film', 'c', [fileNamed('slow')]));
    await sender.add(written('a text'));
    await until(() => bodies(here).includes('a text'));
    expect(bodies(here)).toEqual(['a text']);
    await until(() => here.outbox.some(({ failed }) => failed?.code === 'unreadable'));
    release();
    await until(() => bodies(here).includes('a film') && here.outbox.length === 1);
    expect(here.outbox.map(({ body }) => body)).toEqual(['a folder']);
  });

  test('lets one tab send while the other shows what waits', async () => {
    const { world: first, id } = await world(queue());
    const second = new World(await openLocalDatabase(id), first.locks);
    const leading = first.start(id);
    const following = second.start(id);
    await leading.start();
    await following.start();
    await following.add(written('from the second tab'));
    await until(() => first.stored.size === 1 && second.outbox.length === 0);
    expect(second.attempts).toEqual([]);
  });

  test('takes over from a tab that was put to sleep with the lock in its hands', async () => {
    const locks = queue();
    const asleep = locks.request('outbox', {}, () => new Promise<never>(() => undefined));
    const robbed = asleep.catch((error: unknown) => error);
    const { world: here, id } = await world(locks);
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('said on the train'));
    await until(() => here.stored.size === 1 && here.outbox.length === 0, 2_000);
    expect(await robbed).toBeInstanceOf(DOMException);
  }, 20_000);

  test('leaves the sending to a tab that answers, however long it takes', async () => {
    const { world: first, id } = await world(queue());
    const second = new World(await openLocalDatabase(id), first.locks);
    first.fail = () => new Unreachable('no network');
    await first.start(id).start();
    const following = second.start(id);
    await following.start();
    const heard = new BroadcastChannel(`outbox-${id}`);
    const answer = new Promise((resolve) => {
      heard.onmessage = ({ data }) => (data === 'heard' ? resolve(data) : undefined);
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await following.add(written('patience'));
    await answer;
    heard.close();
    await turns();
    await vi.advanceTimersByTimeAsync(10_000);
    await turns();
    vi.useRealTimers();
    expect(first.attempts).not.toEqual([]);
    expect(second.attempts).toEqual([]);
  });

  test('sends what only this page remembers, whatever other tabs hold', async () => {
    const locks = queue();
    void locks.request('outbox', {}, () => new Promise<never>(() => undefined));
    vi.stubGlobal('indexedDB', undefined);
    const { world: here, id } = await world(locks);
    vi.unstubAllGlobals();
    expect(here.local.persistent).toBe(false);
    const sender = here.start(id);
    await sender.start();
    await sender.add(written('in a private window'));
    await until(() => here.stored.size === 1 && here.outbox.length === 0);
  });

  test('leaves nothing behind when the person signs out', async () => {
    const { world: here, id } = await world();
    await here.local.addPending(written('secret'));
    await here.local.saveDraft({ conversation: 'c', text: 'secret', files: [], shared: false });
    await here.local.erase();
    const again = await openLocalDatabase(id);
    expect(await again.pending()).toEqual([]);
    expect(await again.drafts()).toEqual([]);
  });
});
