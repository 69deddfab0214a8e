// What this instance allows and has, as its page says.

const usual = 25 * 1024 * 1024;
const office = 'application/vnd.openxmlformats-officedocument.';

/** The media types of the kinds that the operator may name, as browsers call them. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  images: ['image/'],
  videos: ['video/'],
  audio: ['audio/'],
  documents: ['application/pdf', office, 'application/vnd.oasis.opendocument.'],
  text: ['text/'],
  archives: [
    'application/zip',
    'application/gzip',
    'application/x-gzip',
    'application/x-bzip2',
    'application/x-7z-compressed',
    'application/vnd.rar',
    'application/x-tar',
  ],
  programs: [
    'application/x-executable',
    'application/x-pie-executable',
    'application/x-sharedlib',
    'application/x-elf',
    'application/x-mach-binary',
    'application/x-msdownload',
    'application/x-msdos-program',
    'application/x-ms-dos-executable',
    'application/x-dosexec',
    'application/vnd.microsoft.portable-executable',
  ],
};

/** Browsers have many names for the type of a program, or none: its ending says enough. */
const endings: Readonly<Record<string, readonly string[]>> = { programs: ['.exe', '.dll'] };

export interface Limits {
  readonly largest_file: number;
  readonly directory: boolean;
  readonly allowed_files: readonly string[];
  readonly refused_files: readonly string[];
}

/** The bytes of the largest file that can be sent. */
export function largestFile(): number {
  const given = Number(said('largest'));
  return Number.isSafeInteger(given) && given > 0 ? given : usual;
}

/** Whether people of this server are found by name. */
export function hasDirectory(): boolean {
  return said('directory') !== undefined;
}

/**
 * Whether the server surely takes no file like this one.
 *
 * It looks into the file; here there is only its name, and the type that the browser guesses.
 */
export function isRefusedType(file: { readonly name: string; readonly type: string }): boolean {
  if (rules('refusedFiles').some((rule) => means(rule, file))) return true;
  const allowed = rules('allowedFiles');
  const isKnown = Object.keys(kinds).some((kind) => means(kind, file));
  return allowed.length > 0 && isKnown && !allowed.some((rule) => means(rule, file));
}

/** What the picker offers: everything, unless the operator says what may be sent. */
export function acceptedFiles(): string | undefined {
  const allowed = rules('allowedFiles');
  const offered = allowed.map((rule) => (kinds[rule] ?? [rule]).map(asAccepted));
  return allowed.length === 0 || offered.flat().includes('') ? undefined : offered.join(',');
}

/** The operator has changed something: the page says from now on what holds. */
export function learnLimits(limits: Limits): void {
  say('largest', String(limits.largest_file));
  say('directory', limits.directory ? '' : undefined);
  say('allowedFiles', limits.allowed_files.join(' ') || undefined);
  say('refusedFiles', limits.refused_files.join(' ') || undefined);
}

function means(rule: string, { name, type }: { name: string; type: string }): boolean {
  const called = name.toLowerCase();
  if (rule.startsWith('.')) return called.endsWith(rule);
  if (endings[rule]?.some((one) => called.endsWith(one)) === true) return true;
  const types = kinds[rule] ?? [rule.replace('*', '')];
  return type !== '' && types.some((one) => type.startsWith(one));
}

/** A beginning of several types cannot be asked for. */
function asAccepted(type: string): string {
  if (type.endsWith('/')) return `${type}*`;
  return type.endsWith('.') ? '' : type;
}

function rules(name: string): readonly string[] {
  return (said(name) ?? '').split(' ').filter((rule) => rule !== '');
}

function said(name: string): string | undefined {
  return document.getElementById('messenger')?.dataset[name];
}

function say(name: string, value: string | undefined): void {
  const page = document.getElementById('messenger');
  if (value === undefined) delete page?.dataset[name];
  else if (page !== null) page.dataset[name] = value;
}
