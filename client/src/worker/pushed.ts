// What a push says, and which notification it becomes.

export interface Pushed {
  readonly conversation: string | null;
  readonly title: string;
  readonly body: string;
  readonly icon: string | null;
  /** Where a click leads: a path on this server. */
  readonly url: string;
  readonly tag: string | null;
  /** When its message disappears, in milliseconds; null for never. */
  readonly expiresAt: number | null;
}

/** Reads a push; one that says nothing readable still has to be shown as something. */
export function pushedFrom(text: string | null): Pushed {
  const given = fieldsOf(text);
  const line = (name: string): string | null => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    conversation: line('conversation'),
    title: line('title') ?? 'EchoSphere',
    body: line('body') ?? '',
    icon: localPath(line('icon')),
    url: localPath(line('url')) ?? '/',
    tag: line('tag') ?? line('conversation'),
    expiresAt: time(given['expires_at']),
  };
}

/** What a shown notification keeps: where it leads, and when it must be gone. */
export interface Shown {
  readonly url: string;
  readonly expiresAt: number | null;
}

export function shownFrom(data: unknown): Shown {
  const given: Readonly<Record<string, unknown>> =
    typeof data === 'object' && data !== null ? { ...data } : {};
  const url = given['url'];
  return {
    url: localPath(typeof url === 'string' ? url : null) ?? '/',
    expiresAt: time(given['expiresAt']),
  };
}

export function isOver({ expiresAt }: { readonly expiresAt: number | null }, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function time(given: unknown): number | null {
  return typeof given === 'number' && Number.isFinite(given) ? given : null;
}

/** A path on this server; anything else leads away. */
export function localPath(address: string | null): string | null {
  return address !== null && /^\/(?![/\\])[^\\\s]*$/.test(address) ? address : null;
}

/** It is about a contact request and not about a message. */
export function isOfContact(tag: string | null): boolean {
  return tag?.startsWith('contact-') ?? false;
}

/** Addresses at which the messenger itself opens. */
export function isMessengerPath(path: string): boolean {
  return path === '/' || /^\/c\/[^/]+$/.test(path);
}

function fieldsOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
