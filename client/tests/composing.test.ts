// What the composer does to a text: completing, marking up, emoji for shortcodes.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Member } from '../src/contract/objects';
import {
  callsEverybody,
  insertion,
  mayCallEverybody,
  mentionOptions,
  tokenAt,
} from '../src/composer/completion';
import { linked, marked, shortcutOf, type Edit, type Mark } from '../src/composer/markdown';
import {
  codeFor,
  groups,
  loadCatalogue,
  search,
  toned,
  type Catalogue,
} from '../src/emoji/catalogue';
import { moved, rowsOf, type Place } from '../src/emoji/grid';
import { mayHoldShortcodes, replaceShortcodes, withEmoji } from '../src/emoji/shortcodes';

/** A text with its caret or selection, written with bars: `ab|cd|`. */
function parsed(written: string): { text: string; start: number; end: number } {
  const start = written.indexOf('|');
  const text = written.replaceAll('|', '');
  const end = written.lastIndexOf('|') - (written.lastIndexOf('|') > start ? 1 : 0);
  return { text, start, end };
}

function after(text: string, { from, to, insert, start, end }: Edit): string {
  const next = text.slice(0, from) + insert + text.slice(to);
  const caret = start === end ? '|' : `|${next.slice(start, end)}|`;
  return next.slice(0, start) + caret + next.slice(end);
}

const token = (written: string): [string, string] | null => {
  const { text, start } = parsed(written);
  const found = tokenAt(text, start);
  return found === null ? null : [found.kind, found.query];
};

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue();
});

describe('what is being completed', () => {
  test('is an emoji after a colon and two letters', () => {
    expect(token('hi :smi|')).toEqual(['emoji', 'smi']);
    expect(token(':+1|')).toEqual(['emoji', '+1']);
    expect(token('(:lä|')).toEqual(['emoji', 'lä']);
  });

  test('is nothing in times, addresses and after a single letter', () => {
    for (const text of ['10:30|', 'http://ab|', 'a:bc|', ':s|', ': smi|', '::sm|', 'smi|']) {
      expect(token(text)).toBeNull();
    }
  });

  test('is a name of one or more words after an at sign', () => {
    expect(token('@|')).toEqual(['mention', '']);
    expect(token('hello @an|')).toEqual(['mention', 'an']);
    expect(token('(@Ana María Lop|')).toEqual(['mention', 'Ana María Lop']);
    expect(token('@an|na')).toEqual(['mention', 'an']);
  });

  test('is nothing in mail addresses and far behind a name', () => {
    expect(token('write to ana@exa|')).toBeNull();
    expect(token('@one two three four five|')).toBeNull();
    expect(token('@ana, and|')).toBeNull();
  });

  test('is put in its place with one space behind it', () => {
    const { text, start } = parsed('hi @an|');
    const found = tokenAt(text, start);
    expect(found).not.toBeNull();
    if (found === null) return;
    expect(insertion(text, found, '@Ana López')).toEqual({ from: 3, to: 6, insert: '@Ana López ' });
    expect(insertion('hi @an there', found, '@Ana').insert).toBe('@Ana');
  });

  test('never reaches behind the caret or before the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), (text, place) => {
        const caret = Math.min(place, text.length);
        const found = tokenAt(text, caret);
        if (found === null) return;
        expect(found.end).toBe(caret);
        expect(text.slice(found.start + 1, found.end)).toBe(found.query);
        expect('/:@').toContain(text[found.start]);
      }),
    );
  });
});

const members: Member[] = ['Ana López', 'Ben', 'Björn Ahlgren', 'Anna'].map((name, index) => ({
  user: { id: `u${index}`, name, about: null, avatar_url: null },
  role: 'member',
  joined_seq: 0,
  read_seq: 0,
  delivered_seq: 0,
  version: 1,
  left: false,
})) as unknown as Member[];

