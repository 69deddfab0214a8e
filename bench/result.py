"""One line of JSON per result, with what is needed to judge it: machine, load, revision."""

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bench.server import ROOT

Figures = dict[str, Any]


class IncompleteError(Exception):
    """A receiver lacks messages, or has some twice or in the wrong order."""


def emit(workload: str, parameters: Mapping[str, Any], figures: Figures, folder: Path) -> None:
    """Print one result; `folder` is where the data lay."""
    line = {
        "workload": workload,
        **parameters,
        **figures,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision(),
        "machine": machine(folder),
    }
    print(json.dumps(line), flush=True)


def medians(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure over several runs, rounded for reading."""
    return {name: tidy(statistics.median(run[name] for run in runs)) for name in runs[0]}


def percentiles(seconds: Sequence[float]) -> Figures:
    """Return median and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000,
    }


def tidy(number: float) -> float | int:
    """Return a number with three decimals below 100, none above."""
    if abs(number) >= 100 or number == int(number):
        return round(number)
    return round(number, 3)


def machine(folder: Path) -> Figures:
    """Return what the numbers depend on besides the code."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "load_average": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "python_loop_ms": _loop_ms(),
        "filesystem": _filesystem(folder),
        "fsync_us": _fsync_us(folder),
    }


@cache
def revision() -> str:
    """Return the commit that was measured; a `+` says that files differ from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "unknown"


def _loop_ms() -> float:
    """Return how long this interpreter takes here, now, for a fixed piece of work, at its best.

    Builds of the same version differ by half, and so does a machine that is shared.
    """
    times = []
    for _ in range(5):
        begun = time.thread_time()
        for number in range(50_000):
            {"number": number, "text": str(number)}.get("text")
        times.append(time.thread_time() - begun)
    return round(min(times) * 1000, 1)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _filesystem(folder: Path) -> str:
    """Return the kind of filesystem below a folder: its longest mount point decides."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return "unknown"
    above = [(mount[1], mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    return max(above, key=lambda mount: len(mount[0]))[1] if above else "unknown"


def _fsync_us(folder: Path) -> int:
    """Return the median time that this disk takes to make 4 kB durable."""
    path = folder / "fsync.probe"
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(20):
            file.write(bytes(4096))
            begun = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - begun)
    path.unlink()
    return round(statistics.median(times) * 1_000_000)
