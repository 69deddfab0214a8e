// Whoever decides reports hears of a new one wherever they are, and of many once.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventHandlers } from '../src/app/event-handlers';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('many reports that come together are told once, and lead to their page', () => {
  const offered: (() => void)[] = [];
  const visited: string[] = [];
  const features = {
    administrationEvents: { receive: () => undefined },
    notices: { offer: (_text: string, _label: string, run: () => void) => offered.push(run) },
    route: { administer: (page: string) => visited.push(page) },
  };
  const { administration } = eventHandlers(features as never, () => undefined);
  const report = { topic: 'reports', user: null, arrived: true };
  administration({ ...report, arrived: false });
  administration({ ...report, topic: 'people' });
  expect(offered).toHaveLength(0);
  administration(report);
  administration(report);
  expect(offered).toHaveLength(1);
  vi.advanceTimersByTime(180_001);
  administration(report);
  expect(offered).toHaveLength(2);
  offered.at(-1)?.();
  expect(visited).toEqual(['reports']);
});
