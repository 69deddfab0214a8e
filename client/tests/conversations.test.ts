// The list of conversations: order, who is who, and how far own messages have come.
import { describe, expect, test } from 'vitest';
import type { SyncItem } from '../src/contract/answers';
import * as all from '../src/conversations/model';
import {
  applyReceipt,
  fromServer,
  type ConversationState,
} from '../src/conversations/conversation';
import { newBase } from '../src/conversations/unread';
import { me, member, message, Server } from './server';

const nothing = { conversations: [], gone: [], more: false, epoch: '', outdated: [] };

function held(fields: Partial<ConversationState>): ConversationState {
  return { ...fromServer(new Server().conversation()), ...fields };
}

function listOf(...conversations: ConversationState[]): all.Conversations {
  return new Map(conversations.map((one) => [one.id, one]));
}

describe('the list of conversations', () => {
  test('has pinned ones first, then the latest activity, and no archived ones', () => {
    const own = fromServer(new Server().conversation()).own;
    const list = listOf(
      held({ id: 'old', last: message({ seq: 2, created_at: 10 }) }),
      held({ id: 'new', last: message({ seq: 2, created_at: 20 }) }),
      held({ id: 'pinned', own: { ...own, pinned: true } }),
      held({ id: 'archived', own: { ...own, archived: true } }),
    );
    expect(all.visibleConversations(list).map(({ id }) => id)).toEqual(['pinned', 'new', 'old']);
  });

  test('forgets what is gone and takes in what it did not know', () => {
    const known = listOf(held({ id: 'gone' }));
    const item = new Server().sync(undefined);
    if (item === null) throw new Error('a conversation that is not held is always sent');
    const answer = { ...nothing, conversations: [item], gone: ['gone'] };
    const next = all.withSync(known, answer, me);
    expect([...next.keys()]).toEqual(['c']);
    expect(all.syncVersions(next)).toEqual({ c: 1 });
  });

  test('finds the other person of a direct conversation', () => {
    const members = new Map([me, 'ana'].map((id) => [id, member(id, 1)]));
    const direct = held({ kind: 'direct', title: null, members });
    expect(all.counterpart(direct, me)?.id).toBe('ana');
    expect(all.directConversationWith(listOf(direct), 'ana', me)?.id).toBe('c');
    expect(all.counterpart(held({}), me)).toBeNull();
  });

  test('leaves muted conversations out of the total', () => {
    const own = { ...fromServer(new Server().conversation()).own, muted: true };
    const unreadBase = newBase(4, 0, 1);
    const list = listOf(held({ id: 'loud', unreadBase }), held({ id: 'quiet', own, unreadBase }));
    expect(all.totalUnread(list, me)).toBe(4);
  });
});

describe('after a restore of the server', () => {
  const ghost = message({ seq: 9, version: 9, body: 'never said' });

  function ghostly(id: string): ConversationState {
    const before = { ...held({ id, epoch: 'before', version: 9 }), history: 'loaded' as const };
    return { ...before, messages: [ghost], last: ghost, hidden: new Set([3]) };
  }

  function item(id: string): SyncItem {
    const found = new Server().sync(undefined);
    if (found === null) throw new Error('a conversation that is not held is always sent');
    return { ...found, reset: true, conversation: { ...found.conversation, id } };
  }

  test('what is outdated is replaced, and asked for without a version until it is', () => {
    const known = listOf(ghostly('one'), ghostly('other'), held({ id: 'true', epoch: 'before' }));
    const asked = all.syncVersions(known, all.prevailingEpoch(known));
    expect(Object.keys(asked)).toEqual(['one', 'other', 'true']);

    const first = { ...nothing, conversations: [item('one')], epoch: 'now', more: true };
    const next = all.withSync(known, { ...first, outdated: ['one', 'other'] }, me, asked);
    expect(next.get('one')?.messages).not.toContain(ghost);
    expect(next.get('one')?.hidden.size).toBe(0);
    const again = all.syncVersions(next, 'now');
    expect(Object.keys(again)).toEqual(['one', 'true']);

    const second = { ...nothing, conversations: [item('other')], epoch: 'now' };
    const last = all.withSync(next, second, me, again);
    expect(last.get('other')?.messages).not.toContain(ghost);
    expect(Object.keys(all.syncVersions(last, 'now'))).toEqual(['one', 'other', 'true']);
  });

  test('what is still true stays, and has its versions in the new epoch', () => {
    const known = listOf({ ...ghostly('one'), hidden: new Set<number>() });
    const next = all.withSync(known, { ...nothing, epoch: 'now' }, me, { one: 9 });
    expect(next.get('one')?.messages).toEqual([ghost]);
    expect(all.prevailingEpoch(next)).toBe('now');
  });
});

describe('an own message', () => {
  test('is read only when all others have read it', () => {
    const base = held({});
    expect(all.receiptStatus(base, 5, me)).toBe('sent');
    const one = applyReceipt(base, { conversation: 'c', user: 'ana', read_seq: 5 }, me);
    expect(all.receiptStatus(one, 5, me)).toBe('sent');
    const delivered = applyReceipt(one, { conversation: 'c', user: 'ben', delivered_seq: 5 }, me);
    expect(all.receiptStatus(delivered, 5, me)).toBe('delivered');
    const read = applyReceipt(delivered, { conversation: 'c', user: 'ben', read_seq: 5 }, me);
    expect(all.receiptStatus(read, 5, me)).toBe('read');
  });

  test('waits for nobody who has left', () => {
    const ben = { ...member('ben', 2), left: true };
    const members = new Map(
      [member(me, 1), { ...member('ana', 1), read_seq: 9 }, ben].map((one) => [one.user.id, one]),
    );
    expect(all.receiptStatus(held({ members }), 5, me)).toBe('read');
  });
});
