// Where the person is: the open conversation is the path, an open panel is the fragment.

export const panels = [
  'contacts',
  'add-contact',
  'new-group',
  'devices',
  'settings',
  'saved',
  'search',
  'switch',
  'help',
  'unsent',
] as const;
export type Panel = (typeof panels)[number];

export class Route {
  conversation = $state<string | null>(null);
  panel = $state<Panel | null>(null);
  /** The left pane shows the contacts, also behind a dialog that was opened from there. */
  contacts = $state(false);

  constructor(
    /** A message is named by addresses that were copied from it. */
    private readonly onChange: (conversation: string | null, message: number | null) => void,
  ) {}

  start(): void {
    // Other programs and older addresses may name a panel in the query, as in `/?add-contact`.
    const named = panels.find((panel) => location.search === `?${panel}`);
    if (named !== undefined) history.replaceState(null, '', `${location.pathname}#${named}`);
    this.#read();
    addEventListener('popstate', () => this.#read());
  }

  open(conversation: string): void {
    this.#go(`/c/${encodeURIComponent(conversation)}`);
  }

  /** Where an address on this server leads, as one that a notification carries. */
  follow(path: string): void {
    if (/^\/(?:c\/[^/]+)?(?:[?#].*)?$/.test(path)) this.#go(path);
  }

  home(): void {
    this.#go('/');
  }

  show(panel: Panel): void {
    this.#go(`${location.pathname}#${panel}`);
  }

  /** Closes the dialog; what was shown behind it stays. */
  hideDialog(): void {
    this.#go(this.contacts ? `${location.pathname}#contacts` : location.pathname);
  }

  showConversations(): void {
    this.#go(location.pathname);
  }

  #go(address: string): void {
    const here = location.pathname + location.search + location.hash;
    if (address !== here) history.pushState(null, '', address);
    this.#read();
  }

  #read(): void {
    const conversation = /^\/c\/([^/]+)$/.exec(location.pathname)?.[1] ?? null;
    const fragment = location.hash.slice(1);
    this.panel = panels.find((panel) => panel === fragment) ?? null;
    if (this.panel === null || this.panel === 'contacts') this.contacts = this.panel !== null;
    this.conversation = conversation === null ? null : decoded(conversation);
    this.onChange(this.conversation, messageIn(location.search));
  }
}

function messageIn(search: string): number | null {
  const seq = Number(new URLSearchParams(search).get('m') ?? Number.NaN);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
