"""People in one place register at once: an invitation and an address each have their own limit."""

from collections.abc import Iterator

import httpx
import pytest

from tests.processes import in_all
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, client_of, session_of

GERMAN = {"accept-language": "de"}


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Rates count, and an address has few of its own."""
    return {"ECHOSPHERE_RATE_LIMITS": "on", "ECHOSPHERE_REGISTRATIONS_PER_HOUR": "3"}


@pytest.fixture
def names() -> Iterator[str]:
    """Addresses that no one has yet."""
    return (f"guest{number}@example.org" for number in range(1_000))


async def sign_up(http: httpx.AsyncClient, email: str, invite: str | None = None) -> httpx.Response:
    body = {"email": email, "name": "Guest", "password": PASSWORD}
    return await http.post("/accounts", json=body | ({"invite": invite} if invite else {}))


async def invitation(server: str, email: str, max_uses: int | None) -> tuple[Person, str]:
    """Someone, and the secret of their group's invite."""
    async with client_of(server) as http:
        made = await sign_up(http, email)
        token = session_of(made)
    host = Person(server, made.json()["user"], token)
    body = {"kind": "group", "title": "Bees", "members": []}
    group = (await host.post("/conversations", body))["conversation"]["id"]
    made = await host.post(f"/conversations/{group}/invites", {"max_uses": max_uses})
    return host, made["invite"]["token"]


@on_one_database
@pytest.mark.parametrize("max_uses", [10, None])
async def test_ten_people_register_and_join_by_one_invitation(
    server: str, names: Iterator[str], max_uses: int | None
) -> None:
    host, invite = await invitation(server, next(names), max_uses)
    for _ in range(10):
        async with client_of(server) as http:
            made = await sign_up(http, next(names), invite)
            assert made.status_code == 201, made.text
            token = session_of(made)
        guest = Person(server, made.json()["user"], token)
        await guest.post(f"/invites/{invite}", None)
        await guest.close()
    await host.close()


@on_one_database
async def test_an_invitation_lets_no_more_people_register_than_it_lets_in(
    server: str, names: Iterator[str]
) -> None:
    host, invite = await invitation(server, next(names), 2)
    async with client_of(server) as http:
        tries = in_all(2) + in_all(3)
        statuses = [(await sign_up(http, next(names), invite)).status_code for _ in range(tries)]
    # Two by the invitation, then the two that the address has left.
    assert (statuses[:4], statuses[-1]) == ([201] * 4, 429)
    await host.close()


@on_one_database
async def test_an_invitation_that_is_worth_nothing_counts_as_none(
    server: str, names: Iterator[str]
) -> None:
    async with client_of(server) as http:
        statuses = [
            (await sign_up(http, next(names), "a" * 43)).status_code for _ in range(in_all(3) + 1)
        ]
    assert statuses == [201] * in_all(3) + [429]


@on_one_database
async def test_who_must_wait_is_told_for_how_long_in_their_language(
    server: str, names: Iterator[str]
) -> None:
    async with client_of(server) as http:
        for _ in range(in_all(3)):
            await sign_up(http, next(names))
        refused = await sign_up(http, next(names))
        http.headers.update(GERMAN)
        auf_deutsch = await sign_up(http, next(names))
    assert 1140 < int(refused.headers["retry-after"]) <= 1200
    assert refused.json()["detail"].endswith("Try again in 20 minutes.")
    assert auf_deutsch.json()["detail"] == (
        "Von hier aus wurden zu viele Konten angelegt. Versuche es in 20 Minuten noch einmal."
    )


@on_one_database
async def test_the_page_knows_by_which_invitation_someone_came(
    server: str, names: Iterator[str]
) -> None:
    host, invite = await invitation(server, next(names), 10)
    (group,) = (await host.get("/conversations"))["conversations"]
    page = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    for _ in range(5):
        async with httpx.AsyncClient(base_url=server, headers=page) as browser:
            form = {"email": next(names), "name": "Guest", "password": PASSWORD}
            led_on = await browser.post("/register", data=form | {"next": f"/join/{invite}"})
            assert (led_on.status_code, led_on.headers["location"]) == (303, f"/c/{group['id']}")
    await host.close()
