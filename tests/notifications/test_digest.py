"""The digest of missed messages, read from a mail server of the test's own."""

import re
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts import FOREVER, lift_suspension, suspend
from echosphere.core.clock import DAY, HOUR
from echosphere.database import Transaction
from echosphere.mail import Email, NullMailer, UndeliverableError
from echosphere.mail.smtp import SmtpMailer
from echosphere.messages.store import messages
from echosphere.notifications.store import notices
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.people import Person

Cast = tuple[Person, Person, Person]


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that knows the mail server."""
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_MAIL_FROM": "Our Club <chat@club.example>",
        "ECHOSPHERE_BASE_URL": "https://chat.club.example",
    }


async def let_pass(running: Running, milliseconds: int) -> None:
    """Make everything that was said, and every note of a digest, older."""

    def age(transaction: Transaction) -> None:
        transaction.execute(
            update(messages).values(created_at=messages.c.created_at - milliseconds)
        )
        transaction.execute(update(notices).values(created_at=notices.c.created_at - milliseconds))

    await running.application.database.write(age)


async def send(running: Running) -> None:
    """Do what is done once an hour."""
    await running.application.digests.send_all()


def link_in(letter: EmailMessage) -> str:
    found = re.fullmatch(
        r"<(https://chat\.club\.example(/unsubscribe/[\w.-]+))>", letter["List-Unsubscribe"]
    )
    assert found is not None
    return found[2]


async def test_who_missed_something_for_hours_is_told_by_mail(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ada.say(conversation, "The <b>kettle</b> is on")
    await send(running)
    assert post.letters == []  # there is still time to read it
    await let_pass(running, 13 * HOUR)
    await ada.say(conversation, "and the cake is ready")
    await send(running)
    (letter,) = post.letters
    assert post.recipients == [ben.email]
    assert letter["From"] == "Our Club <chat@club.example>"
    assert letter["Subject"] == "EchoSphere: 2 missed messages"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = text_of(letter), text_of(letter, "html")
    assert "Hello Ben Example," in text
    assert "Ada Example\n  The <b>kettle</b> is on\n  and the cake is ready" in text
    assert f"https://chat.club.example/c/{conversation}" in text
    assert "The &lt;b&gt;kettle&lt;/b&gt; is on" in html
    assert "<b>" not in html
    assert {one.partition("/")[0] for one in re.findall(r"https?://([^\"\s<]+)", text + html)} == {
        "chat.club.example"
    }


async def test_a_mail_comes_once_a_day_at_most_and_says_nothing_twice(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    first = await ada.say(conversation, "first")
    await let_pass(running, 13 * HOUR)
    await send(running)
    await ada.say(conversation, "second")
    await let_pass(running, 13 * HOUR)
    await send(running)
    assert len(post.letters) == 1
    await let_pass(running, 12 * HOUR)
    await send(running)
    await send(running)
    assert len(post.letters) == 2
    assert "second" in text_of(post.letters[1])
    assert "first" not in text_of(post.letters[1])
    path = f"/conversations/{conversation}/messages/{first['seq']}/notification"
    said = (await ben.get(path))["notification"]
    assert (said["notified"], said["reason"]) == (True, "digest")


async def test_what_was_read_muted_or_is_old_is_not_mailed(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, oscar = cast
    read, muted = await ada.talk_to(ben), await ada.talk_to(oscar)
    sent = await ada.say(read, "read")
    await ben.put(f"/conversations/{read}/read", {"seq": sent["seq"]})
    await ada.say(muted, "muted")
    await oscar.patch(f"/conversations/{muted}", {"muted": True})
    await let_pass(running, 13 * HOUR)
    await send(running)
    await let_pass(running, 8 * DAY)
    await oscar.patch(f"/conversations/{muted}", {"muted": False})
    await send(running)
    assert post.letters == []


async def test_what_was_cleared_is_not_mailed(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, oscar = cast
    cleared, half = await ada.talk_to(ben), await ada.talk_to(oscar)
    for person, here in ((ben, cleared), (oscar, half)):
        sent = await ada.say(here, "gone for me")
        await person.put(f"/conversations/{here}/cleared", {"seq": sent["seq"]}, 200)
    await ada.say(half, "and this is new")
    await let_pass(running, 13 * HOUR)
    await send(running)
    assert post.recipients == [oscar.email]
    text = text_of(post.letters[0])
    assert "and this is new" in text
    assert "gone for me" not in text


async def test_what_one_does_not_want_to_hear_hides_nothing_that_one_does(
    cast: Cast, post: MailServer, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.notifications.digest.MAX_MESSAGES", 2)
    ada, ben, _ = cast
    direct = await ada.talk_to(ben)
    for own in ({"muted": True}, {"notify": "none"}, {"notify": "mentions"}):
        body = {"kind": "group", "title": "Lively", "members": [ben.id]}
        group = (await ada.post("/conversations", body))["conversation"]["id"]
        await ben.patch(f"/conversations/{group}", own)
        for number in range(3):
            await ada.say(group, f"chatter {number}")
    await ada.say(group, "@Ben this is for you")
    await ada.say(direct, "and this too")
    await let_pass(running, 13 * HOUR)
    await send(running)
    (letter,) = post.letters
    text = text_of(letter)
    assert "this is for you" in text
    assert "and this too" in text
    assert "chatter" not in text


async def test_who_wants_content_hidden_learns_that_there_is_something(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ben.patch("/me", {"settings": {"notify_content": False, "language": "de"}})
    for body in ("the diagnosis", "is in"):
        await ada.say(conversation, body)
    await let_pass(running, 13 * HOUR)
    await send(running)
    (letter,) = post.letters
    for part in (text_of(letter), text_of(letter, "html")):
        assert "diagnosis" not in part
        assert "Neue Nachricht (2)" in part
    assert letter["Subject"] == "EchoSphere: 2 verpasste Nachrichten"


async def test_one_click_in_the_mail_ends_the_mails(
    cast: Cast, post: MailServer, running: Running, server: str
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ada.say(conversation, "hello")
    await let_pass(running, 13 * HOUR)
    await send(running)
    link = link_in(post.letters[0])
    async with httpx.AsyncClient(base_url=server) as anybody:
        page = await anybody.get(link)
        assert page.status_code == 200
        assert "Unsubscribe from these e-mails" in page.text
        assert "digest" not in (await ben.get("/me"))["user"]["settings"]  # looking changes nothing
        clicked = await anybody.post(link, data={"List-Unsubscribe": "One-Click"})
        assert clicked.status_code == 200
        for wrong in (
            link + "x",
            "/unsubscribe/" + ada.id + "." + link.partition(".")[2],
            "/unsubscribe/x",
        ):
            assert (await anybody.post(wrong)).status_code == 404
    assert (await ben.get("/me"))["user"]["settings"]["digest"] is False
    assert (await ada.get("/me"))["user"]["settings"] == {}
    await ada.say(conversation, "again")
    await let_pass(running, 2 * DAY)
    await send(running)
    assert len(post.letters) == 1


async def test_a_mail_server_that_is_away_is_asked_again_and_one_that_refuses_is_not(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, "hello")
    await let_pass(running, 13 * HOUR)
    post.refusal = "451 Busy"
    with pytest.raises(OSError, match="now"):
        await send(running)
    post.refusal = "550 No such person"
    await send(running)
    post.refusal = None
    await send(running)
    assert post.letters == []
    path = f"/conversations/{conversation}/messages/{sent['seq']}/notification"
    assert (await ben.get(path))["notification"]["reason"] == "undeliverable"


async def test_letters_with_odd_names_stay_whole(post: MailServer) -> None:
    mail = SmtpMailer(f"smtp://127.0.0.1:{post.port}", '"Küche, Chat" <chat@club.example>')
    subject = "Grüße\r\nBcc: all@example.org"
    await mail.send(Email("ben@example.org", subject, "ä\n.\nö", "<p>ü</p>"))
    (letter,) = post.letters
    assert letter["Subject"] == "Grüße Bcc: all@example.org"
    assert letter["Bcc"] is None
    assert post.recipients == ["ben@example.org"]
    assert text_of(letter).split() == ["ä", ".", "ö"]


async def test_without_a_mail_server_nothing_is_sent() -> None:
    assert NullMailer().is_configured is False
    with pytest.raises(UndeliverableError):
        await NullMailer().send(Email("a@example.org", "s", "t", "h"))


async def test_a_password_is_not_sent_in_the_clear_to_another_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seen from what is asked of the library: a server elsewhere cannot be run in a test."""
    asked: list[dict[str, Any]] = []

    async def note(_message: Any, **given: Any) -> None:
        asked.append(given)

    monkeypatch.setattr("aiosmtplib.send", note)
    letter = Email("a@example.org", "s", "t", "h")
    for url in (
        "smtp://me:s%20ecret@mail.example.org",
        "smtp://127.0.0.1:2525",
        "smtps://me:secret@mail.example.org",
    ):
        await SmtpMailer(url, "x@example.org").send(letter)
    assert [(one["port"], one["use_tls"], one["start_tls"]) for one in asked] == [
        (587, False, True),
        (2525, False, None),
        (465, True, False),
    ]
    assert asked[0]["password"] == "s ecret"


async def test_suspended_users_get_no_mail(cast: Cast, post: MailServer, running: Running) -> None:
    ada, ben, _ = cast
    await ada.say(await ada.talk_to(ben), "The kettle is on")
    database = running.application.database
    await database.write(suspend, ben.id, FOREVER, "Shares secrets.")
    await let_pass(running, 13 * HOUR)
    await send(running)
    assert post.letters == []
    await database.write(lift_suspension, ben.id)
    await send(running)
    assert post.recipients == [ben.email]
