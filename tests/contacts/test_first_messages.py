"""Contact requests within a group, with the first message in them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from echosphere.contacts.store.requests import contact_requests
from echosphere.database import Snapshot
from echosphere.messages.store.tables import messages
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.people import PASSWORD, Person
from tests.product.samples import SOMEBODY

WORDS = "Hello Carl, are you coming on Friday?"


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """A group in which Ben and Carl are no contacts."""
    async with group_on(server) as group:
        yield group


async def ask(asker: Person, asked: str, body: str | None = WORDS) -> Any:
    """Send a request; what comes back is the same for everyone."""
    given = {"user": asked} | ({} if body is None else {"body": body})
    return await asker.post("/contacts", given, 202)


async def received(person: Person) -> list[dict[str, Any]]:
    """Return the requests that wait for a person."""
    found: list[dict[str, Any]] = (await person.get("/contacts/requests"))["requests"]
    return found


async def sent(person: Person) -> list[dict[str, Any]]:
    """Return the requests that a person sent."""
    found: list[dict[str, Any]] = (await person.get("/contacts/sent-requests"))["requests"]
    return found


async def accept(person: Person) -> None:
    """Accept the one request that waits."""
    (request,) = await received(person)
    await person.post(f"/contacts/requests/{request['id']}", {"accept": True}, 200)


async def said(person: Person, other: Person) -> list[tuple[str, str]]:
    """Return who said what in the direct conversation of two people."""
    started = await person.post("/conversations", {"kind": "direct", "user": other.id}, 200)
    page = await person.get(f"/conversations/{started['conversation']['id']}/messages")
    return [(one["author"], one["body"]) for one in page["messages"]]


async def test_the_first_message_is_read_before_and_opens_the_conversation_after(
    group: Group,
) -> None:
    ben, carl = group.admin, group.member
    live = await ben.connect()
    assert await ask(ben, carl.id) == {}
    (request,) = await received(carl)
    assert (request["user"]["id"], request["body"]) == (ben.id, WORDS)
    (mine,) = await sent(ben)
    assert (mine["email"], mine["user"]["id"], mine["body"]) == (None, carl.id, WORDS)
    before = [one["id"] for one in (await carl.get("/conversations"))["conversations"]]
    assert before == [group.id]
    await accept(carl)
    assert await said(carl, ben) == [(ben.id, WORDS)]
    accepted = await live.next("contact", accepted=True)
    assert accepted["contact"]["user"]["id"] == carl.id
    posted = await live.next("message")
    assert posted["message"]["body"] == WORDS
    assert (await sent(ben), await received(carl)) == ([], [])


async def test_both_who_ask_at_once_are_contacts_and_both_messages_are_there(
    group: Group,
) -> None:
    ben, carl = group.admin, group.member
    await ask(ben, carl.id, "from Ben")
    await ask(carl, ben.id, "from Carl")
    assert await said(ben, carl) == [(ben.id, "from Ben"), (carl.id, "from Carl")]
    for person in (ben, carl):
        assert (await sent(person), await received(person)) == ([], [])


async def test_a_request_by_address_and_one_in_the_group_are_settled_together(
    group: Group,
) -> None:
    ben, carl = group.admin, group.member
    await ben.post("/contacts", {"email": carl.email}, 202)
    await ask(ben, carl.id)
    first = (await received(carl))[0]
    await carl.post(f"/contacts/requests/{first['id']}", {"accept": True}, 200)
    assert (await received(carl), await sent(ben)) == ([], [])
    assert await said(carl, ben) == [(ben.id, WORDS)]


async def test_who_has_become_a_contact_meanwhile_gets_the_message_at_once(group: Group) -> None:
    await ask(group.owner, group.member.id)
    assert (group.owner.id, WORDS) in await said(group.member, group.owner)
    assert await sent(group.owner) == []


async def test_the_answer_tells_nothing_of_who_may_not_be_seen_or_does_not_want_to(
    group: Group,
) -> None:
    ben, carl = group.admin, group.member
    await carl.patch("/me", {"settings": {"requests_from": "contacts"}})
    stranger = group.outsider
    for asked in (carl.id, stranger.id, SOMEBODY, group.owner.id):
        assert await ask(ben, asked) == {}
    for person in (carl, stranger):
        assert await received(person) == []
    # In the group it looks sent, as it would to someone who does not answer.
    assert [one["user"]["id"] for one in await sent(ben)] == [carl.id]


async def test_who_blocked_the_other_sees_no_request_and_no_one_is_told(group: Group) -> None:
    ben, carl = group.admin, group.member
    await carl.put(f"/blocks/{ben.id}")
    await ask(ben, carl.id)
    assert await received(carl) == []
    assert [one["user"]["id"] for one in await sent(ben)] == [carl.id]


async def test_a_declined_request_stays_in_the_list_of_who_sent_it(group: Group) -> None:
    ben, carl = group.admin, group.member
    await ask(ben, carl.id)
    before = await sent(ben)
    (request,) = await received(carl)
    await carl.post(f"/contacts/requests/{request['id']}", {"accept": False}, 204)
    assert (await sent(ben), await received(carl)) == (before, [])


async def test_new_words_take_the_place_of_the_old_ones_in_a_waiting_request(
    group: Group,
) -> None:
    ben, carl = group.admin, group.member
    await ask(ben, carl.id, "first try")
    await ask(ben, carl.id, "second try")
    assert [one["body"] for one in await received(carl)] == ["second try"]
    assert [one["body"] for one in await sent(ben)] == ["second try"]
    await accept(carl)
    assert await said(carl, ben) == [(ben.id, "second try")]


async def test_a_request_outlives_the_group_and_its_sender_can_be_looked_at_and_reported(
    group: Group,
) -> None:
    ben, carl = group.admin, group.member
    await ask(ben, carl.id)
    await ben.delete(group.of(ben))
    shown = await carl.get(f"/users/{ben.id}")
    assert shown["user"]["name"] == "Ben"
    await carl.post(f"/users/{ben.id}/reports", {"reason": "spam"}, 202)
    await group.outsider.get(f"/users/{ben.id}", 404)
    await ask(carl, ben.id)  # and they may answer, though they share no group: both have asked
    await accept(carl)
    assert (ben.id, WORDS) in await said(carl, ben)


async def test_a_closed_account_leaves_no_request_behind(running: Running, group: Group) -> None:
    ben, carl = group.admin, group.member
    await ask(ben, carl.id)
    await ask(carl, group.outsider.id)
    answer = await carl.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert answer.status_code == 204
    assert await sent(ben) == []

    def left(snapshot: Snapshot) -> int:
        return len(snapshot.execute(select(contact_requests.c.id)).all())

    assert await running.application.database.read(left) == 0


@pytest.mark.parametrize("body", ["", "   ", "\n", "\u200b\u3164", "x" * 2_001])
async def test_words_are_those_of_a_message_and_not_too_many(group: Group, body: str) -> None:
    answer = await group.admin.http.post("/contacts", json={"user": group.member.id, "body": body})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["body"])
    assert await received(group.member) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"user": SOMEBODY, "email": "ben@example.org"},
        {"email": "ben@example.org", "body": "Hello"},
        {"body": "Hello"},
    ],
)
async def test_a_request_names_one_person_in_one_way(group: Group, given: dict[str, str]) -> None:
    answer = await group.admin.http.post("/contacts", json=given)
    assert answer.status_code == 400
    assert answer.json()["fields"]


async def test_no_one_asks_themselves(group: Group) -> None:
    answer = await group.admin.http.post("/contacts", json={"user": group.admin.id})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["user"])


async def test_the_message_is_posted_once_and_by_the_one_path(
    running: Running, group: Group
) -> None:
    """It has the key of its request: were the same request accepted twice, it would be there once."""
    ben, carl = group.admin, group.member
    await ask(ben, carl.id)
    (request,) = await received(carl)
    await accept(carl)
    again = await carl.http.post(f"/contacts/requests/{request['id']}", json={"accept": True})
    assert again.status_code == 404

    def keys(snapshot: Snapshot) -> list[str]:
        found = select(messages.c.key).where(messages.c.author_id == ben.id)
        return list(snapshot.execute(found).scalars())

    assert await running.application.database.read(keys) == [f"request-{request['id']}"]
