"""Puts the parts together: the only module that knows all of them."""

import logging
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from echosphere import (
    accounts,
    administration,
    admission,
    api_keys,
    attachments,
    avatars,
    bots,
    contacts,
    data_export,
    directory,
    endpoints,
    importing,
    link_previews,
    mcp,
    memberships,
    messages,
    moderation,
    notifications,
    openid_connect,
    presence,
    profiles,
    recovery,
    search,
    second_factor,
    server_settings,
    webhooks,
)
from echosphere.bus import WorkerIdentity
from echosphere.conversations import audience_of
from echosphere.core.clock import Clock, SteadyClock
from echosphere.database import ClockJumpCorrector, Database
from echosphere.http_client import SafeHttpClient
from echosphere.jobs import JobRunner, oldest_due_age, shift_due_times
from echosphere.media import SandboxPool, Storage
from echosphere.monitoring import Health, Measurements, Metrics, MetricsListener, ObserveRequests
from echosphere.platform import Platform
from echosphere.settings import LiveSettings, Settings, load_settings
from echosphere.startup_errors import serve_lifespan
from echosphere.web import SecurityHeaders, serve_messenger
from echosphere.web.proxies import ProxyHeaders

MAX_PUSH_JOBS, MAX_PREVIEW_JOBS = 64, 100  # most of the previews wait for their turn
PAGE_SECONDS = 4.0  # in a sandbox of their own, strangers' pages delay no one's files

log = logging.getLogger(__name__)


