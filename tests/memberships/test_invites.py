"""Group invitations: links that let people join, for a limited time and number of uses."""

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select, update

from echosphere.accounts import FOREVER, lift_suspension, suspend
from echosphere.database import Snapshot, Transaction
from echosphere.memberships.store.invites import invites
from echosphere.web import session_cookie_name
from tests.media.made import picture
from tests.product.conftest import Running, settings_for
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, people_on, register
from tests.product.samples import SOMEBODY

HTML = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


@pytest.fixture
async def browser(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which no one is signed in."""
    async with httpx.AsyncClient(base_url=server, headers=HTML) as browser:
        yield browser


def as_(person: Person) -> httpx.Cookies:
    """Return what a browser has in which someone is signed in."""
    return httpx.Cookies({session_cookie_name(secure=False): person.token})


async def gone(answer: Any) -> None:
    """Check the one sentence that all worthless invites are answered with."""
    assert answer["code"] == "gone"
    assert answer["status"] == 410
    assert "no longer valid" in answer["detail"]


# ---- making, listing, revoking ----------------------------------------------------------------


async def test_only_its_maker_is_told_the_secret_and_only_its_hash_is_kept(
    running: Running, group: Group
) -> None:
    invite = await group.invite(group.admin, expires_in=3600, max_uses=3)
    assert re.fullmatch(r"[\w-]{43}", invite["token"])
    assert invite["url"].endswith(f"/join/{invite['token']}")
    assert invite["url"].startswith(running.application.settings.base_url)
    assert invite["expires_at"] == invite["created_at"] + 3_600_000
    assert (invite["created_by"], invite["uses"]) == (group.admin.id, 0)
    (listed,) = (await group.admin.get(group.path("/invites")))["invites"]
    assert listed == invite
    (listed,) = (await group.owner.get(group.path("/invites")))["invites"]
    assert listed == {name: invite[name] for name in invite if name not in ("token", "url")}

    def stored(snapshot: Snapshot) -> str:
        return str(snapshot.execute(select(invites)).all())

    assert invite["token"] not in await running.application.database.read(stored)


async def test_an_invite_without_limits_says_so(group: Group) -> None:
    invite = await group.invite()
    assert (invite["expires_at"], invite["max_uses"]) == (None, None)


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in": 59},
        {"expires_in": -1},
        {"expires_in": 10**12},
        {"expires_in": "soon"},
        {"max_uses": 0},
        {"max_uses": -1},
        {"max_uses": 1_001},
        {"max_uses": 1.5},
        {"until": 1},
    ],
)
@on_one_database
async def test_an_invite_has_sensible_limits(group: Group, body: dict[str, Any]) -> None:
    refused = await group.owner.post(group.path("/invites"), body, 400)
    assert refused["code"] == "invalid"
    assert (await group.owner.get(group.path("/invites")))["invites"] == []


async def test_what_was_revoked_lets_no_one_in(group: Group) -> None:
    invite = await group.invite()
    await group.admin.delete(group.path(f"/invites/{invite['id']}"))
    assert (await group.owner.get(group.path("/invites")))["invites"] == []
    await gone(await group.outsider.get(f"/invites/{invite['token']}", 410))
    await gone(await group.outsider.post(f"/invites/{invite['token']}", None, 410))
    await group.admin.delete(group.path(f"/invites/{invite['id']}"), 404)
    await group.admin.delete(group.path(f"/invites/{SOMEBODY}"), 404)
    assert "Oscar" not in await group.roles()


@on_one_database
async def test_an_invite_is_revoked_only_in_its_own_group(group: Group) -> None:
    invite = await group.invite()
    other = (await group.outsider.post("/conversations", {
        "kind": "group", "title": "Trap", "members": [],
    }))["conversation"]["id"]  # fmt: skip
    await group.outsider.delete(f"/conversations/{other}/invites/{invite['id']}", 404)
    assert len((await group.owner.get(group.path("/invites")))["invites"]) == 1


@on_one_database
async def test_there_are_not_any_number_of_invites(group: Group) -> None:
    for _ in range(50):
        last = await group.invite()
    refused = await group.owner.post(group.path("/invites"), {}, 409)
    assert "Revoke some" in refused["detail"]
    await group.owner.delete(group.path(f"/invites/{last['id']}"))
    await group.invite()


@on_one_database
async def test_invites_that_no_one_sees_any_more_leave_room_for_others(group: Group) -> None:
    for _ in range(50):
        await group.invite(group.admin)
    await group.owner.patch(group.of(group.admin), {"role": "member"})
    await group.invite()
    assert len((await group.owner.get(group.path("/invites")))["invites"]) == 1


async def test_invites_and_joins_have_rates(tmp_path: Path, sqlite_url: str) -> None:
    running = Running(settings_for(tmp_path, sqlite_url, ECHOSPHERE_RATE_LIMITS="on"))
    base = await running.start()
    async with people_on(base, "Ada") as (ada,):
        body = {"kind": "group", "title": "Busy", "members": []}
        path = f"/conversations/{(await ada.post('/conversations', body))['conversation']['id']}"
        made = [await ada.http.post(f"{path}/invites", json={}) for _ in range(21)]
        assert [one.status_code for one in made].count(201) == 20
        assert made[-1].status_code == 429
        assert int(made[-1].headers["retry-after"]) >= 1
        joins = [await ada.http.post(f"/invites/{SOMEBODY}") for _ in range(21)]
        assert {one.status_code for one in joins[:20]} == {410}
        assert joins[-1].status_code == 429
    await running.stop()


# ---- joining ----------------------------------------------------------------------------------


async def test_the_holder_sees_where_it_leads_and_joins_on_all_devices(group: Group) -> None:
    await group.owner.patch(group.path(), {"description": "Roses"})
    invite = await group.invite(group.admin)
    oscar = group.outsider
    seen = await oscar.get(f"/invites/{invite['token']}")
    assert seen["invite"] == {
        "kind": "group", "title": "Garden", "description": "Roses", "avatar_url": None,
        "members": 3, "invited_by": "Ben",
    }  # fmt: skip
    devices = [await oscar.connect(), await oscar.connect(transports=["polling"])]
    watching = await group.member.connect()
    joined = (await oscar.post(f"/invites/{invite['token']}", None))["conversation"]
    assert joined["id"] == group.id
    for device in devices:
        told = await device.next("conversation", conversation=group.id)
        assert oscar.id in [one["user"]["id"] for one in told["members"]]
        line = await device.next("message", conversation=group.id)
        assert line["message"]["system"] == {"type": "joined", "user": oscar.id, "invite": True}
    assert (await watching.next("member"))["member"]["user"]["name"] == "Oscar"
    assert (await group.roles())["Oscar"] == "member"
    (used,) = (await group.owner.get(group.path("/invites")))["invites"]
    assert used["uses"] == 1


async def test_joining_twice_is_harmless_and_uses_nothing_up(group: Group) -> None:
    invite = await group.invite(max_uses=1)
    path = f"/invites/{invite['token']}"
    await group.outsider.post(path, None, 201)
    version = (await group.seen_by(group.owner))["version"]
    for person in (group.outsider, group.owner, group.member):
        again = await person.post(path, None, 200)
        assert again["conversation"]["id"] == group.id
        assert (await person.get(path))["invite"]["title"] == "Garden"
    assert (await group.seen_by(group.owner))["version"] == version


async def test_one_use_lets_one_in_however_many_try_at_once(group: Group) -> None:
    invite = await group.invite(max_uses=2)
    async with people_on(group.owner.base, *(f"Guest {number}" for number in range(6))) as guests:
        answers = await asyncio.gather(
            *(guest.http.post(f"/invites/{invite['token']}") for guest in guests)
        )
        assert sorted(one.status_code for one in answers) == [201] * 2 + [410] * 4
        assert len(await group.roles()) == 5
        inside = [one for one, got in zip(guests, answers, strict=True) if got.status_code == 201]
        for guest in guests:
            await guest.get(group.path(), 200 if guest in inside else 404)


async def test_an_invite_ends_when_its_time_has_come(running: Running, group: Group) -> None:
    invite = await group.invite(expires_in=60)
    path = f"/invites/{invite['token']}"
    await group.outsider.get(path)

    def let_time_pass(transaction: Transaction) -> None:
        transaction.execute(update(invites).values(expires_at=transaction.now))

    await running.application.database.write(let_time_pass)
    await gone(await group.outsider.get(path, 410))
    await gone(await group.outsider.post(path, None, 410))
    assert (await group.owner.get(group.path("/invites")))["invites"] == []


async def test_unknown_tokens_are_answered_like_worthless_ones(group: Group) -> None:
    spent = await group.invite(max_uses=1)
    await group.outsider.post(f"/invites/{spent['token']}", None, 201)
    await group.outsider.delete(group.of(group.outsider))
    for token in (spent["token"], spent["token"][:-1], SOMEBODY, "x"):
        await gone(await group.outsider.get(f"/invites/{token}", 410))
        await gone(await group.outsider.post(f"/invites/{token}", None, 410))
        picture_of = await group.outsider.http.get(f"/invites/{token}/avatar")
        assert picture_of.status_code == 410


@on_one_database
async def test_the_link_of_an_invite_leads_here_whatever_a_request_says(
    group: Group, running: Running
) -> None:
    said = {
        "Host": "elsewhere.example",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=elsewhere.example;proto=https",
    }
    made = await group.owner.http.post(group.path("/invites"), json={}, headers=said)
    invite = made.json()["invite"]
    assert invite["url"] == f"{running.application.settings.base_url}/join/{invite['token']}"


async def test_who_was_removed_does_not_come_back_by_a_link(group: Group) -> None:
    invite = await group.invite()
    path = f"/invites/{invite['token']}"
    await group.owner.delete(group.of(group.member))
    refused = await group.member.post(path, None, 403)
    assert "removed" in refused["detail"]
    assert (await group.owner.get(group.path("/invites")))["invites"][0]["uses"] == 0
    await group.member.get(group.path(), 404)
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    await group.member.delete(group.of(group.member))
    await group.member.post(path, None, 201)  # added again, then left by themselves
    assert (await group.roles())["Carl"] == "member"


async def test_an_invite_holds_as_long_as_its_maker_may_invite(group: Group) -> None:
    invite = await group.invite(group.admin)
    path = f"/invites/{invite['token']}"
    await group.owner.patch(group.of(group.admin), {"role": "member"})
    await gone(await group.outsider.post(path, None, 410))
    assert (await group.owner.get(group.path("/invites")))["invites"] == []
    await group.owner.patch(group.of(group.admin), {"role": "admin"})
    await group.outsider.get(path)
    await group.owner.delete(group.of(group.admin))
    await gone(await group.outsider.post(path, None, 410))


async def test_an_invite_of_a_suspended_user_does_not_work(group: Group, running: Running) -> None:
    invite = await group.invite(group.admin)
    path = f"/invites/{invite['token']}"
    database = running.application.database
    await database.write(suspend, group.admin.id, FOREVER, "Enough.")
    await gone(await group.outsider.get(path, 410))
    await gone(await group.outsider.post(path, None, 410))
    assert (await group.owner.get(group.path("/invites")))["invites"] == []
    await database.write(lift_suspension, group.admin.id)
    await group.outsider.post(path, None, 201)


# ---- the page ---------------------------------------------------------------------------------


async def test_a_stranger_registers_and_is_led_straight_to_the_group(
    group: Group, browser: httpx.AsyncClient
) -> None:
    invite = await group.invite()
    page = await browser.get(f"/join/{invite['token']}")
    assert page.status_code == 200
    text = unescape(page.text)
    assert "Garden" in text
    assert "Ada invites you to this group of 3 people" in text
    wanted = urlencode({"next": f"/join/{invite['token']}"})
    assert f"/register?{wanted}" in text
    assert f"/login?{wanted}" in text
    assert "<form" not in text
    form = await browser.get(f"/register?{wanted}")
    assert f'name="next" value="/join/{invite["token"]}"' in form.text
    given = {"name": "Nina", "email": "nina@example.org", "password": PASSWORD,
             "next": f"/join/{invite['token']}"}  # fmt: skip
    registered = await browser.post("/register", data=given)
    assert (registered.status_code, registered.headers["location"]) == (303, f"/c/{group.id}")
    assert (await group.roles())["Nina"] == "member"


async def test_who_has_an_account_signs_in_and_joins(
    group: Group, browser: httpx.AsyncClient
) -> None:
    invite = await group.invite()
    place = f"/join/{invite['token']}"
    sent = await browser.post(place)
    assert (sent.status_code, sent.headers["location"]) == (
        303, f"/login?{urlencode({'next': place})}",
    )  # fmt: skip
    given = {"email": group.outsider.email, "password": PASSWORD, "next": place}
    signed_in = await browser.post("/login", data=given)
    assert signed_in.headers["location"] == place
    await browser.post(place)
    assert (await group.roles())["Oscar"] == "member"


@on_one_database
async def test_another_sites_page_lets_no_one_join(
    group: Group, browser: httpx.AsyncClient
) -> None:
    invite = await group.invite()
    browser.cookies = as_(group.outsider)
    for headers in (
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-site"},
    ):
        answer = await browser.post(f"/join/{invite['token']}", headers=headers)
        assert answer.status_code == 403
    assert "Oscar" not in await group.roles()
    looked = await browser.get(f"/join/{invite['token']}")
    assert looked.status_code == 200
    assert "Oscar" not in await group.roles(), "looking is not joining"


@on_one_database
async def test_a_worthless_link_shows_one_friendly_sentence(
    group: Group, browser: httpx.AsyncClient
) -> None:
    invite = await group.invite()
    await group.owner.delete(group.path(f"/invites/{invite['id']}"))
    for token in (invite["token"], SOMEBODY):
        for cookies in (httpx.Cookies(), as_(group.outsider)):
            browser.cookies = cookies
            page = await browser.get(f"/join/{token}")
            assert page.status_code == 410
            assert "no longer valid" in page.text
            assert "Garden" not in page.text
    posted = await browser.post(f"/join/{invite['token']}")
    assert posted.status_code == 410


@on_one_database
async def test_who_was_removed_is_told_so_on_the_page(
    group: Group, browser: httpx.AsyncClient
) -> None:
    invite = await group.invite()
    await group.owner.delete(group.of(group.member))
    browser.cookies = as_(group.member)
    refused = await browser.post(f"/join/{invite['token']}")
    assert refused.status_code == 403
    assert "You were removed from this group" in refused.text


@on_one_database
async def test_the_page_shows_the_picture_to_whoever_holds_the_link(
    group: Group, browser: httpx.AsyncClient
) -> None:
    invite = await group.invite()
    files = {"file": ("garden.png", picture(size=(64, 64)))}
    await group.owner.http.put(group.path("/avatar"), files=files)
    page = await browser.get(f"/join/{invite['token']}")
    (address,) = re.findall(r'<img src="(/api/[^"]+)"', page.text)
    shown = await browser.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert "no-cache" in shown.headers["cache-control"]
    seen = await group.outsider.get(f"/invites/{invite['token']}")
    assert seen["invite"]["avatar_url"] == address
    own = (await group.seen_by(group.owner))["avatar_url"]
    assert (await browser.get(own)).status_code == 401
    await group.owner.delete(group.path(f"/invites/{invite['id']}"))
    assert (await browser.get(address)).status_code == 410


@on_one_database
async def test_titles_and_names_are_text_on_the_page(
    server: str, browser: httpx.AsyncClient
) -> None:
    nasty = '"><script>alert(1)</script>'
    ada = await register(server, "Ada")
    await ada.patch("/me", {"name": nasty})
    body = {"kind": "group", "title": nasty, "members": []}
    group = (await ada.post("/conversations", body))["conversation"]["id"]
    await ada.patch(f"/conversations/{group}", {"description": nasty})
    invite = (await ada.post(f"/conversations/{group}/invites", {}))["invite"]
    page = await browser.get(f"/join/{invite['token']}")
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;") >= 3
    await ada.close()


async def test_the_secret_of_a_link_is_in_no_log(
    group: Group, browser: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    invite = await group.invite()
    capsys.readouterr()
    await browser.get(f"/join/{invite['token']}")
    await group.outsider.post(f"/invites/{invite['token']}", None)
    written = "".join(capsys.readouterr())
    assert "/join/" in written
    assert invite["token"] not in written
