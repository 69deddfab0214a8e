// What the administration room hears, and what of it makes it ask the server.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AdministrationEvents } from '../src/administration/events';
import { presenceOf } from '../src/administration/presence';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listening(topic: string): {
  events: AdministrationEvents;
  heard: unknown[][];
  stop: () => void;
} {
  const events = new AdministrationEvents();
  const heard: unknown[][] = [];
  const stop = events.listen(topic, (users) => heard.push([...users]));
  return { events, heard, stop };
}

describe('who listens to a topic', () => {
  test('is called once for what comes together, with whom it is about', () => {
    const { events, heard } = listening('people');
    for (const user of ['ana', 'ben', 'ana']) events.receive({ topic: 'people', user });
    expect(heard).toEqual([]);
    vi.runAllTimers();
    expect(heard).toEqual([['ana', 'ben']]);
    events.receive({ topic: 'people', user: null });
    vi.runAllTimers();
    expect(heard).toEqual([['ana', 'ben'], [null]]);
  });

  test('hears of nothing else', () => {
    const { events, heard } = listening('people');
    events.receive({ topic: 'reports', user: null });
    vi.runAllTimers();
    expect(heard).toEqual([]);
  });

  test('asks again after a connection was lost', () => {
    const { events, heard } = listening('audit');
    events.onConnected();
    vi.runAllTimers();
    expect(heard).toEqual([[null]]);
  });

  test('hears nothing once it has gone, not even of what came before', () => {
    const { events, heard, stop } = listening('people');
    events.receive({ topic: 'people', user: 'ana' });
    stop();
    events.receive({ topic: 'people', user: 'ana' });
    vi.runAllTimers();
    expect(heard).toEqual([]);
  });
});

describe('when somebody was here', () => {
  const now = 1_800_000_000_000;

  test.each([
    [{ online: true, last_seen: null, devices: 1 }, ['online', '1 device']],
    [{ online: true, last_seen: now - 1, devices: 2 }, ['online', '2 devices']],
    [{ online: false, last_seen: null, devices: 1 }, ['1 device']],
    [{ online: false, last_seen: null, devices: 0 }, ['not signed in']],
  ])('is said as far as it is known: %o', (person, said) => {
    expect(presenceOf(person, now)).toEqual(said);
  });

  test('is said of who has gone', () => {
    const [, seen] = presenceOf({ online: false, last_seen: now - 60_000, devices: 1 }, now);
    expect(seen).toMatch(/^last seen /);
  });
});
