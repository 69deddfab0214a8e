// The law: what was held, plus events lost, doubled and reordered, plus a sync, equals a fresh fetch.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as held from '../src/conversations/conversation';
import * as contexts from '../src/conversations/jump-context';
import { me, message, Server, systemLine, type Event } from './server';
import { carriedOut, fate, received, step, type Step } from './steps';

function synced(state: held.ConversationState, server: Server): held.ConversationState {
  const item = server.sync(state.version, state.own.clear_version);
  return item === null ? state : held.applySync(state, item, me);
}

function pulled(state: held.ConversationState, server: Server, one: Step): held.ConversationState {
  const first = state.messages[0]?.seq;
  const apart = state.context?.messages;
  if (one.do === 'jump') return contexts.applyAround(state, server.around(one.index));
  if (one.do === 'newer') {
    const edge = apart?.at(-1)?.seq ?? 0;
    return contexts.applyContextNewer(state, server.after(edge), edge);
  }
  if (one.do === 'older' && apart !== undefined) {
    const edge = apart[0]?.seq ?? 0;
    return contexts.applyContextOlder(state, server.before(edge), edge);
  }
  if (one.do === 'sync') return synced(state, server);
  if (one.do === 'latest') return held.applyLatest(held.startLoading(state), server.latest());
  if (one.do === 'older' && first !== undefined) {
    return held.applyOlder(state, server.before(first), first);
  }
  return state;
}

/** What a reader sees; positions of members are fetched afresh with a sync and compared apart. */
function seen(state: held.ConversationState): unknown {
  return {
    title: state.title,
    description: state.description,
    messages: state.messages,
    last: state.last,
    roles: [...state.members.values()].map(({ user, role }) => [user.id, role]).toSorted(),
    version: state.version,
    unread: held.unreadOf(state, me),
    mentions: held.mentionsOf(state, me),
    cleared: [state.own.cleared_seq, state.own.clear_version, state.own.dropped],
  };
}

/** Every row of the part far above is as the server has it, and none is missing between them. */
function expectTrueContext({ context }: held.ConversationState, server: Server): void {
  const [first, last] = [context?.messages[0]?.seq, context?.messages.at(-1)?.seq];
  if (first === undefined || last === undefined) return;
  const rows = server
    .latest(Number.MAX_SAFE_INTEGER)
    .messages.filter(({ seq }) => seq >= first && seq <= last);
  expect(context?.messages).toEqual(rows);
}

function fresh(server: Server, from: number | undefined): unknown {
  const start = held.startLoading(held.fromServer(server.conversation()));
  const all = server.latest(Number.MAX_SAFE_INTEGER);
  const messages = all.messages.filter(({ seq }) => from === undefined || seq >= from);
  const more = messages.length < all.messages.length;
  return seen(held.applyLatest(start, { ...all, messages, more }));
}

