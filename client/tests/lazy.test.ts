// Dear things are made once, and not before they are wanted.
import { expect, test } from 'vitest';
import { yieldToMain } from '../src/platform/yield-to-main';
import { lazy } from '../src/platform/lazy';

test('what is made lazily is made once, with its first use, also when it is nothing', () => {
  let made = 0;
  const nothing = lazy(() => {
    made += 1;
    return undefined;
  });
  expect(made).toBe(0);
  nothing();
  nothing();
  expect(made).toBe(1);
});

test('the next turn comes after what waited already', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('waited'), 0);
  await yieldToMain();
  order.push('went on');
  expect(order).toEqual(['waited', 'went on']);
});
