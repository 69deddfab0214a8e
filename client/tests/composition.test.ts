// The Enter that ends a composition sends nothing, in whatever order the browser tells of it.
import { expect, test } from 'vitest';
import { Composition, type Verdict } from '../src/ui/composition';

type Step = readonly [event: 'end' | 'up' | 'down', at: number, more?: object];

const ofTheMethod = 'leave to the input method';

test.each<[string, readonly Step[], readonly Verdict[]]>([
  [
    'Chromium: Enter while composing, then the end, then another Enter',
    [
      ['down', 0, { isComposing: true, keyCode: 229 }],
      ['end', 1],
      ['up', 60],
      ['down', 90],
    ],
    [ofTheMethod, 'pass'],
  ],
  [
    'Firefox: as Chromium, with the code of Enter',
    [
      ['down', 0, { isComposing: true }],
      ['end', 1],
      ['up', 60],
      ['down', 90],
    ],
    [ofTheMethod, 'pass'],
  ],
  [
    'older Safari: the end, then Enter with the code 229',
    [
      ['end', 0],
      ['down', 1, { keyCode: 229 }],
      ['up', 60],
      ['down', 90],
    ],
    [ofTheMethod, 'pass'],
  ],
  [
    'others: the end, then an Enter like any other',
    [
      ['end', 0],
      ['down', 1],
      ['up', 60],
      ['down', 90],
    ],
    ['swallow', 'pass'],
  ],
  [
    'a composition that ended by the pointer, then Enter',
    [
      ['end', 0],
      ['down', 500],
    ],
    ['pass'],
  ],
  ['no composition', [['down', 0]], ['pass']],
  [
    'another key right after the end',
    [
      ['end', 0],
      ['down', 1, { key: 'a' }],
    ],
    ['pass'],
  ],
])('%s', (_order, steps, verdicts) => {
  const composition = new Composition();
  const judged: Verdict[] = [];
  for (const [event, timeStamp, more] of steps) {
    if (event === 'end') composition.ended({ timeStamp });
    else if (event === 'up') composition.released();
    else {
      const enter = { key: 'Enter', keyCode: 13, isComposing: false, timeStamp };
      judged.push(composition.judge({ ...enter, ...more }));
    }
  }
  expect(judged).toEqual(verdicts);
});
