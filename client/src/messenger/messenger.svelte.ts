// The messenger as a whole: the only place where connection, state and screens of the client meet.
import { Dispatcher } from '../connection/dispatcher';
import { Live, type LinkState } from '../connection/live';
import { openLocal, type Local } from '../connection/local';
import { Refusal, Unreachable } from '../connection/refusal';
import { Rest } from '../connection/rest';
import { meSchema, nothingSchema, sessionsSchema } from '../contract/answers';
import type { Session, User } from '../contract/objects';
import { texts } from '../texts';
import { Contacts } from './contacts.svelte';
import { Drafts } from './drafts.svelte';
import { Notices } from './notices.svelte';
import { Route } from './route.svelte';
import { Sending } from './sending.svelte';
import { Talk } from './talk.svelte';
import { Tray } from './tray.svelte';

const startRetry = 3_000;

export class Messenger {
  me = $state.raw<User | null>(null);
  link = $state<LinkState>('connecting');
  readonly notices = new Notices();
  readonly rest = new Rest();
  readonly route: Route;
  readonly contacts: Contacts;
  readonly drafts: Drafts;
  readonly talk: Talk;
  readonly sending: Sending;
  readonly tray: Tray;
  readonly #live: Live;
  #local: Local | null = null;
  #leaving = false;

  constructor() {
    const { rest } = this;
    rest.onUnauthorized = () => this.#toSignIn();
    this.#live = this.#newLive();
    this.contacts = new Contacts(rest, this.notices);
    this.drafts = new Drafts(rest);
    this.talk = new Talk({
      rest,
      live: this.#live,
      onDraft: (conversation, draft) => this.drafts.receive(conversation, draft),
    });
    this.sending = new Sending({
      rest,
      live: this.#live,
      onPosted: (message) => this.talk.onPosted(message),
    });
    this.tray = new Tray(this.drafts, this.sending, this.notices);
    this.route = new Route((conversation) => this.talk.show(conversation));
    this.route.start();
  }

  /** The person, once known; screens are only shown then. */
  get self(): User {
    if (this.me === null) throw new Error('the messenger has not started');
    return this.me;
  }

  async start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      // Without the server there is nothing to show yet: it is asked again until it answers.
      if (this.#leaving || (error instanceof Refusal && error.code === 'unauthorized')) return;
      this.link = 'offline';
      setTimeout(() => void this.start(), startRetry);
    }
  }

  async signOut(): Promise<void> {
    this.#leaving = true;
    try {
      await this.rest.call(nothingSchema, 'DELETE', '/sessions/current');
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Refusal && error.passing)) {
        this.#leaving = false;
        this.notices.bad(texts.menu.signOutFailed);
        return;
      }
    }
    this.sending.stop();
    this.#live.close();
    await this.#local?.erase().catch(() => undefined);
    location.assign('/login');
  }

  async devices(): Promise<readonly Session[]> {
    return (await this.rest.call(sessionsSchema, 'GET', '/sessions')).sessions;
  }

  async revoke(session: Session): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `/sessions/${encodeURIComponent(session.id)}`);
  }

  /** Says in one sentence why something did not work. */
  reason(error: unknown): string {
    if (error instanceof Unreachable) return texts.common.unreachable;
    if (!(error instanceof Refusal)) return texts.common.failed;
    if (error.code === 'too_many') return texts.common.tooMany;
    return error.detail === '' ? texts.common.failed : error.detail;
  }

  /** Runs an action of the person; a failure becomes a notice. */
  async attempt(action: () => Promise<unknown>, success?: string): Promise<boolean> {
    try {
      await action();
      if (success !== undefined) this.notices.good(success);
      return true;
    } catch (error) {
      if (!this.#leaving) this.notices.bad(this.reason(error));
      return false;
    }
  }

  async #begin(): Promise<void> {
    const { user } = await this.rest.call(meSchema, 'GET', '/me');
    if (this.#local === null) {
      const local = await openLocal(user.id);
      await this.drafts.start(local);
      this.#local = local;
      if (!local.lasting) this.notices.plain(texts.shell.notLasting);
    }
    await Promise.all([this.talk.start(user.id), this.contacts.load()]);
    this.me = user;
    this.#live.open();
    await this.sending.start(user.id, this.#local);
  }

  #newLive(): Live {
    const dispatcher = new Dispatcher(
      {
        message: (event) => this.talk.handlers.message(event),
        member: (event) => this.talk.handlers.member(event),
        conversation: (event) => this.talk.handlers.conversation(event),
        receipt: (event) => this.talk.handlers.receipt(event),
        own: (event) => this.talk.handlers.own(event),
        behind: (event) => this.talk.handlers.behind(event),
        contact: (event) => this.contacts.onEvent(event),
        signed_out: () => this.#toSignIn(),
      },
      () => this.talk.catchUp.want(),
    );
    return new Live({
      onState: (state) => this.#onLink(state),
      onEvent: (name, payload) => dispatcher.receive(name, payload),
      onUnauthorized: () => this.#toSignIn(),
      onWake: () => this.talk.catchUp.want(),
    });
  }

  #onLink(state: LinkState): void {
    const returned = state === 'online' && this.link !== 'online';
    this.link = state;
    if (!returned) return;
    // What was loaded before the connection stood may have changed in between: also the first time.
    this.contacts.reloadSoon();
    this.talk.onConnected();
    this.sending.wake();
  }

  /** The session ended: what waits and what was typed stays for the next sign-in. */
  #toSignIn(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.sending.stop();
    this.#live.close();
    const here = location.pathname + location.hash;
    const signIn = `/login?next=${encodeURIComponent(here)}`;
    void this.drafts.keepNow().finally(() => location.assign(signIn));
  }
}
