"""Each role tries each action: over REST, by the socket call if there is one, and by a command."""

from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from echosphere.accounts import AccountRole, Action, NewAccount, create_user, may, set_account_role
from echosphere.accounts.permissions import NOT_AS_GUEST, NOT_OVER_THEM, RULES, UNKNOWN
from echosphere.api import Operation
from echosphere.commands.answering import answer
from echosphere.commands.declared import COMMANDS
from echosphere.control import Call
from echosphere.core.errors import Conflict, Refusal
from tests.house.repository import PACKAGE
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, Refused, client_of, people_on

OWNER, ADMINISTRATOR, MODERATOR, MEMBER, GUEST = AccountRole


class Try(NamedTuple):
    """A request that needs the permission of an action; what comes after that does not matter.

    Attributes:
        calls: The calls over the socket that need it as well, with their arguments.
    """

    method: str
    path: str
    body: Any = None
    calls: Mapping[str, Any] = MappingProxyType({})


TRIES = {
    Action.VIEW_ADMINISTRATION: Try("GET", "/server/checklist"),
    Action.MANAGE_USERS: Try("DELETE", "/administration/people/nobody/sessions"),
    Action.RESET_ACCESS: Try("POST", "/server/users/nobody/reset-link"),
    Action.CHANGE_ROLE: Try("PUT", "/administration/people/nobody/role", {"role": "guest"}),
    Action.INVITE_TO_SERVER: Try("GET", "/server/invites"),
    Action.APPROVE_REGISTRATIONS: Try("GET", "/server/approvals"),
    Action.CHANGE_SETTINGS: Try("PUT", "/administration/settings/edit_minutes", {"value": "60"}),
    Action.SET_QUOTA: Try("PUT", "/administration/people/nobody/quota", {"quota": None}),
    Action.READ_AUDIT_LOG: Try("GET", "/administration/audit"),
    Action.SEE_REPORTS: Try("GET", "/administration/reports"),
    Action.DECIDE_REPORTS: Try(
        "POST",
        "/administration/reports/nothing/decision",
        {"decision": "dismiss", "reason": "None."},
    ),
    Action.ANNOUNCE: Try(
        "POST",
        "/administration/announcements",
        {"text": "Hello"},
        {
            "announce": {"text": "Hello"},
            "change_announcement": {"announcement": "nothing", "text": "Hello"},
            "withdraw_announcement": {"announcement": "nothing"},
        },
    ),
    Action.SEARCH_DIRECTORY: Try("GET", "/directory", calls={"directory": {}}),
    Action.ADD_CONTACTS: Try("POST", "/contacts", {"email": "nobody@example.org"}),
    Action.START_CONVERSATIONS: Try("POST", "/conversations", {"kind": "direct", "user": "nobody"}),
    Action.CREATE_GROUPS: Try(
        "POST", "/conversations", {"kind": "group", "title": "Team", "members": []}
    ),
    Action.CREATE_BOTS: Try("POST", "/bots", {"name": "Helper"}),
}
WHERE_ALL_INVITE = {Action.INVITE_WHERE_ALL_MAY: Try("GET", "/server/invites")}
"""On a server on which everyone may invite."""

NOT_BUILT = {Action.MOVE_CONVERSATIONS}
"""What no call asks for yet, and the command line alone does; whoever builds it adds a try."""

OVER_OTHERS = {
    Action.MANAGE_USERS: Try("DELETE", "/administration/people/{user}/sessions"),
    Action.RESET_ACCESS: Try("POST", "/server/users/{user}/reset-link"),
    Action.CHANGE_ROLE: Try("PUT", "/administration/people/{user}/role", {"role": "{role}"}),
    Action.SET_QUOTA: Try("PUT", "/administration/people/{user}/quota", {"quota": None}),
}
"""What is done to someone who has a role: here it stays as it is."""

BY_COMMAND: Mapping[str, Action] = {
    "user list": Action.VIEW_ADMINISTRATION,
    "user show": Action.VIEW_ADMINISTRATION,
    "user create": Action.MANAGE_USERS,
    "user invite": Action.INVITE_TO_SERVER,
    "user address": Action.RESET_ACCESS,
    "user role": Action.CHANGE_ROLE,
    "user deactivate": Action.MANAGE_USERS,
    "user activate": Action.MANAGE_USERS,
    "user suspend": Action.MANAGE_USERS,
    "user unsuspend": Action.MANAGE_USERS,
    "user reset": Action.RESET_ACCESS,
    "user quota": Action.SET_QUOTA,
    "user sign-out": Action.MANAGE_USERS,
    "invite create": Action.INVITE_TO_SERVER,
    "invite list": Action.INVITE_TO_SERVER,
    "invite revoke": Action.INVITE_TO_SERVER,
    "approval list": Action.APPROVE_REGISTRATIONS,
    "approval approve": Action.APPROVE_REGISTRATIONS,
    "approval refuse": Action.APPROVE_REGISTRATIONS,
    "setting list": Action.CHANGE_SETTINGS,
    "setting get": Action.CHANGE_SETTINGS,
    "setting set": Action.CHANGE_SETTINGS,
    "setting unset": Action.CHANGE_SETTINGS,
    "report list": Action.SEE_REPORTS,
    "report show": Action.SEE_REPORTS,
    "report decide": Action.DECIDE_REPORTS,
    "announce create": Action.ANNOUNCE,
    "announce list": Action.ANNOUNCE,
    "announce edit": Action.ANNOUNCE,
    "announce withdraw": Action.ANNOUNCE,
    "bot create": Action.CREATE_BOTS,
    "import run": Action.MOVE_CONVERSATIONS,
    "import people": Action.MOVE_CONVERSATIONS,
    "import link": Action.MOVE_CONVERSATIONS,
    "export all": Action.MOVE_CONVERSATIONS,
    "export conversation": Action.MOVE_CONVERSATIONS,
    "audit list": Action.READ_AUDIT_LOG,
    "audit export": Action.READ_AUDIT_LOG,
    "audit verify": Action.READ_AUDIT_LOG,
    "audit head": Action.READ_AUDIT_LOG,
}
"""The action of each command; on the command line no role decides."""


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
    """Someone of each role."""
    async with people_on(
        server, *(f"{name} Example" for name in ("Olga", "Ada", "Mona", "Ben", "Gus"))
    ) as people:
        found = dict(zip(AccountRole, people, strict=True))
        for role, person in found.items():
            if role is not MEMBER:
                await _with_role(running, person, role)
        yield found


