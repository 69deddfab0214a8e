"""Attacks on Administration, the audit log and the commands of the operator."""

import asyncio
import socket
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests import launcher
from tests.attacks.conftest import code_of
from tests.attacks.servers import Target
from tests.product.people import PASSWORD, Person, people_on
from tests.product.test_administration import ADMINISTRATION, BODIES

ROLES = ("administrator", "moderator", "member", "guest")


async def with_role(target: Target, owner: Person, person: Person, role: str) -> Person:
    """Give someone a role and sign them in again."""
    if role != "member":
        await owner.put(f"/administration/people/{person.id}/role", {"role": role})
    return await target.sign_in(person.email)


@pytest.fixture
async def ranks(target: Target, owner: Person) -> AsyncIterator[dict[str, Person]]:
    """One person of each role below an owner."""
    async with people_on(target.base, *(f"Person {n}" for n in range(len(ROLES)))) as people:
        found = {
            role: await with_role(target, owner, person, role)
            for role, person in zip(ROLES, people, strict=True)
        }
        yield found
        for person in found.values():
            await person.close()


FOR_MODERATORS = ("/administration/reports", "/administration/reports/nothing")


@pytest.mark.parametrize(("method", "path"), ADMINISTRATION)
async def test_the_room_is_not_there_for_others(
    ranks: dict[str, Person], owner: Person, method: str, path: str
) -> None:
    body = BODIES.get(path) if method in ("POST", "PUT") else None
    for role in ("moderator", "member", "guest"):
        if role == "moderator" and path.startswith(FOR_MODERATORS):
            continue
        answer = await ranks[role].http.request(method, path.format(user=owner.id), json=body)
        assert code_of(answer) == (404, "not_found"), role
    assert (await owner.get("/me"))["user"]["role"] == "owner"


OVER: list[tuple[str, str, Any]] = [
    ("PUT", "/administration/people/{user}/role", {"role": "member"}),
    ("PUT", "/administration/people/{user}/suspension", {"reason": "Coup."}),
    ("DELETE", "/administration/people/{user}/sessions", None),
    ("DELETE", "/administration/people/{user}/second-factor", None),
    ("POST", "/server/users/{user}/reset-link", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), OVER)
async def test_an_administrator_does_nothing_to_those_above_or_beside(
    ranks: dict[str, Person], owner: Person, target: Target, method: str, path: str, body: Any
) -> None:
    administrator = ranks["administrator"]
    async with people_on(target.base, "Another Person") as (other,):
        beside = await with_role(target, owner, other, "administrator")
        for user in (owner, beside):
            answer = await administrator.http.request(method, path.format(user=user.id), json=body)
            assert code_of(answer) == (403, "forbidden")
        await beside.get("/me")
        await owner.get("/me")
        await beside.close()


@pytest.mark.parametrize("role", ["owner", "administrator"])
async def test_an_administrator_makes_no_one_an_equal(ranks: dict[str, Person], role: str) -> None:
    administrator, member = ranks["administrator"], ranks["member"]
    for user in (administrator, member):
        path = f"/administration/people/{user.id}/role"
        await administrator.put(path, {"role": role}, 403)
    new = {"email": f"x.{member.id}@example.org", "name": "X", "password": PASSWORD, "role": role}
    answer = await administrator.http.post("/administration/people", json=new)
    assert code_of(answer) == (403, "forbidden")


async def test_a_moderator_keeps_no_one_out(ranks: dict[str, Person], owner: Person) -> None:
    moderator, member = ranks["moderator"], ranks["member"]
    async with people_on(owner.base, "Eve Example") as (eve,):
        await member.talk_to(eve)
        await member.post(f"/users/{eve.id}/reports", {"reason": "spam"}, 202)
        listed = (await moderator.get("/administration/reports"))["reports"]
        [report] = [one["id"] for one in listed if one["user"]["id"] == eve.id]
        path = f"/administration/reports/{report}/decision"
        for decision in ({"decision": "ban"}, {"decision": "suspend", "until": 4_102_444_800_000}):
            answer = await moderator.http.post(path, json=decision | {"reason": "Coup."})
            assert answer.status_code in (403, 404)
        await eve.get("/me")


