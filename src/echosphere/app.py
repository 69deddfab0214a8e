"""Puts the parts together: the only module that knows all of them."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from quart import Quart

from echosphere.accounts import (
    AccountClosed,
    AccountsApi,
    AccountsLive,
    AccountsOperations,
    AccountsPages,
    PasswordHasher,
    SessionCache,
    SessionEnded,
    active_sessions,
    shift_sessions,
)
from echosphere.administration import AdministrationOperations
from echosphere.api import BehindEvent, Operations
from echosphere.attachments import (
    AttachmentDoor,
    AttachmentsOperations,
    Previews,
    Quota,
    Reserve,
    Storage,
    Upkeep,
)
from echosphere.avatars import AvatarDoor, AvatarsOperations, AvatarUpkeep, forget_avatar
from echosphere.contacts import (
    ContactsLive,
    ContactsOperations,
    FirstMessage,
    announce_changed_profile,
    purge_contacts,
)
from echosphere.conversations import audience_of
from echosphere.core.clock import HOUR, Clock, SteadyClock
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import (
    Database,
    JobRunner,
    Snapshot,
    Timekeeper,
    age_of_due,
    sweep_keys,
)
from echosphere.directory import DirectoryIndexer, DirectoryOperations, finds_in_directory
from echosphere.groups import (
    GroupPictures,
    GroupsLive,
    GroupsOperations,
    InvitesOperations,
    JoinPages,
    find_allowance,
    leave_all_groups,
)
from echosphere.http_client import SafeHttpClient
from echosphere.inbox import InboxLive, InboxOperations, recount_mentions, recount_shown
from echosphere.link_previews import LinkPreviews, PreviewImagesApi
from echosphere.mail import mail_by
from echosphere.messages import (
    Clearing,
    MessageDeleted,
    MessageEdited,
    MessagesHidden,
    MessagesLive,
    MessagesOperations,
    MessagesRestored,
    forget_kept_messages,
    post_first_message,
)
from echosphere.moderation import ModerationOperations
from echosphere.monitoring import (
    Health,
    Measurements,
    Metrics,
    MetricsListener,
    ObserveRequests,
)
from echosphere.notifications import (
    Attention,
    ContactNotifications,
    Digests,
    Notifications,
    NotificationsOperations,
    PushSender,
    UnsubscribeLinks,
    UnsubscribePages,
    Vapid,
    forget_disconnected_devices,
)
from echosphere.presence import PresenceLive, presence_operations
from echosphere.profiles import (
    ProfilesLive,
    ProfilesOperations,
    acquaintance_of,
    no_directory,
    send_request_to_visible_user,
)
from echosphere.realtime.delivery import (
    CallDispatcher,
    ConnectedDevices,
    FanOut,
    revoke_ended_sessions,
)
from echosphere.realtime.socketio import Audiences, Options, Request, Server, json_event_frame
from echosphere.search import (
    Cursors,
    Indexer,
    SearchOperations,
    forget_deleted,
    index_edited,
    lag,
    wake_indexer,
)
from echosphere.settings import Settings, load_settings
from echosphere.startup_errors import operator_message
from echosphere.web import (
    Api,
    Origins,
    SecurityHeaders,
    create_web,
    serve_messenger,
    session_cookie_name,
)
from echosphere.web.proxies import ForwardedClient, client_address
from echosphere.wire import encode

MAX_PUSH_JOBS = 64
MAX_PREVIEW_JOBS = 100
"""Most of them wait for their turn."""

PAGE_SECONDS = 4.0
MAX_SOCKETS_PER_USER = 10
YOUNG_OBJECTS = 10_000
"""Objects after which Python looks for cycles among the new ones.

