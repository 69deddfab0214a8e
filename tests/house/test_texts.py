"""Every sentence of another language translates one that the server says, and pages lack none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from echosphere.i18n.de import SENTENCES
from tests.house.repository import PACKAGE

TRANSLATIONS = PACKAGE / "i18n"
TEMPLATES = PACKAGE / "web" / "templates"
# The page of an unfinished set-up speaks to whoever set it up.
FOR_PEOPLE = sorted(set(TEMPLATES.glob("*.html")) - {TEMPLATES / "unbuilt.html"})
MARKED = re.compile(r"""_\("((?:[^"\\]|\\.)*)\"""")
TAGS = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
GAPS = re.compile(r"{}|%\(\w+\)s")


def in_templates() -> set[str]:
    return {
        said
        for file in TEMPLATES.glob("*.html")
        for said in MARKED.findall(file.read_text("utf-8"))
    }


def constants(tree: ast.AST) -> Iterator[str]:
    """Give every text in the code; what a text computes is `{}`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )


def in_code() -> set[str]:
    files = [file for file in PACKAGE.rglob("*.py") if TRANSLATIONS not in file.parents]
    return {text for file in files for text in constants(ast.parse(file.read_text("utf-8")))}


def test_nothing_is_translated_that_is_not_said() -> None:
    said = in_code() | in_templates()
    assert {sentence for sentence in SENTENCES if sentence not in said} == set()


def test_all_that_pages_say_is_translated() -> None:
    assert in_templates()
    assert in_templates() - SENTENCES.keys() == set()


@pytest.mark.parametrize("file", FOR_PEOPLE, ids=lambda file: file.name)
def test_pages_say_nothing_that_is_not_marked(file: Path) -> None:
    bare = " ".join(TAGS.split(file.read_text("utf-8")))
    assert set(re.findall(r"\b[A-Z]\w*", bare)) <= {"EchoSphere"}


@pytest.mark.parametrize("sentence", sorted(SENTENCES))
def test_a_translation_names_the_same_numbers_and_names(sentence: str) -> None:
    own = SENTENCES[sentence]
    assert GAPS.findall(own) == GAPS.findall(sentence)
