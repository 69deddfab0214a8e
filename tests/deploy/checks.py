"""What each program says of the deployment files that are meant for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import missing
from tests.house.repository import ROOT

CHECKED = ["Dockerfile", "compose.yaml", "deploy"]

NGINX = """
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    include {folder}/site.conf;
}}
"""


def find(program: str) -> str:
    """Return where a program of the virtual environment or of the system is."""
    # Debian keeps some where only root looks.
    places = [str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]
    found = shutil.which(program, path=":".join(places))
    if found is None:
        missing(program)
    return str(found)


def run(program: str, *arguments: str | Path, silent: bool = False, **environment: str) -> str:
    """Run a program; return what it says if it finds something wrong, nothing otherwise.

    Args:
        program: Its name.
        arguments: What it is told.
        silent: Whether all that it says is about something wrong, however it ends.
        environment: Variables beside those of this process.
    """
    done = subprocess.run(
        [find(program), *arguments],
        env=dict(os.environ) | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode == 0:
        return said if silent else ""
    return said or f"{program} ended with {done.returncode}"


def copy_to(folder: Path) -> Path:
    """Return a copy of the deployment files, to be changed."""
    for name in CHECKED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def dockerfile(files: Path, _folder: Path) -> str:
    """The Dockerfile, by hadolint."""
    return run("hadolint", files / "Dockerfile")


def compose(files: Path, _folder: Path) -> str:
    """Both compose files, by their published schema."""
    both = files / "compose.yaml", files / "deploy" / "several" / "compose.yaml"
    return run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *both)


def kubernetes(files: Path, folder: Path) -> str:
    """The manifests, put together by Kustomize, by the schemas of Kubernetes."""
    manifests = files / "deploy" / "kubernetes"
    together = folder / "together.yaml"
    if said := run("kubectl", "kustomize", manifests, "--output", together):
        return said
    apart = manifests / "secret.example.yaml", manifests / "upgrade.yaml"
    return run("kubernetes-validate", "--strict", "--quiet", together, *apart, silent=True)


def nginx(files: Path, folder: Path) -> str:
    """The configuration for several processes, by nginx."""
    site = (files / "deploy" / "nginx-several.conf").read_text()
    for name in "ab":
        site = site.replace(f"server echosphere-{name}:5000;", "server 127.0.0.1:5000;")
    (folder / "site.conf").write_text(site.replace("/etc/nginx/certificates/", f"{folder}/"))
    shutil.copy(files / "deploy" / "nginx-echosphere.inc", folder / "echosphere.inc")
    make_certificate(folder)
    complete = folder / "nginx.conf"
    complete.write_text(NGINX.format(folder=folder))
    return run("nginx", "-t", "-q", "-c", complete, "-p", folder, silent=True)


def make_certificate(folder: Path) -> None:
    """Make a certificate for this machine, called as ours are."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    made = ["-nodes", "-days", "2", *subject, "-keyout", str(key), "-out", str(certificate)]
    failed = run("openssl", "req", "-x509", "-newkey", "rsa:2048", *made)
    assert not failed, failed


def systemd(files: Path, folder: Path) -> str:
    """The unit, alone and as one of several, by systemd."""
    deploy = files / "deploy"
    unit = (deploy / "echosphere.service").read_text()
    # What is started is not installed here.
    unit = unit.replace("/opt/echosphere/bin/echosphere", sys.executable)
    dropins = folder / "echosphere@.service.d"
    dropins.mkdir()
    shutil.copy(deploy / "echosphere-several.conf", dropins / "several.conf")
    for name in ("echosphere.service", "echosphere@.service"):
        (folder / name).write_text(unit)
    units = folder / "echosphere.service", folder / "echosphere@a.service"
    return run("systemd-analyze", "--recursive-errors=no", "verify", *units, silent=True)


def caddy(files: Path, folder: Path) -> str:
    """The Caddyfile, by Caddy."""
    file = files / "deploy" / "Caddyfile"
    own, read = str(folder), ["--adapter", "caddyfile"]
    return run(
        "caddy", "validate", "--config", str(file), *read, XDG_DATA_HOME=own, XDG_CONFIG_HOME=own
    )


def nats(files: Path, _folder: Path) -> str:
    """The configuration of the bus, by NATS."""
    file = files / "deploy" / "several" / "nats-server.conf"
    return run("nats-server", "-t", "--config", file, NATS_PASSWORD="a1b2c3")


def alerts(files: Path, folder: Path) -> str:
    """The rules and what Prometheus is told of them, by promtool, and by their own tests."""
    monitoring = files / "deploy" / "monitoring"
    if said := run("promtool", "check", "config", monitoring / "prometheus.yml"):
        return said
    tests = Path(__file__).parent / "alerts.test.yml"
    for file in (monitoring / "alerts.yml", tests):
        shutil.copy(file, folder / file.name)
    return run("promtool", "test", "rules", folder / tests.name)


CHECKS: list[Callable[[Path, Path], str]] = [
    dockerfile, compose, kubernetes, nginx, systemd, caddy, nats, alerts,
]  # fmt: skip
