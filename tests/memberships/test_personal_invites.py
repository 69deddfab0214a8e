"""Personal invitations: links that make contacts, and the pages they lead to."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts import FOREVER, suspend
from echosphere.database import Transaction
from echosphere.memberships.store.invites import invites
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person
from tests.product.samples import SOMEBODY

Cast = tuple[Person, Person, Person]
HTML = {"accept": "text/html", "sec-fetch-site": "same-origin"}


async def invite(maker: Person, **how: Any) -> dict[str, Any]:
    """Make an invite of a person."""
    made: dict[str, Any] = (await maker.post("/me/invites", how))["invite"]
    return made


async def contacts_of(person: Person) -> list[str]:
    """Return the names of a person's contacts."""
    return [one["user"]["name"] for one in (await person.get("/contacts"))["contacts"]]


async def test_whoever_uses_the_link_is_a_contact_at_once_and_both_may_write(cast: Cast) -> None:
    ada, ben, _ = cast
    live = await ada.connect()
    made = await invite(ada)
    card = (await ben.get(f"/invites/{made['token']}"))["invite"]
    assert card == {
        "kind": "contact",
        "title": None,
        "description": None,
        "avatar_url": None,
        "members": 0,
        "invited_by": "Ada Example",
    }
    joined = await ben.post(f"/invites/{made['token']}", None)
    conversation = joined["conversation"]
    assert conversation["kind"] == "direct"
    assert (await contacts_of(ada), await contacts_of(ben)) == (["Ben Example"], ["Ada Example"])
    told = await live.next("contact", accepted=True, invited=True)
    assert told["contact"]["user"]["id"] == ben.id
    await ben.say(conversation["id"], "here I am")
    assert (await live.next("message"))["message"]["body"] == "here I am"
    again = await ben.post(f"/invites/{made['token']}", None, 200)
    assert again["conversation"]["id"] == conversation["id"]
    assert [one["uses"] for one in (await ada.get("/me/invites"))["invites"]] == [1]


async def test_the_link_of_a_suspended_user_makes_no_contacts(cast: Cast, running: Running) -> None:
    _, ben, carl = cast
    path = f"/invites/{(await invite(ben))['token']}"
    await running.application.database.write(suspend, ben.id, FOREVER, "Enough.")
    await carl.get(path, 410)
    await carl.post(path, None, 410)
    assert await contacts_of(carl) == []


async def test_its_maker_is_shown_the_link_as_long_as_it_lives_and_no_one_else(
    cast: Cast,
) -> None:
    ada, ben, _ = cast
    made = await invite(ada, max_uses=5, expires_in=3600)
    (listed,) = (await ada.get("/me/invites"))["invites"]
    assert listed == made
    assert made["url"].endswith(f"/join/{made['token']}")
    assert (await ben.get("/me/invites"))["invites"] == []
    await ben.delete(f"/me/invites/{made['id']}", 404)
    await ada.delete(f"/me/invites/{made['id']}")
    assert (await ada.get("/me/invites"))["invites"] == []
    await ben.post(f"/invites/{made['token']}", None, 410)


async def test_what_was_asked_before_is_settled_by_the_link(cast: Cast) -> None:
    ada, ben, _ = cast
    await ben.post("/contacts", {"email": ada.email}, 202)
    made = await invite(ada)
    await ben.post(f"/invites/{made['token']}", None)
    assert (await ben.get("/contacts/sent-requests"))["requests"] == []
    assert (await ada.get("/contacts/requests"))["requests"] == []


async def test_as_many_come_in_as_it_has_uses_also_at_once(cast: Cast) -> None:
    ada, ben, oscar = cast
    made = await invite(ada, max_uses=1)
    answers = await asyncio.gather(
        *(person.http.post(f"/invites/{made['token']}") for person in (ben, oscar))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 410]
    assert len(await contacts_of(ada)) == 1


@pytest.mark.parametrize("how", ["expired", "revoked", "closed", "blocked", "unknown"])
@pytest.mark.usefixtures("another_owner")
async def test_a_worthless_link_says_the_same_whatever_happened(
    running: Running, cast: Cast, how: str
) -> None:
    ada, ben, _ = cast
    made = await invite(ada, expires_in=3600)
    token = made["token"]
    if how == "expired":

        def age(transaction: Transaction) -> None:
            transaction.execute(update(invites).values(expires_at=1))

        await running.application.database.write(age)
    elif how == "revoked":
        await ada.delete(f"/me/invites/{made['id']}")
    elif how == "closed":
        await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    elif how == "blocked":
        await ben.post("/contacts", {"email": ada.email}, 202)
        await ada.put(f"/blocks/{ben.id}")
    else:
        token = "x" * 43
    answer = await ben.post(f"/invites/{token}", None, 410)
    assert answer["detail"].startswith("This invitation is no longer valid.")
    assert await contacts_of(ben) == []


async def test_no_one_becomes_their_own_contact(cast: Cast) -> None:
    ada, _, _ = cast
    made = await invite(ada)
    await ada.post(f"/invites/{made['token']}", None, 409)


async def test_a_repeat_makes_no_second_one(cast: Cast) -> None:
    ada, _, _ = cast
    first = await invite(ada, key="key-of-a-test")
    again = await ada.post("/me/invites", {"key": "key-of-a-test"}, 200)
    assert again["invite"] == first
    await ada.delete(f"/me/invites/{SOMEBODY}", 404)


async def test_who_registers_by_an_invite_is_led_straight_to_where_it_leads(
    server: str, cast: Cast
) -> None:
    ada, _, _ = cast
    personal = await invite(ada)
    group = await ada.post("/conversations", {"kind": "group", "title": "Garden", "members": []})
    path = f"/conversations/{group['conversation']['id']}"
    to_group = (await ada.post(f"{path}/invites", {}))["invite"]
    for number, (token, wanted) in enumerate(
        ((personal["token"], None), (to_group["token"], group["conversation"]["id"]))
    ):
        async with httpx.AsyncClient(base_url=server, headers=HTML) as browser:
            page = (await browser.get(f"/join/{token}")).text
            assert "Ada Example" in page
            assert f"/register?next=%2Fjoin%2F{token}" in page
            answer = await browser.post(
                "/register",
                data={
                    "name": f"Newcomer {number}",
                    "email": f"newcomer{number}@example.org",
                    "password": PASSWORD,
                    "next": f"/join/{token}",
                },
            )
            led = answer.headers["location"]
            assert led.startswith("/c/")
            found = (await browser.get(f"/api/v1/conversations/{led[3:]}")).json()["conversation"]
            assert wanted in (None, found["id"])
    assert await contacts_of(ada) == ["Newcomer 0"]
    assert len((await ada.get(path))["conversation"]["members"]) == 2
