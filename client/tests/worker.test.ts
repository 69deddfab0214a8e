// What the service worker makes of a push, and which addresses it answers for.
import { describe, expect, test } from 'vitest';
import { isMessengerPath, localPath, pushedFrom } from '../src/worker/pushed';

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
    });
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