describe('the state of a conversation', () => {
  test('equals a fresh fetch after any loss, doubling and reordering, once it has synced', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fate), { maxLength: 60 }),
        fc.boolean(),
        fc.boolean(),
        (script, open, late) => {
          const server = new Server();
          for (let count = 0; count < 8; count += 1) server.post('ana', 'before');
          if (late) server.joined = 5;
          let state = held.fromServer(server.conversation());
          if (open) state = held.applyLatest(held.startLoading(state), server.latest());
          const air: { event: Event; due: number }[] = [];
          script.forEach(([one, { lost, late, doubled }], now) => {
            const event = carriedOut(server, one);
            // What is told to the person alone comes in its order, or not at all.
            if (event?.name === 'own') state = lost ? state : received(state, event);
            else {
              if (event !== null && !lost) air.push({ event, due: now + late });
              if (event !== null && doubled) air.push({ event, due: now + late + 2 });
            }
            state = pulled(state, server, one);
            for (const { event: due } of air.filter((flight) => flight.due === now)) {
              state = received(state, due);
            }
          });
          // As after a new connection: the list is fetched and the difference pulled.
          state = synced(held.refreshed(state, server.conversation()), server);
          state = held.applyHidden(state, [...server.hidden]);
          state = held.refreshed(state, server.conversation());
          // What is still in the air arrives after the sync and must change nothing.
          for (const { event } of air.toReversed()) state = received(state, event);
          if (state.history === 'none') {
            state = held.applyLatest(held.startLoading(state), server.latest());
          }
          expect(held.hasGap(state)).toBe(false);
          expect(seen(state)).toEqual(fresh(server, state.messages[0]?.seq));
          expectTrueContext(state, server);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('equals a fresh fetch without a sync when every event arrives in some order', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        (script, dice, late) => {
          const server = new Server(100);
          for (let count = 0; count < 8; count += 1) server.post('ana', 'before');
          if (late) server.joined = 5;
          let state = held.applyLatest(
            held.startLoading(held.fromServer(server.conversation())),
            server.latest(),
          );
          const events: Event[] = [];
          for (const one of script) {
            const event = carriedOut(server, one);
            if (event?.name === 'own') state = received(state, event);
            else if (event !== null) events.push(event);
          }
          while (events.length > 0) {
            const [event] = events.splice((dice.next().value as number) % events.length, 1);
            if (event !== undefined) state = received(state, event);
          }
          expect(held.hasGap(state)).toBe(false);
          expect(seen(state)).toEqual(fresh(server, state.messages[0]?.seq));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('fetches the rows again when all that were held are hidden', () => {
    const server = new Server();
    for (let count = 0; count < 8; count += 1) server.post('ana', 'before');
    server.clear(6);
    let state = synced(held.fromServer(server.conversation()), server);
    state = held.applyLatest(held.startLoading(state), server.latest());
    const [item, hide] = [server.sync(undefined), server.hide(0)];
    if (item === null || hide === null) throw new Error('there is a message to hide');
    state = received(held.applySync(state, { ...item, reset: true }, me), hide);
    expect(state.history).toBe('none');
    state = received(state, server.post(me, 'after'));
    state = held.applyLatest(held.startLoading(state), server.latest());
    expect(seen(state)).toEqual(fresh(server, undefined));
  });

  test('moves on with a change that the person may not see, and waits for no difference', () => {
    const server = new Server();
    server.post('ana', 'before I came');
    server.joined = server.version;
    server.post('ana', 'welcome');
    const start = held.startLoading(held.fromServer(server.conversation()));
    const state = held.applyLatest(start, server.latest());
    const unseen = server.edit(0, 'better words');
    if (unseen === null) throw new Error('there is a message to edit');
    const after = received(state, unseen);
    expect([after.version, held.hasGap(after)]).toEqual([server.version, false]);
    expect(after.messages).toBe(state.messages);
    expect(held.hasGap(held.applyVersion(after, { conversation: 'c', version: 9 }))).toBe(true);
  });

  test('joins a part far above with the newest messages when it is read down to them', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (from, edited) => {
        const server = new Server();
        for (let count = 0; count < 40; count += 1) server.post('ana', `said ${count}`);
        let state = held.applyLatest(
          held.startLoading(held.fromServer(server.conversation())),
          server.latest(),
        );
        state = contexts.applyAround(state, server.around(from));
        const edit = server.edit(edited, 'better words');
        if (edit !== null) state = received(state, edit);
        for (let pages = 0; state.context !== null && pages < 20; pages += 1) {
          const edge = contexts.shown(state).messages.at(-1)?.seq ?? 0;
          state = contexts.applyContextNewer(state, server.after(edge), edge);
        }
        expect(state.context).toBeNull();
        expect(seen(state)).toEqual(fresh(server, state.messages[0]?.seq));
      }),
    );
  });
});

