// What the conversation view works out: reactions, pins, rights, how far messages came, who is where.
import { describe, expect, test } from 'vitest';
import type { Member, Message, Presence } from '../src/contract/objects';
import { pinsOf } from '../src/pins/model';
import { receiptStatus, receiptProgressOf, receiptStages } from '../src/messages/receipt-progress';
import { reactedBy, reactors } from '../src/reactions/model';
import {
  canDeleteForAll,
  canEdit,
  canPin,
  canReact,
  canReply,
  canSeeAuthor,
  canSeeReceipts,
} from '../src/messages/rights';
import { mayPost, mayPostFrom } from '../src/groups/rights';
import { presenceText } from '../src/people/presence-text';
import { systemLine } from '../src/conversations/summary';
import { fetchParser, plainOf } from '../src/richtext/rich.svelte';
import { roughly } from '../src/richtext/roughly';
import { around, inWindow } from '../src/conversation/page-window';
import { fromServer, type ConversationState } from '../src/conversations/conversation';
import { openRules } from '../src/conversations/group-rules';
import { conversation, member, message, system, withMessages } from './view-fixtures';

const group = (members: Member[], messages: Message[] = []): ConversationState =>
  withMessages(fromServer(conversation('group', members)), messages);

describe('reactions', () => {
  const row = message(1, { reactions: [{ emoji: '❤️', users: ['me', 'ben'] }] });

  test('are one’s own with and without the sign for the coloured form', () => {
    expect(reactedBy(row, '❤', 'me')).toBe(true);
    expect(reactedBy(row, '❤️', 'ben')).toBe(true);
    expect(reactedBy(row, '❤️', 'cid')).toBe(false);
    expect(reactedBy(row, '👍', 'me')).toBe(false);
  });

  test('name oneself last', () => {
    const names = reactors({ emoji: '👍', users: ['me', 'ben', 'cid'] }, 'me', (id) => id);
    expect(names).toEqual(['ben', 'cid', 'me']);
  });
});

describe('pinned messages', () => {
  const pin = (at: number): Message['pinned'] => ({ user: 'ben', at });

  test('come from the server and from the rows that are held, the last pinned first', () => {
    const held = group([], [message(5, { pinned: pin(30) }), message(6)]);
    const fetched = [message(2, { pinned: pin(10) }), message(3, { pinned: pin(20) })];
    expect(pinsOf(held, fetched).map(({ seq }) => seq)).toEqual([5, 3, 2]);
  });

  test('vanish when a newer row is not pinned any more, was deleted or is hidden', () => {
    const fetched = [2, 3, 4].map((seq) => message(seq, { pinned: pin(seq) }));
    const held = group(
      [],
      [message(2, { version: 9 }), message(3, { version: 9, deleted: true, pinned: pin(3) })],
    );
    expect(pinsOf({ ...held, hidden: new Set([4]) }, fetched)).toEqual([]);
  });
});

describe('what one may do', () => {
  const people = [member('me', 'member'), member('ben', 'owner')];

  test('editing is for the author, not of what was forwarded or deleted', () => {
    const held = group(people);
    const own = message(1, { author: 'me' });
    expect(canEdit(held, own, 'me')).toBe(true);
    expect(canEdit(held, message(1, { author: 'ben' }), 'me')).toBe(false);
    expect(canEdit(held, { ...own, forwarded: true }, 'me')).toBe(false);
    expect(canEdit(held, { ...own, deleted: true }, 'me')).toBe(false);
  });

  test('where only those who run a group post, a member reads, and reacts if that is open', () => {
    const rules = { ...openRules, posting: 'admins' } as const;
    const held = { ...group(people), rules };
    const [own, other] = [message(1, { author: 'me' }), message(2, { author: 'ben' })];
    expect(canEdit(held, own, 'me')).toBe(false);
    expect(canReply(held, other, 'me')).toBe(false);
    expect(canPin(held, other, 'me')).toBe(false);
    expect(canReact(held, other, 'me')).toBe(true);
    expect(canReact({ ...held, rules: { ...rules, reacting: 'admins' } }, other, 'me')).toBe(false);
    expect(mayPost(held, 'ben')).toBe(true);
    expect(mayPost({ ...held, membersLoaded: false }, 'me')).toBe(true);
  });

  test('slow mode counts from the last own message or edit, for members only', () => {
    const rules = { ...openRules, slow_seconds: 30 };
    const rows = [
      message(1, { author: 'me', created_at: 1_000, edited_at: 5_000 }),
      message(2, { author: 'me', created_at: 2_000 }),
      message(3, { author: 'ben', created_at: 9_000 }),
    ];
    const held = { ...group(people, rows), rules };
    expect(mayPostFrom(held, 'me')).toBe(35_000);
    expect(mayPostFrom(held, 'ben')).toBe(0);
    expect(mayPostFrom(group(people, rows), 'me')).toBe(0);
  });

  test('deleting for everyone is for the author and for who runs the group', () => {
    const held = group(people);
    expect(canDeleteForAll(held, message(1, { author: 'me' }), 'me')).toBe(true);
    expect(canDeleteForAll(held, message(1, { author: 'ben' }), 'me')).toBe(false);
    expect(canDeleteForAll(held, message(1, { author: 'me' }), 'ben')).toBe(true);
  });

  test('pinning is for all in small groups and for those who run it in large ones', () => {
    const many = Array.from({ length: 30 }, (_, index) => member(`u${index}`, 'member'));
    expect(canPin(group(people), message(1), 'me')).toBe(true);
    expect(canPin(group([...people, ...many]), message(1), 'me')).toBe(false);
    expect(canPin(group([...people, ...many]), message(1), 'ben')).toBe(true);
    expect(canPin(group(people), message(1, { system: system('left') }), 'ben')).toBe(false);
  });

  test('a profile leads from what somebody else said in a group, and none from a program', () => {
    const held = group([member('me', 'owner'), member('ben', 'member')]);
    expect(canSeeAuthor(held, message(1), 'me')).toBe(true);
    expect(canSeeAuthor(held, message(1, { author: 'me' }), 'me')).toBe(false);
    expect(canSeeAuthor(held, message(1, { automated: true }), 'me')).toBe(false);
  });

  test('only one’s own messages tell who has seen them', () => {
    const held = group(people);
    expect(canSeeReceipts(held, message(1, { author: 'me' }), 'me')).toBe(true);
    expect(canSeeReceipts(held, message(1, { author: 'ben' }), 'me')).toBe(false);
  });
});

