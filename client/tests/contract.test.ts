// Everything incoming is parsed: unknown fields pass, wrong shapes never reach the state.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Dispatcher, type Handlers } from '../src/platform/dispatcher';
import { refusalFrom } from '../src/platform/refusal';
import { acknowledgementSchema } from '../src/contract/answers';
import { attachmentSchema, messageSchema, userSchema } from '../src/contract/objects';
import { message } from './server';

function dispatcher(): { given: [string, unknown][]; unreadable: string[]; send: Dispatcher } {
  const given: [string, unknown][] = [];
  const unreadable: string[] = [];
  const note =
    (name: string) =>
    (event: unknown): void => {
      given.push([name, event]);
    };
  const handlers: Handlers = {
    message: note('message'),
    answer: note('answer'),
    held: note('held'),
    version: note('version'),
    conversation: note('conversation'),
    member: note('member'),
    receipt: note('receipt'),
    receipts: note('receipts'),
    typing: note('typing'),
    presence: note('presence'),
    user: note('user'),
    me: note('me'),
    hidden: note('hidden'),
    restored: note('restored'),
    saved: note('saved'),
    own: note('own'),
    contact: note('contact'),
    behind: note('behind'),
    announcement: note('announcement'),
    limits: note('limits'),
    administration: note('administration'),
    security: note('security'),
    signed_out: note('signed_out'),
  };
  return { given, unreadable, send: new Dispatcher(handlers, (name) => unreadable.push(name)) };
}

describe('the dispatcher', () => {
  test('hands over an event without the fields it does not know', () => {
    const { given, send } = dispatcher();
    send.receive('receipt', { conversation: 'c', user: 'ana', read_seq: 3, news: true });
    expect(given).toEqual([['receipt', { conversation: 'c', user: 'ana', read_seq: 3 }]]);
  });

  test('takes the changed fields of a conversation beside its id or inside the object', () => {
    const { given, send } = dispatcher();
    send.receive('conversation', { conversation: 'c', version: 3, title: 'New' });
    const whole = { id: 'c', kind: 'group', title: 'New', version: 3, created_at: 1 };
    send.receive('conversation', { conversation: whole, version: 3 });
    for (const [, event] of given) {
      expect(event).toMatchObject({ conversation: 'c', version: 3, changed: { title: 'New' } });
    }
    expect(given).toHaveLength(2);
  });

  test('hands over what is gathered, short-lived, or about people', () => {
    const { given, unreadable, send } = dispatcher();
    const ana = { id: 'ana', name: 'Ana', status: { emoji: '🌱', text: 'Outside', until: null } };
    const events: [string, object][] = [
      ['receipts', { conversation: 'c', receipts: [{ user: 'ana', read_seq: 3 }] }],
      ['version', { conversation: 'c', version: 7 }],
      ['typing', { conversation: 'c', user: 'ana', on: true }],
      ['presence', { user: 'ana', status: 'offline', last_seen: 5 }],
      ['hidden', { conversation: 'c', seqs: [3], after: 1 }],
      ['restored', { conversation: 'c', seqs: [3], after: 2 }],
      ['saved', { conversation: 'c', seq: 3, on: true }],
      ['user', { user: ana }],
      ['me', { user: { ...ana, role: 'member', created_at: 1, settings: { receipts: false } } }],
      ['own', { conversation: 'c', notify: 'mentions', muted_until: null, marked_unread: true }],
    ];
    for (const [name, payload] of events) send.receive(name, payload);
    expect(unreadable).toEqual([]);
    expect(given.map(([name]) => name)).toEqual(events.map(([name]) => name));
    for (const [index, [, payload]] of events.entries()) {
      expect(given[index]?.[1]).toMatchObject(payload);
    }
  });

  test('pulls instead of guessing when an event does not parse', () => {
    const { given, unreadable, send } = dispatcher();
    send.receive('message', { conversation: 'c', version: '3', message: message({ seq: 3 }) });
    send.receive('message', null);
    expect(given).toEqual([]);
    expect(unreadable).toEqual(['message', 'message']);
  });

  test('ignores events of later versions of the server', () => {
    const { given, unreadable, send } = dispatcher();
    send.receive('tomorrow', {});
    send.receive('constructor', {});
    expect([given, unreadable]).toEqual([[], []]);
  });
});

