// What a bot keeps on disk, and how far its cursor may move.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FileStorage, MemoryStorage } from '../src/index.js';
import { ProgressKeeper } from '../src/progress.js';
import type { Progress } from '../src/state.js';
import { until } from './fake.js';

const SILENT = () => undefined;

class CountingStorage extends MemoryStorage {
  saves = 0;
  isFull = false;
  isOpen = true;

  override save(progress: Progress): Promise<void> {
    this.saves += 1;
    return this.isFull ? Promise.reject(new Error('ENOSPC')) : super.save(progress);
  }

  override close(): Promise<void> {
    this.isOpen = false;
    return super.close();
  }
}

test('a state that cannot be read is not taken for none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bot-'));
  await writeFile(join(folder, 'state.json'), '{');
  await assert.rejects(new FileStorage(join(folder, 'state.json')).open(), /cannot be read/);
});

const HOLDS = `
  const { FileStorage } = await import(process.argv[1]);
  await new FileStorage(process.argv[2]).open();
  console.log('open');
  setInterval(() => undefined, 1000);
`;

test('of several starts after a crash, one gets the state', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'bot-')), 'state.json');
  const sdk = import.meta.resolve('../src/index.js');
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDS, sdk, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await assert.rejects(new FileStorage(path).open(), /Another copy/);
  child.kill('SIGKILL');
  await once(child, 'close');

  const starts: FileStorage[] = [];
  const ends: Promise<unknown>[] = [];
  for (let number = 0; number < 8; number += 1) {
    const start = new FileStorage(path);
    starts.push(start);
    const refusal = start.open().then(
      () => null,
      (error: unknown) => error, // taken at once: the first may be refused before the last has begun
    );
    ends.push(refusal);
    await setImmediate(); // so that they come to each step one after the other
  }
  const refused = (await Promise.all(ends)).filter((error) => error !== null);
  assert.equal(refused.length, 7);
  for (const error of refused) assert.match((error as Error).message, /Another copy/);
  for (const one of starts) await one.close();
  const next = new FileStorage(path);
  await next.open();
  await next.close();
});

test('a state is the same by whatever path', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bot-'));
  await symlink(folder, `${folder}-link`);
  const first = new FileStorage(join(folder, 'state.json'));
  await first.open();
  await assert.rejects(
    new FileStorage(join(`${folder}-link`, 'state.json')).open(),
    /Another copy/,
  );
  await first.close();
});

test('the cursor never passes what is not handled', async () => {
  const storage = new MemoryStorage();
  const keeper = new ProgressKeeper(storage, storage.progress, SILENT);
  keeper.beginAt('0');
  const [one, two] = ['1', '2'].map((id) => keeper.receive(id, id));
  assert(one != null && two != null);
  keeper.finish(two);
  assert.equal(keeper.cursor, '0');
  keeper.finish(one);
  assert.equal(keeper.cursor, '2');
  keeper.receive('3', null);
  const last = keeper.receive('4', '4');
  assert(last !== null);
  keeper.finish(last);
  await keeper.close();
  assert.deepEqual(storage.progress, { cursor: '2', done: ['4'], commands: false });
  const again = new ProgressKeeper(storage, storage.progress, SILENT);
  const three = again.receive('3', null);
  assert(three !== null);
  assert.equal(again.receive('4', '4'), null);
  again.finish(three);
  assert.equal(again.cursor, '4');
});

test('the cursor is saved only when it moves', async () => {
  const storage = new CountingStorage();
  const keeper = new ProgressKeeper(storage, storage.progress, SILENT);
  keeper.beginAt('1');
  await until(() => storage.progress.cursor === '1');
  keeper.passTo('1');
  keeper.receive('waits', null);
  keeper.passTo('1');
  await keeper.close();
  assert.equal(storage.saves, 1);
});

test('a full disk is waited for, but not by a bot that ends', async () => {
  const storage = new CountingStorage();
  const said: string[] = [];
  storage.isFull = true;
  const keeper = new ProgressKeeper(storage, storage.progress, (_, text) => said.push(text));
  keeper.beginAt('1');
  await until(() => said.includes('The cursor cannot be saved'));
  storage.isFull = false;
  await keeper.close();
  assert.equal(storage.progress.cursor, '1');

  storage.isFull = true;
  const again = new ProgressKeeper(storage, storage.progress, SILENT);
  again.beginAt('2');
  await again.close();
  assert.deepEqual([storage.progress.cursor, storage.isOpen], ['1', false]);
});
