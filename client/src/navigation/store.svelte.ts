// Where the person is: the open conversation is the path, an open panel is the fragment.
import { overlays } from '../ui/back-navigation';

export const panels = [
  'contacts',
  'add-contact',
  'directory',
  'new-group',
  'invite',
  'group-invites',
  'checklist',
  'devices',
  'settings',
  'storage',
  'account',
  'security',
  'saved',
  'search',
  'switch',
  'help',
  'unsent',
] as const;
export type Panel = (typeof panels)[number];

/** These fill the left pane; the others are dialogs in front of whatever is shown. */
const panes: readonly (Panel | null)[] = ['contacts', 'search', null];

export class Route {
  conversation = $state<string | null>(null);
  panel = $state<Panel | null>(null);
  /** The page of the administration room that is open. */
  administration = $state<string | null>(null);
  /** The left pane shows the contacts, also behind a dialog that was opened from there. */
  contacts = $state(false);
  /** The browser has just been led to another address. */
  #led = false;

  constructor(
    /** A message is named by addresses that were copied from it. */
    private readonly onChange: (conversation: string | null, message: number | null) => void,
  ) {}

  start(): void {
    // Other programs and older addresses may name a panel in the query, as in `/?add-contact`.
    const named = panels.find((panel) => location.search === `?${panel}`);
    if (named !== undefined) history.replaceState(null, '', `${location.pathname}#${named}`);
    this.#read();
    this.#layBehind();
    addEventListener('popstate', () => this.#popped());
  }

  open(conversation: string): void {
    this.#go(`/c/${encodeURIComponent(conversation)}`);
  }

  /** Where an address on this server leads, as one that a notification carries. */
  follow(path: string): void {
    if (/^\/(?:c\/[^/]+)?(?:[?#].*)?$/.test(path)) this.#go(path);
  }

  administer(page = 'people'): void {
    this.#go(`/admin/${page}`);
  }

  home(): void {
    this.#go('/');
  }

  show(panel: Panel): void {
    const address = `${location.pathname}#${panel}`;
    if (panes.includes(panel)) this.#go(address);
    else if (overlays.spent || !panes.includes(this.panel)) this.#replace(history.state, address);
    else this.#push(overlays.above(), address);
  }

  /** Closes the dialog; what was shown behind it stays, and going back does not open it again. */
  hideDialog(): void {
    // Gone back or elsewhere, the address does not name it any more, and perhaps another one.
    if (this.#led || panes.includes(panelIn(location.hash))) this.#read();
    else this.#replace(history.state, this.#behind());
  }

  showConversations(): void {
    this.#go(location.pathname);
  }

  /** An overlay that was closed leads nowhere else. */
  #popped(): void {
    this.#led = overlays.isElsewhere;
    if (overlays.popped()) this.#read();
    this.#led = false;
  }

  /** Where one came from is a screen: overlays that led on are not gone back to. */
  #go(address: string): void {
    if (overlays.depth > 0) this.#replace(null, address);
    else this.#push(null, address);
  }

  #push(state: unknown, address: string): void {
    const here = location.pathname + location.search + location.hash;
    if (address !== here) history.pushState(state, '', address);
    overlays.moved();
    this.#read();
  }

  #replace(state: unknown, address: string): void {
    history.replaceState(state, '', address);
    overlays.moved();
    this.#read();
  }

  /** The address without the dialog. */
  #behind(): string {
    return this.contacts ? `${location.pathname}#contacts` : location.pathname;
  }

  /** A dialog that the first address names gets a screen behind it, to go back to. */
  #layBehind(): void {
    if (panes.includes(this.panel) || overlays.depth > 0) return;
    const address = location.pathname + location.search + location.hash;
    history.replaceState(null, '', this.#behind());
    this.#push(overlays.above(), address);
  }

  #read(): void {
    const conversation = /^\/c\/([^/]+)$/.exec(location.pathname)?.[1] ?? null;
    this.panel = panelIn(location.hash);
    if (this.panel === null || this.panel === 'contacts') this.contacts = this.panel !== null;
    this.conversation = conversation === null ? null : decoded(conversation);
    const room = /^\/admin(?:\/([a-z]+))?$/.exec(location.pathname);
    this.administration = room === null ? null : (room[1] ?? 'people');
    this.onChange(this.conversation, messageIn(location.search));
  }
}

function panelIn(hash: string): Panel | null {
  return panels.find((panel) => `#${panel}` === hash) ?? null;
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