describe('what comes from the server', () => {
  const file = { id: 'a', name: 'x', type: 'image/png', size: 1, url: '/api/v1/attachments/a' };

  test('may point only to this server', () => {
    expect(v.is(attachmentSchema, file)).toBe(true);
    for (const url of [
      'javascript:alert(1)',
      'https://example.org/x',
      '//example.org',
      '/\\example.org',
    ]) {
      expect(v.is(attachmentSchema, { ...file, url })).toBe(false);
    }
  });

  test('is a message also when what decorates it cannot be read', () => {
    const row = message({ seq: 3 });
    const preview = { url: 'https://example.org/', title: 'Example' };
    const whole = v.parse(messageSchema, { ...row, preview });
    expect(whole.preview).toMatchObject({ ...preview, image_url: null });
    for (const bad of [
      { ...preview, url: 'javascript:alert(1)' },
      { ...preview, image_url: 'https://tracker.example/pixel' },
      'text',
    ]) {
      expect(v.parse(messageSchema, { ...row, preview: bad }).preview).toBeNull();
    }
    const waveform = { ...file, waveform: '<b>', duration: 5_200 };
    const voice = v.parse(messageSchema, { ...row, attachments: [waveform] });
    expect(voice.attachments[0]).toMatchObject({
      waveform: null,
      animated: false,
      ground: null,
      duration: 5_200,
    });
    const parts = { place: { latitude: 52.5 } };
    expect(v.parse(messageSchema, { ...row, parts }).parts).toEqual(parts);
    expect(v.parse(messageSchema, { ...row, parts: 'none' }).parts).toBeUndefined();
    const system = v.parse(messageSchema, { ...row, system: { type: 'tomorrow', role: 'king' } });
    expect(system.system).toMatchObject({ type: 'tomorrow', role: null });
  });

  test('is a message of an earlier server, without the newer fields', () => {
    const { conversation, seq, version, body, created_at } = message({ seq: 3 });
    expect(v.parse(messageSchema, { conversation, seq, version, body, created_at })).toMatchObject({
      reactions: [],
      mentions: [],
      pinned: null,
      preview: null,
      expires_at: null,
      forwarded: false,
      automated: false,
    });
    expect(v.parse(userSchema, { id: 'ana', name: 'Ana' })).toMatchObject({
      status: null,
      kind: 'person',
    });
    expect(v.parse(userSchema, { id: 'ci', name: 'CI', kind: 'robot' }).kind).toBe('person');
  });

  test('is an acknowledgement or it is nothing', () => {
    expect(v.is(acknowledgementSchema, { ok: true, message: {} })).toBe(true);
    expect(v.is(acknowledgementSchema, { ok: false, error: { code: 'gone', detail: '' } })).toBe(
      true,
    );
    expect(v.is(acknowledgementSchema, { ok: false })).toBe(false);
    expect(v.is(acknowledgementSchema, 'ok')).toBe(false);
  });

  test('is a refusal with a reason, or from a proxy with the status alone', () => {
    const clear = refusalFrom(403, { code: 'forbidden', detail: 'You are blocked.' }, null);
    expect([clear.code, clear.detail, clear.isTemporary]).toEqual([
      'forbidden',
      'You are blocked.',
      false,
    ]);
    const busy = refusalFrom(429, null, '12');
    expect([busy.code, busy.retryAfterSeconds, busy.isTemporary]).toEqual(['too_many', 12, true]);
    expect(refusalFrom(502, '<html>', null).isTemporary).toBe(true);
  });
});
