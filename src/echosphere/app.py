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
    attachments,
    avatars,
    contacts,
    directory,
    link_previews,
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
)
from echosphere.conversations import audience_of
from echosphere.core.clock import Clock, SteadyClock
from echosphere.database import ClockJumpCorrector, Database
from echosphere.http_client import SafeHttpClient
from echosphere.jobs import JobRunner, oldest_due_age, shift_due_times
from echosphere.media import SandboxPool, Storage
from echosphere.monitoring import Health, Measurements, Metrics, MetricsListener, ObserveRequests
from echosphere.platform import Platform
from echosphere.settings import Settings, load_settings
from echosphere.startup_errors import serve_lifespan
from echosphere.web import SecurityHeaders, serve_messenger
from echosphere.web.proxies import ProxyHeaders

MAX_PUSH_JOBS = 64
MAX_PREVIEW_JOBS = 100  # most of them wait for their turn
PAGE_SECONDS = 4.0
SHIFTS = (shift_due_times, accounts.shift_sessions, messages.shift_ages)
"""What moves with a leap of the machine's clock."""

log = logging.getLogger(__name__)


class Application:
    """EchoSphere as an ASGI application; `websocket_protocol` goes into uvicorn's `ws` setting."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = SteadyClock() if clock is None else clock
        self.database = Database(settings.database_url, self.clock)
        self.session_cache = accounts.SessionCache.of(self.database, settings)
        self.platform = Platform(
            settings,
            self.database,
            self.session_cache,
            lambda conversation: self.database.read(audience_of, conversation),
        )
        self.server, self.web = self.platform.server, self.platform.web
        self.api, self.operations = self.platform.api, self.platform.operations
        # What waits for push services or for strangers' pages must not hold up anything else.
        self.push_jobs = JobRunner(self.database, concurrency=MAX_PUSH_JOBS)
        self.preview_jobs = JobRunner(self.database, concurrency=MAX_PREVIEW_JOBS)
        self.password_hasher = accounts.PasswordHasher(settings.password_method)
        self.storage = Storage.from_url(settings.storage_url, settings.data)
        self.sandbox = SandboxPool()
        # Web pages must not delay the files of users' own messages.
        self.page_sandbox = SandboxPool(timeout_seconds=PAGE_SECONDS)
        self.http_client = SafeHttpClient.reaching(private=settings.allow_private_addresses)
        self.stop_reason = ""
        self.ask_to_stop: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTERM)
        self.database.on_claim_lost = self._stop_because
        self.database.on_interrupted = self._begin_again
        self.platform.fan_out.listen(accounts.SessionEnded, self.session_cache.on_session_ended)
        self._install_features()
        serve_messenger(self.web, self.api)
        self.api.describe()
        self.operations.describe()
        self._measure()
        polling_or_web = self.server.asgi(self.web)
        secured = SecurityHeaders(polling_or_web, secure=settings.secure)
        observed = ObserveRequests(secured, self.metrics, self.server.options.path)
        self._asgi = ProxyHeaders(observed, settings.trusted_proxies)

    def _install_features(self) -> None:
        """Install every feature, with what it needs of others.

        What they do when an event is announced, in the same transaction, is done in this order.
        """
        platform, storage, sandbox = self.platform, self.storage, self.sandbox
        self.notifications, self.digests = notifications.install(
            platform, self.http_client, self.push_jobs
        )
        self.link_previews = link_previews.install(
            platform, storage, self.page_sandbox, self.http_client, self.preview_jobs
        )
        messages.install(platform, attachments.install(platform, storage, sandbox))
        admitted = admission.install(platform, memberships.find_allowance, self.push_jobs)
        avatar_routes = avatars.install(platform, storage, sandbox)
        invites = memberships.install(platform, avatar_routes, admitted.is_open)
        hasher, hold = self.password_hasher, second_factor.hold_sign_in
        doors = accounts.install(platform, hasher, admitted, invites.arrive, hold)
        self.passkeys = second_factor.install(platform, doors)
        openid_connect.install(platform, doors)
        recovery.install(platform, doors, hasher, self.push_jobs)
        self.indexer = search.install(platform)
        finds = directory.finds_in_directory if self.settings.directory else profiles.no_directory
        profiles.install(platform, finds)
        moderation.install(platform, finds)
        send_request = partial(profiles.send_request_to_visible_user, finds)
        contacts.install(platform, send_request, partial(profiles.acquaintance_of, finds))
        self.directory = directory.install(platform)
        self.presence = presence.install(platform)
        administration.install(platform)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve ASGI: the lifespan here, everything else by the parts."""
        if scope["type"] == "lifespan":
            await serve_lifespan(receive, send, self.start, self.stop)
        else:
            await self._asgi(scope, receive, send)

    @property
    def websocket_protocol(self) -> Any:
        """The class that uvicorn hands WebSocket upgrades to."""
        return self.server.websocket_protocol

    async def start(self) -> None:
        """Open the database and begin the background work."""
        await self.database.start()
        self.database.publish = self.platform.fan_out.publish
        for watch in (self.clock_jumps, self.metrics_listener):
            if watch is not None:
                await watch.start()
        self.owner_link = await admission.owner_link(self.database, self.settings)
        jobs = (self.platform.jobs, self.push_jobs, self.preview_jobs)
        for part in (self.notifications, *jobs, self.directory, self.passkeys):
            await part.start()
        self.indexer.start()
        self.measurements.start()
        self.platform.start(lambda sessions: self.database.read(accounts.active_sessions, sessions))

    async def drain(self) -> None:
        """Let the connected clients go, so that they reconnect elsewhere or later."""
        await self.server.shutdown()

    async def stop(self) -> None:
        """Finish what was begun and let go of everything."""
        await self.platform.stop()
        await self.measurements.stop()
        for watch in (self.clock_jumps, self.metrics_listener):
            if watch is not None:
                await watch.stop()
        await self.presence.stop()
        self.platform.audiences.close()
        for jobs in (self.preview_jobs, self.push_jobs, self.indexer, self.platform.jobs):
            await jobs.stop()
        for part in (self.http_client, self.sandbox, self.page_sandbox, self.database):
            await part.stop()
        self.password_hasher.stop()

    def _stop_because(self, sentence: str) -> None:
        """Stop in good order, and leave the reason for whoever started the server."""
        log.critical("EchoSphere stops: %s", sentence)
        self.stop_reason = sentence
        self.ask_to_stop()

    def _begin_again(self) -> None:
        """Have clients compare what they hold: the database was away and may be an older copy."""
        self.session_cache.clear()
        self.platform.devices.disconnect_all()

    def _measure(self) -> None:
        """Have it measured how writing goes, and what lies behind."""
        settings = self.settings
        self.metrics = Metrics()
        where = settings.metrics_listen
        self.metrics_listener = MetricsListener(self.metrics, where) if where else None
        checks = {"database": self.database.ready, "storage": self.storage.ready}
        Health(self.metrics, settings.metrics_token, checks, self.database).serve(self.web)
        reads = {"job_age_seconds": oldest_due_age, "search_lag_messages": search.unindexed_count}
        self.clock_jumps: ClockJumpCorrector | None = None
        if isinstance(self.clock, SteadyClock):
            self.clock_jumps = ClockJumpCorrector(self.database, self.clock, SHIFTS)
        self.measurements = Measurements(self.database, settings.data, reads)
        self.metrics.add_source("echosphere", self.platform.numbers)
        self.metrics.add_source("echosphere", self.measurements.numbers)
        refusals = self.metrics.write_refusals
        self.database.writing.on_refused = lambda cause, count: refusals.labels(cause).inc(count)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Application:
    """Return the application for these settings, by default those of the environment."""
    return Application(settings or load_settings(), clock)
