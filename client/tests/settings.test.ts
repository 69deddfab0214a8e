// Settings with their defaults, and what they and a conversation's own say about being told.
import { describe, expect, test } from 'vitest';
import type { Message, OwnFields, OwnUser } from '../src/contract/objects';
import { isMuted } from '../src/conversations/model';
import { fromServer } from '../src/conversations/conversation';
import { isMentionedAnew, isWorthTelling } from '../src/notifications/model';
import {
  defaultSettings,
  isQuiet,
  minuteIn,
  settingsOf,
  type Settings,
} from '../src/settings/model';
import { me, message, Server, systemLine } from './server';

function user(settings: OwnUser['settings']): OwnUser {
  return {
    id: me,
    name: me,
    about: null,
    avatar_url: null,
    status: null,
    kind: 'person',
    role: 'member',
    created_at: 0,
    settings,
  };
}

describe('settings', () => {
  test('have defaults, and leave out what makes no sense or is not known', () => {
    expect(settingsOf(null)).toEqual(defaultSettings);
    const given = {
      receipts: false,
      presence: 'invisible',
      notify: 'loud',
      typing: 'yes',
      quiet_from: 1_320,
      quiet_to: 1_440,
      time_zone: 'Europe/Berlin',
      another: true,
      constructor: true,
    };
    expect(settingsOf(user(given))).toEqual({
      ...defaultSettings,
      receipts: false,
      presence: 'invisible',
      quiet_from: 1_320,
      time_zone: 'Europe/Berlin',
    });
  });

  test('tell quiet hours, also past midnight', () => {
    const night = { ...defaultSettings, quiet_from: 1_320, quiet_to: 420 };
    expect([1_319, 1_320, 0, 419, 420].map((minute) => isQuiet(night, minute))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    const noon = { ...defaultSettings, quiet_from: 720, quiet_to: 780 };
    expect([719, 720, 780].map((minute) => isQuiet(noon, minute))).toEqual([false, true, false]);
    expect(isQuiet(defaultSettings, 0)).toBe(false);
    expect(isQuiet({ ...defaultSettings, quiet_from: 60, quiet_to: 60 }, 60)).toBe(false);
  });

  test('count the minutes of the day where the person is, as the server does', () => {
    const summer = Date.UTC(2026, 6, 1, 22, 30);
    const winter = Date.UTC(2026, 0, 1, 23, 0);
    expect(minuteIn('Europe/Berlin', summer)).toBe(30);
    expect(minuteIn('Europe/Berlin', winter)).toBe(0);
    expect(minuteIn('Asia/Kolkata', winter)).toBe(4 * 60 + 30);
    expect([minuteIn(null, summer), minuteIn('Nowhere/At all', summer)]).toEqual([1_350, 1_350]);
  });
});

describe('a message is worth telling', () => {
  const now = Date.UTC(2026, 0, 1, 10);
  const moment = { me, now };
  const group = fromServer(new Server().conversation());
  const own = (fields: Partial<OwnFields>): OwnFields => ({ ...group.own, ...fields });
  const mention = message({ seq: 5, mentions: [{ user: me, text: 'me' }] });
  const everybody = message({ seq: 5, mentions: [{ user: null, text: 'all' }] });
  const other = message({ seq: 5, mentions: [{ user: 'ben', text: 'Ben' }] });
  const tells = (
    fields: Partial<OwnFields>,
    row = message({ seq: 5 }),
    settings: Partial<Settings> = {},
    kind: 'group' | 'direct' = 'group',
  ): boolean =>
    isWorthTelling(
      { ...group, kind, own: own(fields) },
      row,
      { ...defaultSettings, ...settings },
      moment,
    );

  test('unless it is one’s own, deleted, hidden, read or about the group', () => {
    expect(tells({})).toBe(true);
    expect(tells({ read_seq: 5 })).toBe(false);
    expect(tells({}, message({ seq: 5, author: me }))).toBe(false);
    expect(tells({}, message({ seq: 5, deleted: true }))).toBe(false);
    expect(tells({}, message({ seq: 5, system: systemLine('joined') }))).toBe(false);
    const hidden = { ...group, hidden: new Set([5]) };
    expect(isWorthTelling(hidden, message({ seq: 5 }), defaultSettings, moment)).toBe(false);
  });

  test('by the level of the conversation, or of the person', () => {
    const level = { notify: 'mentions' } as const;
    expect([tells(level), tells(level, mention), tells(level, everybody)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(tells(level, other)).toBe(false);
    expect(tells({ notify: 'none' }, mention)).toBe(false);
    expect(tells({}, mention, { notify: 'none' })).toBe(false);
    expect(tells({ notify: 'all' }, mention, { notify: 'none' })).toBe(true);
    expect(tells({}, message({ seq: 5 }), level)).toBe(false);
    expect(tells({}, mention, level)).toBe(true);
  });

  test('an answer to the person as if it mentioned them', () => {
    const own = message({ seq: 3, author: me });
    const held = { ...group, own: { ...group.own, notify: 'mentions' as const } };
    const answer = message({ seq: 5, reply_to: 3 });
    const tellsWith = (rows: Message[]): boolean =>
      isWorthTelling({ ...held, messages: rows }, answer, defaultSettings, moment);
    expect(tellsWith([own])).toBe(true);
    expect(tellsWith([{ ...own, author: 'ben' }])).toBe(false);
    expect(tellsWith([])).toBe(false);
  });

  test('an edit that mentions them, also where they had read the words before', () => {
    const held = { ...group, own: own({ read_seq: 5, notify: 'mentions' }) };
    const tellsAfter = (reworded: boolean): boolean =>
      isWorthTelling(held, mention, defaultSettings, { ...moment, reworded });
    expect([tellsAfter(true), tellsAfter(false)]).toEqual([true, false]);
    const before = message({ seq: 5 });
    const edited = { ...mention, version: 6 };
    const anew = (rows: Message[], was: Message | undefined, kind: 'group' | 'direct' = 'group') =>
      isMentionedAnew({ ...held, kind, messages: rows }, was, edited, me);
    expect([anew([], before), anew([], undefined), anew([], mention)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(anew([], before, 'direct')).toBe(false);
    const mine = message({ seq: 3, author: me });
    const answer = { ...edited, reply_to: 3 };
    expect(isMentionedAnew({ ...held, messages: [mine] }, before, answer, me)).toBe(false);
  });

  test('in a direct conversation as if it mentioned the person', () => {
    const plain = message({ seq: 5 });
    expect(tells({ notify: 'mentions' }, plain, {}, 'direct')).toBe(true);
    expect(tells({}, plain, { notify: 'mentions' }, 'direct')).toBe(true);
    expect(tells({ notify: 'none' }, plain, {}, 'direct')).toBe(false);
    expect(tells({ muted: true }, plain, {}, 'direct')).toBe(false);
  });

  test('not while muted, nor in quiet hours, mentions included', () => {
    expect([tells({ muted: true }), tells({ muted: true }, mention)]).toEqual([false, false]);
    expect(tells({ muted: true, muted_until: now - 1 })).toBe(true);
    expect(tells({ muted: true, muted_until: now + 1 }, mention)).toBe(false);
    const quiet = { quiet_from: 540, quiet_to: 660 };
    expect(tells({}, mention, quiet)).toBe(false);
    expect(tells({}, mention, { ...quiet, time_zone: 'Asia/Kolkata' })).toBe(true);
  });

  test('and muting ends by itself', () => {
    expect(isMuted(own({ muted: true }), 5)).toBe(true);
    expect(isMuted(own({ muted: true, muted_until: 5 }), 5)).toBe(false);
    expect(isMuted(own({ muted: false, muted_until: 9 }), 5)).toBe(false);
  });
});