class Application:
    """EchoSphere as an ASGI application; `websocket_protocol` goes into uvicorn's `ws` setting."""

    def __init__(
        self, settings: Settings, clock: Clock | None, worker: WorkerIdentity | None
    ) -> None:
        self.settings, self.live_settings = settings, LiveSettings(settings)
        self.clock = SteadyClock() if clock is None else clock
        shared = (0, None) if worker is None else (worker.group, worker.shared_file)
        self.database = Database.of(settings, self.clock, *shared)
        self.callers = accounts.CallerCache(self.database, self.live_settings)
        self.platform = Platform(
            self.live_settings,
            self.database,
            self.callers.by(accounts.SESSIONS),
            lambda conversation: self.database.read(audience_of, conversation),
            worker,
        )
        self.server, self.web = self.platform.server, self.platform.web
        self.api, self.operations = self.platform.api, self.platform.operations
        # What waits for push services or for strangers' pages must not hold up anything else.
        self.push_jobs = JobRunner(self.database, concurrency=MAX_PUSH_JOBS)
        self.preview_jobs = JobRunner(self.database, concurrency=MAX_PREVIEW_JOBS)
        self.password_hasher = accounts.PasswordHasher(settings.password_method)
        self.storage = Storage.from_url(settings.storage_url, settings.data)
        self.sandbox, self.page_sandbox = SandboxPool(), SandboxPool(timeout_seconds=PAGE_SECONDS)
        self.http_client = SafeHttpClient.reaching(private=settings.allow_private_addresses)
        self.stop_reason = ""
        self.ask_to_stop: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTERM)
        self.database.on_claim_lost = self._stop_because
        self.database.on_interrupted = self._begin_again
        listen = self.platform.fan_out.listen_everywhere
        listen(accounts.SessionEnded, lambda event: self.callers.forget(event.session_ids))
        self._install_features()
        serve_messenger(self.web, self.api)
        self.api.describe()
        self.operations.describe()
        self._measure()
        secured = SecurityHeaders(self.server.asgi(self.web), secure=settings.secure)
        observed = ObserveRequests(secured, self.metrics, self.server.options.path)
        self.websocket_protocol = self.server.websocket_protocol
        self._asgi = ProxyHeaders(observed, settings.trusted_proxies)

    def _install_features(self) -> None:
        """Install every feature; what they do in the transaction of an event is done in this order."""
        platform, storage, push = self.platform, self.storage, self.push_jobs
        self.notifications, self.digests = notifications.install(platform, self.http_client, push)
        self.link_previews = link_previews.install(
            platform, storage, self.page_sandbox, self.http_client, self.preview_jobs
        )
        forms = attachments.install(platform, storage, self.sandbox)
        messages.install(platform)
        admitted = admission.install(platform, memberships.find_allowance, push)
        avatar_routes = avatars.install(platform, storage, self.sandbox)
        invites = memberships.install(platform, avatar_routes, admitted.closed_reason)
        webhooks.install(platform, forms, avatar_routes)
        for install in (bots.install, mcp.install):
            install(platform)
        hasher, hold = self.password_hasher, second_factor.hold_sign_in
        doors = accounts.install(platform, hasher, admitted, invites.arrive, hold)
        self.passkeys = second_factor.install(platform, doors)
        api_keys.install(platform, self.callers)
        self.openid = openid_connect.install(platform, doors)
        recovery.install(platform, doors, hasher, push)
        self.indexer = search.install(platform)
        self.settings_watch = server_settings.install(platform)
        finds = directory.finder(platform.live_settings)
        profiles.install(platform, finds)
        moderation.install(platform, finds)
        send_request = partial(profiles.send_request_to_visible_user, finds)
        contacts.install(platform, send_request, partial(profiles.acquaintance_of, finds))
        self.directory, self.presence = directory.install(platform), presence.install(platform)
        mode, who = admission.current_mode, self.presence
        self.figures = administration.install(platform, hasher, push, mode, who)
        self.source_files = importing.install(platform, storage, self.sandbox)
        more = data_export.install(platform, storage), endpoints.install(platform)
        self.runners = (*more, self.preview_jobs, push, platform.jobs)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve ASGI: the lifespan here, everything else by the parts."""
        if scope["type"] == "lifespan":
            await serve_lifespan(receive, send, self.start, self.stop)
        else:
            await self._asgi(scope, receive, send)

    async def start(self) -> None:
        """Open the database and begin the background work."""
        self.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)  # PostgreSQL makes none
        await self.database.start()
        self.database.publish = self.platform.fan_out.publish
        await self.platform.join()
        self.owner_link = await admission.owner_link(self.database, self.settings)
        writing = (*self.runners, self.directory, self.passkeys) if self.database.writes else ()
        for part in (*self.watches, self.notifications, *writing, self.figures):
            await part.start()
        self.indexer.start()
        self.measurements.start()
        self.platform.start(lambda shown: self.database.read(api_keys.active_credentials, shown))

    async def drain(self, seconds: float = 0) -> None:
        """Let the connected clients go within some seconds: they reconnect elsewhere or later."""
        await self.platform.drain(seconds)

    async def stop(self) -> None:
        """Finish what was begun and let go of everything."""
        watching = (self.platform, self.measurements, self.figures, *self.watches, self.presence)
        for running in (*watching, *self.runners, self.indexer):
            await running.stop()
        await self.platform.leave()
        pools = (self.sandbox, self.page_sandbox, self.password_hasher)
        for part in (self.http_client, self.openid, *pools, self.database):
            await part.stop()

    def _stop_because(self, sentence: str) -> None:
        """Stop in good order, and leave the reason for whoever started the server."""
        log.critical("EchoSphere is stopping: %s", sentence)
        self.stop_reason = sentence
        self.ask_to_stop()

    def _begin_again(self) -> None:
        """Trust nothing that was read before: the database was away and may be an older copy."""
        self.callers.clear()
        self.platform.begin_again()

    def _measure(self) -> None:
        """Have it measured how writing goes, and what lies behind."""
        self.metrics, settings, where = Metrics(), self.settings, self.settings.metrics_listen
        self.metrics_listener = MetricsListener(self.metrics.collect, where) if where else None
        checks = {"database": self.database.ready, "storage": self.storage.ready}
        if self.platform.cluster is not None and settings.bus_url:
            checks["bus"] = self.platform.cluster.ready
        Health(self.metrics, settings.metrics_token, checks, self.database).serve(self.web)
        reads = {"job_age_seconds": oldest_due_age} | self.platform.measured
        shifts = (shift_due_times, accounts.shift_sessions, *self.platform.shifts)
        self.clock_jumps = ClockJumpCorrector.of(self.database, self.clock, shifts)
        watches = (self.settings_watch, self.clock_jumps, self.metrics_listener)
        self.watches = [one for one in watches if one is not None]
        self.measurements = Measurements(self.database, settings.data, reads)
        self.metrics.add_source("echosphere", self.platform.numbers)
        self.metrics.add_source("echosphere", self.measurements.numbers)
        self.database.writing.on_refused = self.metrics.count_refusals


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Application:
    """Return the application for these settings, by default those of the environment."""
    return Application(settings or load_settings(), clock, None)
