import { expect, it } from 'vitest';
import { isOnlyHere } from '../src/invites/reach';

it('knows links that work on one machine only', () => {
  for (const host of ['127.0.0.1:5000', 'localhost', '[::1]:5000', '127.1.2.3']) {
    expect(isOnlyHere(`http://${host}/invite/x`)).toBe(true);
  }
  for (const host of ['192.168.0.7:5000', 'chat.example.org', '127.0.0.1.example.org', '[::2]']) {
    expect(isOnlyHere(`http://${host}/invite/x`)).toBe(false);
  }
});
