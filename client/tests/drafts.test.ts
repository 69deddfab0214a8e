// Drafts: what the composer shows while one writes, answers or edits, and what is kept of it.
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openLocalDatabase, type LocalDatabase } from '../src/platform/local-database';
import { Refusal, Unreachable } from '../src/platform/refusal';
import { Drafts } from '../src/drafts/store.svelte';
import type { Notices } from '../src/notices/store.svelte';
import type { Sending } from '../src/sending/store.svelte';
import { PendingAttachments } from '../src/attachments/pending.svelte';
import { exceedsSharedLength } from '../src/drafts/model';
import type { Message } from '../src/contract/objects';
import type { PendingFile } from '../src/platform/outbox';
import { en } from '../src/texts/en';
import { FakeApi } from './fake-api';
import { message } from './server';

let person = 0;

class MessageListState {
  readonly rows = new Map<number, Message>();
  readonly typed: string[] = [];
  readonly fakeApi = new FakeApi();
  readonly drafts = new Drafts(
    this.fakeApi.rest,
    (_conversation, seq) => this.rows.get(seq),
    (_conversation, text) => this.typed.push(text),
  );

  constructor(readonly local: LocalDatabase) {
    for (const seq of [2, 3]) this.rows.set(seq, message({ seq, body: `said ${seq}` }));
  }

  row(seq: number): Message {
    return this.rows.get(seq) ?? message({ seq });
  }
}

async function listState(
  local?: LocalDatabase,
  name = `writer-${(person += 1)}`,
): Promise<MessageListState> {
  const here = new MessageListState(local ?? (await openLocalDatabase(name)));
  await here.drafts.start(here.local, name);
  return here;
}

/** What was said over a channel between tabs has been heard. */
async function heard(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setTimeout(done, 5));
}

describe('in two tabs of one person', () => {
  async function twoTabs(text: string): Promise<[MessageListState, MessageListState]> {
    const name = `writer-${(person += 1)}`;
    const one = await listState(undefined, name);
    one.drafts.type('c', text);
    await one.drafts.flush();
    return [one, await listState(await openLocalDatabase(name), name)];
  }

  test('what one has sent is gone from the other at once', async () => {
    const [one, other] = await twoTabs('see you at ten');
    expect(other.drafts.of('c').text).toBe('see you at ten');
    one.drafts.take('c');
    await heard();
    expect(other.drafts.of('c').text).toBe('');
    expect(other.drafts.take('c').text).toBe('');
  });

  test('older words that came from the other one are gone, too', async () => {
    const [one, other] = await twoTabs('see you');
    one.drafts.type('c', 'see you at ten');
    one.drafts.take('c');
    await heard();
    expect(other.drafts.of('c').text).toBe('');
  });

  test('something else that was typed here stays', async () => {
    const [one, other] = await twoTabs('see you at ten');
    other.drafts.type('c', 'or better at noon');
    one.drafts.take('c');
    await heard();
    expect(other.drafts.of('c').text).toBe('or better at noon');
  });
});

