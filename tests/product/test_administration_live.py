"""Administration is told what changes: those who may see it, and no one else."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts import Action, who_may
from echosphere.administration.live import FiguresWatch
from echosphere.audit.store import audit_log
from echosphere.database import Transaction, jobs
from tests.processes import PROCESSES
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, TIMEOUT, Person, Socket, people_on

pytestmark = pytest.mark.own_product

Cast = tuple[Person, Person, Person]


@pytest.fixture
async def staff(cast: Cast, server: str) -> AsyncIterator[tuple[Person, Person]]:
    """An administrator and a moderator beside the owner, the member and the outsider."""
    ada, _, _ = cast
    async with people_on(server, "Astrid Example", "Mona Example") as (astrid, mona):
        for person, role in ((astrid, "administrator"), (mona, "moderator")):
            await ada.put(f"/administration/people/{person.id}/role", {"role": role})
            await sign_in_again(person)
        yield astrid, mona


async def sign_in_again(person: Person) -> None:
    given = {"email": person.email, "password": PASSWORD, "bearer": True}
    person.token = (await person.http.post("/sessions", json=given)).json()["token"]
    person.http.headers["Authorization"] = f"Bearer {person.token}"


async def topics_of(socket: Socket) -> set[str]:
    """Return the topics of which a socket heard, once all that was sent before has come."""
    await socket.call("announcements", {})
    return {event["topic"] for name, event in socket.events if name == "administration"}


async def test_each_change_is_told_to_those_whose_role_lets_them_see_it(
    cast: Cast, staff: tuple[Person, Person]
) -> None:
    ada, ben, oscar = cast
    astrid, mona = staff
    sockets = {one.id: await one.connect() for one in (ada, astrid, mona, ben, oscar)}

    async def told(act: Any, topic: str, *others: Person) -> None:
        for socket in sockets.values():
            socket.events.clear()
        await act
        for person in others:
            await sockets[person.id].next("administration", topic=topic)
        for person in (ada, astrid, mona, ben, oscar):
            heard = await topics_of(sockets[person.id])
            assert (topic in heard) is (person in others), (topic, person.user["name"])

    await told(ada.post("/server/invites", {}), "invites", ada, astrid)
    await told(ada.post("/server/invites", {}), "audit", ada, astrid)
    text = {"text": "Hello"}
    announcements = "/administration/announcements"
    await told(ada.post(announcements, text), "announcements", ada, astrid)
    spam = {"reason": "spam"}
    await told(ben.post(f"/users/{ben.id}/reports", spam, 400), "reports")
    await ben.befriend(oscar)
    await told(oscar.post(f"/users/{ben.id}/reports", spam, 202), "reports", ada, astrid, mona)
    report = (await ada.get("/administration/reports"))["reports"][0]["id"]
    decision = {"decision": "warn", "reason": "Be kind."}
    path = f"/administration/reports/{report}/decision"
    await told(mona.post(path, decision, 204), "reports", ada, astrid, mona)
    await told(ben.patch("/me", {"name": "Benno"}), "people", ada, astrid)
    out = f"/administration/people/{oscar.id}/suspension"
    del sockets[oscar.id]
    await ada.put(out, {"reason": "None."})
    event = await sockets[astrid.id].next("administration", topic="people", user=oscar.id)
    assert event["user"] == oscar.id


async def test_no_one_hears_of_a_report_about_themselves(
    cast: Cast, staff: tuple[Person, Person]
) -> None:
    ada, ben, _ = cast
    _, mona = staff
    await ben.befriend(mona)
    socket, owner = await mona.connect(), await ada.connect()
    await ben.post(f"/users/{mona.id}/reports", {"reason": "abuse"}, 202)
    await owner.next("administration", topic="reports")
    assert await topics_of(socket) == set()
    report = (await ada.get("/administration/reports"))["reports"][0]["id"]
    decision = {"decision": "dismiss", "reason": "Nothing."}
    await ada.post(f"/administration/reports/{report}/decision", decision, 204)
    assert "reports" not in await topics_of(socket)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_who_lost_the_role_hears_nothing_from_that_moment(
    cast: Cast, staff: tuple[Person, Person], transport: str
) -> None:
    ada, ben, _ = cast
    astrid, _ = staff
    before = await astrid.connect(transports=[transport])
    await ada.put(f"/administration/people/{astrid.id}/role", {"role": "member"})
    await sign_in_again(astrid)
    after = await astrid.connect(transports=[transport])
    before.events.clear()
    acts = [ada.post("/server/invites", {}) for _ in range(10)]
    await asyncio.gather(*acts, ben.patch("/me", {"name": "Benno"}))
    await (await ada.connect()).call("announcements", {})
    assert await topics_of(after) == set()
    assert [event for name, event in before.events if name == "administration"] == []


async def test_the_audience_is_that_of_the_moment_of_the_change(
    cast: Cast, running: Running
) -> None:
    """In one transaction with the loss of the role, before its sessions have ended anywhere."""
    ada, ben, _ = cast
    write = running.application.database.write
    await ada.put(f"/administration/people/{ben.id}/role", {"role": "administrator"})
    assert await write(_who_sees_people) == {ada.id, ben.id}
    await ada.put(f"/administration/people/{ben.id}/suspension", {"reason": "None."})
    assert await write(_who_sees_people) == {ada.id}


def _who_sees_people(transaction: Transaction) -> frozenset[str]:
    return who_may(transaction, Action.VIEW_ADMINISTRATION)


@on_one_database
async def test_figures_are_told_once_to_who_has_fetched_them(cast: Cast, running: Running) -> None:
    ada, ben, oscar = cast
    watch: FiguresWatch = running.application.figures
    await watch.stop()
    socket, stranger = await ada.connect(), await ben.connect()
    await watch.compare()
    assert await topics_of(socket) == set()
    await ada.get("/administration/health")
    await ben.get("/administration/health", 404)
    await watch.compare()
    assert await topics_of(socket) == set(), "nothing has changed"
    phone = await oscar.connect()
    await watch.compare()
    assert await topics_of(socket) == {"health"}
    socket.events.clear()
    await phone.close()
    await (await oscar.connect()).call("announcements", {})
    await watch.compare()
    assert await topics_of(socket) == set(), "it was not fetched since"
    assert await topics_of(stranger) == set()


@on_one_database
async def test_who_is_connected_is_online_unless_they_are_invisible(cast: Cast) -> None:
    ada, ben, oscar = cast

    async def online() -> dict[str, bool]:
        people = (await ada.get("/administration/people"))["people"]
        return {one["id"]: one["online"] for one in people}

    assert await online() == {ada.id: False, ben.id: False, oscar.id: False}
    await ben.connect()
    await oscar.connect()
    await oscar.patch("/me", {"settings": {"presence": "invisible"}})
    expected = {ada.id: False, ben.id: True, oscar.id: False}
    async with asyncio.timeout(TIMEOUT):  # another process hears of it a moment later
        while [await online() for _ in range(PROCESSES)] != [expected] * PROCESSES:
            await asyncio.sleep(0.05)
    assert (await ada.get(f"/administration/people/{ben.id}"))["person"]["online"] is True


async def test_a_failed_job_is_discarded_and_a_recurring_one_is_not(
    cast: Cast, running: Running
) -> None:
    ada, _, _ = cast

    async def fail(_given: Any) -> None:
        raise OSError("no such host")

    running.application.platform.jobs.register("test.fails", fail)
    await running.application.database.write(_enqueue)
    while not (failed := (await ada.get("/administration/health"))["failed_jobs"]):
        await asyncio.sleep(0.05)
    assert (failed[0]["kind"], failed[0]["recurring"]) == ("test.fails", False)
    assert "no such host" in failed[0]["error"]
    await ada.post("/administration/jobs", {"job": failed[0]["id"], "discard": True}, 204)
    assert (await ada.get("/administration/health"))["failed_jobs"] == []
    await ada.post("/administration/jobs", {"job": failed[0]["id"], "discard": True}, 404)
    await running.application.database.write(_fail_recurring)
    [sweep] = (await ada.get("/administration/health"))["failed_jobs"]
    assert (sweep["kind"], sweep["recurring"]) == ("announcements.sweep", True)
    await ada.post("/administration/jobs", {"job": sweep["id"], "discard": True}, 404)
    [last] = (await ada.get("/administration/audit"))["entries"][:1]
    assert (last["action"], last["details"]) == ("job.discarded", {"job": failed[0]["id"]})


def _fail_recurring(transaction: Transaction) -> None:
    sweep = update(jobs).where(jobs.c.kind == "announcements.sweep")
    transaction.execute(sweep.values(last_error="no such table"))


def _enqueue(transaction: Transaction) -> None:
    transaction.enqueue("test.fails", {})


@on_one_database
async def test_the_room_shows_what_doctor_finds(cast: Cast) -> None:
    ada, _, _ = cast
    checks = (await ada.get("/administration/examination"))["checks"]
    found = {one["name"]: one["state"] for one in checks}
    assert set(found) >= {"settings", "client", "disk", "database", "storage", "passkeys"}
    assert (found["database"], found["storage"]) == ("ok", "ok")
    [database] = [one for one in checks if one["name"] == "database"]
    assert "answers" in database["text"]


async def test_the_log_is_exported_and_verified(cast: Cast, running: Running) -> None:
    ada, ben, _ = cast
    await ada.delete(f"/administration/people/{ben.id}/sessions")
    answer = await ada.http.get("/administration/audit/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["action"] for one in lines] == ["user.became_owner", "user.signed_out"]
    assert "attachment" in answer.headers["content-disposition"]
    head = (await ada.get("/administration/audit"))["head"]
    verification = "/administration/audit/verification"
    assert await ada.get(verification) == {"head": head, "problem": None}
    await running.application.database.write(_tamper)
    told = await ada.get(verification)
    assert (told["head"], told["problem"]) == (head, "Entry 2 was changed.")
    async with httpx.AsyncClient(base_url=ada.http.base_url) as nobody:
        assert (await nobody.get("administration/audit/export")).status_code == 401


def _tamper(transaction: Transaction) -> None:
    transaction.execute(update(audit_log).where(audit_log.c.number == 2).values(action="none"))


async def test_the_filter_is_told_to_those_who_run_the_group(cast: Cast) -> None:
    ada, ben, oscar = cast
    for person in (ben, oscar):
        await ada.befriend(person)
    body = {"kind": "group", "title": "Bees", "members": [ben.id, oscar.id]}
    group = (await ada.post("/conversations", body))["conversation"]["id"]
    await ada.patch(f"/conversations/{group}/members/{ben.id}", {"role": "admin"})
    phone, admin, member = await ada.connect(), await ben.connect(), await oscar.connect()
    for words in (["boat"], []):
        await ada.put(f"/conversations/{group}/filter", {"words": words}, 200)
        for socket in (phone, admin):
            await socket.next("held", conversation=group, filtered=bool(words))
    await member.call("announcements", {})
    assert member.of("held") == []
