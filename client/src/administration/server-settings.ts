// How the settings of the server are grouped, and what their values are called.
import type { ServerSetting } from './settings-api';
import { texts } from './settings-texts';

const groups = {
  entry: [
    'registration',
    'registration_domains',
    'server_invites',
    'confirm_email',
    'registrations_per_hour',
  ],
  security: ['local_passwords', 'require_second_factor'],
  people: ['directory', 'link_previews'],
  messages: ['retention_days', 'edit_minutes', 'digest_hours'],
  files: [
    'max_attachment_mib',
    'allowed_files',
    'refused_files',
    'storage_per_person_mib',
    'storage_in_all_mib',
    'disk_reserve_mib',
    'upload_mib_per_minute',
  ],
  operator: ['imprint_url', 'privacy_url', 'contact_url', 'security_contact'],
} as const;

export interface Group {
  readonly name: keyof typeof texts.groups;
  readonly settings: readonly ServerSetting[];
}

/** The settings in groups; those that a newer server has, too, come last. */
export function grouped(settings: readonly ServerSetting[]): readonly Group[] {
  const byName = new Map(settings.map((one) => [one.name, one]));
  const known = Object.entries(groups).map(([name, names]): Group => {
    const found = names.map((one) => byName.get(one)).filter((one) => one !== undefined);
    return { name: name as Group['name'], settings: found };
  });
  const named = new Set<string>(Object.values(groups).flat());
  const other: Group = { name: 'other', settings: settings.filter((one) => !named.has(one.name)) };
  return [...known, other].filter((group) => group.settings.length > 0);
}

export function labelOf({ name, variable }: ServerSetting): string {
  return texts.settings[name]?.label ?? variable;
}

/** A value as people read it. */
export function shownValue({ name, kind }: ServerSetting, value: string): string {
  if (value === '') return texts.none;
  if (kind === 'switch') return value === 'on' ? texts.on : texts.off;
  const about = texts.settings[name];
  if (about?.unit !== undefined) return `${value} ${about.unit}`;
  return about?.choices?.[value] ?? value;
}
