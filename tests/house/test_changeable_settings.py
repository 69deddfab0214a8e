"""Settings that can change while the server runs are read when needed, and never stored."""

import ast
from collections.abc import Iterator
from pathlib import Path

from echosphere.settings import changeable_settings
from tests.house.repository import PACKAGE

FIELDS = {field for field, _ in changeable_settings().values()}

ARE_GIVEN_THE_CURRENT = {
    "administration/checklist.py",
    "admission/invites.py",
    "admission/mode.py",
    "attachments/limits.py",
    "data_export/room.py",
    "openid_connect/operations.py",
    "openid_connect/services.py",
    "recovery/other_ways.py",
    "server_settings/live.py",
    "web/pages.py",
    "web/well_known.py",
}
"""Their functions take the settings of one moment; whoever calls them gives `current`."""


def _reads(file: Path) -> Iterator[tuple[str, str]]:
    """Give each place where a changeable setting is read: from what, and which."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in FIELDS:
            yield ast.unparse(node.value), node.attr


def test_changeable_settings_are_read_from_the_current_ones() -> None:
    seen, stale = set(), set()
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).as_posix()
        for source, field in [] if name.startswith("settings/") else _reads(file):
            if source.endswith(".current") or (
                source == "settings" and name in ARE_GIVEN_THE_CURRENT
            ):
                seen.add(field)
            elif source.split(".")[-1] in ("settings", "_settings", "start"):
                stale.add((name, f"{source}.{field}"))
    assert stale == set()
    assert seen == FIELDS
