// Everything incoming is parsed: unknown fields pass, wrong shapes never reach the state.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Dispatcher, type Handlers } from '../src/connection/dispatcher';
import { refusalFrom } from '../src/connection/refusal';
import { acknowledgementSchema } from '../src/contract/answers';
import { attachmentSchema } from '../src/contract/objects';
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
    conversation: note('conversation'),
    member: note('member'),
    receipt: note('receipt'),
    own: note('own'),
    contact: note('contact'),
    behind: note('behind'),
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
    expect([clear.code, clear.detail, clear.passing]).toEqual([
      'forbidden',
      'You are blocked.',
      false,
    ]);
    const busy = refusalFrom(429, null, '12');
    expect([busy.code, busy.retryAfterSeconds, busy.passing]).toEqual(['too_many', 12, true]);
    expect(refusalFrom(502, '<html>', null).passing).toBe(true);
  });
});
