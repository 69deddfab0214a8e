"""A PostgreSQL server of the tests' own, which can be killed, copied to a standby, and promoted."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.house.serving import free_port, wait_until

CONFIGURATION = """
listen_addresses = '*'
unix_socket_directories = '{folder}'
port = {port}
# Nobody cuts the power: what a killed server has handed to the system is there.
fsync = off
max_connections = 100
wal_keep_size = 256
cluster_name = '{name}'
"""


def binaries() -> Path | None:
    """Return where this machine has PostgreSQL's programs; None if it has none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


class PostgreSQLServer:
    """A server on a port of its own; `folder` is made and removed.

    Args:
        name: What it is called among those that replicate.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = free_port()
        self._bin = binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="echosphere-postgresql-"))
        # PostgreSQL refuses to run as root.
        self._as = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/"

    def make(self, like: "PostgreSQLServer | None" = None) -> None:
        """Make a cluster, which anyone may enter, also from other machines and as a standby.

        Args:
            like: One that has ended, to be copied; without it the cluster is empty.
        """
        if like is not None:
            assert like._process is None
            subprocess.run(["cp", "-a", like._data, self._data], check=True)
            self._configure()
            return
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "-D", self._data)
        self._configure()
        with (self._data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all all trust\nhost replication all all trust\n")

    def copy(self, primary: "PostgreSQLServer") -> None:
        """Become a standby of another server that runs."""
        where = f"host=127.0.0.1 port={primary.port} user=postgres application_name={self.name}"
        self._run(
            *("pg_basebackup", "--no-sync", "--checkpoint=fast", "--write-recovery-conf"),
            *("-D", self._data, "-d", where),
        )
        self._configure()

    def start(self) -> None:
        """Start, and wait until it answers."""
        assert self._bin is not None
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as,  # type: ignore[call-overload]
            )
        wait_until(self._answers, lambda: (self._folder / "log").read_text()[-3000:])

    def run(self, sql: str) -> list[tuple[object, ...]]:
        """Run a statement, and return its rows."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=3) as connection:
            found = connection.execute(sql)
            return found.fetchall() if found.description else []

    def commit_at(self, *standbys: str) -> None:
        """Acknowledge a commit only when these standbys have it on their disks as well."""
        self.run(f"ALTER SYSTEM SET synchronous_standby_names = '{','.join(standbys)}'")
        self.run("SELECT pg_reload_conf()")

    def await_standby(self, name: str, state: str) -> None:
        """Wait until a standby receives all, in this `sync_state`."""
        asked = f"SELECT sync_state FROM pg_stat_replication WHERE application_name = '{name}'"
        wait_until(lambda: self.run(asked) == [(state,)], lambda: f"{name} is not {state}")

    def promote(self) -> None:
        """Take over."""
        self.run("SELECT pg_promote(true)")

    def kill(self) -> None:
        """End all of it as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            # Its children are in sessions of their own, and would go on until they notice.
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            os.killpg(process.pid, signal.SIGKILL)
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
            process.wait()
            (self._data / "postmaster.pid").unlink(missing_ok=True)

    def remove(self) -> None:
        """End, and leave nothing behind."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _configure(self) -> None:
        told = CONFIGURATION.format(folder=self._folder, port=self.port, name=self.name)
        (self._data / "postgresql.conf").write_text(told)

    def _run(self, program: str, *words: str | Path) -> None:
        assert self._bin is not None
        subprocess.run(
            [self._bin / program, *words],
            cwd=self._folder,
            check=True,
            capture_output=True,
            **self._as,  # type: ignore[call-overload]
        )
