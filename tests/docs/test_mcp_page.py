"""`docs/mcp.md` names the existing tools, and its command does what it says."""

import asyncio
import json
import re
import shutil
import tomllib

from echosphere.mcp.protocol import VERSIONS
from echosphere.mcp.tools import TOOLS
from tests.house.repository import ROOT
from tests.product.conftest import more_settings, running, server
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import people_on

__all__ = ["more_settings", "running", "server"]

PAGE = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_tool_is_listed_with_its_scope() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| `([\w:]+)` \|$", PAGE, re.MULTILINE)
    assert dict(rows) == {
        name: " ".join(scope.value for scope in tool.needs) for name, tool in TOOLS.items()
    }


def test_every_revision_is_named() -> None:
    assert set(re.findall(r"\b20\d\d-\d\d-\d\d\b", PAGE)) == set(VERSIONS)


def test_configurations_are_well_formed() -> None:
    kinds = [kind for kind, _ in BLOCKS]
    assert kinds.count("json") == 2
    assert kinds.count("toml") == 1
    for kind, text in BLOCKS:
        if kind:
            assert (json.loads if kind == "json" else tomllib.loads)(text)


@on_one_database
async def test_the_line_without_a_client_works(server: str) -> None:
    assert shutil.which("curl"), "curl is not installed: apt-get install curl"
    line = BLOCKS[-1][1].strip()
    async with people_on(server, "Ada") as (ada,):
        group = await found(ada, title="Garden")
        made = await ada.post("/me/keys", {"name": "assistant", "scopes": ["messages:read"]})
        process = await asyncio.create_subprocess_shell(
            f"SERVER={server}; KEY={made['secret']}; {line}", stdout=asyncio.subprocess.PIPE
        )
        answer, _ = await process.communicate()
        assert process.returncode == 0
        shown = json.loads(answer)["result"]["structuredContent"]["conversations"]
        assert [(one["id"], one["title"]) for one in shown] == [(group, "Garden")]