describe('who can be mentioned', () => {
  const names = (query: string, all = false): string[] =>
    mentionOptions(query, members, all).map(({ name }) => name);

  test('are those whose name or a word of it begins so, without regard to accents', () => {
    expect(names('an')).toEqual(['Ana López', 'Anna']);
    expect(names('lop')).toEqual(['Ana López']);
    expect(names('bjo')).toEqual(['Björn Ahlgren']);
    expect(names('a')).toEqual(['Ana López', 'Anna', 'Björn Ahlgren']);
    expect(names('ana l')).toEqual(['Ana López']);
    expect(names('zz')).toEqual([]);
  });

  test('nobody is offered for a name that stands there already', () => {
    expect(names('Ben')).toEqual([]);
    expect(names('Ben ')).toEqual([]);
  });

  test('everybody is offered where that is allowed', () => {
    expect(names('', true).at(-1)).toBe('all');
    expect(names('a', true)[0]).toBe('all');
    expect(names('al', true)).toEqual(['all']);
    expect(names('ever', true)).toEqual(['all']);
    expect(names('al')).not.toContain('all');
    expect(mayCallEverybody('direct', 2, 'member')).toBe(false);
    expect(mayCallEverybody('group', 50, 'member')).toBe(true);
    expect(mayCallEverybody('group', 51, 'member')).toBe(false);
    expect(mayCallEverybody('group', 51, 'admin')).toBe(true);
  });

  test('a call to everybody is known in each of its words, and only as a word', () => {
    for (const text of ['@all', 'hi @Everyone!', '(@alle)'])
      expect(callsEverybody(text)).toBe(true);
    for (const text of ['@allan', 'x@all', 'all', '@@all'])
      expect(callsEverybody(text)).toBe(false);
  });
});

describe('a shortcut for Markdown', () => {
  const mark = (written: string, kind: Mark): string => {
    const { text, start, end } = parsed(written);
    return after(text, marked(text, start, end, kind));
  };
  const link = (written: string, target?: string): string => {
    const { text, start, end } = parsed(written);
    return after(text, linked(text, start, end, target));
  };

  test('marks the selection, and unmarks it when pressed again', () => {
    expect(mark('say |this| now', 'bold')).toBe('say **|this|** now');
    expect(mark('say **|this|** now', 'bold')).toBe('say |this| now');
    expect(mark('say |**this**| now', 'bold')).toBe('say |this| now');
    expect(mark('|x|', 'italic')).toBe('_|x|_');
    expect(mark('|x|', 'strike')).toBe('~~|x|~~');
    expect(mark('|x|', 'code')).toBe('`|x|`');
  });

  test('leaves spaces at the ends outside, and without a selection opens a pair', () => {
    expect(mark('a| b |c', 'bold')).toBe('a **|b|** c');
    expect(mark('a |', 'bold')).toBe('a **|**');
    expect(mark('a **|**', 'bold')).toBe('a |');
  });

  test('makes a block of several lines of code', () => {
    expect(mark('|a\nb|', 'code')).toBe('```\n|a\nb|\n```');
    expect(mark('x |a\nb| y', 'code')).toBe('x \n```\n|a\nb|\n```\n y');
  });

  test('makes links of words, of addresses and of both', () => {
    expect(link('see |this|')).toBe('see [this](|)');
    expect(link('see |https://example.org|')).toBe('see [|](https://example.org)');
    expect(link('see |')).toBe('see [|]()');
    expect(link('see |this|', 'https://example.org')).toBe('see [this](https://example.org)|');
  });

  test('pressed twice gives the text back', () => {
    const kinds = fc.constantFrom<Mark>('bold', 'italic', 'strike', 'code');
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,8}$/), kinds, (word, kind) => {
        const once = marked(word, 0, word.length, kind);
        const text = once.insert;
        const twice = marked(text, once.start, once.end, kind);
        expect(text.slice(0, twice.from) + twice.insert + text.slice(twice.to)).toBe(word);
      }),
    );
  });

  test('is known by its keys; K alone is the quick switcher', () => {
    const keys = { shiftKey: false, ctrlKey: true, metaKey: false, altKey: false };
    expect(shortcutOf({ ...keys, key: 'b' })).toBe('bold');
    expect(shortcutOf({ ...keys, key: 'I' })).toBe('italic');
    expect(shortcutOf({ ...keys, key: 'X', shiftKey: true })).toBe('strike');
    expect(shortcutOf({ ...keys, key: 'K', shiftKey: true })).toBe('link');
    expect(shortcutOf({ ...keys, key: 'k' })).toBeNull();
    expect(shortcutOf({ ...keys, key: 'x' })).toBeNull();
    expect(shortcutOf({ ...keys, key: 'b', altKey: true })).toBeNull();
    expect(shortcutOf({ ...keys, key: 'b', ctrlKey: false, metaKey: true })).toBe('bold');
  });
});

