"""The table of the verification standard is whole, and what it names is there."""

import re
from collections import Counter

import pytest

from tests.house.repository import ROOT

DOCUMENT = ROOT / "docs" / "asvs.md"
VERDICTS = {"met", "not met", "not applicable"}
PLACES = ("src/", "tests/", "docs/", "client/", "deploy/", "bin/", "bench/")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`([\w./-]+)`")

# How many requirements of levels 1 and 2 each section of version 5.0.0 has: those of level 3 are
# the last ones of their section.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
REQUIREMENTS = [
    f"{one}.{number}" for one, count in SECTIONS.items() for number in range(1, count + 1)
]


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(DOCUMENT.read_text(encoding="utf-8"))


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    assert len(REQUIREMENTS) == 253
    assert Counter(number for number, _, _ in rows()) == Counter(REQUIREMENTS)


def test_every_row_has_one_of_three_verdicts() -> None:
    assert {verdict for _, verdict, _ in rows()} == VERDICTS


def test_every_path_that_is_named_exists() -> None:
    named = {path for _, _, words in rows() for path in PATH.findall(words)}
    paths = {path for path in named if path.startswith(PLACES)}
    assert len(paths) > 50
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


QUOTED = re.compile(r'((?:"[^"]+"(?:, | and )?)+) in `(docs/[\w-]+\.md)`')


@pytest.mark.parametrize(
    "document", ["docs/security-model.md", "docs/protocol.md", "docs/running.md"]
)
def test_every_section_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    headings = set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))
    mentions = [mention for _, _, words in rows() for mention in QUOTED.findall(words)]
    named = {
        title
        for titles, where in mentions
        if where == document
        for title in re.findall(r'"([^"]+)"', titles)
    }
    assert named
    assert named <= headings
