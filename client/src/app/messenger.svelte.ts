// The messenger as a whole: the only place where connection, state and screens of the client meet.
import * as v from 'valibot';
import { ApiClient } from '../platform/api-client';
import { Dispatcher } from '../platform/dispatcher';
import { Persister, type TabLocks } from '../platform/persister';
import { SocketClient, type ConnectionState } from '../platform/socket-client';
import { clearCacheOf, openLocalDatabase, type LocalDatabase } from '../platform/local-database';
import { Refusal, Unreachable } from '../platform/refusal';
import { Rest } from '../platform/rest';
import { meSchema, nothingSchema, sessionsSchema } from '../contract/answers';
import { ownUserSchema, type OwnUser, type Session } from '../contract/objects';
import { isEmpty } from '../drafts/model';
import { unsentOf, type Unsent } from '../sending/unsent';
import { texts } from '../texts';
import { Actions } from '../messages/actions.svelte';
import { AttentionReporter } from '../people/attention-reporter';
import { isPageFocused } from '../platform/page-focus';
import { ProfileCardState } from '../profile/card.svelte';
import { Contacts } from '../contacts/store.svelte';
import { Drafts } from '../drafts/store.svelte';
import { Groups } from '../groups/store';
import { Notices } from '../notices/store.svelte';
import { Notifications } from '../notifications/store.svelte';
import { People } from '../people/store.svelte';
import { forgetSession, forgetLast, lastPerson, personOfPage, remember } from '../account/person';
import { watchPageCache } from '../platform/page-cache';
import { PinBar } from '../pins/bar.svelte';
import { Profile } from '../profile/store.svelte';
import { Route } from '../navigation/store.svelte';
import { Search } from '../search/store.svelte';
import { Sending } from '../sending/store.svelte';
import { ConversationStore } from '../conversations/store.svelte';
import { PendingAttachments } from '../attachments/pending.svelte';
import { yieldToMain } from '../platform/yield-to-main';

const startRetry = 3_000;
const withoutConnection = 4_000;

export class Messenger {
  link = $state<ConnectionState>('connecting');
  readonly notices = new Notices();
  readonly profileCard = new ProfileCardState();
  readonly pinBar = new PinBar();
  /** The conversation that a search is about; null for all of them. */
  searchIn = $state<string | null>(null);
  readonly rest = new Rest();
  readonly route: Route;
  readonly contacts: Contacts;
  readonly profile: Profile;
  readonly people: People;
  readonly drafts: Drafts;
  readonly store: ConversationStore;
  readonly actions: Actions;
  readonly groups: Groups;
  readonly search: Search;
  readonly sending: Sending;
  readonly pendingAttachments: PendingAttachments;
  readonly notifications: Notifications;
  readonly #socket: SocketClient;
  readonly #attentionReporter: AttentionReporter;
  readonly #persister = new Persister((navigator as { locks?: TabLocks }).locks);
  /** There is something to show. */
  #ready = $state(false);
  #person: string | null = null;
  #database: LocalDatabase | null = null;
  #leaving = false;

