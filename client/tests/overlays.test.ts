// What going back does while something lies over the screens.
import { beforeEach, describe, expect, test } from 'vitest';
import { Overlays } from '../src/ui/overlays';

interface Entry {
  readonly state: unknown;
  readonly address: string;
}

/** A browser at the end of its history. */
class Tab {
  narrow = true;
  readonly entries: Entry[] = [
    { state: null, address: '/' },
    { state: null, address: '/c/garden' },
  ];
  at = 1;
  /** The addresses that were read because they had changed. */
  readonly read: string[] = [];
  overlays: Overlays;

  constructor() {
    this.overlays = this.load();
  }

  /** The page as it begins on the current entry. */
  load(): Overlays {
    const state = (): unknown => this.here.state;
    return new Overlays({
      history: {
        get state() {
          return state();
        },
        pushState: (pushed: unknown) => this.push(pushed, this.here.address),
        back: () => this.back(),
      },
      address: () => this.here.address,
      narrow: () => this.narrow,
    });
  }

  get here(): Entry {
    return this.entries[this.at] ?? { state: null, address: '' };
  }

  push(state: unknown, address: string): void {
    this.entries.splice(this.at + 1, Infinity, { state, address });
    this.at += 1;
  }

  back(): void {
    this.at -= 1;
    if (this.overlays.popped()) this.read.push(this.here.address);
  }
}

let tab: Tab;
let closed: string[];

/** Opens something that is gone once it is closed. */
function open(name: string): () => void {
  const gone = tab.overlays.opened(() => {
    closed.push(name);
    gone();
  });
  return gone;
}

beforeEach(() => {
  tab = new Tab();
  closed = [];
});

describe('going back', () => {
  test('closes the topmost first and leads away only then', () => {
    open('details');
    open('menu');
    tab.back();
    expect([closed, tab.here.address]).toEqual([['menu'], '/c/garden']);
    tab.back();
    expect([closed, tab.here.address]).toEqual([['menu', 'details'], '/c/garden']);
    tab.back();
    expect([tab.here.address, tab.read]).toEqual(['/', ['/']]);
  });

  test('passes over what was closed otherwise', () => {
    open('menu')();
    tab.back();
    expect([closed, tab.here.address, tab.read]).toEqual([[], '/', ['/']]);
  });

  test('closes what took over the entry of another, whichever of the two is gone first', () => {
    const menu = open('menu');
    menu();
    open('dialog');
    expect(tab.entries).toHaveLength(3);
    tab.back();
    expect([closed, tab.here.address]).toEqual([['dialog'], '/c/garden']);
    const sheet = open('sheet');
    open('picker');
    sheet();
    tab.back();
    expect([closed, tab.here.address]).toEqual([['dialog', 'picker'], '/c/garden']);
  });

  test('leads on at once where things are closed otherwise: wide screens with a pointer', () => {
    tab.narrow = false;
    open('menu');
    tab.back();
    expect([closed, tab.here.address]).toEqual([[], '/']);
  });

  test('closes a dialog that its address names, also on wide screens', () => {
    tab.narrow = false;
    tab.push(tab.overlays.above(), '/c/garden#settings');
    tab.overlays.moved();
    open('settings');
    expect(tab.overlays.spent).toBe(false);
    tab.back();
    expect([closed, tab.read]).toEqual([['settings'], ['/c/garden']]);
  });

  test('by several steps closes everything on the way', () => {
    open('details');
    open('menu');
    tab.at -= 2;
    tab.back();
    expect([closed, tab.here.address]).toEqual([['menu', 'details'], '/']);
  });
});

describe('what lies over the screens', () => {
  test('closes from the top', () => {
    open('details');
    open('menu');
    expect([tab.overlays.closeTop(), tab.overlays.closeTop(), tab.overlays.closeTop()]).toEqual([
      true,
      true,
      false,
    ]);
    expect(closed).toEqual(['menu', 'details']);
    expect(tab.overlays.spent).toBe(true);
  });

  test('is known again after the page was loaded anew on an entry that was left behind', () => {
    open('menu');
    tab.overlays = tab.load();
    expect(tab.overlays.spent).toBe(true);
    tab.back();
    expect([closed, tab.here.address]).toEqual([[], '/']);
  });
});