async def test_the_last_owner_stays(target: Target, owner: Person) -> None:
    tries: list[tuple[str, str, Any]] = [
        ("PUT", f"/administration/people/{owner.id}/role", {"role": "member"}),
        ("PUT", f"/administration/people/{owner.id}/suspension", {"reason": "x"}),
        ("DELETE", "/me", {"password": PASSWORD}),
    ]
    for method, path, body in tries:
        assert code_of(await owner.http.request(method, path, json=body)) == (409, "conflict")
    assert (await owner.get("/me"))["user"]["role"] == "owner"


async def test_two_owners_who_demote_each_other_leave_one(target: Target, owner: Person) -> None:
    async with people_on(target.base, "Second Owner") as (second,):
        other = await with_role(target, owner, second, "owner")
        answers = await asyncio.gather(
            owner.http.put(f"/administration/people/{other.id}/role", json={"role": "member"}),
            other.http.put(f"/administration/people/{owner.id}/role", json={"role": "member"}),
        )
        statuses = sorted(one.status_code for one in answers)
        assert statuses[0] == 204
        assert statuses[1] in (401, 403, 404, 409)
        if answers[1].status_code == 204:  # Olga lost: Second gives it back
            again = await target.sign_in(second.email)
            await again.put(f"/administration/people/{owner.id}/role", {"role": "owner"})
            back = await target.owner()
            await back.put(f"/administration/people/{other.id}/role", {"role": "member"})
            await back.close()
            await again.close()
        await other.close()


def make_older(target: Target, person: Person) -> None:
    """Let the last proof of a person's sessions be an hour ago."""
    with sqlite3.connect(target.data / "app.db", timeout=30) as connection:
        connection.execute(
            "UPDATE sessions SET proved_at = proved_at - 3600000 WHERE user_id = ?", [person.id]
        )
    connection.close()


async def test_a_stolen_session_of_an_administrator_changes_no_account(
    target: Target, owner: Person, ranks: dict[str, Person]
) -> None:
    administrator, member = ranks["administrator"], ranks["member"]
    make_older(target, administrator)
    who = f"/administration/people/{member.id}"
    new = {"email": f"y.{member.id}@example.org", "name": "Y", "password": PASSWORD}
    tries: list[tuple[str, str, Any]] = [
        ("PUT", f"{who}/role", {"role": "guest"}),
        ("PUT", f"{who}/suspension", {"reason": "x"}),
        ("DELETE", f"{who}/sessions", None),
        ("DELETE", f"{who}/second-factor", None),
        ("POST", "/administration/people", new),
        ("POST", f"/server/users/{member.id}/reset-link", {}),
        ("POST", "/me/second-factor/app", {}),
        ("GET", "/me/passkey-options", None),
    ]
    for method, path, body in tries:
        answer = await administrator.http.request(method, path, json=body)
        if path == "/me/passkey-options" and answer.status_code == 409:
            continue  # there are none at an address of numbers
        assert code_of(answer) == (403, "proof_needed"), path
    await member.get("/me")
    await administrator.put("/sessions/current/proof", {"password": PASSWORD})
    await administrator.put(f"{who}/role", {"role": "guest"})


async def test_administrators_read_no_conversation(
    target: Target, owner: Person, ranks: dict[str, Person]
) -> None:
    secret = "sarsaparilla under the third stone"
    async with people_on(target.base, "Ada Example", "Ben Example") as (ada, ben):
        here = await ada.talk_to(ben)
        file = await ada.upload("secret-name.txt", secret.encode())
        said = await ada.say(here, secret, attachments=[file["id"]])
        for person in (owner, ranks["administrator"], ranks["moderator"]):
            for path in (
                f"/conversations/{here}", f"/conversations/{here}/messages",
                f"/conversations/{here}/messages/{said['seq']}", f"/attachments/{file['id']}",
            ):  # fmt: skip
                await person.get(path, 404)
            assert (await person.get("/search", q="sarsaparilla"))["results"] == []
            room = ""
            for what in ("people", "conversations", "health", "audit", "reports"):
                room += (await person.http.get(f"/administration/{what}")).text
            assert secret not in room
            assert "secret-name" not in room


