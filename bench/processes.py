"""Reads from /proc what a server and its child processes cost."""

import os
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it, as far as they still run."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for member in found:  # grows while it is walked
        found.extend(children.get(member, ()))
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process, its threads and its children, ended ones too."""
    ticks = 0
    for member in family(pid):
        if fields := _stat(member):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def cpu_nanoseconds(pid: int) -> int:
    """Return how long the threads of a process that run at the moment have run, without children.

    It is the scheduler's own account: finer than ticks, and blind to whatever else the machine does.
    """
    total = 0
    for thread in (PROC / str(pid) / "task").iterdir():
        with suppress(OSError):  # it ended just now
            total += int((thread / "schedstat").read_text().split()[0])
    return total


def cpu_of_each(pid: int) -> dict[int, int]:
    """Return what `cpu_nanoseconds` says of a process and of each that descends from it."""
    found = {}
    for member in family(pid):
        with suppress(OSError):  # it ended just now
            found[member] = cpu_nanoseconds(member)
    return found


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process and its children."""
    return sum(_resident(member) for member in family(pid))


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat after the name; none if the process has ended."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return []
    return text.rpartition(") ")[2].split()


def _resident(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(sizes[0]) * 1024 if sizes else 0
