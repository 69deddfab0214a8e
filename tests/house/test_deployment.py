"""The files in deploy/ and around it agree with the product and with each other."""

import re
from pathlib import Path

import pytest

from echosphere import __version__
from echosphere.app import create_app
from echosphere.commands.serve import GRACEFUL_TIMEOUT, uvicorn_settings
from echosphere.settings import PREFIX, declared_settings, load_settings
from echosphere.settings.checks import process_name
from tests.house.repository import ROOT

DEPLOYMENT = [
    "Dockerfile",
    "compose.yaml",
    "deploy/Caddyfile",
    "deploy/echosphere.service",
    "deploy/echosphere-several.conf",
    "deploy/kubernetes/upgrade.yaml",
    "deploy/kubernetes/secret.example.yaml",
    "deploy/kubernetes/settings.env",
    "deploy/nginx.conf",
    "deploy/nginx-several.conf",
    "deploy/several/compose.yaml",
    "deploy/several/example.env",
]
SEVERAL = "deploy/several/compose.yaml"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DEPLOYMENT)
def test_deployment_names_only_settings_that_exist(name: str) -> None:
    """The product refuses to start with a setting that it does not know."""
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", text_of(name)))
    assert named
    assert named <= set(declared_settings())


@pytest.mark.parametrize("name", ["compose.yaml", SEVERAL])
def test_compose_trusts_the_address_of_its_nginx_and_no_other(name: str) -> None:
    compose = text_of(name)
    trusted = re.search(r"\$\{ECHOSPHERE_TRUSTED_PROXIES:-([^}]+)\}", compose)
    fixed = re.search(r"ipv4_address: (\S+)", compose)
    assert trusted is not None
    assert fixed is not None
    assert trusted[1] == fixed[1]


def test_the_image_starts_as_no_one_in_particular_and_without_a_shell() -> None:
    dockerfile = text_of("Dockerfile")
    instructions = re.findall(r"^(?:RUN|CMD|    CMD|ENTRYPOINT) (.*)$", dockerfile, re.MULTILINE)
    assert len(instructions) > 3
    assert all(instruction.startswith("[") for instruction in instructions)
    last_stage = dockerfile.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", last_stage, re.MULTILINE)


def test_everything_the_image_is_built_from_reaches_its_builder() -> None:
    lines = text_of(".dockerignore").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    needed = {"src", "client", "README.md", "LICENSE", "pyproject.toml", "hatch_build.py"}
    assert needed | {"requirements.lock"} <= let_in
    assert {name for name in let_in if not (ROOT / name).exists()} == set()


def test_nginx_leaves_an_idle_connection_before_the_product_does(tmp_path: Path) -> None:
    """A request sent into a connection that is just being closed would be lost."""
    application = create_app(load_settings({"ECHOSPHERE_DATA": str(tmp_path)}))
    served = uvicorn_settings(application)["timeout_keep_alive"]
    kept = {
        "deploy/nginx.conf": r"keepalive_timeout (\d+)s;",
        "deploy/nginx-several.conf": r"keepalive_timeout (\d+)s;",
        "deploy/Caddyfile": r"keepalive (\d+)s",
    }
    assert isinstance(served, int)
    for name, pattern in kept.items():
        found = re.search(pattern, text_of(name))
        assert found is not None
        assert int(found[1]) < served


def test_what_is_stopped_has_the_time_to_drain() -> None:
    drained = GRACEFUL_TIMEOUT
    waits = {
        "compose.yaml": r"stop_grace_period: (\d+)s",
        SEVERAL: r"stop_grace_period: (\d+)s",
        "deploy/echosphere.service": r"TimeoutStopSec=(\d+)",
        "deploy/kubernetes/deployment.yaml": r"terminationGracePeriodSeconds: (\d+)",
    }
    for name, pattern in waits.items():
        found = re.search(pattern, text_of(name))
        assert found is not None
        assert int(found[1]) > drained + 5


def test_the_processes_of_an_installation_are_called_as_nginx_knows_them() -> None:
    known = set(re.findall(r"~\^(\w+)-", text_of("deploy/nginx-several.conf")))
    assert known == set(re.findall(r"ECHOSPHERE_PROCESS_NAME: (\w+)", text_of(SEVERAL)))
    assert all(process_name(name) for name in known)


def test_kubernetes_runs_the_image_of_this_version_as_its_user() -> None:
    user = re.search(r"^USER (\d+):\1$", text_of("Dockerfile"), re.MULTILINE)
    assert user is not None
    for name in ("deployment.yaml", "upgrade.yaml"):
        assert f"runAsUser: {user[1]}\n" in text_of(f"deploy/kubernetes/{name}")
    assert f'newTag: "{__version__}"' in text_of("deploy/kubernetes/kustomization.yaml")
    assert f"/echosphere:{__version__}\n" in text_of("deploy/kubernetes/upgrade.yaml")


def test_kubernetes_restarts_on_what_a_restart_mends_and_on_nothing_else() -> None:
    deployment = text_of("deploy/kubernetes/deployment.yaml")
    asked = dict(re.findall(r"(\w+)Probe:\n\s+httpGet: \{ path: (/\w+),", deployment))
    assert asked == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
