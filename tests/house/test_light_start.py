"""What a server on SQLite does not load until it is needed: time and memory of every start."""

import subprocess
import sys

import pytest

HEAVY = {
    "PIL": "pictures, in the sandbox alone",
    "alembic": "migrations",
    "cryptography": "Web Push and second factors",
    "httpcore": "requests to other servers",
    "idna": "domains in e-mail addresses",
    "markdown_it": "reading a text with markup",
    "obstore": "files",
    "opentelemetry": "traces",
    "psycopg": "PostgreSQL",
    "regex": "texts with more than plain letters",
    "sqlalchemy.dialects.postgresql": "PostgreSQL",
    "zxcvbn": "new passwords",
}


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """Return the names of all modules that are there once the application is imported."""
    code = "import sys, echosphere.commands.serve, echosphere.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("module", HEAVY)
def test_a_start_does_not_load_what_only_some_use_needs(
    module: str, loaded: frozenset[str]
) -> None:
    assert "echosphere.app" in loaded
    assert module not in loaded, f"{module} ({HEAVY[module]}) costs every start"