  constructor() {
    const { rest } = this;
    rest.onUnauthorized = () => this.#redirectToSignIn();
    this.#socket = this.#createSocket();
    const api = new ApiClient(rest, this.#socket);
    const settings = (): Profile['settings'] => this.profile.settings;
    this.contacts = new Contacts({ rest, notices: this.notices, settings });
    this.profile = new Profile(rest);
    this.people = new People({ rest, socketClient: this.#socket, settings });
    this.drafts = new Drafts(
      rest,
      (conversation, seq) => this.store.messageOf(conversation, seq),
      (conversation, text) => this.people.tellTyping(conversation, text),
    );
    this.store = this.#createStore(api);
    this.actions = new Actions(api, this.store);
    this.groups = new Groups(rest, this.store);
    this.search = new Search(rest);
    this.sending = new Sending({
      rest,
      socketClient: this.#socket,
      isStillHere: async () => (await this.#fetchOwnUser()) !== null,
      onPosted: (message) => this.store.onPosted(message),
      onHeld: (conversation) => this.groups.held.reload(conversation),
    });
    this.pendingAttachments = new PendingAttachments(this.drafts, this.sending, this.notices);
    this.notifications = new Notifications({
      rest,
      settings,
      me: () => this.#person ?? '',
      open: () => this.store.open,
      onOpen: (path) => this.route.follow(path),
    });
    this.#attentionReporter = new AttentionReporter({
      open: () => this.store.open,
      attentive: isPageFocused,
      say: (conversation) => {
        this.#socket.call(nothingSchema, 'attention', { conversation }).catch(() => undefined);
      },
    });
    this.route = new Route((conversation, message) => this.#onRoute(conversation, message));
    this.#persistOwnData();
    this.route.start();
  }

  /** What was written for conversations that are gone. */
  get unsent(): readonly Unsent[] {
    return unsentOf(this.sending.outbox, this.drafts.all, (id) => this.store.isGone(id));
  }

  async discardUnsent({ pending, conversation }: Unsent): Promise<void> {
    if (pending === null) await this.drafts.forget(conversation);
    else await this.sending.discard(pending);
  }

  get me(): OwnUser | null {
    return this.#ready ? this.profile.me : null;
  }

  /** The person, once known; screens are only shown then. */
  get self(): OwnUser {
    if (this.me === null) throw new Error('the messenger has not started');
    return this.me;
  }

  /** Shows what this browser knows, then asks the server. */
  async start(): Promise<void> {
    this.people.start();
    this.#attentionReporter.start();
    void this.notifications.start().catch(() => undefined);
    addEventListener('pagehide', () => void this.#persister.flush());
    watchPageCache({ onFreeze: () => this.#freeze(), onThaw: () => this.#thaw() });
    await this.#restore().catch(() => undefined);
    await this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      // It is asked again until it answers; what is known can be read meanwhile.
      if (this.#leaving || (error instanceof Refusal && error.code === 'unauthorized')) return;
      this.link = 'offline';
      this.#retryConnect();
    }
  }

  /** An open socket or a held lock would keep the page out of the browser's cache. */
  #freeze(): void {
    this.sending.stop();
    this.#socket.close();
    void this.#persister.freeze();
  }

  #thaw(): void {
    const last = lastPerson();
    const isTheirs = last?.here === true && last.id === this.#person;
    if (this.#leaving || !isTheirs || this.#database === null) {
      // Signed out, or somebody else meanwhile: what is shown is not for these eyes.
      document.body.hidden = true;
      location.reload();
      return;
    }
    void this.#persister.thaw();
    void this.sending.open(last.id, this.#database).then(() => this.sending.start());
    this.#socket.open();
  }

  #retryConnect(): void {
    const again = (): void => {
      clearTimeout(timer);
      removeEventListener('online', again);
      void this.#connect();
    };
    const timer = setTimeout(again, startRetry);
    addEventListener('online', again);
  }

  /** Ends the session and leaves nothing of the person in this browser. */
  async signOut(): Promise<void> {
    this.#leaving = true;
    try {
      await this.rest.call(nothingSchema, 'DELETE', '/sessions/current');
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Refusal && error.isTemporary)) {
        this.#leaving = false;
        this.notices.bad(texts.menu.signOutFailed);
        return;
      }
    }
    await this.#eraseLocalData();
  }

  /** Closes the account for good; the password, null for who has none, proves who asks. */
  async closeAccount(password: string | null): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', '/me', { password });
    this.#leaving = true;
    await this.#eraseLocalData();
  }

  async #eraseLocalData(): Promise<void> {
    this.sending.stop();
    this.#socket.close();
    forgetLast();
    await this.notifications.stop().catch(() => undefined);
    await this.#persister.stop();
    await this.#database?.erase().catch(() => undefined);
    location.assign('/signed-out'); // and on to the sign-in page, or to the sign-in service
  }

  /** A part of the app could not be fetched; without a connection that is no surprise. */
  partMissing(): void {
    if (this.link === 'online') this.notices.bad(texts.shell.partMissing);
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

  async #restore(): Promise<void> {
    const last = lastPerson();
    const person = personOfPage() ?? (last?.here === true ? last.id : null);
    if (person === null) return;
    const local = await this.#open(person);
    const me = v.safeParse(ownUserSchema, await local.getValue('me'));
    if (!me.success) return;
    this.profile.learn(me.output);
    this.#ready = true;
  }