describe('a draft that is too long for the server', () => {
  const long = 'x'.repeat(20_001);

  test('stays here, and other devices get nothing instead of older words', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const here = await listState();
    for (let times = 0; times < 3; times += 1) {
      here.fakeApi.answers.push(['PATCH', '/conversations/c', undefined]);
    }
    here.drafts.type('c', 'short');
    await vi.advanceTimersByTimeAsync(2_000);
    here.drafts.type('c', long);
    await vi.advanceTimersByTimeAsync(2_000);
    here.drafts.type('c', `${long}x`);
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    expect(here.fakeApi.carried).toEqual([{ draft: 'short' }, { draft: null, longer_draft: true }]);
    here.drafts.receive('c', null);
    expect(here.drafts.of('c').text).toBe(`${long}x`);
  });

  test('is told to the other devices, and again when it is none any more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const here = await listState();
    for (const text of [long, 'short enough', 'short enough now']) {
      here.fakeApi.answers.push(['PATCH', '/conversations/c', undefined]);
      here.drafts.type('c', text);
      // Until the server has said that it knows, this device is the one that has it.
      expect(here.drafts.longer.has('c')).toBe(true);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    here.drafts.onNoneLonger('c');
    expect(here.drafts.longer.has('c')).toBe(false);
    here.fakeApi.answers.push(['PATCH', '/conversations/c', undefined]);
    here.drafts.type('c', 'and on');
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    expect(here.fakeApi.carried).toEqual([
      { draft: null, longer_draft: true },
      { draft: 'short enough', longer_draft: false },
      { draft: 'short enough now', longer_draft: false },
      { draft: 'and on' },
    ]);
  });

  test('is told to be gone when it was emptied', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const here = await listState();
    for (const text of [long, '']) {
      here.fakeApi.answers.push(['PATCH', '/conversations/c', undefined]);
      here.drafts.type('c', text);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    vi.useRealTimers();
    expect(here.fakeApi.carried).toEqual([
      { draft: null, longer_draft: true },
      { draft: null, longer_draft: false },
    ]);
  });

  test('is told again when it is written on after another device had taken back its own', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const here = await listState();
    const type = async (text: string) => {
      here.fakeApi.answers.push(['PATCH', '/conversations/c', undefined]);
      here.drafts.type('c', text);
      await vi.advanceTimersByTimeAsync(2_000);
    };
    await type(long);
    // One mark on the server is for all devices of the person.
    here.drafts.onNoneLonger('c');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(here.fakeApi.carried).toHaveLength(1);
    await type(`${long}x`);
    vi.useRealTimers();
    const told = { draft: null, longer_draft: true };
    expect(here.fakeApi.carried).toEqual([told, told]);
  });

  test('is known to be here after the page was loaded anew, and stays so while it is', async () => {
    const name = `writer-${(person += 1)}`;
    const before = await listState(undefined, name);
    before.drafts.type('c', long);
    await before.drafts.flush();
    const after = await listState(await openLocalDatabase(name), name);
    expect(after.drafts.longer.has('c')).toBe(true);
    after.drafts.onNoneLonger('c');
    expect(after.drafts.longer.has('c')).toBe(true);
  });

  test('is told where it is', () => {
    expect(exceedsSharedLength(long)).toBe(true);
    expect(exceedsSharedLength('😀'.repeat(20_000))).toBe(false);
    expect(en.composer.onlyHere(20_000)).toContain('20,000');
  });
});

beforeEach(() => {
  vi.stubGlobal('addEventListener', () => undefined);
});

describe('editing', () => {
  test('shows the wording of the message and leaves the draft as it was', async () => {
    const { drafts, row } = bound(await listState());
    drafts.type('c', 'half a sentence');
    drafts.edit(row(2));
    expect(drafts.of('c').text).toBe('said 2');
    drafts.type('c', 'said better');
    expect(drafts.of('c').text).toBe('said better');
    drafts.leave('c');
    expect(drafts.of('c').text).toBe('half a sentence');
  });

  test('gives the wording and the message, and the draft is there again afterwards', async () => {
    const { drafts, row } = bound(await listState());
    drafts.type('c', 'half a sentence');
    drafts.edit(row(2));
    drafts.type('c', 'said better');
    const taken = drafts.take('c');
    expect([taken.text, taken.doing?.kind, taken.doing?.message.seq]).toEqual([
      'said better',
      'edit',
      2,
    ]);
    expect([drafts.of('c').text, drafts.mode('c')]).toEqual(['half a sentence', null]);
    drafts.giveBack(taken);
    expect(drafts.of('c').text).toBe('said better');
    expect(drafts.mode('c')?.kind).toBe('edit');
  });

  test('ends when the message is deleted, and nothing of it is kept', async () => {
    const here = await listState();
    here.drafts.edit(here.row(2));
    await here.drafts.flush();
    expect(JSON.stringify(await here.local.drafts())).toContain('said 2');
    here.rows.set(2, message({ seq: 2, deleted: true, body: '' }));
    here.drafts.onGone('c', 2);
    await here.drafts.flush();
    expect(here.drafts.mode('c')).toBeNull();
    expect(await here.local.drafts()).toEqual([]);
  });
});

