"""Web Push of contact requests and of their acceptance."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from echosphere.database import Snapshot
from echosphere.database.job_table import jobs
from echosphere.notifications.contacts import REQUESTED
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import TIMEOUT, Person
from tests.product.push_service import PushService


@pytest.fixture
def more_settings() -> dict[str, str]:
    """For a server that may reach the test's push service on this machine."""
    return {"ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on"}


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """A group in which Ben and Carl are no contacts."""
    async with group_on(server) as group:
        yield group


async def ask(asker: Person, asked: Person, body: str = "Are you coming\non Friday?") -> None:
    """Send a request with a message in it."""
    await asker.post("/contacts", {"user": asked.id, "body": body}, 202)


async def test_a_request_and_its_acceptance_reach_the_closed_browser(
    group: Group, service: PushService
) -> None:
    ben, carl = group.admin, group.member
    bens, carls = await service.subscribe(ben), await service.subscribe(carl)
    await ask(ben, carl)
    (pushed,) = await service.next_to(carls)
    assert carls.read(pushed) == {
        "conversation": None,
        "seq": None,
        "title": "Ben",
        "body": "Are you coming on Friday?",
        "icon": None,
        "url": "/#contacts",
        "tag": f"contact-{ben.id}",
    }
    (request,) = (await carl.get("/contacts/requests"))["requests"]
    await carl.post(f"/contacts/requests/{request['id']}", {"accept": True}, 200)
    (pushed,) = await service.next_to(bens)
    told = bens.read(pushed)
    assert (told["title"], told["body"]) == ("Carl", "accepted your request")


@on_one_database
async def test_the_words_are_left_out_for_who_hides_them_and_in_their_language(
    group: Group, service: PushService
) -> None:
    ben, carl = group.admin, group.member
    keys = await service.subscribe(carl)
    await carl.patch("/me", {"settings": {"notify_content": False, "language": "de"}})
    await ask(ben, carl)
    (pushed,) = await service.next_to(keys)
    told = keys.read(pushed)
    assert (told["title"], told["body"]) == ("Ben", "Neue Kontaktanfrage")


NOW = datetime.now(UTC).hour * 60 + datetime.now(UTC).minute
WISHES = {
    "none": {"notify": "none"},
    "quiet": {"quiet_from": (NOW - 60) % 1440, "quiet_to": (NOW + 60) % 1440},
    "nobody asks": {"requests_from": "contacts"},
}


@on_one_database
@pytest.mark.parametrize("wish", [*WISHES, "block"])
async def test_who_wants_to_hear_nothing_is_told_nothing(
    running: Running, group: Group, service: PushService, wish: str
) -> None:
    ben, carl = group.admin, group.member
    keys = await service.subscribe(carl)
    if wish == "block":
        await carl.put(f"/blocks/{ben.id}")
    else:
        await carl.patch("/me", {"settings": WISHES[wish]})
    await ask(ben, carl)
    async with asyncio.timeout(TIMEOUT):
        while await running.application.database.read(waiting):
            await asyncio.sleep(0.05)
    assert service.to(keys) == []


def waiting(snapshot: Snapshot) -> int:
    """Return how many requests someone is still to be told of."""
    return len(snapshot.execute(select(jobs.c.id).where(jobs.c.kind == REQUESTED)).all())
