"""Numbers in sentences for operators: one thing is not several."""

import pytest

from echosphere.commands.shown import SENTENCES
from echosphere.core.counting import counted


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 files"),
        (1, "1 file"),
        (2, "2 files"),
        (21, "21 files"),
        (1_000_001, "1,000,001 files"),
    ],
)
def test_a_noun_fits_its_number(number: int, said: str) -> None:
    assert counted(number, "file") == said


def test_a_verb_fits_its_number() -> None:
    assert counted(1, "person has", "people have") == "1 person has"
    assert counted(0, "person has", "people have") == "0 people have"


IMPORTED = {
    "dry_run": False, "source": "slack:bees", "bytes": 2**20, "lost": [{"times": 1, "what": "replies"}],
}  # fmt: skip
ONE = dict.fromkeys(("messages", "conversations", "files", "people", "matched", "known"), 1)
EXPORTED = {"size": 2**20, "missing": 1}


def test_reports_of_imports_and_exports_speak_of_one() -> None:
    imported = SENTENCES["import run"]({"report": IMPORTED | ONE})
    assert imported.splitlines() == [
        "1 message in 1 conversation, and 1 file of 1.0 MiB, imported from slack:bees.",
        "1 person, 1 of them with an account here.",
        "1 message was here already.",
        "What cannot be imported, and how often:",
        "  replies: 1",
    ]
    exported = SENTENCES["export all"]({"exported": EXPORTED | ONE})
    assert exported.splitlines() == [
        "1 message of 1 conversation by 1 person, and 1 file: 1.0 MiB.",
        "1 file is missing from the storage.",
    ]


def test_reports_of_imports_and_exports_speak_of_several() -> None:
    several = dict.fromkeys(ONE, 2_000)
    imported = SENTENCES["import run"]({"report": IMPORTED | several | {"lost": []}})
    assert imported.splitlines() == [
        "2,000 messages in 2,000 conversations, and 2,000 files of 1.0 MiB, imported from slack:bees.",
        "2,000 people, 2,000 of them with an account here.",
        "2,000 messages were here already.",
    ]
    exported = SENTENCES["export all"]({"exported": EXPORTED | several | {"missing": 2}})
    assert exported.splitlines() == [
        "2,000 messages of 2,000 conversations by 2,000 people, and 2,000 files: 1.0 MiB.",
        "2 files are missing from the storage.",
    ]
