"""Runs the product and its tests without an outside connection, and detects attempts to use one.

`bin/long offline [arguments of pytest]` starts this in network and mount namespaces of its own, as root:
there is loopback, PostgreSQL on it, and nothing else. Linux tells which connections are tried, so an
attempt counts although it fails. Names that are reserved for examples (RFC 2606) and addresses that are
reserved for documentation (RFC 5737) stand for what tests configured.
"""

import fcntl
import ipaddress
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PORT = 5432

ADDRESS = re.compile(
    r"sin6?_port=htons\((?P<port>\d+)\).*?"
    r"(?:inet_addr\(\"(?P<four>[\d.]+)\"\)|inet_pton\(AF_INET6, \"(?P<six>[^\"]+)\")"
)
SENT = re.compile(r'"((?:[^"\\]|\\.)*)"')
"""What was sent, as strace writes it."""

ONE_QUESTION = b"\0\1\0\0\0\0\0"
"""The bytes of a question for a name from the fifth on: there is one, and no answers."""

HEAD_BYTES, TYPE_AND_CLASS = 12, 4

RESERVED_NAMES = (
    "example",
    "test",
    "invalid",
    "localhost",
    "example.org",
    "example.net",
    "example.com",
)
RESERVED = [
    ipaddress.ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
]


def raise_loopback() -> None:
    """Bring loopback up: in a new namespace it is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def ask_loopback_for_names(folder: Path) -> None:
    """Let names be asked of loopback, where no one answers, so that one sees which are asked for."""
    resolv = folder / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    target = Path("/etc/resolv.conf").resolve()
    subprocess.run(["mount", "--bind", str(resolv), str(target)], check=True)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server on loopback; its address."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    data = folder / "postgresql"
    data.mkdir()
    shutil.chown(data, "postgres")
    folder.chmod(0o755)

    def as_postgres(command: str) -> None:
        subprocess.run(["su", "postgres", "-c", f"{binaries}/{command} >{data}/said"], check=True)

    options = f"-p {PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    as_postgres(f"initdb --auth=trust -D {data}/cluster")
    as_postgres(f"pg_ctl -D {data}/cluster -l {data}/log -w -o '{options}' start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{PORT}/"
    finally:
        as_postgres(f"pg_ctl -D {data}/cluster -m fast stop")


def watched(command: Sequence[str], log: Path, environment: dict[str, str]) -> int:
    """Run a program and all that it starts; note each connection that is tried."""
    calls = "trace=connect,sendto,sendmmsg,sendmsg"
    strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-s", "300", "-e", calls, "-o", str(log)]
    done = subprocess.run([*strace, *command], env=os.environ | environment, check=False)
    return done.returncode


def tried(log: Path) -> set[str]:
    """Return where connections were tried that no one configured: addresses with ports, and names."""
    found = set()
    with log.open(errors="replace") as lines:
        for line in lines:
            found |= set(_in_line(line))
    return found


def _in_line(line: str) -> Iterator[str]:
    for match in ADDRESS.finditer(line):
        address = ipaddress.ip_address(match["four"] or match["six"])
        mapped = getattr(address, "ipv4_mapped", None) or address
        is_known = mapped.is_loopback or mapped.is_unspecified
        if not is_known and not any(
            mapped in one for one in RESERVED if one.version == mapped.version
        ):
            yield f"{address} port {match['port']}"
    for sent in SENT.findall(line):
        name = name_asked_in(sent.encode().decode("unicode_escape").encode("latin-1"))
        if name and not name.endswith(RESERVED_NAMES):
            yield f"the name {name}"


def name_asked_in(packet: bytes) -> str:
    """Return the name that a packet of DNS asks for; an empty text for anything else."""
    if packet[4:11] != ONE_QUESTION:
        return ""
    parts, place = [], HEAD_BYTES
    while place < len(packet) and packet[place]:
        parts.append(packet[place + 1 : place + 1 + packet[place]])
        place += 1 + packet[place]
    is_whole = place + TYPE_AND_CLASS < len(packet)
    name = b".".join(parts).decode("ascii", "replace")
    return name if is_whole and re.fullmatch(r"[\w.-]+", name) else ""


CONTROL = """
import socket
for place in (("93.184.215.14", 443), ("www.chat-service.com", 443)):
    try:
        socket.create_connection(place, 1)
    except OSError:
        pass
"""


def main(arguments: list[str]) -> int:
    """Return 0 if all went well and nothing was tried."""
    raise_loopback()
    failed = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ask_loopback_for_names(folder)
        watched([sys.executable, "-c", CONTROL], folder / "control", {})
        noticed = tried(folder / "control")
        print(f"control: noticed {sorted(noticed)}", flush=True)
        if noticed != {"93.184.215.14 port 443", "the name www.chat-service.com"}:
            failed.append("the control")
        with postgresql(folder) as address:
            environment = {"ECHOSPHERE_TEST_POSTGRESQL": address, "CI": "true"}
            parts = {
                "the product, served and used": ["-m", "tests.smoke"],
                "its tests": ["-m", "pytest", *(arguments or ["tests/product", "tests/realtime"])],
            }
            for what, given in parts.items():
                code = watched([sys.executable, *given], folder / "log", environment)
                outside = tried(folder / "log")
                print(f"{what}: exit code {code}, tried outside: {sorted(outside) or 'nothing'}")
                if code or outside:
                    failed.append(what)
    print(f"offline: {'failed: ' + ', '.join(failed) if failed else 'all went well'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
