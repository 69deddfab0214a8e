"""PostgreSQL and NATS of the benchmarks' own, so that what they cost can be told apart."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from bench import processes
from bench.server import BUILD, free_port

PATIENCE = 30.0
"""Seconds that one of them may take to start."""

CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 200
"""
"""All else is as PostgreSQL comes: a commit is on the disk when it returns."""


class PostgreSQL:
    """A PostgreSQL server with an empty cluster, which is removed at the end."""

    def __init__(self) -> None:
        self.port = free_port()
        self._bin = _programs()
        # It refuses to run as root, and must reach its folder.
        as_root = os.getuid() == 0
        self._as = {"user": "postgres", "group": "postgres"} if as_root else {}
        BUILD.mkdir(exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir=BUILD))
        if as_root:
            shutil.chown(self._folder, "postgres", "postgres")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        data = self._folder / "data"
        # Letters of all scripts can be searched by its index, as the documentation asks for.
        how = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run([self._bin / "initdb", *how, "-D", data])
        (data / "postgresql.auto.conf").write_text(CONFIGURATION.format(port=self.port))
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", data],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                **self._as,  # type: ignore[call-overload]
            )
        _wait_for(self._answers, self._process)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add_database(self, name: str) -> str:
        """Make a database, and return its URL."""
        with psycopg.connect(self._url + "postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url + name

    def cpu_seconds(self, database: str) -> float:
        """Return the processor time of those of its processes that work for a database, or for all."""
        assert self._process is not None
        return sum(
            used / 1e9
            for pid, used in processes.cpu_of_each(self._process.pid).items()
            if _works_for(pid, database)
        )

    @property
    def _url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._url + "postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: list[str | Path]) -> None:
        subprocess.run(
            command,
            cwd=self._folder,
            check=True,
            capture_output=True,
            **self._as,  # type: ignore[call-overload]
        )


class Nats:
    """A NATS server."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"nats://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        command = ["nats-server", "--addr", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_for(self._answers, self._process)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def cpu_seconds(self) -> float:
        """Return the processor time used so far."""
        assert self._process is not None
        return processes.cpu_nanoseconds(self._process.pid) / 1e9

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if not found and not beside:
        raise RuntimeError("PostgreSQL's programs are not installed (apt install postgresql)")
    return found[-1].parent if found else Path(str(beside)).parent


def _works_for(pid: int, database: str) -> bool:
    """Whether a process of PostgreSQL serves a client of this database, or no one in particular."""
    try:
        title = (processes.PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return f" {database} " in title or "127.0.0.1(" not in title


def _wait_for(answers: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended while it started")
        if time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} did not start within {PATIENCE:.0f} s")
        time.sleep(0.02)
