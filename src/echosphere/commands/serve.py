"""`echosphere serve`: runs the server."""

import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import uvicorn

from echosphere.app import Application, create_app
from echosphere.commands.addresses import print_address
from echosphere.control import Call, ControlServer
from echosphere.monitoring import configure_logging
from echosphere.settings import Settings
from echosphere.web import BoundedHttp

GRACEFUL_TIMEOUT = 25
"""Seconds for running requests after SIGTERM; socket calls are drained before."""


class DrainingServer(uvicorn.Server):
    """uvicorn, but it disconnects clients before it waits for their requests."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application
        application.ask_to_stop = self._stop
        self._control = ControlServer(application.settings.data, self._answer)

    def _stop(self) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and let it be known."""
        await super().startup(sockets)
        if self.started:
            await self.announce()

    async def announce(self) -> None:
        """Listen for commands too, and print the address."""
        await self._control.start()
        port = self.servers[0].sockets[0].getsockname()[1]
        print_address(self._application.settings, port, self._application.owner_link)

    async def _answer(self, call: Call) -> AsyncGenerator[Any, None]:
        """Run a command of the operator."""
        from echosphere.commands.answering import (  # noqa: PLC0415 - the start need not wait for it
            answer,
        )

        async with aclosing(answer(self._application, call)) as parts:
            async for part in parts:
                yield part

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, disconnect the clients, then stop."""
        await self._control.stop()
        for server in self.servers:
            server.close()
        await self._application.drain()
        await super().shutdown(sockets)


def uvicorn_settings(application: Application) -> dict[str, object]:
    """Return the settings that uvicorn needs, with and without Gunicorn."""
    return {
        "ws": application.websocket_protocol,
        "http": BoundedHttp,
        "loop": "asyncio" if sys.platform == "win32" else "uvloop",
        "lifespan": "on",
        "proxy_headers": False,  # ECHOSPHERE_TRUSTED_PROXIES decides
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": GRACEFUL_TIMEOUT,
    }


def serve(settings: Settings) -> int:
    """Run until told to stop; return the exit code."""
    configure_logging(settings)
    application = create_app(settings)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        **uvicorn_settings(application),  # type: ignore[arg-type]
    )
    return run_server(DrainingServer(config, application), application)


def run_server(server: DrainingServer, application: Application) -> int:
    """Run until told to stop; return the exit code."""
    # uvicorn raises the signal again after it has stopped; that must not count as a failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run()
    if application.stop_reason:
        print(f"echosphere: {application.stop_reason}", file=sys.stderr)
        return 1
    return 0 if server.started else 1