async def _others(running: Running) -> dict[AccountRole, str]:
    """The ids of further accounts, one of each role, who are never signed in."""
    made = {}
    for role in AccountRole:
        account = NewAccount(f"{role}@other.example", f"Other {role}", "")
        user = await running.application.database.write(create_user, account, "", role)
        made[role] = user.id
    return made


def test_each_action_is_tried_or_asked_for_nowhere() -> None:
    assert {*TRIES, *WHERE_ALL_INVITE} | NOT_BUILT == set(Action)
    assert {action for action in Action if RULES[action].only_below} == set(OVER_OTHERS)
    code = "".join(file.read_text("utf-8") for file in PACKAGE.rglob("*.py"))
    assert {action.name for action in NOT_BUILT if code.count(f"Action.{action.name}") > 1} == set()
    assert all(f"Action.{action.name}" in code for action in TRIES)


async def test_each_role_may_what_the_table_says(
    by_role: dict[AccountRole, Person], running: Running
) -> None:
    for role, person in by_role.items():
        socket = await person.connect()
        for action, one in TRIES.items():
            await _try(person, action, one, role)
            for call, argument in one.calls.items():
                assert await _is_refused(socket, call, argument) is not may(role, action), call
    served = running.application.operations.served
    on_both = {one.name for one in served if isinstance(one, Operation) and one.permission}
    assert on_both - {None} == {call for one in TRIES.values() for call in one.calls}


@on_one_database
@pytest.mark.parametrize("more_settings", [{"ECHOSPHERE_SERVER_INVITES": "everybody"}])
async def test_where_everyone_may_invite_guests_may_not(
    by_role: dict[AccountRole, Person],
) -> None:
    for role, person in by_role.items():
        for action, one in WHERE_ALL_INVITE.items():
            await _try(person, action, one, role)


async def _try(person: Person, action: Action, one: Try, role: AccountRole) -> None:
    answer = await person.http.request(one.method, one.path, json=one.body)
    refusal = (404, UNKNOWN) if RULES[action].hidden else (403, NOT_AS_GUEST)
    said = answer.json() if answer.content else {}
    is_refused = (answer.status_code, said.get("detail")) == refusal
    assert is_refused is not may(role, action), (role, action, answer.text)


@on_one_database
async def test_each_role_may_do_to_each_other_what_the_table_says(
    by_role: dict[AccountRole, Person], running: Running
) -> None:
    others = await _others(running)
    for role, person in by_role.items():
        for (action, one), (target, user) in (
            (case, other) for case in OVER_OTHERS.items() for other in others.items()
        ):
            body = one.body and {
                name: value.format(role=target) if value else value
                for name, value in one.body.items()
            }
            answer = await person.http.request(one.method, one.path.format(user=user), json=body)
            expected = 403 if may(role, action) else 404
            if may(role, action, target):
                expected = 201 if action is Action.RESET_ACCESS else 204
            assert answer.status_code == expected, (role, action, target, answer.text)
            if expected in (403, 404):
                assert answer.json()["detail"] == (NOT_OVER_THEM if expected == 403 else UNKNOWN)


async def _is_refused(socket: Any, call: str, argument: Any) -> bool:
    try:
        await socket.call(call, argument)
    except Refused as refused:
        return refused.detail in (UNKNOWN, NOT_AS_GUEST)
    return False


def test_each_command_is_one_of_the_actions() -> None:
    assert set(BY_COMMAND) == {command.words for command in COMMANDS}


@on_one_database
async def test_the_command_line_may_do_to_everyone_what_leaves_an_owner(
    running: Running, server: str
) -> None:
    others = await _others(running)

    async def run(words: str, **given: Any) -> str | None:
        """Run a command; return why it was refused."""
        try:
            async for _ in answer(running.application, Call(words, given, "root")):
                pass
        except Refusal as refusal:
            return refusal.detail
        return None

    for target, user in others.items():
        assert await run("user role", user=user, role=target) is None
        for words in ("user show", "user sign-out", "user reset", "user activate"):
            assert await run(words, user=user) is None, (words, target)
        assert await run("user reset", user=user, factor=True) is None
        kept_out = await run("user deactivate", user=user, reason="None.")
        assert (kept_out is None) is (target is not OWNER), (target, kept_out)
    assert "last owner" in str(await run("user role", user=others[OWNER], role=GUEST))
    assert await run("user role", user=others[MEMBER], role=OWNER) is None
    assert "last owner" in str(await run("user role", user=others[OWNER], role=GUEST))  # kept out
    assert await run("user unsuspend", user=others[MEMBER]) is None
    assert await run("user role", user=others[OWNER], role=GUEST) is None
    assert "last owner" in str(await run("user deactivate", user=others[MEMBER], reason="None."))
    with pytest.raises(Conflict):
        await running.application.database.write(set_account_role, others[MEMBER], GUEST)


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


async def test_who_becomes_a_guest_finds_no_one_and_makes_no_contacts_any_more(
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
