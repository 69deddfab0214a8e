"""What all features stand on: the database, its jobs, both doors and the fan-out."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any

from echosphere.api import BehindEvent, Operations
from echosphere.bus import Cluster, NatsBus, WorkerIdentity
from echosphere.core import garbage
from echosphere.core.clock import HOUR
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database, DeleteExpiredKeys, ShiftTimes, Snapshot
from echosphere.jobs import JobRunner
from echosphere.media import Storage
from echosphere.monitoring import Tracing
from echosphere.realtime.delivery import (
    CallDispatcher,
    CatchUp,
    ConnectedDevices,
    FanOut,
    FindChanged,
    FindLeft,
    Sweep,
    revoke_ended_sessions,
)
from echosphere.realtime.socketio import Audiences, Options, Request, Server, json_event_frame
from echosphere.settings import LiveSettings, Settings
from echosphere.web import (
    CLIENT_MANIFEST,
    Api,
    Authenticate,
    Origins,
    create_web,
    session_cookie_name,
)
from echosphere.web.proxies import client_address
from echosphere.wire import encode

MAX_SOCKETS_PER_USER = 10


class Platform:
    """Made before any feature, and handed to the `install` of each.

    It knows no feature: what one needs of another is an argument of its `install`.

    Args:
        live_settings: What the operator decided, and administrators may change meanwhile.
        database: Where everything is.
        authenticate: Finds the caller of a session's token.
        load_members: Finds the version and the members of a conversation.
        worker: This process as one of several of this machine; None where it is not.
    """

    def __init__(
        self,
        live_settings: LiveSettings,
        database: Database,
        authenticate: Authenticate,
        load_members: Callable[[str], Awaitable[tuple[int, frozenset[str]]]],
        worker: WorkerIdentity | None = None,
    ) -> None:
        settings = live_settings.start
        rates, cookie = settings.rate_limits, session_cookie_name(secure=settings.secure)
        self.settings = settings
        self.live_settings = live_settings
        self.database = database
        self.jobs = JobRunner(database)
        self.shifts: list[ShiftTimes] = []  # of times that features store, with a leap of the clock
        self.measured: dict[
            str, Callable[[Snapshot], float]
        ] = {}  # what features measure, by its name
        self.jobs.every("idempotency.sweep", HOUR, self._delete_expired_keys)
        self._revoking: asyncio.Task[None] | None = None
        self._sweep: Sweep | None = None
        self._tracing = Tracing()
        self.client_manifest = CLIENT_MANIFEST
        self.rate_limiter = RateLimiter(enabled=rates)
        self.cluster = _cluster(settings, worker)
        self.server = Server(_socket_options(settings, cookie, self.cluster))
        self.audiences = Audiences(behind=_behind)
        self.devices = ConnectedDevices(
            self.server,
            self.audiences,
            authenticate,
            cookie,
            rate_limiter=self.rate_limiter,
            max_sockets_per_user=MAX_SOCKETS_PER_USER if rates else None,
        )
        self.fan_out = FanOut(self.audiences, load_members, self.cluster)
        self.web = create_web(live_settings)
        self.api = Api(self.web, authenticate, Origins.of(settings), self.rate_limiter, cookie)
        calls = CallDispatcher(self.server, self.rate_limiter)
        self.operations = Operations(self.rate_limiter, self.api, calls)
        self._catch_up = CatchUp(self.server, json_event_frame("behind", encode(BehindEvent([]))))
        database.on_uncertain = self._catch_up.schedule
        self.before_leaving: list[Callable[[], Awaitable[None]]] = []
        self.before_draining: list[Callable[[], None]] = []
        if (cluster := self.cluster) is not None:
            if worker is None or worker.shared_file is None:
                database.is_responsible = lambda: cluster.is_first
            cluster.on_missed(self._catch_up.schedule)
            cluster.on_count(self.rate_limiter.share)
            cluster.on_count(self.server.engine.handshakes.share)
            cluster.on_count(self.devices.share)

    def sweep(self, find: FindChanged, find_left: FindLeft) -> None:
        """Look for changes that were not delivered, if other processes can make some; see `Sweep`."""
        if self.fan_out.relay is not None:
            self._sweep = Sweep(self.fan_out.relay, find, find_left)

    def begin_again(self) -> None:
        """Have clients compare what they hold: the database was away and may be an older copy."""
        if self._sweep is not None:
            self._sweep.begin_again()
        self.devices.disconnect_all()

    async def join(self) -> None:
        """Join the other processes of this instance, if there can be any.

        Raises:
            BusError: There is no connection.
            OperatorError: Traces are wanted, and what they need is not installed.
        """
        await self._tracing.start()
        if self.cluster is not None:
            await self.cluster.start()

    def start(self, active: Callable[[Collection[str]], Awaitable[Collection[str]]]) -> None:
        """Begin to disconnect whose session has ended (`active` says which have not), as the last start."""
        self._revoking = asyncio.create_task(revoke_ended_sessions(self.devices, active))
        if self._sweep is not None:
            self._sweep.start()
        garbage.settle_collector()

    async def drain(self, seconds: float) -> None:
        """Let the connected clients go within some seconds; whoever waits is answered."""
        for first in self.before_draining:
            first()
        await self.server.shutdown(seconds)

    async def stop(self) -> None:
        """Let the connected clients go."""
        await self.drain(0)
        if self._revoking is not None:
            self._revoking.cancel()
            with suppress(asyncio.CancelledError):
                await self._revoking
        if self._sweep is not None:
            await self._sweep.stop()

    async def leave(self) -> None:
        """Send nothing any more, and let the other processes of this instance know."""
        for last in self.before_leaving:
            await last()
        self._catch_up.close()
        self.fan_out.close()
        self.audiences.close()
        if self.cluster is not None:
            await self.cluster.stop()
        await self._tracing.stop()

    def sign_out(self, sessions: Iterable[str], reason: str) -> None:
        """Disconnect the devices of sessions that have ended."""
        for session in sessions:
            self.devices.sign_out(session, reason)

    async def _delete_expired_keys(self) -> None:
        while await self.database.write(DeleteExpiredKeys()):
            pass

    def numbers(self) -> Mapping[str, float]:
        """Return what is measured of connections and deliveries."""
        now = {"sockets", "websocket", "polling"}
        return {
            f"realtime_{name}" if name in now else f"realtime_{name}_total": value
            for name, value in self.server.stats().items()
        } | {
            "deliveries_total": self.audiences.deliveries,
            "deliveries_dropped_total": self.audiences.dropped,
            "deliveries_unreceived_total": self.audiences.unreceived,
            "people_online": len(self.audiences.online_users()),
            "clock_leap_seconds": getattr(self.database.clock, "jump", 0) / 1000,
            **({} if self.cluster is None else self.cluster.numbers()),
            **({} if self._sweep is None else {"cluster_undelivered_total": self._sweep.found}),
        }


def _cluster(settings: Settings, worker: WorkerIdentity | None) -> Cluster | None:
    """Return the processes of this instance; None where there can be one only."""
    label = settings.process_name if worker is None else worker.name
    if settings.bus_url:
        common = {"ECHOSPHERE_BASE_URL": settings.base_url} | _place_of_files(settings)
        return Cluster(NatsBus(settings.bus_url), settings.secret_key, label, common=common)
    if worker is None:
        return None
    return Cluster(worker.bus, settings.secret_key, label, serves=worker.serves)


def _place_of_files(settings: Settings) -> dict[str, str]:
    if not settings.storage_url.startswith("file:"):
        return {"ECHOSPHERE_STORAGE_URL": settings.storage_url}
    # The same folder may have another path elsewhere, and another one the same path.
    folder = Storage.from_url(settings.storage_url, settings.data).folder_id()
    return {} if folder is None else {"folder at ECHOSPHERE_STORAGE_URL": folder}


def _socket_options(settings: Settings, cookie: str, cluster: Cluster | None) -> Options:
    origins = Origins.of(settings)

    def may_connect(origin: str | None, request: Request) -> bool:
        return origin is None or origins.allows(origin, request.headers.get("host"))

    return Options(
        origins=may_connect,
        client_address=lambda request: client_address(
            request.peer, request.headers, settings.trusted_proxies
        ),
        binding=lambda request: request.cookie(cookie),
        calls_per_minute=600 if settings.rate_limits else None,
        max_sockets_per_address=50 if settings.rate_limits else None,
        id_prefix="" if cluster is None else f"{cluster.label}-",
    )


def _behind(conversation: str) -> Any:
    return json_event_frame("behind", encode(BehindEvent([conversation])))
