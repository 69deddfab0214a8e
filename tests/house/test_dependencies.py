"""What is imported is declared, and what is private of other packages is listed and pinned."""

import ast
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import files as files_of
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.foreign_code import (
    Source,
    foreign_bases,
    imports,
    own_underscored,
    private_overrides,
    read,
    underscored_uses,
)
from tests.house.repository import PACKAGE, ROOT
from tests.house.test_repository import asked_for, asked_for_by_developers

NOT_IMPORTED = {
    "httptools": "uvicorn parses HTTP with it",
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "uvloop": "uvicorn runs its loop",
}

DOCUMENTED = {
    "argcomplete.shell_integration",
    "cryptography.exceptions",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.utils",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hashes",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "cryptography.hazmat.primitives.serialization",
    "joserfc.errors",
    "joserfc.jws",
    "markdown_it.rules_core",
    "markdown_it.token",
    "obstore.exceptions",
    "obstore.store",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk.resources",
    "opentelemetry.sdk.trace",
    "opentelemetry.sdk.trace.export",
    "opentelemetry.trace",
    "opentelemetry.trace.propagation.tracecontext",
    "prometheus_client.core",
    "prometheus_client.exposition",
    "prometheus_client.parser",
    "prometheus_client.registry",
    "psycopg.conninfo",
    "quart.datastructures",
    "quart.sessions",
    "quart.testing",
    "quart.typing",
    "sqlalchemy.dialects",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.engine",
    "sqlalchemy.exc",
    "sqlalchemy.ext.compiler",
    "sqlalchemy.sql",
    "sqlalchemy.sql.compiler",
    "sqlalchemy.sql.elements",
    "werkzeug.datastructures",
    "werkzeug.exceptions",
    "werkzeug.http",
    "werkzeug.routing",
    "werkzeug.security",
}
"""Modules below a package's own that its documentation tells people to import from."""

OWN = {"echosphere-bot"}
"""What this repository has itself, beside the server."""

MADE_TO_INHERIT_FROM = {
    "httpcore.AsyncNetworkBackend",
    "msgspec.Struct",
    "msgspec.StructMeta",
    "picows.WSListener",
    "prometheus_client.registry.Collector",
    "quart.Quart",
    "quart.sessions.SecureCookieSessionInterface",
}

LIST = next((ROOT / "docs" / "decisions").glob("*-private-faces.md"))
ROW = re.compile(r"^\| `([\w.]+)` \| `([\w/.]+)` \| `([\w-]+)==([\w.]+)` \| `([\w/.]+)` \|$", re.M)


@cache
def sources() -> list[Source]:
    """The files of the package; read when they are asked for, and not when tests are collected."""
    return read(sorted(PACKAGE.rglob("*.py")))


@cache
def own() -> set[str]:
    """Their own names that begin with an underscore."""
    return own_underscored(sources())


def listed() -> list[tuple[str, str, str, str, str]]:
    """Return the rows of the decision: face, our file, package, version, the test that holds it."""
    return ROW.findall(LIST.read_text(encoding="utf-8"))


def private_faces(sources: list[Source]) -> set[tuple[str, str]]:
    """Return what is used that other packages do not offer, each with the file that uses it."""
    found = set()
    for source in sources:
        where = _where(source.file)
        for module, name, _ in imports(source.tree):
            hidden = any(part.startswith("_") for part in [*module.split("."), name])
            if "." in module and module not in DOCUMENTED:
                found.add((module, where))
            elif hidden:
                found.add((f"{module}.{name}".rstrip("."), where))
        found |= {(name, where) for name in underscored_uses(source) if name not in own()}
        for node, base in foreign_bases(source):
            module = base.rpartition(".")[0]
            if base not in MADE_TO_INHERIT_FROM and (module, where) not in found:
                found.add((base, where))
            found |= {(name, where) for name in private_overrides(node, base)}
    return found


def _where(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix() if file.is_relative_to(PACKAGE) else file.name


def test_every_private_face_of_another_package_is_listed_and_nothing_else_is() -> None:
    assert private_faces(sources()) == {(face, where) for face, where, *_ in listed()}


@pytest.mark.parametrize(
    "text",
    [
        "from quart.asgi import ASGIHTTPConnection",
        "import uvicorn._types",
        "from httpcore import _api",
        "import quart\nclass Own(quart.Request): pass",
        "from obstore.store import LocalStore\nprint(LocalStore._rust)",
        "import quart\nprint(getattr(quart, '_request_ctx'))",
        "import quart\nclass Own(quart.Quart):\n    def _find_error_handler(self): pass",
    ],
)
def test_a_new_private_face_is_noticed(text: str, tmp_path: Path) -> None:
    file = tmp_path / "new.py"
    file.write_text(text)
    assert private_faces(read([file]))


def test_packages_with_private_faces_in_use_are_pinned_to_one_version() -> None:
    declared = {canonicalize_name(one.name): one for one in asked_for()}
    for face, _, package, pinned, held_by in listed():
        assert str(declared[canonicalize_name(package)].specifier) == f"=={pinned}", face
        assert version(package) == pinned, face
        assert (ROOT / held_by).is_file(), face


@pytest.mark.parametrize("tree", ["src", "tests", "bench", "examples", "deploy"])
def test_every_imported_package_is_declared(tree: str) -> None:
    declared = asked_for() if tree == "src" else asked_for() + asked_for_by_developers()
    own = OWN if tree == "tests" else set()
    assert imported(sorted((ROOT / tree).rglob("*.py"))) - own - _names(declared) == set()


def test_every_declared_package_is_imported() -> None:
    used = imported(sorted(PACKAGE.rglob("*.py"))) | set(NOT_IMPORTED)
    assert _names(asked_for()) - used == {"gunicorn"}  # it starts us, not we it


def imported(files: list[Path]) -> set[str]:
    """Return the names of the distributions whose modules are imported."""
    found = packages_distributions()
    modules = {
        module
        for file in files
        for module, _, _ in imports(ast.parse(file.read_text(encoding="utf-8")))
    }
    return {canonicalize_name(name) for module in modules for name in _with_module(module, found)}


def _with_module(module: str, distributions: Mapping[str, list[str]]) -> list[str]:
    """Return which distribution has a module: several may share a package at the top."""
    top, path = module.partition(".")[0], module.replace(".", "/")
    sharing = distributions.get(top, [top])
    if len(set(sharing)) == 1:
        return sharing
    own = {f"{path}.py", f"{path}/__init__.py"}
    return [name for name in sharing if own & set(map(str, files_of(name) or ()))]


def _names(requirements: list[Requirement]) -> set[str]:
    return {str(canonicalize_name(one.name)) for one in requirements}
