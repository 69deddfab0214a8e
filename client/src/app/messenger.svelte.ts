// The messenger as a whole: the only place where connection, state and screens of the client meet.
import * as v from 'valibot';
import { ApiClient } from '../platform/api-client';
import { Dispatcher } from '../platform/dispatcher';
import { Persister, type TabLocks } from '../platform/persister';
import { SocketClient, type ConnectionState } from '../platform/socket-client';
import { clearCacheOf, openLocalDatabase, type LocalDatabase } from '../platform/local-database';
import { Refusal, Unreachable } from '../platform/refusal';
import { Rest } from '../platform/rest';
import { meSchema, nothingSchema } from '../contract/answers';
import { ownUserSchema, type OwnUser } from '../contract/objects';
import { isEmpty } from '../drafts/model';
import { texts } from '../texts';
import { MessageActions } from '../messages/actions';
import { MessageApi } from '../messages/api';
import { AdministrationEvents } from '../administration/events';
import { Announcements } from '../announcements/store.svelte';
import { HeldMessages } from '../groups/held.svelte';
import { CurrentAccount } from '../account/current-account.svelte';
import { eventHandlers } from './event-handlers';
import { Connection } from '../connection/store.svelte';
import { MemberSettings } from '../conversations/member-settings';
import { OwnSettings } from '../settings/store.svelte';
import { PinnedMessages } from '../pins/store';
import { Reactions } from '../reactions/store';
import { SavedMessages } from '../saved/store.svelte';
import { UnsentMessages } from '../sending/unsent-messages';
import { AttentionReporter } from '../people/attention-reporter';
import { isPageFocused } from '../platform/page-focus';
import { ProfileCardState } from '../profile/card.svelte';
import { Contacts } from '../contacts/store.svelte';
import { Drafts } from '../drafts/store.svelte';
import { fetchedLater } from '../platform/fetched-later';
import { fetchPanelApi } from './fetch-panel-api';
import type { PanelApis } from './panel-apis';
import { Notices } from '../notices/store.svelte';
import { Notifications } from '../notifications/store.svelte';
import { People } from '../people/store.svelte';
import { forgetSession, forgetLast, lastPerson, personOfPage, remember } from '../account/person';
import { watchPageCache } from '../platform/page-cache';
import { PinBar } from '../pins/bar.svelte';
import { Profile } from '../profile/store.svelte';
import type { Settings } from '../settings/model';
import { Route } from '../navigation/store.svelte';
import { Search } from '../search/store.svelte';
import { Sending } from '../sending/store.svelte';
import { ConversationStore } from '../conversations/store.svelte';
import { PendingAttachments } from '../attachments/pending.svelte';
import { yieldToMain } from '../platform/yield-to-main';

const [startRetry, withoutConnection] = [3_000, 4_000];

