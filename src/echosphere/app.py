"""Puts the parts together: the only module that knows all of them."""

import asyncio
import gc
import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from quart import Quart

from echosphere.accounts import (
    AccountsApi,
    AccountsPages,
    Passwords,
    Recognition,
    SessionEnded,
    living_sessions,
)
from echosphere.attachments import AttachmentDoor, Previews, Storage, Upkeep
from echosphere.clock import Clock, system_clock
from echosphere.contacts import ContactsApi, ContactsLive, forget_person, show_new_profile
from echosphere.conversations import audience_of
from echosphere.database import Database, JobRunner, Snapshot
from echosphere.inbox import InboxApi, InboxLive
from echosphere.limits import Limits
from echosphere.live import Calls, Devices, FanOut, watch_sessions
from echosphere.messages import MessagesApi, MessagesLive
from echosphere.monitoring import Health, Metrics, ObserveRequests
from echosphere.realtime import Audiences, Options, Request, Server, frame
from echosphere.settings import Settings, load_settings
from echosphere.web import (
    Api,
    Origins,
    SecurityHeaders,
    create_web,
    serve_messenger,
    session_cookie_name,
)
from echosphere.web.proxies import ForwardedClient, client_address

MAX_SOCKETS_OF_A_PERSON = 10

log = logging.getLogger(__name__)


class Application:
    """EchoSphere as an ASGI application; `websocket_protocol` goes into uvicorn's `ws` setting."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.limits = Limits(enabled=settings.rate_limits)
        self.database = Database(settings.database_url, clock)
        self.passwords = Passwords(settings.password_method)
        self.storage = Storage.at(settings.storage_url, settings.data)
        self.previews = Previews()
        self.jobs = JobRunner(self.database)
        self.recognise = Recognition(self.database)
        self.metrics = Metrics()
        self._tasks: list[asyncio.Task[None]] = []
        self._build_realtime()
        self._build_web()
        self.metrics.read_from("echosphere", self._numbers)
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
        await self.jobs.start()
        self._tasks = [asyncio.create_task(watch_sessions(self.devices, self._living))]
        gc.collect()
        gc.freeze()  # what lives until the end need not be looked at again

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
        self.audiences.close()
        await self.jobs.stop()
        await self.previews.stop()
        await self.database.stop()
        self.passwords.stop()

    def _layers(self) -> Any:
        """Return what a request passes on its way, from the outside to the inside."""
        polling_or_web = self.server.asgi(self.web)
        secured = SecurityHeaders(polling_or_web, secure=self.settings.secure)
        observed = ObserveRequests(secured, self.metrics, self.server.options.path)
        return ForwardedClient(observed, self.settings.trusted_proxies)

    def _build_realtime(self) -> None:
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
        self.devices = Devices(
            self.server,
            self.audiences,
            self.recognise,
            cookie,
            most_of_a_person=MAX_SOCKETS_OF_A_PERSON if rates else None,
        )
        self.calls = Calls(self.server)
        self.fan_out = FanOut(self.audiences, self._load_members)
        self.fan_out.listen(SessionEnded, self.recognise.ended)
        self.fan_out.listen(SessionEnded, self._sign_out)
        ContactsLive().serve(self.fan_out)
        MessagesLive(self.database, self.limits).serve(self.calls, self.fan_out)
        InboxLive(self.database).serve(self.calls, self.fan_out)

    def _build_web(self) -> None:
        settings, database, limits = self.settings, self.database, self.limits
        self.web: Quart = create_web(settings)
        self.api = Api(
            self.web,
            self.recognise,
            Origins.of(settings),
            limits,
            session_cookie_name(secure=settings.secure),
        )
        accounts = AccountsApi(
            database,
            self.passwords,
            limits,
            settings,
            on_profile_change=(show_new_profile,),
            on_close=(forget_person,),
        )
        accounts.serve(self.api)
        ContactsApi(database, limits).serve(self.api)
        InboxApi(database, limits).serve(self.api)
        MessagesApi(database, limits).serve(self.api)
        AttachmentDoor(
            database, self.storage, self.previews, limits, max_size=settings.max_attachment
        ).serve(self.api)
        Upkeep(database, self.storage).register(self.jobs)
        AccountsPages(self.api, accounts).serve(self.web)
        serve_messenger(self.web, self.api)
        self.api.describe()
        checks = {"database": self._database_answers, "storage": self.storage.ready}
        Health(self.metrics, settings.metrics_token, checks).serve(self.web)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            log.exception("EchoSphere could not start")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _sign_out(self, event: SessionEnded) -> None:
        for session in event.sessions:
            self.devices.sign_out(session)

    async def _load_members(self, conversation: str) -> tuple[int, frozenset[str]]:
        return await self.database.read(audience_of, conversation)

    async def _living(self, sessions: Collection[str]) -> Collection[str]:
        return await self.database.read(living_sessions, sessions)

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
            "people_online": len(self.audiences.online()),
        }


def create_app(settings: Settings | None = None, clock: Clock = system_clock) -> Application:
    """Return the application for these settings, by default those of the environment.

    Raises:
        SettingsError: A setting makes no sense.
    """
    return Application(settings or load_settings(), clock)


def _behind(conversation: str) -> Any:
    return frame("behind", msgspec.Raw(msgspec.json.encode({"conversations": [conversation]})))


def _look(snapshot: Snapshot) -> None:
    """Prove that the database answers."""