  /** Reads what was kept for a person and takes over from there. */
  async #open(person: string): Promise<LocalDatabase> {
    const local = await openLocalDatabase(person);
    const [hidden, contacts, saved, pins] = await Promise.all(
      ['hidden', 'contacts', 'saved', 'pins-away'].map((name) => local.getValue(name)),
    );
    await this.drafts.start(local, person);
    const kept = await this.#persister.start(person, local);
    if (kept.size > 0) this.store.restore(person, kept, typeof hidden === 'number' ? hidden : 0);
    this.contacts.restore(contacts);
    this.actions.restoreSaved(saved);
    this.pinBar.restore(pins);
    await this.sending.open(person, local);
    this.#person = person;
    this.#database = local;
    return local;
  }

  async #begin(): Promise<void> {
    const user = await this.#fetchOwnUser();
    if (user === null) return;
    await this.#forgetOthers(user.id);
    const local = this.#database ?? (await this.#open(user.id));
    remember(user.id);
    this.profile.learn(user);
    await this.store.start(user.id);
    // They tell somebody without conversations what to begin with; others see these first.
    if (this.store.byId.size === 0) await this.contacts.load();
    // What was learnt is one task, drawing it another.
    await yieldToMain();
    this.#ready = true;
    if (!local.persistent) this.notices.plain(texts.shell.notLasting);
    // With the connection they are loaded at once; where none comes, all the same.
    this.contacts.reloadSoon(withoutConnection);
    this.#socket.open();
    await this.sending.start();
  }

  /** The newest of the person's own account; null where it is somebody else's by now. */
  async #fetchOwnUser(): Promise<OwnUser | null> {
    const { user } = await this.rest.call(meSchema, 'GET', '/me');
    if (this.#person === null || this.#person === user.id) return user;
    remember(user.id);
    await this.#yieldToOtherUser();
    return null;
  }

  /** Somebody else signed in here: nothing of what is shown is theirs. */
  async #yieldToOtherUser(): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.sending.stop();
    this.#socket.close();
    void this.#persister.stop();
    await this.drafts.flush();
    location.reload();
  }

  /** Of whoever used this browser before, only what they had written stays, for their next time. */
  async #forgetOthers(me: string): Promise<void> {
    const last = lastPerson();
    if (last !== null && last.id !== me) await clearCacheOf(last.id).catch(() => undefined);
  }

  /** What is learnt of the person is kept for the next start. */
  #persistOwnData(): void {
    const know = (name: string, value: unknown): void => {
      void this.#database?.setValue(name, value).catch(() => undefined);
    };
    this.profile.onChanged = (user) => know('me', user);
    this.pinBar.onChanged = (away) => know('pins-away', away);
    this.actions.onSavedChanged = (saved) => know('saved', saved);
    this.contacts.onLoaded = (loaded) => {
      know('contacts', loaded);
      const users = loaded.contacts.map(({ user }) => user);
      this.people.learn(users);
      this.people.watch(users.map(({ id }) => id));
    };
  }

  #createStore(api: ApiClient): ConversationStore {
    return new ConversationStore({
      api,
      settings: () => this.profile.settings,
      onDraft: (conversation, draft) => this.drafts.receive(conversation, draft),
      onDraftChanged: (conversation, draft) => this.drafts.follow(conversation, draft),
      onArrived: (message, state) => {
        this.people.onSaid(message.conversation, message.author);
        this.notifications.arrived(message, state);
      },
      onMentioned: (message, state) => this.notifications.arrived(message, state, true),
      onGone: (conversation, seq) => this.drafts.onGone(conversation, seq),
      onDropped: (conversation) => this.#onDropped(conversation),
      onReset: (conversation) => this.drafts.onReset(conversation),
      onUsers: (users) => this.people.learn(users),
      onWatched: (users) => this.people.watch(users),
      onStateChanged: (state) => this.#persister.changed(state),
      onHiddenAfter: (after) => void this.#keepHidden(after),
      go: (conversation) =>
        conversation === null ? this.route.home() : this.route.open(conversation),
    });
  }

  /** What was written there is not lost: it is told where it lies. */
  #onDropped(conversation: string): void {
    const waits = this.sending.outbox.some((pending) => pending.conversation === conversation);
    if (waits || !isEmpty(this.drafts.of(conversation))) this.notices.bad(texts.unsent.told);
  }

  /** Where to go on from is kept only after what came before it. */
  async #keepHidden(after: number): Promise<void> {
    await this.#persister.flush();
    if (this.#persister.isWriter)
      await this.#database?.setValue('hidden', after).catch(() => undefined);
  }

  #onRoute(conversation: string | null, message: number | null): void {
    this.store.show(conversation);
    this.#attentionReporter.look();
    if (conversation === null) return;
    void this.notifications.clear(conversation).catch(() => undefined);
    if (this.store.get(conversation)?.own.marked_unread === true) {
      this.actions.markUnread(conversation, false).catch(() => undefined);
    }
    if (message !== null) void this.attempt(() => this.store.jumpTo(conversation, message));
  }

  #createSocket(): SocketClient {
    const dispatcher = new Dispatcher(
      {
        message: (event) => this.store.handlers.message(event),
        version: (event) => this.store.handlers.version(event),
        member: (event) => this.store.handlers.member(event),
        conversation: (event) => this.store.handlers.conversation(event),
        receipt: (event) => this.store.handlers.receipt(event),
        receipts: (event) => this.store.handlers.receipts(event),
        own: (event) => this.store.handlers.own(event),
        hidden: (event) => this.store.handlers.hidden(event),
        restored: (event) => this.store.handlers.restored(event),
        saved: ({ conversation, seq, on }) => this.actions.onSaved(conversation, seq, on),
        held: ({ conversation }) => this.groups.held.reload(conversation),
        typing: (event) => this.people.onTyping(event),
        presence: (event) => this.people.onPresence(event),
        user: (event) => {
          this.people.learn([event.user]);
          this.store.handlers.user(event);
        },
        me: ({ user }) => this.profile.learn(user),
        behind: (event) => this.store.handlers.behind(event),
        contact: (event) => this.contacts.onEvent(event),
        security: ({ event }) => this.notices.plain(texts.security.kinds[event.kind] ?? event.kind),
        signed_out: ({ reason }) => this.#redirectToSignIn(reason),
      },
      () => this.store.syncScheduler.request(),
    );
    return new SocketClient({
      person: () => this.#person,
      onState: (state) => this.#onLink(state),
      onEvent: (name, payload) => dispatcher.receive(name, payload),
      onUnauthorized: () => this.#redirectToSignIn(),
      onWake: () => this.store.syncScheduler.request(),
    });
  }

  #onLink(state: ConnectionState): void {
    const returned = state === 'online' && this.link !== 'online';
    this.link = state;
    if (state !== 'online') this.people.onDisconnected();
    if (returned || state !== 'online') this.#attentionReporter.onLink(returned);
    if (!returned) return;
    // What was loaded before the connection stood may have changed in between: also the first time.
    void this.#fetchOwnUser().then(
      (user) => user !== null && this.profile.learn(user),
      () => undefined,
    );
    this.contacts.reloadSoon();
    this.store.onConnected();
    this.drafts.onConnected();
    this.people.onConnected();
    void this.notifications.onConnected().catch(() => undefined);
    this.sending.wake();
    void this.actions.loadSaved().catch(() => undefined);
  }

  /** The session ended: what waits and what was typed stays for the next sign-in. */
  #redirectToSignIn(reason = 'expired'): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.sending.stop();
    this.#socket.close();
    forgetSession(this.#person);
    void this.#persister.stop();
    const here = location.pathname + location.search + location.hash;
    const signIn = `/login?${new URLSearchParams({ next: here, ended: reason }).toString()}`;
    void this.drafts.flush().finally(() => location.assign(signIn));
  }
}