export class Messenger {
  readonly #rest = new Rest();
  readonly notices = new Notices(() => this.#leaving);
  readonly connection = new Connection();
  readonly profileCard = new ProfileCardState();
  readonly pinBar = new PinBar();
  readonly profile = new Profile(this.#rest);
  readonly settings = new OwnSettings(this.profile);
  readonly account = new CurrentAccount({
    profile: this.profile,
    signOut: () => this.#signOut(),
    onClosed: () => this.#onAccountClosed(),
  });
  readonly search = new Search();
  readonly announcements = new Announcements(this.#rest);
  readonly administrationEvents = new AdministrationEvents();
  readonly route: Route;
  readonly contacts: Contacts;
  readonly people: People;
  readonly drafts: Drafts;
  readonly conversations: ConversationStore;
  readonly memberSettings: MemberSettings;
  readonly messageActions: MessageActions;
  readonly heldMessages: HeldMessages;
  readonly pinnedMessages: PinnedMessages;
  readonly reactions: Reactions;
  readonly savedMessages: SavedMessages;
  readonly sending: Sending;
  readonly unsentMessages: UnsentMessages;
  readonly pendingAttachments: PendingAttachments;
  readonly notifications: Notifications;
  readonly panels: PanelApis = {
    administration: this.#later('administration'),
    apiKeys: this.#later('apiKeys'),
    bots: this.#later('bots'),
    dataExports: this.#later('dataExports'),
    endpoints: this.#later('endpoints'),
    fileLists: this.#later('fileLists'),
    groups: this.#later('groups'),
    invites: this.#later('invites'),
    messageDetails: this.#later('messageDetails'),
    reports: this.#later('reports'),
    search: this.#later('search'),
    security: this.#later('security'),
    sessions: this.#later('sessions'),
    signInFactors: this.#later('signInFactors'),
    webhooks: this.#later('webhooks'),
  };
  readonly #socket: SocketClient;
  readonly #api: ApiClient;
  readonly #attentionReporter: AttentionReporter;
  readonly #persister = new Persister((navigator as { locks?: TabLocks }).locks);
  #person: string | null = null;
  #database: LocalDatabase | null = null;
  #leaving = false;

  constructor() {
    const rest = this.#rest;
    rest.onUnauthorized = () => this.#redirectToSignIn();
    this.#socket = this.#createSocket();
    const api = (this.#api = new ApiClient(rest, this.#socket));
    const settings = (): Settings => this.settings.current;
    this.contacts = new Contacts({ rest, notices: this.notices, settings });
    this.people = new People({ rest, socketClient: this.#socket, settings });
    this.drafts = new Drafts(
      rest,
      (conversation, seq) => this.conversations.messageOf(conversation, seq),
      (conversation, text) => this.people.tellTyping(conversation, text),
    );
    this.conversations = this.#createStore(api);
    const messages = new MessageApi(api, (message) => this.conversations.onChanged(message));
    this.messageActions = new MessageActions(api, messages, this.conversations);
    this.heldMessages = new HeldMessages(rest, (message) => this.conversations.onPosted(message));
    this.reactions = new Reactions(messages);
    this.pinnedMessages = new PinnedMessages(rest, messages);
    this.savedMessages = new SavedMessages(api);
    this.memberSettings = new MemberSettings(rest, (conversation) =>
      this.conversations.onFetched(conversation),
    );
    this.sending = new Sending({
      rest,
      socketClient: this.#socket,
      isStillHere: async () => (await this.#fetchOwnUser()) !== null,
      onPosted: (message) => this.conversations.onPosted(message),
      onHeld: (conversation) => this.heldMessages.reload(conversation),
    });
    this.unsentMessages = new UnsentMessages({
      sending: this.sending,
      drafts: this.drafts,
      isGone: (conversation) => this.conversations.isGone(conversation),
    });
    this.pendingAttachments = new PendingAttachments(this.drafts, this.sending, this.notices);
    this.notifications = new Notifications({
      rest,
      settings,
      me: () => this.#person ?? '',
      open: () => this.conversations.open,
      onOpen: (path) => this.route.follow(path),
    });
    this.#attentionReporter = new AttentionReporter({
      open: () => this.conversations.open,
      attentive: isPageFocused,
      say: (conversation) => {
        this.#socket.call(nothingSchema, 'attention', { conversation }).catch(() => undefined);
      },
    });
    this.route = new Route((conversation, message) => this.#onRoute(conversation, message));
    this.#persistOwnData();
    this.route.start();
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
      this.connection.state = 'offline';
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
  async #signOut(): Promise<void> {
    this.#leaving = true;
    try {
      await this.#rest.call(nothingSchema, 'DELETE', '/sessions/current');
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Refusal && error.isTemporary)) {
        this.#leaving = false;
        this.notices.bad(texts.menu.signOutFailed);
        return;
      }
    }
    await this.#eraseLocalData();
  }

  /** Leaves nothing of somebody who is not here any more. */
  async #onAccountClosed(): Promise<void> {
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
    if (this.connection.state === 'online') this.notices.bad(texts.shell.partMissing);
  }

  async #restore(): Promise<void> {
    const last = lastPerson();
    const person = personOfPage() ?? (last?.here === true ? last.id : null);
    if (person === null) return;
    const local = await this.#open(person);
    const me = v.safeParse(ownUserSchema, await local.getValue('me'));
    if (!me.success) return;
    this.profile.learn(me.output);
    this.account.onReady();
  }

  /** Reads what was kept for a person and takes over from there. */
  async #open(person: string): Promise<LocalDatabase> {
    const local = await openLocalDatabase(person);
    const [hidden, contacts, saved, pins] = await Promise.all(
      ['hidden', 'contacts', 'saved', 'pins-away'].map((name) => local.getValue(name)),
    );
    await this.drafts.start(local, person);
    const kept = await this.#persister.start(person, local);
    if (kept.size > 0)
      this.conversations.restore(person, kept, typeof hidden === 'number' ? hidden : 0);
    this.contacts.restore(contacts);
    this.savedMessages.restore(saved);
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
    await this.conversations.start(user.id);
    // They tell somebody without conversations what to begin with; others see these first.
    if (this.conversations.byId.size === 0) await this.contacts.load();
    // What was learnt is one task, drawing it another.
    await yieldToMain();
    this.account.onReady();
    if (!local.persistent) this.notices.plain(texts.shell.notLasting);
    // With the connection they are loaded at once; where none comes, all the same.
    this.contacts.reloadSoon(withoutConnection);
    this.#socket.open();
    await this.sending.start();
  }

  /** The newest of the person's own account; null where it is somebody else's by now. */
  async #fetchOwnUser(): Promise<OwnUser | null> {
    const { user } = await this.#rest.call(meSchema, 'GET', '/me');
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
    this.savedMessages.onChanged = (saved) => know('saved', saved);
    this.contacts.onLoaded = (loaded) => {
      know('contacts', loaded);
      this.people.learn(loaded.contacts.map(({ user }) => user));
      this.people.watch(loaded.contacts.map(({ user }) => user.id));
    };
  }

