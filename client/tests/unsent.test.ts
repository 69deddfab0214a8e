// What was written for conversations that the person is no longer in.
import { describe, expect, test } from 'vitest';
import type { Draft } from '../src/drafts/model';
import type { Pending } from '../src/platform/outbox';
import { unsentOf } from '../src/sending/unsent';

const failed = { code: 'not_found', detail: '' };
const isGone = (conversation: string): boolean => conversation === 'gone';

function pending(fields: Partial<Pending>): Pending {
  return {
    order: 1,
    key: 'k',
    conversation: 'gone',
    body: 'hello',
    files: [],
    created_at: 0,
    failed,
    ...fields,
  };
}

function draft(fields: Partial<Draft>): Draft {
  return { conversation: 'gone', text: '', files: [], shared: true, ...fields };
}

function texts(outbox: readonly Pending[], drafts: readonly Draft[]): string[] {
  const all = new Map(drafts.map((one) => [one.conversation, one]));
  return unsentOf(outbox, all, isGone).map(({ text }) => text);
}

describe('what was not sent', () => {
  test('is a refused message whose conversation is gone', () => {
    const here = pending({ key: 'here', conversation: 'c', body: 'shown in its place' });
    const onItsWay = pending({ key: 'way', body: 'on its way', failed: null });
    expect(texts([pending({}), here, onItsWay], [])).toEqual(['hello']);
  });

  test('is a draft, with the wording of a message that was being edited', () => {
    const mode = { kind: 'edit', seq: 3, text: 'better words' } as const;
    expect(texts([], [draft({ text: 'half a thought', mode })])).toEqual([
      'better words\n\nhalf a thought',
    ]);
    expect(texts([], [draft({ conversation: 'c', text: 'there' })])).toEqual([]);
  });

  test('is nothing where nothing was typed', () => {
    expect(texts([], [draft({ text: ' ', mode: { kind: 'reply', seq: 2 } })])).toEqual([]);
  });

  test('can be files alone', () => {
    const file = {
      id: 'f',
      name: 'notes.txt',
      type: 'text/plain',
      size: 5,
      width: null,
      height: null,
      blob: null,
      attachment: null,
    };
    const [one] = unsentOf([], new Map([['gone', draft({ files: [file] })]]), isGone);
    expect(one?.files).toEqual([file]);
  });
});
