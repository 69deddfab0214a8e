// What the service worker makes of a push, and which addresses it answers for.
import { describe, expect, test } from 'vitest';
import { isMessengerPath, isOver, localPath, pushedFrom, shownFrom } from '../src/worker/pushed';

describe('a push', () => {
  test('becomes a notification that leads to its message', () => {
    const given = {
      conversation: 'c',
      seq: 5,
      title: 'Ana',
      body: 'hello',
      icon: '/api/v1/avatars/a',
      url: '/c/c?m=5',
      tag: 'c',
    };
    expect(pushedFrom(JSON.stringify(given))).toEqual({
      conversation: 'c',
      title: 'Ana',
      body: 'hello',
      icon: '/api/v1/avatars/a',
      url: '/c/c?m=5',
      tag: 'c',
      expiresAt: null,
    });
  });

  test('of a message that disappears is over with it', () => {
    const given = JSON.stringify({ url: '/c/c?m=5', expires_at: 1_000 });
    const pushed = pushedFrom(given);
    expect([999, 1_000].map((now) => isOver(pushed, now))).toEqual([false, true]);
    expect(isOver(pushedFrom('{"expires_at": "soon"}'), 2 ** 53)).toBe(false);
    const shown = shownFrom({ url: pushed.url, expiresAt: pushed.expiresAt });
    expect(shown).toEqual({ url: '/c/c?m=5', expiresAt: 1_000 });
    expect(shownFrom(null)).toEqual({ url: '/', expiresAt: null });
    expect(shownFrom({ url: 'https://evil.example' }).url).toBe('/');
  });

  test('is shown as something also when it cannot be read', () => {
    for (const text of [null, '', 'nonsense', '[]', '7', 'null', '{"title": 7}']) {
      expect(pushedFrom(text)).toEqual({
        conversation: null,
        title: 'EchoSphere',
        body: '',
        icon: null,
        url: '/',
        tag: null,
        expiresAt: null,
      });
    }
  });

  test('never leads away from this server', () => {
    for (const url of ['https://evil.example', '//evil.example', '/\\evil.example', 'c', '/ x']) {
      expect(localPath(url)).toBeNull();
      expect(pushedFrom(JSON.stringify({ url })).url).toBe('/');
    }
  });
});

test('the worker answers only for the messenger itself', () => {
  expect(['/', '/c/abc'].map(isMessengerPath)).toEqual([true, true]);
  for (const path of ['/login', '/register', '/c/', '/c/a/b', '/api/v1/me', '/join/token']) {
    expect(isMessengerPath(path)).toBe(false);
  }
});
