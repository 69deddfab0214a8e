// The law of counting: from the server's counts and the events, the same as a fresh fetch says.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as held from '../src/conversations/conversation';
import { me, Server, type Event } from './server';
import { carriedOut, received, step } from './steps';

describe('what is unread', () => {
  test('counts as the server does where it holds no messages, asking when it cannot know', () => {
    const counting = fc.oneof(
      step.filter(({ do: what }) => !['sync', 'older', 'newer', 'latest', 'jump'].includes(what)),
      fc.record({ do: fc.constant('own' as const) }),
    );
    fc.assert(
      fc.property(
        fc.array(counting, { maxLength: 30 }),
        fc.infiniteStream(fc.nat(7)),
        (script, stream) => {
          const dice = (): number => stream.next().value as number;
          const server = new Server();
          for (let count = 0; count < 4; count += 1) server.post('ana', 'before', 'me');
          let state = held.fromServer(server.conversation());
          const air: Event[] = [];
          for (const one of script) {
            if (one.do === 'own') {
              state = received(state, server.own());
              continue;
            }
            // A read position and what is deleted for oneself come with new counts.
            const told = carriedOut(server, one);
            if (told?.name === 'own') state = received(state, told);
            else if (told !== null) air.push(told);
            if (dice() < 3) continue;
            const [event] = air.splice(dice() % Math.max(1, air.length), 1);
            if (event !== undefined) state = received(state, event);
          }
          for (const event of air.toReversed()) state = received(state, event);
          const { unread, mentions, read_seq } = server.conversation();
          if (read_seq > 0 || held.needsCounts(state)) {
            state = held.refreshed(state, server.conversation());
          }
          expect(held.hasGap(state)).toBe(false);
          expect(held.needsCounts(state)).toBe(false);
          expect([held.unreadOf(state, me), held.mentionsOf(state, me)]).toEqual([
            unread,
            mentions,
          ]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('needs no asking for counts that the server tells by itself, between the rows', () => {
    // A reaction to a message that was edited looks like an edit: then it is asked for nothing.
    const counting = step.filter(
      ({ do: what }) => !['sync', 'older', 'newer', 'latest', 'jump', 'react'].includes(what),
    );
    fc.assert(
      fc.property(
        fc.array(counting, { maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        (script, stream, late) => {
          const dice = (below: number): number => (stream.next().value as number) % below;
          const server = new Server();
          for (let count = 0; count < 4; count += 1) server.post('ana', 'before', 'me');
          if (late) server.joined = 3;
          let state = held.fromServer(server.conversation());
          // Rows come in any order; what is for this person alone keeps its own.
          const rows: Event[] = [];
          const mine: Event[] = [];
          const deliver = (): void => {
            const own = rows.length === 0 || (mine.length > 0 && dice(2) === 0);
            const [event] = own ? mine.splice(0, 1) : rows.splice(dice(rows.length), 1);
            if (event !== undefined) state = received(state, event);
          };
          for (const one of script) {
            const event = carriedOut(server, one);
            if (event?.name === 'hidden' || event?.name === 'own') mine.push(event);
            else if (event !== null) rows.push(event);
            if (['edit', 'remove', 'hide', 'read'].includes(one.do)) mine.push(server.own());
            if (dice(3) > 0) deliver();
          }
          while (rows.length + mine.length > 0) deliver();
          const { unread, mentions } = server.conversation();
          expect(held.needsCounts(state)).toBe(false);
          expect([held.unreadOf(state, me), held.mentionsOf(state, me)]).toEqual([
            unread,
            mentions,
          ]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('loses nothing when what one wrote oneself is deleted before an earlier list arrives', () => {
    const server = new Server();
    server.post('ana', 'before');
    let state = held.fromServer(server.conversation());
    const posted = server.post(me, 'mine');
    const fetchedThen = server.conversation();
    const removed = server.remove(1);
    for (const event of [posted, removed]) if (event !== null) state = received(state, event);
    expect(held.unreadOf(held.refreshed(state, fetchedThen), me)).toBe(1);
  });

  test('is not forgotten when a list that was fetched earlier arrives after a row', () => {
    const counting = step.filter(({ do: what }) =>
      ['post', 'remove', 'react', 'rename', 'read'].includes(what),
    );
    const script = fc.array(fc.oneof(counting, fc.record({ do: fc.constant('list' as const) })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(script, fc.infiniteStream(fc.nat()), (steps, stream) => {
        const dice = (below: number): number => (stream.next().value as number) % below;
        const server = new Server();
        for (let count = 0; count < 4; count += 1) server.post('ana', 'before');
        let state = held.fromServer(server.conversation());
        const air: ((state: held.ConversationState) => held.ConversationState)[] = [];
        const deliver = (): void => {
          const [arrive] = air.splice(dice(Math.max(1, air.length)), 1);
          if (arrive !== undefined) state = arrive(state);
        };
        for (const one of steps) {
          if (one.do === 'list') {
            const conversation = server.conversation();
            air.push((now) => held.refreshed(now, conversation));
          } else {
            const event = carriedOut(server, one);
            if (event !== null) air.push((now) => received(now, event));
            // A position comes with counts of its own.
            if (one.do === 'read') state = received(state, server.own());
          }
          if (dice(3) > 0) deliver();
        }
        while (air.length > 0) deliver();
        expect(held.unreadOf(state, me)).toBe(server.conversation().unread);
      }),
      { numRuns: 500 },
    );
  });
});