describe('a file that is added while a message is edited', () => {
  test('waits for the next message, and the edit goes on', async () => {
    const { drafts, row } = bound(await listState());
    vi.stubGlobal('document', { getElementById: () => null });
    const said: string[] = [];
    const notices = { plain: (text: string) => said.push(text) } as unknown as Notices;
    const sending = { upload: () => Promise.reject(new Unreachable('upload')) };
    const pendingAttachments = new PendingAttachments(
      drafts,
      sending as unknown as Sending,
      notices,
    );
    drafts.type('c', 'half a sentence');
    drafts.edit(row(2));
    drafts.type('c', 'said better');
    pendingAttachments.add('c', [new File(['notes'], 'notes.txt', { type: 'text/plain' })]);
    expect([drafts.of('c').text, drafts.of('c').files]).toEqual(['said better', []]);
    expect(said).toEqual([en.composer.filesWait(1)]);
    expect(drafts.take('c').text).toBe('said better');
    expect([drafts.of('c').text, drafts.of('c').files.map(({ name }) => name)]).toEqual([
      'half a sentence',
      ['notes.txt'],
    ]);
  });
});

describe('a draft of a conversation that is gone', () => {
  test('stays until it is discarded, and then nothing of it is kept', async () => {
    const here = await listState();
    here.drafts.type('c', 'half a sentence');
    await here.drafts.flush();
    await here.drafts.forget('c');
    expect([here.drafts.of('c').text, await here.local.drafts()]).toEqual(['', []]);
  });
});

describe('answering', () => {
  test('keeps the draft in the composer and goes with it', async () => {
    const { drafts, row } = bound(await listState());
    drafts.type('c', 'my answer');
    drafts.reply(row(3));
    expect([drafts.of('c').text, drafts.mode('c')?.message.seq]).toEqual(['my answer', 3]);
    const taken = drafts.take('c');
    expect([taken.text, taken.doing?.message.seq]).toEqual(['my answer', 3]);
    expect([drafts.of('c').text, drafts.mode('c')]).toEqual(['', null]);
  });

  test('survives a reload, with what was typed', async () => {
    const before = await listState();
    before.drafts.type('c', 'my answer');
    before.drafts.reply(before.row(3));
    await before.drafts.flush();
    const after = await listState(before.local);
    expect([after.drafts.of('c').text, after.drafts.mode('c')?.message.body]).toEqual([
      'my answer',
      'said 3',
    ]);
  });

  test('goes on when the message is so far above that it is not held any longer', async () => {
    const here = await listState();
    here.drafts.reply(here.row(3));
    here.rows.delete(3);
    here.drafts.type('c', 'my answer');
    expect(here.drafts.take('c').doing?.message.seq).toBe(3);
    here.drafts.edit(here.row(2));
    here.rows.delete(2);
    here.drafts.type('c', 'said better');
    expect([here.drafts.of('c').text, here.drafts.mode('c')?.kind]).toEqual([
      'said better',
      'edit',
    ]);
    here.drafts.onReset('c');
    expect([here.drafts.of('c').text, here.drafts.mode('c')]).toEqual(['', null]);
  });

  test('ends when the message is gone, and the draft stays', async () => {
    const { drafts, row } = bound(await listState());
    drafts.type('c', 'my answer');
    drafts.reply(row(3));
    drafts.onGone('c', 2);
    expect(drafts.mode('c')?.message.seq).toBe(3);
    drafts.onGone('c', 3);
    expect([drafts.of('c').text, drafts.mode('c')]).toEqual(['my answer', null]);
  });
});

