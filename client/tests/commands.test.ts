// What a text after a slash means, and how long one waits for a bot.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { actionsSchema, rowsOf, wordsOn } from '../src/bots/actions';
import { commandIn, commandOptions, meantBy, withoutEscape } from '../src/bots/commands';
import { interactions } from '../src/bots/interactions.svelte';
import type { BotCommand } from '../src/bots/store';
import { tokenAt } from '../src/composer/completion';
import * as v from 'valibot';
import { message } from './view-fixtures';

function command(name: string, bot = 'echo'): BotCommand {
  return { name, about: `Does ${name}`, usage: '', bot: { id: bot, name: bot } };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const { key } of interactions.shown) interactions.dismiss(key);
  vi.useRealTimers();
});

test('a command is a slash and one word at the very beginning', () => {
  expect(commandIn('/deploy')).toEqual({ name: 'deploy', text: '' });
  expect(commandIn('/Deploy  prod now\nand more ')).toEqual({
    name: 'deploy',
    text: 'prod now\nand more',
  });
  for (const text of ['', '/', '//deploy', '/etc/hosts', ' /deploy', '/über', 'see /deploy']) {
    expect(commandIn(text), text).toBeNull();
  }
});

test('two slashes stand for one', () => {
  expect(withoutEscape('//deploy prod')).toBe('/deploy prod');
  expect(withoutEscape('/deploy')).toBe('/deploy');
  expect(withoutEscape('a // b')).toBe('a // b');
  expect(withoutEscape('// TODO')).toBe('// TODO');
});

test('commands are offered while the first word is typed', () => {
  expect(tokenAt('/', 1)).toEqual({ kind: 'command', start: 0, end: 1, query: '' });
  expect(tokenAt('/De', 3)?.query).toBe('De');
  expect(tokenAt('/deploy prod', 12)).toBeNull();
  expect(tokenAt('//', 2)).toBeNull();
  expect(tokenAt('a /de', 5)).toBeNull();
});

test('those that begin so come first, and one that stands there is not offered', () => {
  const all = [command('deploy'), command('undeploy'), command('ping')];
  expect(commandOptions(all, '').map(({ name }) => name)).toEqual(['deploy', 'undeploy', 'ping']);
  expect(commandOptions(all, 'DEP').map(({ name }) => name)).toEqual(['deploy', 'undeploy']);
  expect(commandOptions(all, 'ping')).toEqual([]);
  const twins = [command('ping', 'one'), command('ping', 'two')];
  expect(commandOptions(twins, 'ping')).toHaveLength(2);
});

test('of bots that share a name the chosen one is meant, or all', () => {
  const twins = [command('ping', 'one'), command('ping', 'two'), command('deploy', 'one')];
  const typed = { name: 'ping', text: '' };
  expect(meantBy(typed, twins, null)).toHaveLength(2);
  expect(meantBy(typed, twins, twins[1] ?? null)).toEqual([twins[1]]);
  expect(meantBy({ name: 'other', text: '' }, twins, twins[1] ?? null)).toEqual([]);
});

test('buttons that do not fit are left out', () => {
  const go = { id: 'go', label: 'Go', style: 'primary', value: 'x' };
  expect(rowsOf({ actions: [[go]] })[0]?.[0]?.label).toBe('Go');
  expect(rowsOf({ actions: [[{ ...go, style: 'new' }]] })[0]?.[0]?.style).toBeUndefined();
  for (const url of ['javascript:alert(1)', 'http://example.org', '/settings', ' https://a.b']) {
    expect(rowsOf({ actions: [[{ ...go, url }]] }), url).toEqual([]);
  }
  for (const actions of [undefined, null, 'x', [go], [[{ id: 'go' }]]]) {
    expect(rowsOf({ actions })).toEqual([]);
  }
  expect(v.is(actionsSchema, [])).toBe(true);
});

test('a command says that it waits, and at last that none came', () => {
  interactions.asks({ key: 'k', conversation: 'c', bot: 'b', text: '/deploy prod', after: 7 });
  const progress = (): string => {
    const [one] = interactions.in('c');
    return one?.kind === 'asked' ? one.progress : 'gone';
  };
  expect(progress()).toBe('sending');
  interactions.sent('k');
  expect(progress()).toBe('sent');
  vi.advanceTimersByTime(3_000);
  expect(progress()).toBe('late');
  vi.advanceTimersByTime(30 * 60_000);
  expect(progress()).toBe('over');
});

test('an answer ends the waiting, and what only one sees stands there with the question', () => {
  interactions.asks({ key: 'k', conversation: 'c', bot: 'b', text: '/deploy prod', after: 7 });
  interactions.onAnswer({ conversation: 'c', bot: 'b', key: 'k', text: 'Done', actions: [] });
  interactions.onAnswer({ conversation: 'c', bot: 'b', key: 'k', text: 'Really', actions: [] });
  const shown = interactions.in('c').map((one) => [one.kind, one.text]);
  expect(shown).toEqual([
    ['answer', 'Done'],
    ['answer', 'Really'],
  ]);
  const [first, second] = interactions.in('c');
  expect(first?.kind === 'answer' && first.question).toBe('/deploy prod');
  expect(second?.kind === 'answer' && second.question).toBeNull();
  expect(interactions.in('another')).toEqual([]);
});

test('a message to all ends the waiting without a line of its own', () => {
  interactions.asks({ key: 'k', conversation: 'c', bot: 'b', text: '/deploy', after: 7 });
  interactions.onAnswer({ conversation: 'c', bot: 'b', key: 'k', actions: [] });
  expect(interactions.in('c')).toEqual([]);
});

test('a later message of the bot ends the waiting, whatever the clocks say', () => {
  const said = { conversation: 'c', author: 'b', created_at: 0 };
  for (const created_at of [0, Date.now() - 3_600_000, Date.now() + 3_600_000]) {
    interactions.asks({ key: 'k', conversation: 'c', bot: 'b', text: '/deploy', after: 7 });
    interactions.onSaid(message(7, { ...said, created_at }));
    interactions.onSaid(message(8, { ...said, created_at, author: 'another' }));
    expect(interactions.in('c')).toHaveLength(1);
    interactions.onSaid(message(8, { ...said, created_at }));
    expect(interactions.in('c')).toEqual([]);
  }
});

test('a button waits for its answer, and may be pressed again after three seconds', () => {
  interactions.presses('c', 7, 'go', 'k');
  expect(interactions.pressOf('c', 7, 'go')?.progress).toBe('sending');
  expect(interactions.pressOf('c', 7, 'stop')).toBeUndefined();
  vi.advanceTimersByTime(3_000);
  expect(interactions.pressOf('c', 7, 'go')?.progress).toBe('late');
  interactions.onAnswer({ conversation: 'c', bot: 'b', key: 'k', actions: [] });
  expect(interactions.pressOf('c', 7, 'go')).toBeUndefined();
});

test('what is written on buttons is read in one line, with where they lead', () => {
  const actions = [[{ id: 'go', label: 'Go' }], [{ id: 'log', label: 'Log', url: 'https://a.b/' }]];
  expect(wordsOn({ actions })).toBe('[Go] [Log](https://a.b/)');
  expect(wordsOn({})).toBe('');
  expect(wordsOn({ actions: 'no rows' })).toBe('');
});
