"""The walls of `.importlinter` fall when someone runs into them, and stale lines are found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph
from importlinter import fields

from tests.house.import_contracts import EntranceContract, OwnersContract, RowField, TableContract
from tests.house.repository import PACKAGE, ROOT

PLANTED = {
    "core/errors.py": "import echosphere.cli",
    "realtime/engineio/stats.py": "import echosphere.core.errors",
    "core/text.py": "import sqlalchemy, quart, httpcore, aiosmtplib, picows, markdown_it, obstore, PIL",
    "core/ids.py": "import echosphere.web, echosphere.realtime.delivery, echosphere.api, echosphere.realtime.socketio",
    "core/clock.py": "import echosphere.messages.store, echosphere.realtime.engineio.server, echosphere.search.store",
}
FOUND = [
    "Everybody looks down only BROKEN",
    "engineio/ and socketio/ can be used alone BROKEN",
    "Parts that only their owners use BROKEN",
    "Every package is entered through its __init__.py BROKEN",
    "echosphere.realtime.engineio.stats -> echosphere.core.errors",
    *(
        f"echosphere.core.{module} imports {name}:"
        for module in ("text", "ids", "clock")
        for name in PLANTED[f"core/{module}.py"].removeprefix("import ").split(", ")
    ),
]


def test_a_forbidden_import_of_each_kind_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "src" / "echosphere"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("static", "__pycache__"))
    for file, line in PLANTED.items():
        with (copy / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")

    lint = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run(
        [lint, "--no-cache", "--no-logo", "--config", ROOT / ".importlinter"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{tmp_path / 'src'}:{ROOT}", "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert linted.returncode == 1
    assert [found for found in FOUND if found not in linted.stdout] == []


def shop() -> ImportGraph:
    graph = ImportGraph()
    for module in ("shop", "shop.till", "shop.till.store", "shop.stock", "shop.stock.store"):
        graph.add_module(module)
    graph.add_module("sql", is_squashed=True)
    return graph


def broken(kind: type[TableContract], graph: ImportGraph, **options: Any) -> list[str]:
    contract = kind(kind.type_name, {"root_packages": ["shop"]}, options)
    sentences: list[str] = contract.check(graph, verbose=False).metadata["broken"]
    return sentences


def test_a_package_is_entered_through_its_init_or_by_an_exception() -> None:
    graph = shop()
    graph.add_import(importer="shop.till", imported="shop.stock")
    graph.add_import(importer="shop.till", imported="shop.till.store")
    assert broken(EntranceContract, graph) == []

    graph.add_import(importer="shop.till.store", imported="shop.stock.store")
    [sentence] = broken(EntranceContract, graph)
    assert sentence.startswith("shop.till.store imports shop.stock.store:")
    assert broken(EntranceContract, graph, exceptions=["shop.till -> shop.* | a join"]) == []


def test_the_packages_of_a_group_are_entered_through_their_own_init() -> None:
    graph = shop()
    graph.add_module("shop.till.store.rows")
    graph.add_import(importer="shop.stock", imported="shop.till.store")
    assert broken(EntranceContract, graph, groups=["shop.till"]) == []

    graph.add_import(importer="shop.stock", imported="shop.till.store.rows")
    [sentence] = broken(EntranceContract, graph, groups=["shop.till"])
    assert sentence.startswith("shop.stock imports shop.till.store.rows:")


def test_an_exception_that_no_import_needs_is_found() -> None:
    [sentence] = broken(EntranceContract, shop(), exceptions=["shop.till -> shop.stock | a join"])
    assert sentence == "no import needs the exception shop.till -> shop.stock"


def test_a_part_is_imported_by_its_owners_only() -> None:
    graph, parts = shop(), ["shop.*.store -> sql | only stores know SQL"]
    graph.add_import(importer="shop.till.store", imported="sql")
    assert broken(OwnersContract, graph, parts=parts) == []

    graph.add_import(importer="shop.till", imported="sql")
    assert broken(OwnersContract, graph, parts=parts) == [
        "shop.till imports sql: only stores know SQL"
    ]


def test_an_owner_that_does_not_import_its_part_is_found() -> None:
    graph = shop()
    graph.add_import(importer="shop.till.store", imported="sql")
    parts = ["shop.till, shop.stock -> sql | only stores know SQL"]
    assert broken(OwnersContract, graph, parts=parts) == ["shop.stock imports none of sql"]


@pytest.mark.parametrize("line", ["shop.till -> shop.stock", "shop.till | why", "-> sql | why"])
def test_a_line_needs_both_sides_and_its_reason(line: str) -> None:
    with pytest.raises(fields.ValidationError):
        RowField().parse(line)
