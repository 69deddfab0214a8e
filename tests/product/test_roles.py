"""Each role tries each action, over REST and, where there is a call, over the socket."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest

from echosphere.accounts import AccountRole, Action, may, set_account_role
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, Refused, client_of, people_on

OWNER, ADMINISTRATOR, MODERATOR, MEMBER, GUEST = AccountRole


class Try(NamedTuple):
    """A request that needs the permission of an action; what comes after that does not matter."""

    method: str
    path: str
    body: Any = None
    call: str | None = None


TRIES = {
    Action.VIEW_ADMINISTRATION: Try("GET", "/server/checklist"),
    Action.INVITE_TO_SERVER: Try("GET", "/server/invites"),
    Action.APPROVE_REGISTRATIONS: Try("GET", "/server/approvals"),
    Action.SEARCH_DIRECTORY: Try("GET", "/directory", call="directory"),
    Action.ADD_CONTACTS: Try("POST", "/contacts", {"email": "nobody@example.org"}),
    Action.START_CONVERSATIONS: Try("POST", "/conversations", {"kind": "direct", "user": "nobody"}),
    Action.CREATE_GROUPS: Try(
        "POST", "/conversations", {"kind": "group", "title": "Team", "members": []}
    ),
}


@pytest.fixture
def more_settings() -> dict[str, str]:
    return {"ECHOSPHERE_DIRECTORY": "on"}


async def _with_role(running: Running, person: Person, role: AccountRole) -> None:
    """Give a role, and sign in again: a changed role ends the sessions."""
    await running.application.database.write(set_account_role, person.id, role)
    async with client_of(person.base) as http:
        given = {"email": person.email, "password": PASSWORD, "bearer": True}
        person.token = (await http.post("/sessions", json=given)).json()["token"]
    person.http.headers["Authorization"] = f"Bearer {person.token}"


@pytest.fixture
async def by_role(
    running: Running, server: str, another_owner: str
) -> AsyncIterator[dict[AccountRole, Person]]:
    """Somebody of each role."""
    async with people_on(
        server, *(f"{name} Example" for name in ("Olga", "Ada", "Mona", "Ben", "Gus"))
    ) as people:
        found = dict(zip(AccountRole, people, strict=True))
        for role, person in found.items():
            if role is not MEMBER:
                await _with_role(running, person, role)
        yield found


async def test_each_role_may_what_the_table_says(by_role: dict[AccountRole, Person]) -> None:
    for role, person in by_role.items():
        socket = await person.connect()
        for action, one in TRIES.items():
            answer = await person.http.request(one.method, one.path, json=one.body)
            known = action not in HIDDEN
            refused = answer.status_code == (403 if known else 404) and (
                known or answer.json()["detail"] == "There is no such thing."
            )
            assert refused is not may(role, action), (role, action, answer.text)
            if one.call is not None:
                assert await _is_refused(socket, one.call) is not may(role, action)


HIDDEN = {Action.VIEW_ADMINISTRATION, Action.INVITE_TO_SERVER, Action.APPROVE_REGISTRATIONS}


async def _is_refused(socket: Any, call: str) -> bool:
    try:
        await socket.call(call, {})
    except Refused as refused:
        return bool(refused.code == "forbidden")
    return False


async def test_a_guest_is_in_the_group_they_were_invited_to_and_not_in_the_directory(
    by_role: dict[AccountRole, Person],
) -> None:
    owner, guest, member = by_role[OWNER], by_role[GUEST], by_role[MEMBER]
    made = await owner.post("/conversations", {"kind": "group", "title": "Team", "members": []})
    group = made["conversation"]["id"]
    invite = await owner.post(f"/conversations/{group}/invites", {})
    await guest.post(f"/invites/{invite['invite']['token']}", None)
    assert (await guest.say(group, "Hello"))["body"] == "Hello"
    found = (await member.get("/directory", q="example"))["people"]
    assert guest.id not in {one["id"] for one in found}
    assert owner.id in {one["id"] for one in found}


async def test_who_becomes_a_guest_finds_nobody_and_makes_no_contacts_any_more(
    by_role: dict[AccountRole, Person], running: Running
) -> None:
    owner, later, member = by_role[OWNER], by_role[MEMBER], by_role[MODERATOR]
    token = (await later.post("/me/invites", {}))["invite"]["token"]
    await _with_role(running, later, GUEST)
    await member.get(f"/invites/{token}", 410)
    await member.post(f"/invites/{token}", None, 410)
    assert (await later.get("/contacts"))["contacts"] == []
    await later.get(f"/users/{owner.id}", 404)
    body = {"user": owner.id, "body": "Hello"}
    assert (await later.http.post("/contacts", json=body)).status_code in (403, 404)