describe('an own message', () => {
  test('has come as far as with the slowest of the others who are still there', () => {
    const held = group([
      member('me', 'owner'),
      { ...member('ben', 'member'), read_seq: 5, delivered_seq: 7 },
      { ...member('cid', 'member'), read_seq: 3, delivered_seq: 6 },
      { ...member('dan', 'member'), left: true },
    ]);
    const reach = receiptProgressOf(held, 'me');
    expect([3, 4, 6, 7].map((seq) => receiptStatus(seq, reach))).toEqual([
      'read',
      'delivered',
      'delivered',
      'sent',
    ]);
  });

  test('to nobody else is only stored', () => {
    expect(receiptStatus(1, receiptProgressOf(group([member('me', 'owner')]), 'me'))).toBe('sent');
  });

  test('is asked about again when somebody moves on past it, and only then', () => {
    const stages = (read_seq: number, delivered_seq: number): string =>
      receiptStages(group([{ ...member('ben', 'member'), read_seq, delivered_seq }]), 5);
    const [none, received, read] = [stages(4, 4), stages(4, 5), stages(5, 5)];
    expect(new Set([none, received, read]).size).toBe(3);
    expect([stages(1, 3), stages(4, 8), stages(9, 9)]).toEqual([none, received, read]);
  });
});

describe('somebody’s whereabouts', () => {
  const now = new Date(2026, 4, 20, 18, 0).getTime();
  const at = (presence: Partial<Presence>): string =>
    presenceText({ user: 'ben', status: 'offline', last_seen: null, ...presence }, now);

  test('are said in words, or not at all', () => {
    expect(at({ status: 'online' })).toBe('online');
    expect(at({ status: 'away' })).toBe('away');
    expect(at({})).toBe('');
    expect(presenceText(undefined, now)).toBe('');
    expect(at({ last_seen: now - 3_600_000 })).toMatch(/^last seen at .*00/u);
    expect(at({ last_seen: now - 86_400_000 })).toMatch(/^last seen (?!at)/u);
  });
});

describe('system lines', () => {
  const held = group([member('me', 'owner'), member('ben', 'member')]);
  const line = (type: string, fields: object = {}, author = 'me'): string =>
    systemLine(held, message(1, { author, body: '', system: system(type, fields) }));

  test.each([
    ['created', {}, 'Name me created this conversation'],
    ['added', { user: 'ben' }, 'Name me added Name ben'],
    ['joined', { user: 'ben', invite: true }, 'Name ben joined by invitation link'],
    ['left', { user: 'ben' }, 'Name ben left'],
    ['removed', { user: 'ben' }, 'Name me removed Name ben'],
    ['role', { user: 'ben', role: 'admin' }, 'Name me made Name ben an admin'],
    ['description', {}, 'Name me changed the description'],
    ['title', { title: 'Trip' }, 'Name me changed the title to “Trip”'],
    ['pinned', { seq: 3 }, 'Name me pinned a message'],
    ['something new', {}, 'The conversation changed'],
  ])('say what %s means', (type, fields, words) => {
    expect(line(type, fields)).toBe(words);
  });
});

describe('one line of a text', () => {
  test.each([
    ['**bold** and *it* and ~~no~~ and `code`', 'bold and it and no and code'],
    ['> quoted\nanswer', 'quoted\nanswer'],
    ['```js\nlet a\n```', 'let a'],
    ['[here](https://example.org/)', 'here'],
    ['2*3*4 and snake_case_word', '2*3*4 and snake_case_word'],
  ])('%j is %j, before the parser is here and after', async (text, line) => {
    expect(roughly(text)).toBe(line);
    await fetchParser();
    expect(plainOf(text)).toBe(line);
  });

  test('ends, whatever it is', () => {
    for (const sign of ['*', '_', '`', '~', '[', '**a ', '~~a']) {
      expect(roughly(sign.repeat(5_000))).not.toBe('');
    }
  });
});

test('the part of the list around a message has it in the middle', () => {
  const messages = Array.from({ length: 500 }, (_, index) => message(index + 1));
  const part = inWindow(messages, around(messages, 250));
  expect(part.length).toBeLessThanOrEqual(300);
  expect(part.some(({ seq }) => seq === 250)).toBe(true);
  expect(part[0]?.seq).toBeLessThan(250);
  expect(part.at(-1)?.seq).toBeGreaterThan(250);
  expect(inWindow(messages, around(messages, 1))[0]?.seq).toBe(1);
  expect(inWindow(messages, around(messages, 500)).at(-1)?.seq).toBe(500);
});
