// What a push says, and which notification it becomes.

export interface Pushed {
  readonly conversation: string | null;
  readonly title: string;
  readonly body: string;
  readonly icon: string | null;
  /** Where a click leads: a path on this server. */
  readonly url: string;
  readonly tag: string | null;
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
  };
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
