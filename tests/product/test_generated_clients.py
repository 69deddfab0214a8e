"""Clients in Python and TypeScript that common generators make of the served document."""

import importlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing
from tests.product.once import on_one_database
from tests.product.people import Person, people_on
from tests.realtime.test_example_and_official_clients import find_node

pytestmark = on_one_database

CLIENT = Path(__file__).parents[2] / "client"
PACKAGE = "generated_client"

UNREADABLE = "Unsupported content_type */*"
"""What the Python generator says of answers that are files: their bytes are in the answer."""

TYPESCRIPT = """\
import type { components, operations, paths } from './schema';

type Body = operations['postMessage']['requestBody']['content']['application/json'];
type Answer = operations['postMessage']['responses'][201]['content']['application/json'];

export const body: Body = { key: 'train-2030-01-01', body: 'Hello' };
export const said = (answer: Answer): string => answer.message?.body ?? '';
export const numbers = (page: components['schemas']['HistoryPage']): number[] =>
  page.messages.map((one) => one.seq);
// @ts-expect-error A message needs a key.
export const unfinished: Body = { body: 'Hello' };
// @ts-expect-error There is no such path.
export type Nothing = paths['/api/v1/nothing'];
"""


@pytest.fixture
async def ada(server: str) -> AsyncIterator[Person]:
    """Whose calls the clients make."""
    async with people_on(server, "Ada Example") as people:
        yield people[0]


@pytest.fixture
async def document(ada: Person, tmp_path: Path) -> Path:
    """The file with the served document."""
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(await ada.get("/openapi.json")))
    return path


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def generate(document: Path, folder: Path) -> Path:
    """Generate the Python client, and return its package."""
    config = folder / "config.json"
    config.write_text(json.dumps({"post_hooks": []}))
    generator = Path(sys.executable).parent / "openapi-python-client"
    options = ("--meta", "none", "--config", config, "--output-path", folder / PACKAGE)
    said = run(generator, "generate", "--path", document, *options, cwd=folder)
    assert said.count("WARNING") == said.count(UNREADABLE), said
    assert "ERROR" not in said
    (folder / PACKAGE / "__init__.py").touch()
    return folder / PACKAGE


async def test_a_generated_python_client_is_typed_and_posts(
    ada: Person, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = generate(document, tmp_path)
    mypy = ("-m", "mypy", "--strict", "--config-file=", "--cache-dir", tmp_path / "cache")
    assert "Success" in run(sys.executable, *mypy, package.name, cwd=tmp_path)
    monkeypatch.syspath_prepend(tmp_path)

    def load(name: str) -> Any:
        return importlib.import_module(f"{PACKAGE}.{name}")

    models = load("models")
    client = load("client").AuthenticatedClient(base_url=ada.base, token=ada.token)
    group = await load("api.conversations_and_groups.create_conversation").asyncio(
        client=client,
        body=models.StartConversation(
            kind=models.StartConversationKind.GROUP, title="Trains", members=[]
        ),
    )
    here = group.conversation.id
    posted = await load("api.messages.post_message").asyncio(
        here, client=client, body=models.PostBody(key="train-2030-01-01", body="Hello")
    )
    assert posted.message.body == "Hello"
    page = await load("api.messages.list_messages").asyncio(here, client=client)
    assert "Hello" in [one.body for one in page.messages]
    refusal = await load("api.messages.get_message").asyncio(here, 9_000, client=client)
    assert (refusal.status, refusal.code) == (404, "not_found")
    await client.get_async_httpx_client().aclose()


async def test_a_generated_typescript_client_compiles(document: Path, tmp_path: Path) -> None:
    node, modules = find_node(), CLIENT / "node_modules"
    if node is None or not (modules / "openapi-typescript").is_dir():
        missing("openapi-typescript in client/node_modules (bin/setup)")
    assert node is not None
    generator = modules / "openapi-typescript" / "bin" / "cli.js"
    run(node, generator, document, "--output", tmp_path / "schema.ts", cwd=CLIENT)
    (tmp_path / "use.ts").write_text(TYPESCRIPT)
    compiler = modules / "typescript" / "bin" / "tsc"
    run(node, compiler, "--strict", "--noEmit", tmp_path / "use.ts", cwd=tmp_path)