Its own 700 are fewer than a batch of messages has in flight: they were all looked at, and kept,
several times a batch.
"""

log = logging.getLogger(__name__)


class Application:
    """EchoSphere as an ASGI application; `websocket_protocol` goes into uvicorn's `ws` setting."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        clock = SteadyClock() if clock is None else clock
        self.clock = clock
        self.rate_limiter = RateLimiter(enabled=settings.rate_limits)
        self.database = Database(settings.database_url, clock)
        self.password_hasher = PasswordHasher(settings.password_method)
        self.storage = Storage.at(settings.storage_url, settings.data)
        self.previews = Previews()
        self.indexer = Indexer(self.database)
        self.cursors = Cursors(settings.secret_key)
        self.directory = DirectoryIndexer(self.database, on=settings.directory)
        self.jobs = JobRunner(self.database)
        # What waits for push services or for strangers' pages must not hold up anything else.
        self.push_jobs = JobRunner(self.database, at_once=MAX_PUSH_JOBS)
        self.preview_jobs = JobRunner(self.database, at_once=MAX_PREVIEW_JOBS)
        self.http_client = (
            SafeHttpClient.unrestricted() if settings.allow_private_addresses else SafeHttpClient()
        )
        self.session_cache = SessionCache(self.database)
        self.metrics = Metrics()
        where = settings.metrics_listen
        self.metrics_listener = MetricsListener(self.metrics, where) if where else None
        self._tasks: list[asyncio.Task[None]] = []
        self.stop_reason = ""
        self.ask_to_stop: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTERM)
        self.database.on_claim_lost = self._stop_because
        self.database.on_interrupted = self._begin_again
        self._build_notifications()
        self._build_previews()
        self._open_sockets()
        self._open_web()
        self._send_events()
        self._serve_operations()
        self._serve_pages()
        self._register_jobs()
        self._tie_features()
        self.metrics.read_from("echosphere", self._numbers)
        self._measure()
        self._asgi = self._layers()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve ASGI: the lifespan here, everything else by the parts."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._asgi(scope, receive, send)

    @property
    def websocket_protocol(self) -> Any:
        """The class that uvicorn hands WebSocket upgrades to."""
        return self.server.websocket_protocol

    async def start(self) -> None:
        """Open the database and begin the background work."""
        await self.database.start()
        self.database.publish = self.fan_out.publish
        if self.timekeeper is not None:
            await self.timekeeper.start()
        if self.metrics_listener is not None:
            await self.metrics_listener.start()
        await self.notifications.start()
        await self.jobs.start()
        await self.directory.start()
        self.indexer.start()
        await self.push_jobs.start()
        await self.preview_jobs.start()
        self.measurements.start()
        self._tasks = [asyncio.create_task(revoke_ended_sessions(self.devices, self._living))]
        gc.collect()
        gc.freeze()  # what lives until the end need not be looked at again
        gc.set_threshold(YOUNG_OBJECTS, 10, 10)

    async def drain(self) -> None:
        """Let the connected clients go, so that they reconnect elsewhere or later."""
        await self.server.shutdown()

    async def stop(self) -> None:
        """Finish what was begun and let go of everything."""
        await self.drain()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.measurements.stop()
        if self.timekeeper is not None:
            await self.timekeeper.stop()
        if self.metrics_listener is not None:
            await self.metrics_listener.stop()
        await self.presence.stop()
        self.audiences.close()
        await self.preview_jobs.stop()
        await self.push_jobs.stop()
        await self.indexer.stop()
        await self.jobs.stop()
        await self.http_client.stop()
        await self.previews.stop()
        await self.page_previews.stop()
        await self.database.stop()
        self.password_hasher.stop()

    def _stop_because(self, sentence: str) -> None:
        """Stop in good order, and leave the reason for whoever started the server."""
        log.critical("EchoSphere stops: %s", sentence)
        self.stop_reason = sentence
        self.ask_to_stop()

    def _begin_again(self) -> None:
        """Have clients compare what they hold: the database was away and may be an older copy."""
        self.session_cache.clear()
        self.devices.disconnect_all()

    def _layers(self) -> Any:
        """Return what a request passes on its way, from the outside to the inside."""
        polling_or_web = self.server.asgi(self.web)
        secured = SecurityHeaders(polling_or_web, secure=self.settings.secure)
        observed = ObserveRequests(secured, self.metrics, self.server.options.path)
        return ForwardedClient(observed, self.settings.trusted_proxies)

    def _measure(self) -> None:
        """Have it measured how writing goes, and what lies behind."""
        reads = {"job_age_seconds": age_of_due, "search_lag_messages": lag}
        self.timekeeper: Timekeeper | None = None
        if isinstance(self.clock, SteadyClock):
            self.timekeeper = Timekeeper(self.database, self.clock, [shift_sessions])
        self.measurements = Measurements(self.database, self.settings.data, reads)
        self.metrics.read_from("echosphere", self.measurements.numbers)
        refusals = self.metrics.write_refusals
        self.database.writing.on_refused = lambda cause, count: refusals.labels(cause).inc(count)

    def _build_notifications(self) -> None:
        settings, database = self.settings, self.database
        self.vapid = Vapid(settings.vapid_key, settings.vapid_contact)
        self.attention = Attention()
        push_sender = PushSender(self.http_client, self.vapid, database.clock)
        self.notifications = Notifications(database, self.attention, push_sender)
        self.contact_notifications = ContactNotifications(database, push_sender)
        self.unsubscribe_links = UnsubscribeLinks(settings.secret_key, settings.base_url)
        self.digests = Digests(
            database,
            mail_by(settings.smtp_url, settings.mail_from),
            self.unsubscribe_links,
            base_url=settings.base_url,
            hours=settings.digest_hours,
        )

    def _build_previews(self) -> None:
        settings = self.settings
        # Strangers' pages must not hold up the pictures of people's own messages.
        self.page_previews = Previews(seconds=PAGE_SECONDS)
        self.link_previews = LinkPreviews(
            self.database,
            self.storage,
            self.http_client,
            self.page_previews,
            self.rate_limiter,
            base_url=settings.base_url,
            enabled=settings.link_previews,
        )

    def _open_sockets(self) -> None:
        """Make the Socket.IO side: who may connect, who is connected, who is told what."""
        settings = self.settings
        origins = Origins.of(settings)
        cookie = session_cookie_name(secure=settings.secure)
        rates = settings.rate_limits

        def may_connect(origin: str | None, request: Request) -> bool:
            return origin is None or origins.allows(origin, request.headers.get("host"))

        def address(request: Request) -> str:
            return client_address(request.peer, request.headers, settings.trusted_proxies)

        self.server = Server(
            Options(
                origins=may_connect,
                client_address=address,
                binding=lambda request: request.cookie(cookie),
                calls_per_minute=600 if rates else None,
                max_sockets_per_address=50 if rates else None,
            )
        )
        self.audiences = Audiences(behind=_behind)
        self.devices = ConnectedDevices(
            self.server,
            self.audiences,
            self.session_cache,
            cookie,
            rate_limiter=self.rate_limiter,
            max_sockets_per_user=MAX_SOCKETS_PER_USER if rates else None,
        )
        self.calls = CallDispatcher(self.server, self.rate_limiter)
        self.fan_out = FanOut(self.audiences, self._load_members)

    def _open_web(self) -> None:
        """Make the HTTP side, without routes yet."""
        settings = self.settings
        self.web: Quart = create_web(settings)
        self.api = Api(
            self.web,
            self.session_cache,
            Origins.of(settings),
            self.rate_limiter,
            session_cookie_name(secure=settings.secure),
        )
        self.operations = Operations(self.rate_limiter, self.api, self.calls)

    def _send_events(self) -> None:
        """Say what is sent when something happened."""
        database, fan_out = self.database, self.fan_out
        fan_out.listen(SessionEnded, self.session_cache.on_session_ended)
        fan_out.listen(SessionEnded, self._sign_out)
        AccountsLive(database).serve(fan_out)
        ContactsLive().serve(fan_out)
        MessagesLive().serve(fan_out)
        wake_indexer(fan_out, self.indexer)
        InboxLive(database).serve(fan_out)
        ProfilesLive(database).serve(fan_out)
        self.presence = PresenceLive(database, fan_out)
        self.presence.serve(self.devices)
        GroupsLive().serve(fan_out)
        forget_disconnected_devices(self.attention, self.devices)

    def _serve_operations(self) -> None:
        """Add what all features serve over REST and the socket."""
        settings, database, api = self.settings, self.database, self.api
        rate_limiter = self.rate_limiter
        storage, previews, changed = self.storage, self.previews, (announce_changed_profile,)
        self.accounts = AccountsApi(
            database,
            self.password_hasher,
            rate_limiter,
            settings,
            on_close=(purge_contacts,),
            find_allowance=find_allowance,
        )
        self.accounts.serve(api)
        self.operations.add(
            AccountsOperations(database, self.accounts.authentication, changed).all()
        )
        finds = finds_in_directory if settings.directory else no_directory
        ask, block = partial(send_request_to_visible_user, finds), partial(acquaintance_of, finds)
        self.operations.add(ContactsOperations(database, ask, block).all())
        self.operations.add(InboxOperations(database).all())
        self.operations.add(ProfilesOperations(database, finds).all())
        self.operations.add(ModerationOperations(database, finds).all())
        self.operations.add(DirectoryOperations(database, on=settings.directory).all())
        self.operations.add(SearchOperations(database, self.cursors).all())
        self.operations.add(presence_operations(self.presence))
        quota = Quota(settings.storage_per_person, settings.storage_in_all)
        self.operations.add(MessagesOperations(database, settings.edit_minutes, quota).all())
        files = AttachmentDoor(
            database,
            storage,
            previews,
            rate_limiter,
            max_size=settings.max_attachment,
            reserve=Reserve(settings.data, settings.disk_reserve),
            quota=quota,
            mib_per_minute=settings.upload_mib_per_minute,
        )
        files.serve(api)
        self.operations.add(AttachmentsOperations(database).all())
        avatars = AvatarDoor(database, storage, previews, rate_limiter, on_profile_change=changed)
        avatars.serve(api)
        self.operations.add(AvatarsOperations(database, changed).all())
        GroupPictures(database, rate_limiter, avatars).serve(api)
        self.operations.add(GroupsOperations(database).all())
        invites = InvitesOperations(
            database, base_url=settings.base_url, secret=settings.secret_key
        )
        self.operations.add(invites.all())
        PreviewImagesApi(database, storage).serve(api)
        self.operations.add(AdministrationOperations(settings).all())
        notifications = NotificationsOperations(
            database,
            self.attention,
            self.notifications,
            self.vapid,
            allow_private=settings.allow_private_addresses,
        )
        self.operations.add(notifications.all())
        api.describe()
        self.operations.describe()

    def _serve_pages(self) -> None:
        """Add the pages, and what operators look at."""
        settings, web = self.settings, self.web
        joining = JoinPages(self.api, self.database, is_open=settings.registration)
        joining.serve(web)
        UnsubscribePages(self.database, self.unsubscribe_links).serve(web)
        AccountsPages(self.api, self.accounts, joining.arrive).serve(web)
        serve_messenger(web, self.api)
        checks = {"database": self._database_answers, "storage": self.storage.ready}
        Health(self.metrics, settings.metrics_token, checks, self.database).serve(web)

    def _register_jobs(self) -> None:
        """Have done what nobody waits for."""
        self.notifications.register(self.push_jobs)
        self.contact_notifications.register(self.push_jobs)
        self.digests.register(self.push_jobs)
        self.link_previews.register(self.jobs, self.preview_jobs)
        Clearing(self.database).register(self.jobs)
        self.directory.register(self.jobs)
        self.jobs.every("idempotency.sweep", HOUR, self._sweep_keys)
        Upkeep(self.database, self.storage).register(self.jobs)
        AvatarUpkeep(self.database, self.storage).register(self.jobs)

    def _tie_features(self) -> None:
        """Say what a feature does, in the same transaction, when another's event is announced."""
        also = self.database.also
        also(MessageEdited, recount_mentions)
        also(MessageEdited, index_edited)
        also(MessageDeleted, recount_mentions)
        also(MessageDeleted, forget_deleted)
        also(MessagesHidden, recount_shown)
        also(MessagesRestored, recount_shown)
        also(FirstMessage, post_first_message)
        also(AccountClosed, forget_kept_messages)
        also(AccountClosed, forget_avatar)
        also(AccountClosed, leave_all_groups)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            sentence = operator_message(error)
            if sentence is None:
                log.exception("EchoSphere could not start")
            else:
                log.error("EchoSphere cannot start: %s", sentence)  # noqa: TRY400 - mended by operators
            await send({"type": "lifespan.startup.failed", "message": ""})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _sign_out(self, event: SessionEnded) -> None:
        for session in event.session_ids:
            self.devices.sign_out(session, event.reason)

    async def _load_members(self, conversation: str) -> tuple[int, frozenset[str]]:
        return await self.database.read(audience_of, conversation)

    async def _living(self, sessions: Collection[str]) -> Collection[str]:
        return await self.database.read(active_sessions, sessions)

    async def _sweep_keys(self) -> None:
        while await self.database.write(sweep_keys):
            pass

    async def _database_answers(self) -> None:
        await self.database.read(_look)

    def _numbers(self) -> Mapping[str, float]:
        stats = self.server.stats()
        now = {"sockets", "websocket", "polling"}
        return {
            f"realtime_{name}" if name in now else f"realtime_{name}_total": value
            for name, value in stats.items()
        } | {
            "deliveries_total": self.audiences.deliveries,
            "deliveries_dropped_total": self.audiences.dropped,
            "people_online": len(self.audiences.online_users()),
            "clock_leap_seconds": getattr(self.clock, "jump", 0) / 1000,
        }


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Application:
    """Return the application for these settings, by default those of the environment.

    Raises:
        SettingsError: A setting makes no sense.
    """
    return Application(settings or load_settings(), clock)


def _behind(conversation: str) -> Any:
    return json_event_frame("behind", encode(BehindEvent([conversation])))


def _look(snapshot: Snapshot) -> None:
    """Prove that the database answers."""
