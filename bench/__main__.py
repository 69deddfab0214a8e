"""`python -m bench WORKLOAD`: measures one workload and prints a line of JSON per result."""

import argparse
import resource
import signal
import sys

import uvloop

from bench import (
    audits,
    browser,
    catchup,
    cluster,
    connections,
    direct,
    entries,
    enumeration,
    files,
    group,
    history,
    large,
    posting,
    searching,
    simulate,
    start,
    workers,
)
from bench.progress import say
from bench.rest import RestError
from bench.result import IncompleteError

WORKLOADS = {
    "group": group,
    "workers": workers,
    "cluster": cluster,
    "direct": direct,
    "posting": posting,
    "connections": connections,
    "start": start,
    "history": history,
    "list": entries,
    "search": searching,
    "catchup": catchup,
    "large": large,
    "files": files,
    "simulate": simulate,
    "enumeration": enumeration,
    "browser": browser,
    "lighthouse": audits,
}


def main(given: list[str] | None = None) -> int:
    """Run the workload that the arguments name; return the exit code."""
    chosen = _parser().parse_args(given)
    signal.signal(signal.SIGTERM, _end)
    _allow_many_sockets()
    try:
        uvloop.run(WORKLOADS[chosen.workload].run(chosen))
    except (IncompleteError, RestError) as failed:
        say(f"FAILED: {failed}")
        return 1
    return 0


def _end(*_: object) -> None:
    """Leave in good order, so that the server is ended too; asking twice does not hurry it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="workload", required=True, metavar="WORKLOAD")
    for name, workload in WORKLOADS.items():
        about = (workload.__doc__ or "").strip().partition("\n")[0]
        workload.arguments(commands.add_parser(name, help=about, description=about))
    return parser


def _allow_many_sockets() -> None:
    """Each connection is an open file on both sides; the server inherits the limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
