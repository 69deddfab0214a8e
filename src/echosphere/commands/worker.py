"""One of several processes that serve: it gets its connections from its parent."""

import asyncio
import logging
import os
import re
import signal
from dataclasses import replace
from socket import socket

import uvicorn

from echosphere.app import Application
from echosphere.commands.serve import DrainingServer, run_server, uvicorn_settings
from echosphere.core.background import BackgroundTasks
from echosphere.database import CommandServer
from echosphere.monitoring import configure_logging
from echosphere.settings import Settings
from echosphere.web import PassingHttp
from echosphere.workers import CONTROL, HTTP, Handed, ParentLink

LEAVE_SECONDS = 5.0
"""Within which clients are told to reconnect, one after the other."""

ORPHAN_SECONDS = 10.0
"""For a worker to end whose parent is gone."""

SESSION = re.compile(rb"[A-Z]+ /socket\.io/?\?(?:[^ ]*&)?sid=([a-z0-9.]{1,40})-")
"""A request of long polling, or the upgrade of one: the id of its session begins with a worker's name."""

log = logging.getLogger(__name__)


class WorkerServer(DrainingServer):
    """A server that listens nowhere: its parent hands it connections, and it hands on what is not its.

    Args:
        config: uvicorn's.
        application: What is served.
        link: That to the parent.
    """

    def __init__(self, config: uvicorn.Config, application: Application, link: ParentLink) -> None:
        super().__init__(config, application)
        self._link = link
        self._is_leaving = False
        self._commands: CommandServer | None = None
        self._tasks = BackgroundTasks()
        link.on_connection = self._take
        link.on_leave = self._leave
        link.on_parent_ended = self._parent_ended
        if application.platform.cluster is not None:
            link.on_ended = application.platform.cluster.forget
        link.report = application.metrics.exposition
        application.metrics.collect = link.total

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start, listening nowhere."""
        await self._link.open()
        joining = asyncio.create_task(self._join_writing())
        while not (joining.done() or self.should_exit):
            await asyncio.wait({joining}, timeout=0.2)
        if joining.done():
            joining.result()
            await super().startup([])
        joining.cancel()

    async def _join_writing(self) -> None:
        """Take part in writing, where only one of all workers writes."""
        database = self._application.database
        if self._link.writes:
            self._commands = CommandServer(database.write, database.writing)
            self._link.run_commands(self._commands)
            self._application.platform.before_leaving.append(self._link.drain_commands)
        await self._link.join_writing(lambda tables: database.require_compatible(tables=tables))

    async def announce(self) -> None:
        """Tell the parent that connections may come, and run the commands of other workers."""
        if self._commands is not None:
            self._commands.start()
        owner_link = self._application.owner_link or ""
        self._link.ready(owner_link, lambda: len(self.server_state.connections))

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Disconnect the clients, stop, and leave a last report."""
        await super().shutdown([])
        await self._link.close()

    def _take(self, handed: Handed) -> None:
        """Go on with a connection."""
        if handed.kind == CONTROL:
            self._tasks.start(self._control.serve(handed.connection))
            return
        protocol = PassingHttp(self.config, self.server_state, self.lifespan.state)
        protocol.pass_on, protocol.read_before = self._pass_on, handed.data
        loop = asyncio.get_running_loop()
        self._tasks.start(loop.connect_accepted_socket(lambda: protocol, handed.connection))

    def _pass_on(self, connection: int, data: bytes) -> bool:
        """Hand a connection on whose next request begins with this, if that belongs elsewhere."""
        found = SESSION.match(data)
        worker = found[1].decode() if found else ""
        if worker == self._link.identity.name or not (worker or self._is_leaving):
            return False
        return self._link.pass_on(HTTP, connection, worker, data)

    def _leave(self) -> None:
        if not self._is_leaving:
            self._is_leaving = True
            self._tasks.start(self._let_go())

    async def _let_go(self) -> None:
        """Have clients connect to other workers, and stop."""
        await self._application.drain(0 if self._link.writes else LEAVE_SECONDS)
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, PassingHttp):
                connection.move()
        self.should_exit = True

    def _parent_ended(self) -> None:
        log.critical("The parent of this worker is gone, so the worker ends")
        self.should_exit = True
        asyncio.get_running_loop().call_later(ORPHAN_SECONDS, os._exit, 1)


def serve_as_worker(settings: Settings, joined: str) -> int:
    """Serve for a parent until told to stop; return the exit code.

    Args:
        settings: Those of the server.
        joined: What joins this process to its parent.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent decides
    configure_logging(settings)
    link = ParentLink(joined)
    application = Application(replace(settings, metrics_listen=None), None, link.identity)
    config = uvicorn.Config(application, **uvicorn_settings(application))  # type: ignore[arg-type]
    return run_server(WorkerServer(config, application, link), application)
