// Times and dates of the commonest locales without Intl, whose first date format takes a slow phone
// as long as all the rest of the first view. Written as Intl writes them, which a test compares.

export type DateStyle =
  'clock' | 'weekday' | 'dayMonth' | 'dayMonthYear' | 'longDay' | 'longDayYear';

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: string;
}

type Writing = Readonly<Record<DateStyle, (parts: Parts) => string>>;

const listed = (words: string) => {
  const items = words.split(' ');
  return (at: number): string => items[at] ?? '';
};
const twoDigits = (number: number): string => String(number).padStart(2, '0');
const hours24 = ({ hour, minute }: Parts): string => `${hour}:${minute}`;

const englishDays = listed('Sunday Monday Tuesday Wednesday Thursday Friday Saturday');
const englishMonths = listed(
  'January February March April May June July August September October November December',
);
const american: Writing = {
  clock: ({ hour, minute }) => `${hour % 12 || 12}:${minute} ${hour < 12 ? 'AM' : 'PM'}`,
  weekday: ({ weekday }) => englishDays(weekday).slice(0, 3),
  dayMonth: ({ month, day }) => `${englishMonths(month).slice(0, 3)} ${day}`,
  dayMonthYear: (parts) => `${american.dayMonth(parts)}, ${parts.year}`,
  longDay: ({ weekday, month, day }) => `${englishDays(weekday)}, ${englishMonths(month)} ${day}`,
  longDayYear: (parts) => `${american.longDay(parts)}, ${parts.year}`,
};

/** The British write `Sept`. */
const shortBritishMonth = (month: number): string =>
  englishMonths(month).slice(0, month === 8 ? 4 : 3);
const british: Writing = {
  clock: hours24,
  weekday: american.weekday,
  dayMonth: ({ month, day }) => `${day} ${shortBritishMonth(month)}`,
  dayMonthYear: (parts) => `${british.dayMonth(parts)} ${parts.year}`,
  longDay: ({ weekday, month, day }) => `${englishDays(weekday)} ${day} ${englishMonths(month)}`,
  longDayYear: ({ weekday, month, day, year }) =>
    `${englishDays(weekday)}, ${day} ${englishMonths(month)} ${year}`,
};

const germanDays = listed('Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag');
const germanMonths = listed(
  'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
);
const shortGermanMonths = listed('Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.');
const german: Writing = {
  clock: hours24,
  weekday: ({ weekday }) => germanDays(weekday).slice(0, 2),
  dayMonth: ({ month, day }) => `${day}. ${shortGermanMonths(month)}`,
  dayMonthYear: ({ day, month, year }) => `${twoDigits(day)}.${twoDigits(month + 1)}.${year}`,
  longDay: ({ weekday, month, day }) => `${germanDays(weekday)}, ${day}. ${germanMonths(month)}`,
  longDayYear: (parts) => `${german.longDay(parts)} ${parts.year}`,
};

/** Locales with wishes of their own (`en-US-u-hc-h23`) and all others are left to Intl. */
export const plainLocales: ReadonlyMap<string, Writing> = new Map([
  ['en', american],
  ['en-US', american],
  ['en-GB', british],
  ['de', german],
  ['de-DE', german],
  ['de-CH', german],
]);

/** A time in the reader's zone; null where only Intl knows how the locale writes it. */
export function plainDate(locale: string, style: DateStyle, at: number): string | null {
  const writing = plainLocales.get(locale);
  if (writing === undefined) return null;
  const date = new Date(at);
  return writing[style]({
    year: date.getFullYear(),
    month: date.getMonth(),
    day: date.getDate(),
    weekday: date.getDay(),
    hour: date.getHours(),
    minute: twoDigits(date.getMinutes()),
  });
}