describe('a conversation that is open', () => {
  function opened(server: Server): held.ConversationState {
    return held.applyLatest(
      held.startLoading(held.fromServer(server.conversation())),
      server.latest(),
    );
  }

  test('notices a hole and closes it when the late event arrives', () => {
    const server = new Server();
    const state = opened(server);
    const first = server.post('ana', 'one');
    const second = server.post('ana', 'two');
    const torn = received(state, second);
    expect(held.hasGap(torn)).toBe(true);
    const whole = received(torn, first);
    expect(held.hasGap(whole)).toBe(false);
    expect(whole.messages.map(({ body }) => body)).toEqual(['one', 'two']);
  });

  test('never lets an older row replace a newer one', () => {
    const server = new Server();
    const state = opened(server);
    const posted = server.post('ana', 'first words');
    const edited = server.edit(0, 'better words');
    if (edited === null) throw new Error('there is a message to edit');
    const after = received(received(state, edited), posted);
    expect(after.messages.map(({ body }) => body)).toEqual(['better words']);
  });

  test('keeps an edit that overtook the older page with the message', () => {
    const server = new Server();
    for (let count = 0; count < 12; count += 1) server.post('ana', 'old');
    const state = opened(server);
    const first = state.messages[0]?.seq ?? 0;
    const page = server.before(first);
    const edit = server.edit(5, 'new words');
    if (edit === null) throw new Error('there is a message to edit');
    const after = held.applyOlder(received(state, edit), page, first);
    expect(after.messages.some(({ body }) => body === 'new words')).toBe(true);
  });

  test('drops an older page that no longer fits to what is held', () => {
    const server = new Server();
    for (let count = 0; count < 30; count += 1) server.post('ana', 'old');
    const state = opened(server);
    const first = state.messages[0]?.seq ?? 0;
    const page = server.before(first);
    for (let count = 0; count < 30; count += 1) server.post('ana', 'new');
    const reset = synced(state, server);
    expect(held.applyOlder(reset, page, first)).toBe(reset);
  });

  test('shows a message that was posted into an empty conversation', () => {
    const server = new Server();
    const item = server.sync(undefined);
    if (item === null) throw new Error('a conversation that is not held is always sent');
    const state = held.applySync(undefined, item, me);
    expect(received(state, server.post('ana', 'first')).messages).toHaveLength(1);
  });

  test('moves read positions forward only', () => {
    const server = new Server();
    server.post('ana', 'one');
    server.post('ana', 'two');
    const read = held.markRead(opened(server), 3, me);
    expect(held.markRead(read, 2, me).own.read_seq).toBe(3);
    expect(
      held.applyReceipt(read, { conversation: 'c', user: me, read_seq: 2 }, me).own.read_seq,
    ).toBe(3);
    expect(held.applyOwn(read, { conversation: 'c', unread: 1, read_seq: 2 }).own.read_seq).toBe(3);
    expect(
      held.unreadOf(held.applyOwn(read, { conversation: 'c', unread: 1, read_seq: 2 }), me),
    ).toBe(0);
  });

  test('takes the count of another device that has read further', () => {
    const server = new Server();
    server.post('ana', 'one');
    server.post('ana', 'two');
    const state = held.fromServer(server.conversation());
    expect(held.unreadOf(state, me)).toBe(2);
    const after = held.applyOwn(state, { conversation: 'c', unread: 1, read_seq: 2 });
    expect(held.unreadOf(after, me)).toBe(1);
  });

  test('counts nothing on from a thousand, which stands for more', () => {
    const server = new Server();
    server.post('ana', 'one');
    const many = { ...server.conversation(), unread: 1000 };
    const removed = server.remove(0);
    if (removed === null) throw new Error('nothing was removed');
    const state = received(held.fromServer(many), removed);
    expect(held.unreadOf(received(state, server.post('ana', 'two')), me)).toBe(1000);
    const fewer = received(held.fromServer({ ...many, unread: 999 }), server.post('ana', 'three'));
    expect(held.unreadOf(fewer, me)).toBe(1000);
  });

  test('forgets far older messages when it is left, and knows that there are more', () => {
    const server = new Server(300);
    for (let count = 0; count < 250; count += 1) server.post('ana', 'old');
    const left = held.trimHistory(opened(server));
    expect(left.messages).toHaveLength(100);
    expect(left.more).toBe(true);
    expect(left.messages.at(-1)?.seq).toBe(server.version);
  });

  test('leaves own, deleted and system messages out of the unread count', () => {
    const base = opened(new Server());
    const rows = [
      message({ seq: 2, author: me }),
      message({ seq: 3, deleted: true }),
      message({ seq: 4, system: systemLine('joined') }),
      message({ seq: 5 }),
    ];
    const state = rows.reduce(
      (next, row) =>
        held.applyMessage(next, { conversation: 'c', version: row.seq, message: row }, me),
      base,
    );
    expect(held.unreadOf(state, me)).toBe(1);
  });
});
