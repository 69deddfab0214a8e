// What may happen in a conversation, for the law tests: steps, how the network treats what they send,
// and what the state makes of it.
import fc from 'fast-check';
import * as held from '../src/conversations/conversation';
import { me, type Called, type Event, type Server } from './server';

export type Step =
  | { do: 'post'; author: string; called: Called }
  | { do: 'edit'; index: number; called: Called }
  | { do: 'remove' | 'promote' | 'react' | 'hide' | 'clear' | 'drop' | 'jump'; index: number }
  | { do: 'rename' }
  | { do: 'read'; index: number; back: number }
  | { do: 'sync' | 'older' | 'newer' | 'latest' };

const called = fc.constantFrom<Called>('nobody', 'nobody', 'me', 'all');

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      author: fc.constantFrom(me, 'ana', 'ben'),
      called,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('edit' as const), index: fc.nat(20), called }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'remove' as const,
        'promote' as const,
        'react' as const,
        'hide' as const,
        'clear' as const,
        'drop' as const,
        'jump' as const,
      ),
      index: fc.nat(20),
    }),
  },
  fc.record({ do: fc.constant('rename' as const) }),
  fc.record({ do: fc.constant('read' as const), index: fc.nat(2), back: fc.nat(4) }),
  fc.record({
    do: fc.constantFrom('sync' as const, 'older' as const, 'newer' as const, 'latest' as const),
  }),
);

/** How the network treats one event: lost, late by some places, doubled. */
export const fate = fc.record({ lost: fc.boolean(), late: fc.nat(4), doubled: fc.boolean() });

export function received(
  state: held.ConversationState,
  { name, event }: Event,
): held.ConversationState {
  switch (name) {
    case 'message':
      return held.applyMessage(state, event, me);
    case 'member':
      return held.applyMember(state, event);
    case 'conversation':
      return held.applyConversation(state, event);
    case 'receipt':
      return held.applyReceipt(state, event, me);
    case 'hidden':
      return held.applyHidden(state, event.seqs);
    case 'version':
      return held.applyVersion(state, event);
    case 'own':
      return held.applyOwn(state, event);
  }
}

export function carriedOut(server: Server, one: Step): Event | null {
  switch (one.do) {
    case 'post':
      return server.post(one.author, `said at ${server.version}`, one.called);
    case 'edit':
      return server.edit(one.index, `edited at ${server.version}`, one.called);
    case 'react':
      return server.react(one.index, 'ana');
    case 'hide':
      return server.hide(one.index);
    case 'clear':
      return server.clear(one.index);
    case 'drop':
      return server.clear(one.index, true);
    case 'remove':
      return server.remove(one.index);
    case 'promote':
      return server.promote(one.index);
    case 'rename':
      return server.rename(`Garden ${server.version}`);
    case 'read':
      return server.read(one.index, server.version - one.back);
    default:
      return null;
  }
}