async def test_the_audit_log_holds_no_names_and_no_addresses_of_mail(
    target: Target, owner: Person, ranks: dict[str, Person]
) -> None:
    member = ranks["member"]
    await owner.delete(f"/administration/people/{member.id}/sessions")
    entries = run_command(target, "audit", "export").stdout
    assert "user.signed_out" in entries
    for word in (owner.email, member.email, "Olga", PASSWORD):
        assert word not in entries


def run_command(target: Target, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the operator beside the server."""
    kept = launcher.without_settings()
    return launcher.run(list(words), kept | {"ECHOSPHERE_DATA": str(target.data)})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET action = 'user.created' WHERE number = 1",
        "UPDATE audit_log SET actor = 'x' WHERE number = 1",
        "UPDATE audit_log SET at = at + 1 WHERE number = 1",
        "UPDATE audit_log SET details = '{}' WHERE number = 2",
        "UPDATE audit_log SET address = '192.0.2.1' WHERE number = 2",
        "DELETE FROM audit_log WHERE number = 2",
        "DELETE FROM audit_log WHERE number = (SELECT max(number) FROM audit_log)",
    ],
)
async def test_a_changed_audit_log_is_noticed(target: Target, owner: Person, change: str) -> None:
    async with people_on(target.base, "Eve Example") as (eve,):
        for _ in range(3):
            await owner.delete(f"/administration/people/{eve.id}/sessions")
    assert run_command(target, "audit", "verify").returncode == 0
    path = target.data / "app.db"
    with sqlite3.connect(path, timeout=30) as connection:
        before = connection.execute("SELECT * FROM audit_log").fetchall()
        connection.execute(change)
    connection.close()
    try:
        assert run_command(target, "audit", "verify").returncode != 0
    finally:
        with sqlite3.connect(path, timeout=30) as connection:
            connection.execute("DELETE FROM audit_log")
            marks = ",".join("?" * len(before[0]))
            connection.executemany(f"INSERT INTO audit_log VALUES ({marks})", before)
        connection.close()
    assert run_command(target, "audit", "verify").returncode == 0


# ---- the control socket ------------------------------------------------------------------------

CALLS: dict[str, bytes] = {
    "nothing": b"",
    "half a length": b"\0\0",
    "a huge length": b"\xff\xff\xff\xff" + b"x" * 100,
    "no JSON": b"\0\0\0\x04nope",
    "another shape": b"\0\0\0\x02[]",
    "an unknown command": b"",
    "a deep nest": (90_000).to_bytes(4) + b"[" * 90_000,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_nonsense_on_the_control_socket_does_nothing(target: Target, call: bytes) -> None:
    def send() -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(15)
            connection.connect(str(target.data / "control.sock"))
            connection.sendall(call)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(65_536)

    answer = await asyncio.to_thread(send)
    assert b'"done"' not in answer
    assert b"Traceback" not in answer
    assert run_command(target, "user", "list", "--json").returncode == 0


async def test_only_the_operator_may_speak_on_the_control_socket(target: Target) -> None:
    mode = (target.data / "control.sock").stat().st_mode
    assert mode & 0o777 == 0o600


async def test_whoever_may_write_into_the_data_folder_is_not_trusted(target: Target) -> None:
    before = target.data.stat().st_mode
    target.data.chmod(0o777)
    try:
        told = run_command(target, "user", "list")
        assert told.returncode != 0
        assert "Traceback" not in told.stderr
    finally:
        target.data.chmod(before)
