"""The deployment files are what the programs that read them expect; an error would be noticed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy import checks
from tests.deploy.checks import CHECKS, copy_to
from tests.house.repository import ROOT

Check = Callable[[Path, Path], str]

PLANTED: list[tuple[Check, str, str, str]] = [
    (checks.dockerfile, "Dockerfile", "python:3.13-slim AS build", "python:latest AS build"),
    (checks.dockerfile, "Dockerfile", "WORKDIR /packages\n", ""),
    (checks.compose, "compose.yaml", "stop_grace_period: 40s", "stop_grace_periods: 40s"),
    (checks.compose, "deploy/several/compose.yaml", "env_file: [.env]", "env_file: {a: 1}"),
    (
        checks.kubernetes,
        "deploy/kubernetes/kustomization.yaml",
        "- service.yaml",
        "- services.yaml",
    ),
    (checks.kubernetes, "deploy/kubernetes/deployment.yaml", "readinessProbe:", "readynessProbe:"),
    (checks.kubernetes, "deploy/kubernetes/disruption.yaml", "policy/v1", "policy/v1beta1"),
    (
        checks.kubernetes,
        "deploy/kubernetes/upgrade.yaml",
        "restartPolicy: Never",
        "restartPolicy: 1",
    ),
    (checks.kubernetes, "deploy/kubernetes/secret.example.yaml", "stringData:", "stringdata:"),
    (checks.nginx, "deploy/nginx-several.conf", "~^a-    echosphere_a;", "~^(a-    echosphere_a;"),
    (checks.nginx, "deploy/nginx-echosphere.inc", "send_timeout 30s;", "send_timeout 30s"),
    (checks.systemd, "deploy/echosphere.service", "ProtectHome=yes", "ProtectHome=perhaps"),
    (
        checks.systemd,
        "deploy/echosphere-several.conf",
        "StateDirectory=echo",
        "StateDirectories=echo",
    ),
    (checks.caddy, "deploy/Caddyfile", "flush_interval -1", "flush_intervals -1"),
    (checks.nats, "deploy/several/nats-server.conf", "port: 4222", "port: no"),
    (checks.alerts, "deploy/monitoring/alerts.yml", "_seconds{job", "_seconds{{job"),
    (checks.alerts, "deploy/monitoring/alerts.yml", "> 600", "> 6000"),
    (checks.alerts, "deploy/monitoring/prometheus.yml", "- alerts.yml", "- alert.yml"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_files_are_what_their_programs_expect(check: Check, tmp_path: Path) -> None:
    assert check(ROOT, tmp_path) == ""


@pytest.mark.parametrize(
    ("check", "file", "right", "wrong"),
    PLANTED,
    ids=[f"{check.__name__} {wrong!r}" for check, _, _, wrong in PLANTED],
)
def test_an_error_in_a_file_is_noticed(
    check: Check, file: str, right: str, wrong: str, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "work").mkdir()
    files = copy_to(tmp_path / "files")
    text = (files / file).read_text()
    assert right in text
    (files / file).write_text(text.replace(right, wrong))
    assert check(files, tmp_path / "work") != ""


def test_every_check_has_an_error_that_it_notices() -> None:
    assert {check for check, *_ in PLANTED} == set(CHECKS)
