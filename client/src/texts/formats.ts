// Numbers, sizes, times and dates, written as the reader's language writes them.

import { lazy } from '../platform/lazy';
import { locale } from './language';
import { plainDate, type DateStyle } from './plain-dates';

type Format = (at: number) => string;

function dates(style: Intl.DateTimeFormatOptions): Format {
  const format = lazy(() => new Intl.DateTimeFormat(locale, style));
  return (at) => format().format(at);
}

const byIntl: Readonly<Record<DateStyle, Format>> = {
  clock: dates({ hour: 'numeric', minute: '2-digit' }),
  weekday: dates({ weekday: 'short' }),
  dayMonth: dates({ day: 'numeric', month: 'short' }),
  dayMonthYear: dates({ dateStyle: 'medium' }),
  longDay: dates({ weekday: 'long', day: 'numeric', month: 'long' }),
  longDayYear: dates({ dateStyle: 'full' }),
};
const moment = dates({ dateStyle: 'full', timeStyle: 'short' });
const percent = lazy(() => new Intl.NumberFormat(locale, { style: 'percent' }));
const names = lazy(() => new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }));
const day = 86_400_000;

function formatted(style: DateStyle, at: number): string {
  return plainDate(locale, style, at) ?? byIntl[style](at);
}

/** Reads what the times of the first view are written with, where that is Intl: the most of what times cost. */
export function prepareTimes(): void {
  formatted('clock', 0);
}

export function clockTime(at: number): string {
  return formatted('clock', at);
}

export function fullMoment(at: number): string {
  return moment(at);
}

/** Whole days between two times in the reader's zone; daylight saving makes some days shorter. */
function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / day);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** For lists: the time today, the weekday this week, otherwise the date. */
export function shortTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return formatted('clock', at);
  if (days < 7) return formatted('weekday', at);
  return sameYear(at, now) ? formatted('dayMonth', at) : formatted('dayMonthYear', at);
}

export function dayTitle(at: number, now: number, today: string, yesterday: string): string {
  const days = daysBetween(at, now);
  if (days <= 0) return today;
  if (days === 1) return yesterday;
  return sameYear(at, now) ? formatted('longDay', at) : formatted('longDayYear', at);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

export function percentage(share: number): string {
  return percent().format(share);
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function fileSize(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1024 ** power);
}

/** Names in a row: `Ana, Ben and Cid`. */
export function listOf(items: readonly string[]): string {
  return names().format(items);
}
