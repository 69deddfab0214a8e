import { describe, expect, test } from 'vitest';
import { plainDate, plainLocales, type DateStyle } from '../src/texts/plain-dates';

const styles: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  clock: { hour: 'numeric', minute: '2-digit' },
  weekday: { weekday: 'short' },
  dayMonth: { day: 'numeric', month: 'short' },
  dayMonthYear: { dateStyle: 'medium' },
  longDay: { weekday: 'long', day: 'numeric', month: 'long' },
  longDayYear: { dateStyle: 'full' },
};

/** Every month, weekday and hour, with days and minutes of one and of two digits. */
const times = Array.from({ length: 24 * 12 }, (_, step) =>
  new Date(2024 + (step % 3), step % 12, 1 + (step % 28), step % 24, (step * 7) % 60).getTime(),
);

/** Browsers differ in which space stands before AM and PM. */
const spaced = (text: string): string => text.replace(/\s/gu, ' ');

describe.each([...plainLocales.keys()])('dates of %s without Intl', (locale) => {
  test.each(Object.entries(styles))('%s is written as Intl writes it', (style, options) => {
    const format = new Intl.DateTimeFormat(locale, options);
    const written = times.map((at) => plainDate(locale, style as DateStyle, at));
    expect(written).toEqual(times.map((at) => spaced(format.format(at))));
  });
});

test('what is not known here is left to Intl', () => {
  expect(plainDate('en-AU', 'clock', 0)).toBeNull();
  expect(plainDate('en-US-u-hc-h23', 'clock', 0)).toBeNull();
});
