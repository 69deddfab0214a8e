"""What the documents name exists: links, files, settings, words."""

import ast
import os
import re
from pathlib import Path

import pytest

from echosphere.settings import declared_settings
from tests.docs.screenshots import PICTURES
from tests.docs.settings_table import RUNNING, TABLE, settings_table
from tests.house.repository import PACKAGE, ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=str)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)+/?|[\w-]+\.(?:py|md|yaml|toml|conf|service))`")
SCREENS = ROOT / "docs" / "screens"
MAX_PICTURE = 300_000
"""Bytes; all of them are in every clone."""

PLACES = (ROOT, PACKAGE, ROOT / "docs", ROOT / "src", ROOT / "client" / "src")
FORBIDDEN = re.compile(
    r"chat_?room|rooms\b|room_id|channel|thread_id|friend|buddy|participant|subscriber|invitation"
)
"""`room` alone may be space, and a thread may be one of the machine's."""


# What the documents speak of and the repository does not hold: what is made by running it.
MADE = {"node_modules", ".venv/bin/echosphere"}


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def links_of(document: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


def headings_of(document: Path) -> set[str]:
    """Return the anchors that a reader's browser can jump to."""
    found = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_there_are_documents_with_links() -> None:
    assert ROOT / "README.md" in DOCUMENTS
    assert len(links_of(ROOT / "README.md")) > 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = []
    for link in links_of(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in headings_of(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_file_that_is_named_exists(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    missing = [name for name in NAMED.findall(text) if not _is_there(name) and _is_ours(name)]
    assert missing == []


def _is_ours(name: str) -> bool:
    """Names of folders of the data folder, of paths of the web and of types are not ours."""
    first = name.partition("/")[0]
    ours = {one.name for place in PLACES for one in place.iterdir()}
    return name not in MADE and (first in ours or name.endswith((".py", ".md")))


def _is_there(name: str) -> bool:
    if any((place / name).exists() for place in PLACES):
        return True
    return "/" not in name and any(PACKAGE.rglob(name))


def test_the_pictures_can_be_taken_again() -> None:
    assert os.access(ROOT / "bin" / "screenshots", os.X_OK)
    assert {f"{name}.png" for name in PICTURES} == {file.name for file in SCREENS.glob("*.png")}


def test_every_picture_is_shown_somewhere_and_small() -> None:
    pictures = sorted(SCREENS.glob("*.png"))
    shown = {Path(link).name for document in DOCUMENTS for link in links_of(document)}
    assert len(pictures) > 5
    for picture in pictures:
        assert picture.name in shown
        assert picture.stat().st_size <= MAX_PICTURE


def test_the_table_of_settings_is_made_from_their_declarations() -> None:
    """If not: `python -m tests.docs.settings_table`."""
    written = TABLE.findall(RUNNING.read_text(encoding="utf-8"))
    assert written == [settings_table()]
    listed = re.findall(r"^\| `(\w+)` \|", settings_table(), re.MULTILINE)
    assert sorted(listed) == sorted(declared_settings())


def test_decisions_are_numbered_without_gaps_and_say_what_and_why() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").iterdir())
    assert len(decisions) > 10
    for number, decision in enumerate(decisions, start=1):
        assert re.fullmatch(rf"{number:04}-[a-z0-9-]+\.md", decision.name)
        text = decision.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ")
        assert "**Decided.**" in text
        assert "**Why" in text


def test_names_in_the_code_use_the_words_of_the_glossary() -> None:
    strangers = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in PACKAGE.rglob("*.py")
        if file.parent != PACKAGE / "importing" / "sources"  # exports of others have their words
        for name in _names_in(file)
        if FORBIDDEN.search(name.lower())
    }
    assert strangers == set()


def test_the_glossary_names_the_words_that_are_kept_out() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in ("chatroom", "room", "channel", "thread", "friend", "buddy", "participant"):
        assert word in text


def _names_in(file: Path) -> set[str]:
    names = {file.stem}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names