describe('typing', () => {
  test('is passed on, and so is that it ended', async () => {
    const { drafts, typed } = bound(await listState());
    drafts.type('c', 'hel');
    drafts.type('c', 'hello');
    drafts.take('c');
    expect(typed).toEqual(['hel', 'hello', '']);
  });

  test('is not swallowed by a message to edit that is not known after a reload', async () => {
    const before = await listState();
    before.drafts.edit(before.row(2));
    await before.drafts.flush();
    const here = await listState(before.local);
    here.rows.delete(2);
    here.drafts.type('c', 'something new');
    expect(here.drafts.of('c').text).toBe('something new');
    here.rows.set(2, message({ seq: 2 }));
    expect(here.drafts.of('c').text).toBe('something new');
  });
});

describe('a draft on several devices', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    return () => vi.useRealTimers();
  });

  function sharing(here: MessageListState): void {
    here.fakeApi.answers.push(['PATCH', '/conversations/c', {}]);
  }

  test('follows the person, also where its conversation lies open and untouched', async () => {
    const { drafts } = await listState();
    drafts.follow('c', 'from the phone');
    await vi.advanceTimersByTimeAsync(0);
    expect(drafts.of('c').text).toBe('from the phone');
    drafts.follow('c', null);
    await vi.advanceTimersByTimeAsync(0);
    expect(drafts.of('c').text).toBe('');
  });

  test('waits while somebody types here, and never replaces what only this one has', async () => {
    const here = await listState();
    sharing(here);
    here.drafts.type('c', 'typed here');
    await vi.advanceTimersByTimeAsync(1_600);
    here.drafts.follow('c', 'from the phone');
    here.drafts.receive('c', 'fetched before');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(here.drafts.of('c').text).toBe('typed here');
    await vi.advanceTimersByTimeAsync(4_000);
    expect(here.drafts.of('c').text).toBe('from the phone');
    here.drafts.type('c', 'known here alone');
    here.drafts.follow('c', 'from the phone again');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(here.drafts.of('c').text).toBe('known here alone');
  });

  test('is told with the next connection when it could not be told before', async () => {
    const here = await listState();
    here.drafts.type('c', 'on the train');
    await vi.advanceTimersByTimeAsync(1_600);
    expect(here.drafts.all.get('c')?.shared).toBe(false);
    sharing(here);
    here.drafts.onConnected();
    await vi.advanceTimersByTimeAsync(1_600);
    expect(here.drafts.all.get('c')?.shared).toBe(true);
  });

  test('is told again after one that the server refused', async () => {
    const here = await listState();
    here.fakeApi.answers.push(['PATCH', '/conversations/c', new Refusal('invalid', 'Too long.')]);
    here.drafts.type('c', 'far too long');
    await vi.advanceTimersByTimeAsync(1_600);
    sharing(here);
    here.drafts.type('c', 'short');
    await vi.advanceTimersByTimeAsync(1_600);
    expect(here.drafts.all.get('c')?.shared).toBe(true);
  });

  test('leaves the files in place that another tab put beside it', async () => {
    const one = await listState();
    const other = await listState(one.local);
    one.drafts.changeFiles('c', () => [file]);
    await one.drafts.flush();
    other.drafts.follow('c', 'typed in the first tab');
    await vi.advanceTimersByTimeAsync(1_000);
    await other.drafts.flush();
    vi.useRealTimers();
    const [kept] = await one.local.drafts();
    expect([kept?.text, kept?.files.map(({ name }) => name)]).toEqual([
      'typed in the first tab',
      ['notes.txt'],
    ]);
  });
});

const file: PendingFile = {
  id: 'f1',
  name: 'notes.txt',
  type: 'text/plain',
  size: 5,
  width: null,
  height: null,
  blob: null,
  attachment: null,
};

function bound(here: MessageListState): {
  drafts: Drafts;
  row: (seq: number) => Message;
  typed: string[];
} {
  return { drafts: here.drafts, row: (seq) => here.row(seq), typed: here.typed };
}
