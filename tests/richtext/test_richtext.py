"""Parsing of rich text: the same on the server and in the browser."""

import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, strategies

from echosphere.messages.mentions import parse_mentions, user_ids_by_name
from echosphere.richtext import (
    first_link,
    has_markup,
    mentioned_names,
    parse_segments,
    plain_text,
)
from echosphere.richtext.patterns import load_pattern
from tests.realtime.test_example_and_official_clients import find_node

ROOT = Path(__file__).parents[2]
VITEST = ("node_modules/vitest/vitest.mjs", "run", "--reporter=dot")
TABLE = Path(__file__).with_name("cases.jsonl")

Row = list[str]


def read_table() -> tuple[list[str], list[tuple[str, list[Row]]]]:
    """Return the names of the table's people, and each text with its pieces."""
    first, *lines = map(json.loads, TABLE.read_text("utf-8").splitlines())
    return first["names"], [(line["body"], line["pieces"]) for line in lines]


NAMES, CASES = read_table()


def mention_at(text: str, place: int) -> tuple[int, str] | None:
    """Find who is mentioned, by the product's own rule."""
    from echosphere.messages.mentions import _NameMatcher, fold  # noqa: PLC0415

    return _NameMatcher({fold(name): frozenset((name,)) for name in NAMES}).mention_at(text, place)


def rows(body: str) -> list[Row]:
    """Return a text's pieces as the table has them."""
    found = parse_segments(body, mention_at)
    return [[one.kind, one.text] + ([] if one.href is None else [one.href]) for one in found]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_a_text_is_read_as_the_browser_shows_it(body: str, expected: list[Row]) -> None:
    assert rows(body) == expected
    linked = [row[2] for row in expected if row[0] == "link" and row[2][:4].lower() == "http"]
    assert first_link(body) == (linked[0] if linked else None)
    called = [row[1][1:] for row in expected if row[0] == "mention"]
    assert mentioned_names(body, mention_at) == called
    assert plain_text(body) == "".join(row[1] for row in expected)
    known = parse_mentions(body, user_ids_by_name({name: name for name in NAMES}))
    assert known.user_ids == frozenset(called)


PARTS = (
    *"*_`~[]()<>!@\\#|.,:;?'\"&=+-/ \n\t{}",
    *("**", "~~", "```", "```\n", "`` ", "> ", "- ", "1. ", "    ", "\n\n", "\r\n", "]("),
    *("http://", "https://", "www.", "mailto:", "ftp://", "a.example", "/x", "?q=1", ":80"),
    *("[::1]", "127.0.0.1", "1.2.3", "@all", "@Ana", "@Ana María", "@name", "@田中", "Ben"),
    *(
        "a",
        "Ana",
        "straße",
        "中文",
        "é",
        "e\u0301",
        "สม",
        "한",
        "👍🏽",
        "\u200b",
        "\u202e",
        "”",
        "»",
    ),
    *(
        "、",
        "。",
        "؟",
        "\u2019",
        "&amp;",
        "javascript:",
        "ana@b.example",
        "x_y",
        "¯\\_(ツ)_/¯",
        "\u00a0",
    ),
)


def test_both_languages_read_random_texts_alike(tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # with what a failure is repeated
    chance = random.Random(seed)
    lines = [json.dumps({"names": NAMES})]
    for _ in range(4_000):
        body = "".join(chance.choices(PARTS, k=chance.randrange(1, 25)))
        lines.append(json.dumps({"body": body, "pieces": rows(body)}))
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(lines) + "\n", encoding="utf-8")
    node = find_node()
    assert node is not None, "Node.js is needed: bin/setup finds or installs it"
    done = subprocess.run(
        [node, *VITEST, "tests/richtext-cases.test.ts"],
        cwd=ROOT / "client",
        env={**os.environ, "RICHTEXT_CASES": str(cases)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_links_and_mentions_need_no_look_at_styles(body: str, expected: list[Row]) -> None:
    kinds = ("code", "link", "mention")
    unstyled = [one for one in parse_segments(body, mention_at, styles=False) if one.kind in kinds]
    styled = [one for one in parse_segments(body, mention_at) if one.kind in kinds]
    assert [(one.kind, one.href) for one in unstyled] == [(one.kind, one.href) for one in styled]


@given(strategies.text("*_~`[]()>|\\-+.)#@ \t\r\n0a:é", max_size=8) | strategies.text(max_size=20))
def test_a_short_look_for_markup_misses_none(text: str) -> None:
    assert has_markup(text) == (load_pattern("markup").search(text) is not None)
