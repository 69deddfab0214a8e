"""What notifications and mails say of a message: its text without markup, never half a character."""

import pytest

from echosphere.accounts import UserSettings
from echosphere.messages import Message
from echosphere.notifications.content import (
    MAX_TEXT,
    MessageContext,
    message_notification,
    summarize,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def context(body: str, name: str = "Ada") -> MessageContext:
    """Return a direct message as notifications speak of it."""
    message = Message(
        conversation="c", seq=1, version=1, author="a", key="k", body=body, created_at=0
    )
    return MessageContext(
        message, (), is_direct=True, title=None, author_name=name, author_avatar_url=None
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("**bold** and `code`", "bold and code"),
        ("[here](https://example.org/)", "here"),
        ("> quoted\n\nanswer", "quoted answer"),
        ("```py\nprint(1)\n```", "print(1)"),
        ("2*3*4 snake_case", "2*3*4 snake_case"),
    ],
)
def test_no_markup_is_read_out(body: str, line: str) -> None:
    assert summarize(context(body), UserSettings()) == line


def test_no_character_is_cut_in_half() -> None:
    for shift in range(6):
        told = message_notification(
            context("x" * shift + FAMILY * 90, "x" * shift + FAMILY * 40), UserSettings()
        )
        for text in (told["title"], told["body"]):
            assert text.strip("x…").replace(FAMILY, "") == ""
        assert len(told["body"]) <= MAX_TEXT
