"""Looks into the running server with py-spy or perf, whichever is installed, for `--profile`."""

import shutil
import signal
import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.progress import say

RATE = 400
"""Samples a second."""


def argument(parser: ArgumentParser) -> None:
    """Offer `--profile`."""
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="where the server spends its time during the runs: py-spy writes a flame graph to"
        " an .svg file, folded stacks to any other; without py-spy, perf writes its own format",
    )


@contextmanager
def profiled(pid: int, path: Path | None) -> Iterator[None]:
    """Sample a process while the block runs, if a path is given."""
    command = None if path is None else _command(pid, path)
    if command is None:
        yield
        return
    say(f"profiling with {command[0]} …")
    profiler = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)  # it has to find its way into the process first
    try:
        yield
    finally:
        profiler.send_signal(signal.SIGINT)
        profiler.wait()
        say(f"the profile is in {path}")


def _command(pid: int, path: Path) -> list[str] | None:
    if shutil.which("py-spy"):
        kind = "flamegraph" if path.suffix == ".svg" else "raw"
        how = ["--nonblocking", "--threads", "--gil", "--rate", str(RATE), "--format", kind]
        return ["py-spy", "record", *how, "--output", str(path), "--pid", str(pid)]
    if shutil.which("perf"):
        how = ["--call-graph", "fp", "-F", str(RATE), "-o", str(path)]
        return ["perf", "record", *how, "-p", str(pid)]
    say("no profile: neither py-spy nor perf is installed")
    return None
