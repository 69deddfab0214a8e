// Whoever types a name finds it, whatever their keyboard has.
import { describe, expect, test } from 'vitest';
import { mentionOptions } from '../src/composer/completion';
import { folded } from '../src/platform/folding';
import { matchRank } from '../src/ui/name-match';

describe('letters that keyboards differ in', () => {
  test.each([
    ['don’t', "don't"],
    ['10–20', '10-20'],
    ['Łódź', 'lodz'],
    ['Øyvind', 'oyvind'],
    ['Đorđe', 'dorde'],
    ['Œuvre', 'oeuvre'],
    ['Straße', 'strasse'],
    ['ısparta', 'isparta'],
    ['أحمد', 'احمد'],
  ])('%s is found by %s', (name, typed) => {
    expect(folded(name)).toBe(folded(typed));
    expect(matchRank(name, typed)).toBe(3);
    const user = {
      id: 'u',
      name,
      about: '',
      status: null,
      kind: 'person',
      avatar_url: null,
      contact: null,
    };
    const member = { user, role: 'member' } as unknown as Parameters<typeof mentionOptions>[1][0];
    expect(mentionOptions(typed.slice(0, 3), [member], false).map((one) => one.name)).toEqual([
      name,
    ]);
  });
});
