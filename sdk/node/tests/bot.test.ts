import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Api, serverUrl } from '../src/api.js';
import { becauseOf, keyFor } from '../src/cause.js';
import { parseRetryAfter } from '../src/errors.js';
import {
  ApiError,
  Bot,
  type BotOptions,
  FileStorage,
  MemoryStorage,
  UsageError,
} from '../src/index.js';
import { logger } from '../src/log.js';
import { pauseAfter } from '../src/retry.js';
import { withoutMention, wordsOf } from '../src/things.js';
import { rowsOf } from '../src/wire.js';
import { Fake, until } from './fake.js';

const QUICK = { first: 0.001, longest: 0.01, giveUpAfter: Infinity };
const SILENT = () => undefined;

let fake: Fake;
let stops: (() => Promise<void>)[] = [];
let said: string[] = [];

beforeEach(async () => {
  fake = await new Fake().start();
  said = [];
});

afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  await fake.stop();
});

function botWith(options: BotOptions = {}): Bot {
  return new Bot({
    url: fake.url,
    key: 'esb_key',
    state: new MemoryStorage(),
    transport: 'poll',
    retry: QUICK,
    log: (level, message) => said.push(`${level}: ${message}`),
    ...options,
  });
}

/** Runs a bot until the test has ended; returns what ends it earlier. */
async function start(bot: Bot): Promise<() => Promise<void>> {
  const stop = new AbortController();
  let hasEnded = false;
  const served = bot.serve(stop.signal).finally(() => (hasEnded = true));
  const begun = until(() => hasEnded || said.some((one) => one.includes('listens to')));
  await Promise.race([served, begun]);
  const end = async () => {
    stop.abort();
    await served;
  };
  stops.push(end);
  return end;
}

describe('what a bot hears', () => {
  test('a mention is answered with the name of who wrote it', async () => {
    const bot = botWith().onMention((message) =>
      message.reply(`Hello, ${message.author.name}: ${message.text}`),
    );
    await start(bot);
    fake.say('@Echo, good morning');
    await until(() => fake.posted.size === 1);
    assert.deepEqual(fake.texts, ['Hello, Ada: good morning']);
    assert.equal([...fake.posted.values()][0]?.['reply_to'], 1);
  });

  test('a message is handled once, and those of programs are left out', async () => {
    const bot = botWith()
      .onMention((message) => message.reply(`mention ${message.text}`))
      .onMessage((message) => message.reply(`message ${message.text}`));
    await start(bot);
    fake.say('by a bot', { automated: true });
    fake.say('its own', { author: 'echo' });
    fake.say('@Echo one');
    fake.say('two');
    await until(() => fake.posted.size === 2);
    assert.deepEqual(fake.texts, ['mention one', 'message two']);
  });

  test('messages of other programs are handled if that is wanted', async () => {
    const bot = botWith({ hearBots: true }).onMessage((message) => message.reply(message.text));
    await start(bot);
    fake.say('by a bot', { automated: true });
    await until(() => fake.posted.size === 1);
  });

  test('reactions, members and other events', async () => {
    const seen: unknown[] = [];
    const bot = botWith()
      .onReaction(({ emoji, user, added }) => seen.push([emoji, user.name, added]))
      .onMember(({ user, joined, isBot }) => seen.push([user.name, joined, isBot]))
      .onEvent('message.deleted', (event) => seen.push(event.data));
    await start(bot);
    fake.tell('reaction.added', { seq: 1, user: 'ada', emoji: '👍' });
    fake.tell('member.left', { user: 'gone' });
    fake.tell('message.deleted', { seq: 1, user: 'ada' });
    fake.tell('of.the.future', {});
    await until(() => seen.length === 3);
    assert.deepEqual(seen, [['👍', 'Ada', true], ['Gus', false, false], { seq: 1, user: 'ada' }]);
  });

  test('a command gets its words, and what does not fit is told to who typed it', async () => {
    const bot = botWith().command('deploy', { about: 'Deploys', usage: '<branch>' }, (call) => {
      const [branch] = call.words;
      if (branch === undefined) throw new UsageError('Name a branch.');
      return call.reply(`Deploying ${branch}`, { actions: [bot.button('Stop it!')] });
    });
    await start(bot);
    const declared = fake.asked.find((one) => one.path.endsWith('/bots/echo/commands'));
    assert.deepEqual(declared?.body, {
      commands: [{ name: 'deploy', about: 'Deploys', usage: '<branch>' }],
    });
    const who = { user: { id: 'ada', name: 'Ada', kind: 'person' } };
    const respond = 'https://elsewhere.example.org/api/v1/respond/token';
    fake.tell('command', { command: { name: 'deploy', text: '' }, ...who, respond });
    fake.tell('command', { command: { name: 'deploy', text: '"my branch"' }, ...who, respond });
    await until(() => fake.posted.size === 2);
    const [usage, answer] = [...fake.posted.values()];
    assert.equal(usage?.['text'], 'Name a branch.\n`/deploy <branch>`');
    assert.equal(usage['only'], 'user');
    assert.deepEqual(answer?.['actions'], [[{ id: 'stop-it', label: 'Stop it!' }]]);
    const asked = fake.asked.filter((one) => one.path.startsWith('/api/v1/respond/'));
    assert.deepEqual(new Set(asked.map((one) => one.authorization)), new Set([undefined]));
  });

  test('a press of a button changes its message and shows a notice', async () => {
    const bot = botWith()
      .onAction('go', async (action) => {
        await action.update({ text: `Started ${action.value ?? ''}`, actions: [] });
        await action.notice('Thank you');
      })
      .onAction((action) => action.reply(`pressed ${action.id}`));
    await start(bot);
    const message = {
      ...(fake.say('card'), fake.events[0]?.['data'] as { message: object }).message,
    };
    const who = { user: { id: 'ada', name: 'Ada', kind: 'person' }, message };
    fake.tell('action', {
      ...who,
      action: { id: 'go', value: 'main' },
      respond: '/api/v1/respond/t',
    });
    await until(() => fake.posted.size === 3);
    const [update, notice, reply] = [...fake.posted.values()];
    assert.deepEqual(update?.['update'], { text: 'Started main', actions: [] });
    assert.equal(notice?.['notice'], 'Thank you');
    assert.equal(reply?.['text'], 'pressed go');
  });
});