describe('emoji', () => {
  const first = (query: string): string | undefined => search(catalogue, query)[0]?.emoji;

  test('are there in all groups, each with both names', () => {
    expect(catalogue.all.length).toBeGreaterThan(1800);
    expect(new Set(catalogue.all.map(({ group }) => group))).toEqual(new Set(groups));
    expect(catalogue.all.filter(({ english, german }) => english === '' || german === '')).toEqual(
      [],
    );
  });

  test('are found by shortcode, name and keyword in both languages', () => {
    expect(first('tada')).toBe('🎉');
    expect(first(':+1:')).toBe('👍');
    expect(first('thumbs up')).toBe('👍');
    expect(search(catalogue, 'schildkröte').map(({ emoji }) => emoji)).toContain('🐢');
    expect(search(catalogue, 'SCHILDKROTE').map(({ emoji }) => emoji)).toContain('🐢');
    expect(search(catalogue, 'feiern').length).toBeGreaterThan(0);
    expect(search(catalogue, 'deutschland').map(({ emoji }) => emoji)).toContain('🇩🇪');
    expect(search(catalogue, 'qqqq')).toEqual([]);
    expect(search(catalogue, '  ')).toEqual([]);
  });

  test('are completed by the shortcode that was begun', () => {
    const [best] = search(catalogue, 'smil');
    expect(best).toBeDefined();
    if (best !== undefined) expect(codeFor(best, 'smil').startsWith('smil')).toBe(true);
  });

  test('take a skin tone where they have one', () => {
    const thumb = catalogue.byCode.get('+1');
    const heart = catalogue.byCode.get('heart');
    expect(thumb && toned(thumb, 3)).toBe('👍🏽');
    expect(thumb && toned(thumb, 0)).toBe('👍');
    expect(heart && toned(heart, 3)).toBe(heart?.emoji);
    expect(catalogue.byEmoji.get('👍🏽')).toBe(thumb);
  });
});

describe('moving through the grid', () => {
  const lengths = [3, 3, 1, 3];
  const at = (row: number, column: number): Place => ({ row, column });

  test('follows the rows, also where one is short', () => {
    expect(moved(at(0, 2), 'ArrowRight', lengths)).toEqual(at(1, 0));
    expect(moved(at(1, 0), 'ArrowLeft', lengths)).toEqual(at(0, 2));
    expect(moved(at(1, 2), 'ArrowDown', lengths)).toEqual(at(2, 0));
    expect(moved(at(3, 1), 'PageUp', lengths)).toEqual(at(0, 1));
    expect(moved(at(0, 1), 'End', lengths)).toEqual(at(3, 2));
    expect(moved(at(0, 1), 'x', lengths)).toBeNull();
    expect(rowsOf([1, 2, 3, 4], 3)).toEqual([[1, 2, 3], [4]]);
  });

  test('never leaves it', () => {
    const keys = fc.constantFrom(
      'ArrowUp',
      'ArrowDown',
      'ArrowLeft',
      'ArrowRight',
      'PageUp',
      'End',
    );
    const rows = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(rows, fc.array(keys), (columns, pressed) => {
        let place = at(0, 0);
        for (const key of pressed) place = moved(place, key, columns) ?? place;
        expect(place.column).toBeLessThan(columns[place.row] ?? 0);
        expect(Math.min(place.row, place.column)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('shortcodes in a text', () => {
  const turned = (text: string, tone = 0): string => withEmoji(text, catalogue, tone);

  test('become emoji, also several and beside punctuation', () => {
    expect(turned('hi :tada: (:fire:)!')).toBe('hi 🎉 (🔥)!');
    expect(turned(':tada::fire:')).toBe('🎉🔥');
    expect(turned(':TADA:')).toBe('🎉');
    expect(turned(':+1:', 5)).toBe('👍🏿');
  });

  test('stay when nobody knows them, in times, words and addresses', () => {
    for (const text of [
      '10:100:20',
      'a:tada:b',
      ':nothing_like_it:',
      'http://tada:80:fire',
      '::',
      'std::tada::x',
    ]) {
      expect(turned(text)).toBe(text);
    }
  });

  test('stay within code', () => {
    expect(turned('`:tada:` :tada:')).toBe('`:tada:` 🎉');
    expect(turned('``a ` :tada:`` :tada:')).toBe('``a ` :tada:`` 🎉');
    expect(turned('```\n:tada:\n```\n:tada:')).toBe('```\n:tada:\n```\n🎉');
    expect(turned('```\n:tada:')).toBe('```\n:tada:');
  });

  test('are looked for only where there may be some, and nothing else changes', async () => {
    expect(mayHoldShortcodes('at 10:30 and 11:45')).toBe(false);
    expect(mayHoldShortcodes('hi :tada:')).toBe(true);
    expect(await replaceShortcodes('hi :tada:', 0)).toBe('hi 🎉');
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        fc.pre(!mayHoldShortcodes(text));
        expect(await replaceShortcodes(text, 0)).toBe(text);
        expect(turned(text)).toBe(text);
      }),
    );
  });
});
