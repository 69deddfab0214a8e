"""Server invitations by e-mail: their contents, and how many can be sent."""

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import select

from echosphere.database import Snapshot, jobs
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, client_of

Cast = tuple[Person, Person, Person]
PATH = "/server/invites/people"


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that knows the mail server, and on which everyone may invite."""
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_MAIL_FROM": "Our Club <chat@club.example>",
        "ECHOSPHERE_SERVER_INVITES": "everybody",
        "ECHOSPHERE_RATE_LIMITS": "on",
    }


def addresses(count: int, of: str) -> dict[str, Any]:
    return {"emails": [f"{of}{at}@example.org" for at in range(count)]}


async def letters(post: MailServer, count: int) -> None:
    """Wait until so many came."""
    for _ in range(400):
        if len(post.letters) >= count:
            break
        await asyncio.sleep(0.05)
    assert len(post.letters) == count


async def test_the_link_in_the_mail_lets_its_address_in(cast: Cast, post: MailServer) -> None:
    ada, _, _ = cast
    made = await ada.post(PATH, addresses(1, "nina"))
    assert made["mailed"] is True
    await letters(post, 1)
    (link,) = set(re.findall(r"http\S+/invite/\S+", text_of(post.letters[0])))
    assert (post.recipients, link) == (["nina0@example.org"], made["invites"][0]["url"])
    async with client_of(ada.base) as client:
        given = {"email": "nina0@example.org", "name": "Nina", "password": PASSWORD}
        token = link.rpartition("/")[2]
        assert (await client.post("/accounts", json=given | {"invite": token})).status_code == 201


async def test_a_mail_that_waits_is_stored_without_its_link(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, _, _ = cast
    post.refusal = "451 Try again later"
    made = await ada.post(PATH, addresses(1, "nina"))

    def waiting(snapshot: Snapshot) -> list[str]:
        rows = snapshot.execute(
            select(jobs.c.payload).where(jobs.c.kind == "admission.invite-mail")
        )
        return [payload for (payload,) in rows]

    (payload,) = await running.application.database.read(waiting)
    assert made["invites"][0]["id"] in payload
    assert made["invites"][0]["url"].rpartition("/")[2] not in payload


async def test_members_invite_few_by_mail_and_no_one_is_invited_again_and_again(
    cast: Cast, post: MailServer
) -> None:
    ada, ben, _ = cast
    refused = await ben.post(PATH, addresses(21, "b"), 400)
    assert refused["fields"] == {"emails": "You can invite up to 20 people at once."}
    given = addresses(20, "b") | {"key": "invite-key"}
    made = await ben.post(PATH, given)
    assert await ben.post(PATH, given, 200) == made  # a repeat sends nothing
    answer = await ben.http.post(PATH, json=addresses(1, "c"))
    assert (answer.status_code, int(answer.headers["retry-after"]) > 100) == (429, True)
    await ada.post(PATH, addresses(30, "d"))
    await ada.post(PATH, addresses(1, "d"))
    answer = await ada.http.post(PATH, json=addresses(1, "d"))
    assert (answer.status_code, int(answer.headers["retry-after"]) > 1_000) == (429, True)
    await letters(post, 51)