describe('once, and in order', () => {
  test('a lost answer is asked for again with the same key', async () => {
    const bot = botWith().onMessage((message) => message.reply(message.text));
    for (const path of ['/me', '/events', '/messages']) {
      fake.faults.push({ path, status: 'lost', times: 2 });
    }
    await start(bot);
    fake.say('hello');
    const posted = () => fake.asked.filter((one) => one.path.endsWith('/messages'));
    await until(() => posted().length === 3);
    const posts = posted();
    assert.equal(fake.posted.size, 1);
    assert.equal(new Set(posts.map((one) => one.body['key'])).size, 1);
  });

  test('after a restart it goes on where it stopped, and repeats nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bot-'));
    const state = join(folder, 'deep', 'state.json');
    const make = () => botWith({ state }).onMessage((message) => message.reply(message.text));
    const end = await start(make());
    fake.say('one');
    await until(() => fake.posted.size === 1);
    await end();
    const before = await readFile(state, 'utf8');
    fake.say('two');
    said = [];
    const endAgain = await start(make());
    await until(() => fake.posted.size === 2);
    await endAgain();
    // A crash between the answer and keeping the cursor.
    await writeFile(state, before);
    said = [];
    const endLast = await start(make());
    const count = () => fake.asked.filter((one) => one.path.endsWith('/messages')).length;
    await until(() => count() === 3);
    await endLast(); // until then it may be keeping its cursor, beside the file
    assert.deepEqual(fake.texts, ['one', 'two']);
    assert.deepEqual(await readdir(join(folder, 'deep')), ['state.json']);
  });

  test('two copies do not run with one state', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bot-'));
    const first = new FileStorage(join(folder, 'state.json'));
    await first.open();
    await assert.rejects(start(botWith({ state: join(folder, 'state.json') })), /Another copy/);
    await first.close();
    const second = new FileStorage(join(folder, 'state.json'));
    await second.open();
    await second.close();
  });

  test('a slow handler holds up its conversation only', async () => {
    let goOn: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    const bot = botWith().onEvent('x', async (event) => {
      if (event.data['slow'] === true) await waits;
      await bot.post('garden', String(event.data['text']));
    });
    await start(bot);
    fake.tell('x', { slow: true, text: 'first' });
    fake.tell('x', { text: 'second' });
    fake.tell('x', { text: 'elsewhere' }, 'shed');
    await until(() => fake.posted.size === 1);
    goOn();
    await until(() => fake.posted.size === 3);
    assert.deepEqual(fake.texts, ['elsewhere', 'first', 'second']);
  });

  test('what a stopped handler did not end is handled after the next start', async () => {
    const state = new MemoryStorage();
    const bot = botWith({ state, grace: 0 }).onMessage(async (message) => {
      await message.reply('begun');
      await message.reply('ended');
    });
    const end = await start(bot);
    fake.faults.push({
      path: '/messages',
      status: 503,
      headers: { 'Retry-After': '60' },
      times: 1,
    });
    fake.say('go');
    await until(() => said.some((one) => one.includes('Trying again in 60')));
    await end();
    assert.equal(fake.posted.size, 0);
    said = [];
    await start(bot);
    await until(() => fake.posted.size === 2);
  });
});

