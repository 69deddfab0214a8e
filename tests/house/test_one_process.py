"""The table of what stays with one process when the tests run over several."""

import ast
from functools import cache

from tests.house.repository import ROOT
from tests.one_process import SETTINGS, TESTS


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file, those of classes behind the class."""
    tree = ast.parse((ROOT / path).read_text())
    found = set()
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        for one in inner:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(before + one.name)
    return frozenset(found)


def missing(entries: list[str]) -> list[str]:
    """Return the entries of which there is no such file or test."""
    gone = []
    for entry in entries:
        path, _, name = entry.partition("::")
        if not (ROOT / path).is_file() or (name and name not in names_in(path)):
            gone.append(entry)
    return gone


def test_each_entry_is_there_and_has_a_reason() -> None:
    assert len(TESTS) > 10
    assert missing(list(TESTS)) == []
    assert [entry for entry, why in (TESTS | SETTINGS).items() if len(why.split()) < 4] == []
    path = "tests/house/test_one_process.py"
    planted = [f"{path}::test_of_nothing", "tests/nowhere.py"]
    assert missing([path, *planted]) == planted


def test_no_entry_is_in_a_file_that_is_left_out_whole() -> None:
    assert [entry for entry in TESTS if "::" in entry and entry.partition("::")[0] in TESTS] == []
