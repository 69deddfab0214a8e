"""Takes the steps of the Dockerfile without Docker, and uses what they make: `python -m tests.deploy.image_root`.

A folder with Debian, made by debootstrap, stands for the base image, with Debian's Python in the place of
the base image's. Every stage is a copy of it, in which each step runs as the Dockerfile says, as root in a
mount and process namespace. What the last stage holds is then started as `compose.yaml` starts it: as its
user, with a root that cannot be written, without capabilities and further privileges; its own health check
has to pass, someone uses it, and it has to end when it is told to.

What this does not prove: that the base image itself has what the steps need, and what Docker alone does
(layers, its cache, its networks and volumes). See docs/reliability.md.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.smoke import use

SUITE = "bookworm"
PACKAGES = "ca-certificates,passwd,python-is-python3,python3,python3-pip,python3-venv"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

OF_THIS_MACHINE = (
    "/etc/hosts",
    "/etc/npmrc",
    "/etc/pip.conf",
    "/etc/resolv.conf",
    "/etc/ssl/certs/ca-certificates.crt",
    "~/.npmrc",
)
"""How this machine reaches PyPI and npm, which Docker would give a build, too."""

DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
BEFORE_A_BUILD = ("PIP_CERT", "PIP_INDEX_URL", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
PATIENCE = 60.0
"""Seconds until the health check passes: twice what the image gives itself."""


class StepError(Exception):
    """A step failed, or says something that is not understood here."""


@dataclass
class Stage:
    """One `FROM`: a root, and what holds for the steps and for the program that is started in it."""

    name: str
    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    folder: str = "/"
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    stop_signal: int = signal.SIGTERM

    def inside(self, path: str) -> Path:
        """Return where a path of the image is here; a relative one begins at its folder."""
        return self.root / os.path.normpath(Path(self.folder, path)).lstrip("/")

    def run(self, command: Sequence[str]) -> None:
        """Run a step, as the Dockerfile's user."""
        known = {name: os.environ[name] for name in BEFORE_A_BUILD if name in os.environ}
        done = subprocess.run(
            [
                "chroot",
                f"--userspec={self.user}",
                str(self.root),
                "env",
                "-C",
                self.folder,
                *command,
            ],
            env={"HOME": "/root", **known, **self.environment},
            check=False,
        )
        if done.returncode:
            raise StepError(f"{shlex.join(command)} ended with {done.returncode}")


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Return what a Dockerfile says, line by line, without comments and with long lines joined."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), rest.strip()


def build(dockerfile: str, base: Path, context: Path, folder: Path) -> Stage:
    """Take all steps, and return the last stage.

    Raises:
        StepError: A step failed.
    """
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for word, rest in instructions(dockerfile):
        print(f"{word} {rest}"[:120], flush=True)
        if word == "FROM":
            name = rest.partition(" AS ")[2] or "the last"
            stage = stages[name] = Stage(name, folder / name.replace(" ", "-"))
            subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(stage.root)], check=True)
        elif stage is None:
            raise StepError(f"{word} stands before FROM")
        else:
            _take(stage, word, rest, stages, context)
    if stage is None:
        raise StepError("there is no FROM")
    return stage


def _take(stage: Stage, word: str, rest: str, stages: Mapping[str, Stage], context: Path) -> None:
    match word:
        case "RUN":
            with _devices(stage.root):
                stage.run(_words(rest))
        case "COPY":
            _copy(stage, rest.split(), stages, context)
        case "ENV":
            stage.environment |= dict(_pair(one) for one in shlex.split(rest))
        case "WORKDIR":
            stage.folder = os.path.normpath(Path(stage.folder, rest))
            stage.inside(".").mkdir(parents=True, exist_ok=True)
        case "USER":
            stage.user = rest
        case "CMD":
            stage.command = _words(rest)
        case "HEALTHCHECK":
            stage.health = _words(rest.partition("CMD ")[2])
        case "STOPSIGNAL":
            stage.stop_signal = signal.Signals[rest]
        case "LABEL" | "EXPOSE" | "VOLUME":
            pass  # says something about the image, and does nothing in it
        case _:
            raise StepError(f"{word} is unknown")


def _words(text: str) -> list[str]:
    try:
        words: list[str] = json.loads(text)
    except ValueError as error:
        raise StepError(f"not a list of a program and its arguments: {text}") from error
    return words


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value.replace("$PATH", PATH)


