"""What a download says of programs."""

from echosphere.data_export.pages import MessageContext, Reader, message_html
from echosphere.messages import Message, message_shape

NAMES = {"ada": "Ada", "build": "Build"}


def shown(message: Message, language: str = "en") -> str:
    context = MessageContext(Reader("ada", language), NAMES, {}, ())
    return message_html(message_shape(message, ()), context)


def said(author: str, system: str | None = None, *, automated: bool = False) -> Message:
    return Message(
        conversation="c",
        seq=1,
        version=1,
        author=author,
        key="k",
        body="done",
        created_at=1,
        system=system,
        automated=automated,
    )


def test_what_a_program_wrote_is_marked() -> None:
    assert "sent by a program" in shown(said("build", automated=True))
    assert "von einem Programm geschrieben" in shown(said("build", automated=True), "de")
    assert "program" not in shown(said("ada"))


def test_lines_about_webhooks_name_them() -> None:
    for kind, line in (
        ("webhook_added", "Ada added the webhook Build"),
        ("webhook_revoked", "Ada revoked the webhook Build"),
    ):
        assert line in shown(said("ada", f'{{"type": "{kind}", "user": "build"}}'))
