"""Registration: its modes, server invitations, approvals and the first owner."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
from sqlalchemy import select, update

from echosphere.accounts import (
    FOREVER,
    AccountRole,
    NewAccount,
    create_user,
    set_account_role,
    suspend,
)
from echosphere.admission import owner_link
from echosphere.admission.store import MAX_WAIT, DeleteExpiredWaiting, waiting
from echosphere.commands.answering import answer
from echosphere.control import Call
from echosphere.core.errors import Conflict
from echosphere.database import Database, Transaction
from tests.product.conftest import Running, settings_for
from tests.product.people import PASSWORD, Person, client_of, people_on

RACERS = 50
NEWER = "seven quiet otters knit"
PUBLIC = {
    "ECHOSPHERE_BASE_URL": "http://chat.example.org",
    "ECHOSPHERE_INSECURE_HTTP": "on",
    "ECHOSPHERE_REGISTRATION": "auto",
}


def sign_up(name: str, **more: Any) -> dict[str, Any]:
    """Return the body of a registration as `name@example.org`."""
    return {"email": f"{name}@example.org", "name": name.title(), "password": PASSWORD} | more


def token_in(url: str) -> str:
    return url.rpartition("/")[2]


@asynccontextmanager
async def server_with(
    tmp_path: Path, database_url: str, given: Mapping[str, str]
) -> AsyncIterator[tuple[Running, str]]:
    """A server with settings of its own, and its address."""
    running = Running(settings_for(tmp_path / "data", database_url, **given))
    base = await running.start()
    yield running, base
    await running.stop()


async def register(base: str, name: str, **more: Any) -> httpx.Response:
    """Register with a client of its own, so that no cookie is there from before."""
    async with client_of(base) as client:
        return await client.post("/accounts", json=sign_up(name, **more))


@pytest.fixture
def more_settings() -> dict[str, str]:
    return {"ECHOSPHERE_REGISTRATION": "invitation"}


@pytest.fixture
async def ada(server: str) -> AsyncIterator[Person]:
    """The owner; no one else is there."""
    async with people_on(server, "Ada Example") as [ada]:
        yield ada


async def invite(ada: Person, **terms: Any) -> dict[str, Any]:
    made = await ada.post("/server/invites", terms)
    shown: dict[str, Any] = made["invite"]
    return shown


async def test_invite_only_no_one_comes_in_without_one(ada: Person) -> None:
    refused = await register(ada.base, "ben")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    token = token_in((await invite(ada))["url"])
    assert (await register(ada.base, "ben", invite=token)).status_code == 201
    assert (await register(ada.base, "carl", invite=token)).status_code == 403


async def test_people_learn_how_others_get_an_account_and_whether_they_may_invite(
    ada: Person,
) -> None:
    mode = {"mode": "invitation"}
    assert await ada.get("/server/registration") == mode | {"may_invite": True}
    token = token_in((await invite(ada))["url"])
    async with client_of(ada.base) as ben:
        assert (await ben.get("/server/registration")).status_code == 401
        await ben.post("/accounts", json=sign_up("ben", invite=token))
        answer = await ben.get("/server/registration")
        assert answer.json() == mode | {"may_invite": False}


async def test_fifty_at_once_use_an_invite_exactly_as_often_as_it_may_be_used(ada: Person) -> None:
    token = token_in((await invite(ada, max_uses=3))["url"])
    answers = await asyncio.gather(
        *(register(ada.base, f"racer{at}", invite=token) for at in range(RACERS))
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 3
    assert set(statuses) <= {201, 403, 410}
    assert (await ada.get("/server/invites"))["invites"] == []


async def test_an_invite_leads_straight_into_groups_and_contacts(ada: Person, server: str) -> None:
    made = await ada.post("/conversations", {"kind": "group", "title": "Team", "members": []})
    group = made["conversation"]["id"]
    token = token_in((await invite(ada, contact=True, groups=[group]))["url"])
    answer = await register(ada.base, "ben", invite=token)
    ben = answer.json()["user"]["id"]
    assert [one["user"]["id"] for one in (await ada.get("/contacts"))["contacts"]] == [ben]
    for _ in range(200):
        members = (await ada.get(f"/conversations/{group}"))["conversation"]["members"]
        if len(members) == 2:
            break
        await asyncio.sleep(0.05)
    assert {one["user"]["id"] for one in members} == {ada.id, ben}


async def test_an_invite_does_not_lead_into_groups_of_others(ada: Person) -> None:
    await ada.post("/server/invites", {"groups": ["unknown"]}, 404)


async def test_revoked_or_for_another_address_an_invite_lets_no_one_in(ada: Person) -> None:
    made = await invite(ada)
    await ada.delete(f"/server/invites/{made['id']}")
    assert (await register(ada.base, "ben", invite=token_in(made["url"]))).status_code == 403
    await ada.delete(f"/server/invites/{made['id']}", 404)
    emails = ["ben@example.org", "carl@example.org", "BEN@example.org"]
    people = await ada.post("/server/invites/people", {"emails": emails})
    assert [one["email"] for one in people["invites"]] == emails[:2]
    assert people["mailed"] is False
    token = token_in(people["invites"][0]["url"])
    assert (await register(ada.base, "carl", invite=token)).status_code == 403
    assert (await register(ada.base, "ben", invite=token)).status_code == 201


async def test_who_has_an_account_is_not_invited_once_more(ada: Person) -> None:
    emails = {"emails": ["ben@example.org", "ben@example.org", ada.email.upper()]}
    refused = await ada.post("/server/invites/people", emails, 400)
    said = f"An account with the address {ada.email!r} already exists. Leave it out."
    assert refused["fields"] == {"emails.2": said}
    file = {"csv": f"ben@example.org,Ben\n{ada.email},Ada\n"}
    for dry_run in (True, False):
        refused = await ada.post("/server/invites/file", file | {"dry_run": dry_run}, 400)
        assert refused["fields"] == {"2": said}
    assert (await ada.get("/server/invites"))["invites"] == []


async def test_a_member_who_invites_does_not_learn_who_has_an_account(
    tmp_path: Path, database_url: str
) -> None:
    given = {"ECHOSPHERE_REGISTRATION": "open", "ECHOSPHERE_SERVER_INVITES": "everybody"}
    async with (
        server_with(tmp_path, database_url, given) as (_, base),
        people_on(base, "Ada Example", "Ben Example") as [ada, ben],
    ):
        emails = {"emails": [ada.email, "carl@example.org"]}
        made = await ben.post("/server/invites/people", emails)
        assert [one["email"] for one in made["invites"]] == emails["emails"]


async def test_a_repeated_invite_is_the_same(ada: Person) -> None:
    given = {"key": "invite-key-1", "max_uses": 5}
    first = await ada.post("/server/invites", given)
    assert await ada.post("/server/invites", given, 200) == first
    several = {"key": "invite-key-2", "emails": [f"p{at}@example.org" for at in range(10)]}
    made = await ada.post("/server/invites/people", several)
    assert await ada.post("/server/invites/people", several, 200) == made


async def test_only_administrators_invite_unless_the_operator_lets_everyone(
    ada: Person, running: Running
) -> None:
    token = token_in((await invite(ada))["url"])
    answer = await register(ada.base, "ben", invite=token)
    async with client_of(ada.base) as ben:
        signed_in = {"email": "ben@example.org", "password": PASSWORD, "bearer": True}
        bearer = (await ben.post("/sessions", json=signed_in)).json()["token"]
        ben.headers["Authorization"] = f"Bearer {bearer}"
        assert (await ben.get("/server/invites")).status_code == 404
        assert (await ben.post("/server/invites", json={})).status_code == 404
    assert answer.status_code == 201


async def test_a_link_of_someone_who_may_invite_no_more_is_worth_nothing(
    ada: Person, running: Running, another_owner: str
) -> None:
    token = token_in((await invite(ada))["url"])
    await running.application.database.write(set_account_role, ada.id, AccountRole.MEMBER)
    assert (await register(ada.base, "ben", invite=token)).status_code == 403


async def test_the_page_of_an_invite_leads_to_the_form_and_into_the_messenger(ada: Person) -> None:
    token = token_in((await invite(ada))["url"])
    origin = {"Origin": str(ada.base)}
    async with httpx.AsyncClient(base_url=ada.base, headers=origin, timeout=60) as browser:
        page = await browser.get(f"/invite/{token}", follow_redirects=True)
        assert "Ada Example invites you to this server." in page.text
        form = sign_up("ben") | {"next": f"/invite/{token}"}
        sent = await browser.post("/register", data=form)
        assert sent.status_code == 303, sent.text
        arrived = await browser.get(sent.headers["location"])
        assert arrived.headers["location"] == "/"
    async with httpx.AsyncClient(base_url=ada.base, timeout=60) as late:
        assert (await late.get(f"/invite/{token}")).status_code == 410
        assert "You need an invitation" in (await late.get("/register")).text


async def test_a_page_at_another_address_says_which_one_is_the_servers(ada: Person) -> None:
    elsewhere = {"Origin": "http://192.168.0.7:5000", "Host": "192.168.0.7:5000"}
    async with httpx.AsyncClient(base_url=ada.base, timeout=60) as browser:
        sent = await browser.post("/register", data=sign_up("ben"), headers=elsewhere)
        assert sent.status_code == 403
        assert "This page was opened at an address other than" in sent.text


async def test_the_page_of_a_group_says_that_an_account_needs_an_invitation(ada: Person) -> None:
    group = await ada.post("/conversations", {"kind": "group", "title": "Bees", "members": []})
    link = await ada.post(f"/conversations/{group['conversation']['id']}/invites", {})
    async with httpx.AsyncClient(base_url=ada.base, timeout=60) as visitor:
        page = await visitor.get(urlsplit(link["invite"]["url"]).path)
        assert "You need an invitation to register on this server." in page.text
        assert "Create an account" not in page.text


async def test_with_approval_an_account_waits_until_an_administrator_says_yes(
    tmp_path: Path, database_url: str
) -> None:
    given = {"ECHOSPHERE_REGISTRATION": "approval"}
    async with (
        server_with(tmp_path, database_url, given) as (_, base),
        people_on(base, "Ada Example") as [ada],
        client_of(base) as client,
    ):
        for name in ("ben", "carl"):
            waits = await register(base, name)
            assert (waits.status_code, waits.json()) == (202, {"waiting": True})
        mine = {"email": "ben@example.org", "password": PASSWORD}
        refused = await client.post("/sessions", json=mine)
        assert refused.status_code == 403
        wrong = await client.post("/sessions", json={**mine, "password": "wrong horse battery"})
        assert wrong.status_code == 401
        assert (await register(base, "ben", password=NEWER)).status_code == 202
        mine["password"] = NEWER  # the newest registration of an address counts
        shown = await ada.get("/server/approvals")
        assert shown["more"] is False
        answered = sorted(shown["registrations"], key=lambda one: str(one["name"]))
        assert [one["name"] for one in answered] == ["Ben", "Carl"]
        ben, carl = (one["id"] for one in answered)
        await ada.post(f"/server/approvals/{ben}", {"approve": True}, 204)
        await ada.post(f"/server/approvals/{carl}", {"approve": False}, 204)
        await ada.post(f"/server/approvals/{ben}", {"approve": True}, 404)
        signed_in = await client.post("/sessions", json=mine)
        assert (signed_in.status_code, signed_in.json()["user"]["role"]) == (201, "member")
        mine = {"email": "carl@example.org", "password": PASSWORD}
        assert (await client.post("/sessions", json=mine)).status_code == 401


async def test_who_waits_is_listed_by_pages_for_a_month_and_not_without_end(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.admission.admission.MAX_WAITING", 3)
    monkeypatch.setattr("echosphere.admission.operations.PAGE", 2)
    given = {"ECHOSPHERE_REGISTRATION": "approval"}
    async with (
        server_with(tmp_path, database_url, given) as (running, base),
        people_on(base, "Ada Example") as [ada],
    ):
        for name in ("ben", "carl", "dora"):
            assert (await register(base, name)).status_code == 202
        refused = await register(base, "emil")
        assert (refused.status_code, "Too many" in refused.json()["detail"]) == (409, True)
        first = await ada.get("/server/approvals")
        assert (len(first["registrations"]), first["more"]) == (2, True)
        rest = await ada.get("/server/approvals", offset=2)
        assert (len(rest["registrations"]), rest["more"]) == (1, False)

        def wait_a_month(transaction: Transaction) -> None:
            transaction.execute(update(waiting).values(created_at=waiting.c.created_at - MAX_WAIT))

        database = running.application.database
        await database.write(wait_a_month)
        assert (await ada.get("/server/approvals"))["registrations"] == []
        late = rest["registrations"][0]["id"]
        await ada.post(f"/server/approvals/{late}", {"approve": True}, 404)
        assert (await register(base, "emil")).status_code == 202
        await database.write(DeleteExpiredWaiting())
        left = await database.read(lambda snapshot: snapshot.execute(select(waiting.c.email)).all())
        assert [email for (email,) in left] == ["emil@example.org"]


async def test_by_domain_only_its_addresses_register(tmp_path: Path, database_url: str) -> None:
    given = {
        "ECHOSPHERE_REGISTRATION": "domain",
        "ECHOSPHERE_REGISTRATION_DOMAINS": "example.org, Team.example",
    }
    async with server_with(tmp_path, database_url, given) as (_, base):
        assert (await register(base, "ada")).status_code == 201
        assert (await register(base, "ben")).status_code == 201
        for email in ("carl@example.com", "carl@sub.example.org", "example.org@evil.example"):
            refused = await register(base, "carl", email=email)
            assert (refused.status_code, list(refused.json()["fields"])) == (403, ["email"])


async def test_a_new_server_that_others_reach_gets_its_owner_by_one_link_only(
    tmp_path: Path, database_url: str
) -> None:
    async with server_with(tmp_path, database_url, PUBLIC) as (running, base):
        application = running.application
        link = application.owner_link
        assert link is not None
        assert await owner_link(application.database, application.settings) == link
        assert (await register(base, "early")).status_code == 403
        async with client_of(base) as client:
            page = await client.get(f"{base}/register")
            assert "This server has no owner yet." in page.text
        answers = await asyncio.gather(
            *(register(base, f"owner{at}", invite=token_in(link)) for at in range(RACERS))
        )
        made = [answer.json()["user"] for answer in answers if answer.status_code == 201]
        assert [user["role"] for user in made] == ["owner"]
        assert await owner_link(application.database, application.settings) is None
        assert (await register(base, "late")).status_code == 403


async def test_once_someone_owns_the_server_the_owners_link_is_worth_nothing(
    tmp_path: Path, database_url: str
) -> None:
    async with server_with(tmp_path, database_url, PUBLIC) as (running, base):
        database, settings = running.application.database, running.application.settings
        link = await owner_link(database, settings)
        assert link is not None
        by_command = await database.write(create_user, NewAccount("o@example.org", "Olga", ""), "")
        assert by_command.role == "owner"
        async with client_of(base) as client:
            root = base.removesuffix("/")
            assert (await client.get(f"{root}/invite/{token_in(link)}")).status_code == 410
        assert (await register(base, "thief", invite=token_in(link))).status_code == 403
        assert await owner_link(database, settings) is None
        assert (await register(base, "thief", invite=token_in(link))).status_code == 403


async def test_the_command_line_and_the_owners_link_at_one_moment_make_one_owner(
    tmp_path: Path, postgresql_url: str
) -> None:
    """In two processes there is no queue that orders them; a test holds one before its commit."""
    held, go_on = threading.Event(), threading.Event()

    def create_slowly(transaction: Transaction) -> str:
        made = create_user(transaction, NewAccount("o@example.org", "Olga", ""), "")
        held.set()
        go_on.wait(30)
        return made.role

    async with server_with(tmp_path, postgresql_url, PUBLIC) as (running, base):
        link = running.application.owner_link
        assert link is not None
        beside = Database(postgresql_url, shared=True)
        await beside.start()
        by_command = asyncio.ensure_future(beside.write(create_slowly))
        await asyncio.to_thread(held.wait, 30)
        by_link = asyncio.create_task(register(base, "link", invite=token_in(link)))
        await asyncio.wait({by_link}, timeout=1)  # long enough to be done, were there no lock
        go_on.set()
        assert await by_command == "owner"
        assert (await by_link).status_code == 410
        await beside.stop()


async def test_an_invite_of_the_command_line_holds_until_it_is_revoked(
    ada: Person, running: Running
) -> None:
    async def run(words: str, **given: object) -> dict[str, Any]:
        [part] = [part async for part in answer(running.application, Call(words, given, "root"))]
        shown: dict[str, Any] = msgspec.to_builtins(part)
        return shown

    [made] = (await run("invite create", uses=2, role="guest"))["invites"]
    token = token_in(made["url"])
    async with httpx.AsyncClient(base_url=ada.base.removesuffix("/api/v1")) as stranger:
        page = await stranger.get("/register", params={"next": f"/invite/{token}"})
        assert "127.0.0.1 invites you" in page.text
    guest = await register(ada.base, "gus", invite=token)
    assert (guest.status_code, guest.json()["user"]["role"]) == (201, "guest")
    [listed] = (await ada.get("/server/invites"))["invites"]
    assert (listed["id"], listed["url"], listed["created_by"]) == (made["id"], None, "")
    assert (await run("invite list"))["invites"][0]["url"] == made["url"]
    await run("invite revoke", invite=made["id"])
    assert (await register(ada.base, "late", invite=token)).status_code == 403
    assert (await ada.get("/server/invites"))["invites"] == []
    [one] = (await run("user invite", emails=["Eva@example.org"], lifetime=3600))["invites"]
    assert one["email"] == "eva@example.org"
    eva = {"invite": token_in(one["url"])}
    assert (await register(ada.base, "other", **eva)).status_code == 403
    assert (await register(ada.base, "eva", **eva)).status_code == 201


async def test_a_server_starts_by_invitation_also_if_a_command_made_its_first_account(
    tmp_path: Path, database_url: str
) -> None:
    async with server_with(tmp_path, database_url, PUBLIC) as (running, base):
        database, settings = running.application.database, running.application.settings
        await database.write(create_user, NewAccount("o@example.org", "Olga", ""), "")
        assert await owner_link(database, settings) is None
        assert (await register(base, "stranger")).status_code == 403


@pytest.mark.parametrize("given", [PUBLIC, {}])
async def test_a_server_with_people_and_no_owner_gets_one_by_the_link(
    tmp_path: Path, database_url: str, given: Mapping[str, str]
) -> None:
    async with server_with(tmp_path, database_url, given) as (running, base):
        database, settings = running.application.database, running.application.settings
        account = NewAccount("m@example.org", "Mia", "")
        await database.write(create_user, account, "", AccountRole.MEMBER)
        link = await owner_link(database, settings)
        assert link is not None
        made = await register(base, "olga", invite=token_in(link))
        assert (made.status_code, made.json()["user"]["role"]) == (201, "owner")
        assert await owner_link(database, settings) is None


async def test_an_owner_who_is_kept_out_does_not_count_as_another_one(
    ada: Person, running: Running, another_owner: str
) -> None:
    database = running.application.database
    await database.write(suspend, another_owner, FOREVER, "Gone.")
    with pytest.raises(Conflict):
        await database.write(set_account_role, ada.id, AccountRole.MEMBER)
    with pytest.raises(Conflict):
        await database.write(suspend, ada.id, FOREVER, "Gone, too.")
    refused = await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert refused.status_code == 409


async def test_a_link_of_someone_who_is_kept_out_is_worth_nothing(
    ada: Person, running: Running, another_owner: str
) -> None:
    token = token_in((await invite(ada))["url"])
    await running.application.database.write(suspend, ada.id, FOREVER, "Gone.")
    assert (await register(ada.base, "ben", invite=token)).status_code == 403


async def test_two_owners_who_step_down_at_once_leave_one(
    ada: Person, running: Running, another_owner: str
) -> None:
    database = running.application.database
    answers = await asyncio.gather(
        *(
            database.write(set_account_role, one, AccountRole.MEMBER)
            for one in (ada.id, another_owner)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, Exception) for one in answers) == [False, True]