def _copy(stage: Stage, words: list[str], stages: Mapping[str, Stage], context: Path) -> None:
    *sources, target = words
    origin = None
    if sources[0].startswith("--from="):
        origin = stages[sources.pop(0).removeprefix("--from=")]
    to = stage.inside(target)
    for source in sources:
        found = context / source if origin is None else origin.inside(source)
        if not found.exists():
            raise StepError(f"COPY: there is no {source}")
        if found.is_dir():
            shutil.copytree(found, to, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(found, to)


@contextmanager
def _mounted(*mounts: tuple[str, ...]) -> Iterator[None]:
    """Mount, each by the arguments of `mount`, whose last one is the place; take down in reverse."""
    with ExitStack() as stack:
        for arguments in mounts:
            subprocess.run(["mount", *arguments], check=True)
            stack.callback(subprocess.run, ["umount", arguments[-1]], check=True)
        yield


def _devices(root: Path) -> AbstractContextManager[None]:
    """Give the programs of a root the processes and the devices that a container has."""
    (root / "proc").mkdir(exist_ok=True)
    devices = [(f"/dev/{name}", root / "dev" / name) for name in DEVICES]
    for _, place in devices:
        if not place.exists():
            place.touch()
    binds = [("--bind", device, str(place)) for device, place in devices]
    return _mounted(("-t", "proc", "proc", str(root / "proc")), *binds)


@contextmanager
def started(stage: Stage, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start what the image starts, as compose.yaml does; its log goes to the standard output."""
    root = str(stage.root)
    user, _, group = stage.user.partition(":")
    confined = [
        *("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"),
        *("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"),
    ]
    mounts = (
        ("--bind", str(data), f"{root}/data"),
        ("-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{root}/tmp"),
    )
    # The root over itself, so that it can be closed to writing; what is mounted in it comes after.
    with (
        _mounted(("--bind", root, root)),
        _devices(stage.root),
        _mounted(*mounts),
    ):
        subprocess.run(["mount", "-o", "remount,ro,bind", root], check=True)
        process = subprocess.Popen(
            ["chroot", root, *confined, "env", "-C", stage.folder, *stage.command],
            env=stage.environment,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until_healthy(stage: Stage, process: subprocess.Popen[bytes]) -> None:
    """Ask the image's own health check until it passes.

    Raises:
        StepError: The program ended, or did not become healthy.
    """
    until = time.monotonic() + PATIENCE
    while True:
        if process.poll() is not None:
            raise StepError(f"{shlex.join(stage.command)} ended with {process.returncode}")
        try:
            return stage.run(stage.health)
        except StepError:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def serve_and_use(stage: Stage, folder: Path) -> None:
    """Start the image, use it and end it.

    Raises:
        StepError: It did not start, wrote where it must not, or did not end when told to.
    """
    data = Path(tempfile.mkdtemp(dir=folder))
    owner = stage.inside("/data").stat()
    os.chown(data, owner.st_uid, owner.st_gid)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # What whoever deploys sets: a port that is free here, and that the one who tries it may register.
    stage.environment |= {"ECHOSPHERE_PORT": str(port), "ECHOSPHERE_REGISTRATION": "open"}
    with started(stage, data) as process:
        wait_until_healthy(stage, process)
        asyncio.run(use(f"http://127.0.0.1:{port}"))
        process.send_signal(stage.stop_signal)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise StepError("it did not end when it was told to") from error
        if code:
            raise StepError(f"it ended with {code}")
    strangers = [path for path in data.rglob("*") if path.stat().st_uid != owner.st_uid]
    if strangers or not any(data.iterdir()):
        raise StepError(f"the data folder holds {strangers or 'nothing'}")


def make_base(root: Path) -> None:
    """Make what stands for the base image."""
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for path in (Path(name).expanduser() for name in OF_THIS_MACHINE):
        if path.exists():
            shutil.copy2(path.resolve(), root / path.relative_to("/"))


def make_context(folder: Path) -> None:
    """Lay out what a build is given: what is committed, as far as .dockerignore admits it."""
    admitted = re.findall(r"^!(\S+)", Path(".dockerignore").read_text(), re.MULTILINE)
    packed = subprocess.run(["git", "archive", "HEAD", *admitted], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], check=True, input=packed.stdout)


def main() -> int:
    """Build, serve and use; then see that an image which lacks the product is noticed."""
    if not shutil.which("debootstrap"):
        print("This needs debootstrap: apt-get install debootstrap", file=sys.stderr)
        return 2
    dockerfile = Path("Dockerfile").read_text()
    with tempfile.TemporaryDirectory(prefix="image-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        base, context = folder / "base", folder / "context"
        context.mkdir()
        print("debootstrap …", flush=True)
        make_base(base)
        make_context(context)
        last = build(dockerfile, base, context, folder)
        serve_and_use(last, folder)
        print("The image's steps ran; what they made was served, used and ended.", flush=True)
        broken = last.root / "opt/echosphere/bin/echosphere"
        broken.unlink()
        try:
            serve_and_use(last, folder)
        except StepError as error:
            print(f"Without the product's command it is noticed: {error}.")
            return 0
    print("An image that lacks the product's command was taken for a good one.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