  #later<Name extends keyof PanelApis>(name: Name): PanelApis[Name] {
    return fetchedLater(() => fetchPanelApi(name, this.#api, this.conversations, this.notices));
  }

  #createStore(api: ApiClient): ConversationStore {
    return new ConversationStore({
      api,
      settings: () => this.settings.current,
      onDraft: (conversation, draft) => this.drafts.receive(conversation, draft),
      onDraftChanged: (conversation, draft) => this.drafts.follow(conversation, draft),
      onArrived: (message, state) => {
        this.people.onSaid(message.conversation, message.author);
        this.notifications.arrived(message, state);
      },
      onMentioned: (message, state) => this.notifications.arrived(message, state, true),
      onGone: (...gone) => {
        for (const part of [this.drafts, this.notifications]) part.onGone(...gone);
      },
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
    this.conversations.show(conversation);
    this.#attentionReporter.look();
    if (conversation === null) return;
    void this.notifications.clear(conversation).catch(() => undefined);
    if (this.conversations.get(conversation)?.own.marked_unread === true) {
      this.memberSettings.markUnread(conversation, false).catch(() => undefined);
    }
    if (message !== null)
      void this.notices.attempt(() => this.conversations.jumpTo(conversation, message));
  }

  #createSocket(): SocketClient {
    const dispatcher = new Dispatcher(
      eventHandlers(this, (reason) => this.#redirectToSignIn(reason)),
      () => this.conversations.syncScheduler.request(),
    );
    return new SocketClient({
      person: () => this.#person,
      onState: (state) => this.#onLink(state),
      onEvent: (name, payload) => dispatcher.receive(name, payload),
      onUnauthorized: () => this.#redirectToSignIn(),
      onWake: () => this.conversations.syncScheduler.request(),
    });
  }

  readonly onAllMissed = (): void => this.#onLink(this.connection.state, true);

  #onLink(state: ConnectionState, missed = false): void {
    const returned = missed || (state === 'online' && this.connection.state !== 'online');
    this.connection.state = state;
    if (state !== 'online') this.people.onDisconnected();
    if (returned || state !== 'online') this.#attentionReporter.onLink(returned);
    if (!returned) return;
    // What was loaded before the connection stood may have changed in between: also the first time.
    void this.#fetchOwnUser()
      .then((user) => user !== null && this.profile.learn(user))
      .catch(() => undefined);
    this.contacts.reloadSoon();
    this.conversations.onConnected();
    this.drafts.onConnected();
    this.people.onConnected();
    void this.notifications.onConnected().catch(() => undefined);
    this.sending.wake();
    void this.savedMessages.load().catch(() => undefined);
    void this.announcements.load().catch(() => undefined);
    this.administrationEvents.onConnected();
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