describe('what goes wrong', () => {
  for (const status of [429, 500, 502, 503]) {
    test(`${status} is waited for`, async () => {
      const bot = botWith().onMessage((message) => message.reply(message.text));
      for (const path of ['/me', '/events', '/messages']) {
        fake.faults.push({ path, status, headers: { 'Retry-After': '0' }, times: 2 });
      }
      await start(bot);
      fake.say('hello');
      await until(() => fake.posted.size === 1);
    });
  }

  test('a handler that throws does not hold up others', async () => {
    const bot = botWith()
      .onMessage(() => {
        throw new Error('It cannot.');
      })
      .onMessage((message) => message.reply(message.text));
    await start(bot);
    fake.say('one');
    fake.tell('message.posted', {});
    fake.say('two');
    await until(() => fake.posted.size === 2);
    await until(() => said.filter((one) => one.includes('could not be handled')).length === 3);
  });

  test('a press that nobody handles is logged, and so is that the server is back', async () => {
    const bot = botWith()
      .onAction('go', () => undefined)
      .onMessage((message) => message.reply(message.text));
    fake.faults.push({ path: '/me', status: 503, times: 1 });
    await start(bot);
    fake.say('before');
    await until(() => fake.posted.size === 1);
    const { message } = fake.events[0]?.['data'] as { message: object };
    const who = { user: { id: 'ada', name: 'Ada', kind: 'person' }, message };
    for (const id of ['cancel', 'go']) {
      fake.tell('action', { ...who, action: { id }, respond: '/api/v1/respond/t' });
    }
    const told = () => said.filter((one) => one.includes('Nobody handles presses'));
    await until(() => told().length === 1);
    fake.say('after');
    await until(() => fake.posted.size === 2);
    assert.deepEqual(
      told().map((one) => one.includes("the button 'cancel'")),
      [true],
    );
    assert.equal(said.filter((one) => one.includes('answers again')).length, 1);
  });

  test('where sockets do not get through it polls', async () => {
    const bot = botWith({ transport: 'auto' }).onMessage((message) => message.reply(message.text));
    await start(bot);
    fake.say('hello');
    await until(() => fake.posted.size === 1);
    await until(() => said.some((one) => one.includes('polling instead')));
  });

  test('a cursor that is too old begins anew and says so', async () => {
    const state = new MemoryStorage();
    state.progress = { cursor: 'b.7', done: [], commands: false };
    fake.say('before');
    await start(botWith({ state }).onMessage((message) => message.reply(message.text)));
    await until(() => said.some((one) => one.includes('no longer has all that happened')));
    await until(() => state.progress.cursor === 'a.1');
    fake.say('after');
    await until(() => fake.posted.size === 1);
    assert.deepEqual(fake.texts, ['after']);
  });

  test('a key that has ended ends the bot', async () => {
    fake.faults.push({ path: '/events', status: 401, times: 1 });
    await assert.rejects(start(botWith()), (error: ApiError) => error.status === 401);
  });

  test('refusals are errors with the sentence of the server, and scripts give up', async () => {
    const api = new Api(fake.url, 'esb_key', { ...QUICK, giveUpAfter: 0.05 }, SILENT);
    await assert.rejects(api.request('GET', '/users/nobody'), {
      status: 404,
      code: 'not_found',
      detail: 'No such.',
    });
    fake.faults.push({ path: '/me', status: 503, times: 1000 });
    await assert.rejects(api.me(), ApiError);
    await fake.stop();
    await assert.rejects(api.me(), /cannot be reached/);
    fake = await new Fake().start();
  });

  test('what is missing or wrong is named', async () => {
    const mine = { url: fake.url, key: 'esb_key' };
    for (const [options, sentence] of [
      [{}, /ECHOSPHERE_URL/],
      [{ url: mine.url }, /ECHOSPHERE_KEY/],
      [{ ...mine, url: 'chat.example.org' }, /not the address of a server/],
    ] as const) {
      await assert.rejects(new Bot(options).post('garden', 'hello'), sentence);
    }
    const bot = new Bot(mine);
    assert.throws(() => bot.command('Größe', { about: 'x' }, SILENT), /a-z/);
    assert.throws(() => bot.command('size', { about: ' ' }, SILENT), /about/);
    bot.command('size', { about: 'x' }, SILENT);
    assert.throws(() => bot.command('size', { about: 'x' }, SILENT), /two handlers/);
  });
});

