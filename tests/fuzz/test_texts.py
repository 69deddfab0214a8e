"""Texts that no one would write: as messages, as Markdown, as search queries."""

import httpx
from hypothesis import given, strategies

from echosphere.richtext import first_link, has_markup, plain_text
from tests.fuzz.conftest import some_examples
from tests.product.people import new_key

SIGNS = strategies.sampled_from(
    [
        *list("*_~`[]()<>!#>|\\@:/.-+\"' \n\t0a"),
        "```",
        "https://a.example",
        "\u202e",
        "\u200b",
        "👍",
        "ﷺ",
    ]
)
MARKUP = strategies.lists(SIGNS, max_size=200).map("".join)
TEXTS = strategies.text(max_size=300) | MARKUP


@some_examples
@given(text=TEXTS)
def test_every_text_is_read_as_markdown(text: str) -> None:
    link = first_link(text)
    assert link is None or link.startswith(("http://", "https://"))
    assert isinstance(plain_text(text), str)
    assert has_markup(text) in (True, False)


@some_examples
@given(text=TEXTS)
def test_a_message_is_stored_as_it_was_said_or_refused(
    ada: httpx.Client, notes: str, text: str
) -> None:
    sent = ada.post(f"{notes}/messages", json={"key": new_key(), "body": text})
    assert sent.status_code in (201, 400)
    if sent.status_code == 201:
        seq = sent.json()["message"]["seq"]
        stored = ada.get(f"{notes}/messages/{seq}").json()["message"]["body"]
        assert stored == sent.json()["message"]["body"]
        assert stored.split() == text.split() or "\r" in text


@some_examples
@given(
    text=TEXTS,
    field=strategies.sampled_from(["q", "in", "from", "before", "after", "has", "cursor"]),
)
def test_every_question_is_answered_or_refused(ada: httpx.Client, text: str, field: str) -> None:
    answer = ada.get("/api/v1/search", params={"q": "hello"} | {field: text})
    assert answer.status_code in (200, 400, 404), answer.text  # there is no such conversation


@some_examples
@given(text=TEXTS)
def test_every_text_is_taken_for_a_name_a_title_and_a_description_or_refused(
    ada: httpx.Client, text: str
) -> None:
    for method, path, body in (
        ("PATCH", "/api/v1/me", {"name": text}),
        ("PATCH", "/api/v1/me", {"about": text, "status": {"text": text}}),
        ("POST", "/api/v1/conversations", {"kind": "group", "title": text, "members": []}),
        ("POST", "/api/v1/contacts", {"email": text}),
    ):
        answer = ada.request(method, path, json=body)
        assert answer.status_code in (200, 201, 202, 400), (path, answer.text)
