"""PgBouncer in front of the test's PostgreSQL."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.house.serving import free_port

CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
auth_type = any
pool_mode = {mode}
unix_socket_dir =
ignore_startup_parameters = extra_float_digits
"""


def find_pgbouncer() -> str | None:
    """Return where PgBouncer is; Debian puts it where only root looks."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def pgbouncer(url: str, mode: str, folder: Path) -> Iterator[str]:
    """Run PgBouncer and hand out the address of the same database through it."""
    program = find_pgbouncer()
    assert program is not None
    direct, own_port = make_url(url), free_port()
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            host=direct.host,
            port=direct.port or 5432,
            user=direct.username,
            own_port=own_port,
            mode=mode,
        )
    )
    as_somebody = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to be root
    process = subprocess.Popen([program, *as_somebody, str(file)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(own_port)
        yield direct.set(host="127.0.0.1", port=own_port).render_as_string(hide_password=False)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "PgBouncer does not answer"
            time.sleep(0.05)
        else:
            return
