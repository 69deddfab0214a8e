// The settings of a person, each with a meaning also where nothing was ever chosen.
import type { OwnUser } from '../contract/objects';

export interface Settings {
  /** Tell others what was delivered and read, and be told of them. */
  readonly receipts: boolean;
  readonly typing: boolean;
  readonly presence: 'visible' | 'invisible';
  readonly link_previews: boolean;
  readonly enter_sends: boolean;
  readonly language: 'auto' | 'en' | 'de';
  readonly colours: 'auto' | 'light' | 'dark';
  readonly notify: 'all' | 'mentions' | 'none';
  /** Notifications show what was said. */
  readonly notify_content: boolean;
  readonly notify_sound: boolean;
  /** Minutes of the day between which nothing is heard. */
  readonly quiet_from: number | null;
  readonly quiet_to: number | null;
  readonly time_zone: string | null;
  readonly digest: boolean;
  /** An administrator is shown the checklist of the server on the first page. */
  readonly checklist: boolean;
  /**
   * Who may send a contact request without knowing the address: all who see the person, in a group
   * or in the directory; those of a group; or, by `contacts`, nobody.
   */
  readonly requests_from: 'everyone' | 'groups' | 'contacts';
  /** Others find the person in the directory, where there is one. */
  readonly directory: boolean;
}

export const defaultSettings: Settings = {
  receipts: true,
  typing: true,
  presence: 'visible',
  link_previews: true,
  enter_sends: true,
  language: 'auto',
  colours: 'auto',
  notify: 'all',
  notify_content: true,
  notify_sound: true,
  quiet_from: null,
  quiet_to: null,
  time_zone: null,
  digest: true,
  requests_from: 'everyone',
  directory: true,
  checklist: true,
};

const choices: Partial<Record<keyof Settings, readonly unknown[]>> = {
  presence: ['visible', 'invisible'],
  language: ['auto', 'en', 'de'],
  colours: ['auto', 'light', 'dark'],
  notify: ['all', 'mentions', 'none'],
  requests_from: ['everyone', 'groups', 'contacts'],
};

const minutes = ['quiet_from', 'quiet_to'];

/** What was chosen, and the defaults for everything else; a value that makes no sense is none. */
export function settingsOf(user: OwnUser | null): Settings {
  const given = user?.settings ?? {};
  const known = Object.entries(given).filter(([name, value]) => fits(name, value));
  return { ...defaultSettings, ...(Object.fromEntries(known) as Partial<Settings>) };
}

function fits(name: string, value: unknown): boolean {
  if (!Object.hasOwn(defaultSettings, name)) return false;
  const setting = name as keyof Settings;
  const allowed = choices[setting];
  if (allowed !== undefined) return allowed.includes(value);
  if (minutes.includes(name)) return typeof value === 'number' && value >= 0 && value < 1_440;
  return typeof value === (setting === 'time_zone' ? 'string' : 'boolean');
}

/** The minute of the day where the person is; without a zone, or in an unknown one, UTC's. */
export function minuteIn(zone: string | null, now: number): number {
  const parts = clockOf(zone).formatToParts(now);
  const read = (name: string): number => Number(parts.find(({ type }) => type === name)?.value);
  return read('hour') * 60 + read('minute');
}

function clockOf(timeZone: string | null): Intl.DateTimeFormat {
  const parts = { hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en', { ...parts, timeZone: timeZone ?? 'UTC' });
  } catch {
    return new Intl.DateTimeFormat('en', { ...parts, timeZone: 'UTC' });
  }
}

/** A minute of the day within the quiet hours, which may go past midnight. */
export function isQuiet({ quiet_from, quiet_to }: Settings, minute: number): boolean {
  if (quiet_from === null || quiet_to === null || quiet_from === quiet_to) return false;
  return quiet_from < quiet_to
    ? minute >= quiet_from && minute < quiet_to
    : minute >= quiet_from || minute < quiet_to;
}
