"""The process that has the product loaded and forks for each request: see `launcher.py`."""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any

import echosphere.app
import echosphere.commands.serve  # noqa: F401 - loaded once, for all
from echosphere.cli import run

LONGEST = 1 << 20
"""Bytes of a request at most: the words and the environment."""


def _serve(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Fork for each request; return one, in the process that shall carry it out."""
    ends: dict[int, tuple[int, int]] = {}
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    while True:
        for ready, _ in poll.poll():
            if ready != connection.fileno():
                poll.unregister(ready)
                _tell_end(ready, *ends.pop(ready))
                continue
            said, files, _, _ = socket.recv_fds(connection, LONGEST, 4)
            if not said:
                return None
            pid = os.fork()
            if pid == 0:
                connection.close()
                for watched, (_, telling) in ends.items():
                    os.close(watched)
                    os.close(telling)
                return json.loads(said), files
            *standard, telling = files
            for file in standard:
                os.close(file)
            os.write(telling, b"%d\n" % pid)
            watched = os.pidfd_open(pid)
            ends[watched] = pid, telling
            poll.register(watched, select.POLLIN)


def _tell_end(watched: int, pid: int, telling: int) -> None:
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        os.write(telling, b"%d" % os.waitstatus_to_exitcode(status))
    os.close(telling)
    os.close(watched)


def _become(request: dict[str, Any], files: list[int]) -> None:
    """Turn this process into one that was started with these words."""
    *standard, telling = files
    os.close(telling)
    for number, file in enumerate(standard):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    sys.argv = ["echosphere", *request["words"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _main() -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C goes to the tests, which end what they started
    gc.collect()
    gc.freeze()
    asked = _serve(socket.socket(fileno=int(sys.argv[1])))
    if asked is not None:
        _become(*asked)
        run()


if __name__ == "__main__":
    _main()