describe('parts', () => {
  test('keys are those of the cause', () => {
    const keys = () => [keyFor(), keyFor()];
    const first = becauseOf('event', 0, keys);
    assert.deepEqual(becauseOf('event', 0, keys), first);
    assert.equal(new Set([...first, ...becauseOf('event', 1, keys), ...keys()]).size, 6);
    assert.equal(keyFor('reminder-12'), 'reminder-12');
    assert.match(keyFor('ä'), /^[0-9a-f]{40}$/);
  });

  test('words and mentions', () => {
    assert.deepEqual(wordsOf('a “b c” "d \\"e\\"" f'), ['a', 'b c', 'd "e"', 'f']);
    assert.equal(withoutMention('@Echo: help', ['Echo']), 'help');
    assert.equal(withoutMention('@Echöes help', ['Ech']), '@Echöes help');
    assert.equal(withoutMention('help @E.T.', ['E.T.']), 'help');
  });

  test('buttons are put in rows', () => {
    const bot = new Bot();
    const many = Array.from({ length: 7 }, (_, number) => bot.button(`${number}`));
    assert.deepEqual(
      rowsOf(many)?.map((row) => row.length),
      [5, 2],
    );
    assert.equal(bot.button('!').id, 'button');
    assert.throws(() => rowsOf(Array.from({ length: 26 }, () => bot.button('x'))), RangeError);
  });

  test('pauses and addresses', () => {
    assert(pauseAfter({ first: 1, longest: 8, giveUpAfter: 1 }, 99) <= 8);
    assert.equal(parseRetryAfter('1.5'), 1.5);
    assert.equal(parseRetryAfter('soon'), null);
    assert.equal(parseRetryAfter('Wed, 21 Oct 2015 07:28:00 GMT'), 0);
    assert.equal(serverUrl('http://localhost:5000/api/v1/'), 'http://localhost:5000');
  });

  test('an odd Retry-After is none, or an hour', () => {
    for (const [value, seconds] of [
      ['-5', 0],
      ['NaN', null],
      ['Infinity', 3600],
      ['9'.repeat(400), 3600],
      ['Wed, 21 Oct 2099 07:28:00 GMT', 3600],
      ['Wed, 21 Oct 2015 07:28:00 -0000', 0],
      ['Wed, 21 Oct 2099 07:28:00 -0000', 3600],
      [`Wed, 21 Oct 2099 07:28:00 +${'9'.repeat(30)}`, null],
      ['Wed, 99 Oct 2099 07:28:00 GMT', null],
    ] as const) {
      assert.equal(parseRetryAfter(value), seconds, value);
    }
  });

  test('the log has no secrets', () => {
    const lines: string[] = [];
    const secret = new Error('with esb_abc at https://x/api/v1/respond/abc');
    logger(true, (line) => lines.push(line))('error', 'It failed', secret);
    logger(false, (line) => lines.push(line))('error', 'It failed', secret);
    assert.equal(lines.join('').includes('abc'), false);
    assert.equal((JSON.parse(lines[0] ?? '') as { level: string }).level, 'error');
  });
});
