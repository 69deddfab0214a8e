"""The files in deploy/ and around it agree with the product and with each other."""

import re
from pathlib import Path

import pytest

from echosphere.app import create_app
from echosphere.commands.serve import uvicorn_settings
from echosphere.settings import PREFIX, declared_settings, load_settings
from tests.house.repository import ROOT

DEPLOYMENT = ["Dockerfile", "compose.yaml", "deploy/echosphere.service", "deploy/nginx.conf"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DEPLOYMENT)
def test_deployment_names_only_settings_that_exist(name: str) -> None:
    """The product refuses to start with a setting that it does not know."""
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", text_of(name)))
    assert named
    assert named <= set(declared_settings())


def test_compose_trusts_the_address_of_its_nginx_and_no_other() -> None:
    compose = text_of("compose.yaml")
    trusted = re.search(r"\$\{ECHOSPHERE_TRUSTED_PROXIES:-([^}]+)\}", compose)
    fixed = re.search(r"ipv4_address: (\S+)", compose)
    assert trusted is not None
    assert fixed is not None
    assert trusted[1] == fixed[1]


def test_the_image_starts_as_nobody_in_particular_and_without_a_shell() -> None:
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
    kept = re.search(r"keepalive_timeout (\d+)s;", text_of("deploy/nginx.conf"))
    assert isinstance(served, int)
    assert kept is not None
    assert int(kept[1]) < served
