"""Administration: who can use it, what takes effect immediately, and what it never shows."""

from typing import Any

import httpx
import pytest

from echosphere.audit import verify_log
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, people_on
from tests.product.test_sessions_live import assert_signed_out

pytestmark = pytest.mark.own_product

Cast = tuple[Person, Person, Person]

SECRET = "the lantern is under the third stone"


async def reported(ada: Person, ben: Person, oscar: Person) -> tuple[str, str]:
    """Ben and Oscar talk, and Oscar reports a message of Ben's; return conversation and report."""
    conversation = await ben.talk_to(oscar)
    for number in range(9):
        await ben.say(conversation, SECRET if number in (0, 8) else f"line {number}")
    place = {"conversation": conversation, "seq": 6}
    body = {"reason": "abuse", "text": "Look at this.", **place}
    await oscar.post(f"/users/{ben.id}/reports", body, 202)
    listed = await ada.get("/administration/reports")
    assert listed["open"] == 1
    return conversation, listed["reports"][0]["id"]


ADMINISTRATION = [
    ("GET", "/administration/people"),
    ("POST", "/administration/people"),
    ("GET", "/administration/people/{user}"),
    ("PUT", "/administration/people/{user}/suspension"),
    ("DELETE", "/administration/people/{user}/suspension"),
    ("DELETE", "/administration/people/{user}/sessions"),
    ("DELETE", "/administration/people/{user}/second-factor"),
    ("PUT", "/administration/people/{user}/role"),
    ("GET", "/administration/conversations"),
    ("GET", "/administration/health"),
    ("POST", "/administration/jobs"),
    ("GET", "/administration/audit"),
    ("GET", "/administration/audit/export"),
    ("GET", "/administration/audit/verification"),
    ("GET", "/administration/examination"),
    ("GET", "/administration/announcements"),
    ("GET", "/administration/reports"),
    ("GET", "/administration/reports/nothing"),
    ("POST", "/administration/reports/nothing/decision"),
]
BODIES: dict[str, Any] = {
    "/administration/people": {"email": "x@example.org", "name": "X", "password": PASSWORD},
    "/administration/people/{user}/suspension": {"reason": "none"},
    "/administration/people/{user}/role": {"role": "owner"},
    "/administration/jobs": {"job": 1},
    "/administration/reports/nothing/decision": {"decision": "warn", "reason": "none"},
}


async def test_it_does_not_exist_for_members(cast: Cast) -> None:
    ada, ben, _ = cast
    for method, path in ADMINISTRATION:
        body = BODIES.get(path) if method in ("POST", "PUT") else None
        answer = await ben.http.request(method, path.format(user=ada.id), json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path)


async def test_people_are_found_created_and_given_roles(cast: Cast) -> None:
    ada, ben, _ = cast
    found = (await ada.get("/administration/people", query="BEN"))["people"]
    assert [one["id"] for one in found] == [ben.id]
    assert (found[0]["devices"], found[0]["used"], found[0]["manageable"]) == (1, 0, True)
    assert (await ada.get("/administration/people", query="%"))["people"] == []
    await ben.upload("notes.txt", b"twelve bytes")
    new = {"email": "cy@example.org", "name": "Cy", "password": "kestrel-over-fjord"}
    made = (await ada.post("/administration/people", {**new, "key": "made-once"}))["person"]
    again = (await ada.post("/administration/people", {**new, "key": "made-once"}))["person"]
    assert (made["id"], made["role"], again["id"]) == (made["id"], "member", made["id"])
    assert made["second_factor"] is False
    eva = {**new, "email": "eva@example.org", "name": "Eva", "contact": True}
    created = (await ada.post("/administration/people", eva))["person"]
    contacts = [one["user"]["id"] for one in (await ada.get("/contacts"))["contacts"]]
    assert created["id"] in contacts
    assert made["id"] not in contacts
    await ada.put(f"/administration/people/{made['id']}/role", {"role": "moderator"})
    shown = (await ada.get(f"/administration/people/{made['id']}"))["person"]
    assert shown["role"] == "moderator"
    everybody = (await ada.get("/administration/people"))["people"]
    assert [one["name"] for one in everybody] == sorted(one["name"] for one in everybody)
    await ada.get("/administration/people/nobody", 404)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_deactivated_person_is_out_at_once_and_comes_back(
    cast: Cast, running: Running, transport: str
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    socket = await ben.connect(transports=[transport])
    out = f"/administration/people/{ben.id}/suspension"
    refused = await ada.put(out, {"reason": " "}, 400)
    assert "reason" in refused["fields"]
    await ada.put(out, {"reason": "Shares secrets."})
    await ada.say(conversation, SECRET)
    await assert_signed_out(socket, reason="suspended")
    assert SECRET not in repr(socket.events)
    await ben.get("/me", 401)
    proof = {"email": ben.email, "password": PASSWORD, "bearer": True}
    told = await ada.post("/sessions", proof, 403)
    assert "deactivated. Reason: 'Shares secrets.'." in told["detail"]
    german = await ada.http.post("/sessions", json=proof, headers={"Accept-Language": "de"})
    assert "mit der Begründung 'Shares secrets.'" in german.json()["detail"]
    shown = (await ada.get("/administration/people", suspended=True))["people"]
    assert [(one["id"], one["suspension_reason"]) for one in shown] == [(ben.id, "Shares secrets.")]
    await ada.delete(out)
    back = await ada.http.post("/sessions", json=proof)
    assert back.status_code == 201
    head = await verify_log(running.application.database)
    assert head.number == 3
    [owner] = (await ada.get("/administration/audit", person=ada.id))["entries"][-1:]
    assert (owner["action"], owner["address"]) == ("user.became_owner", "127.0.0.1")


async def test_a_suspension_says_that_it_ends(cast: Cast) -> None:
    ada, ben, _ = cast
    out = f"/administration/people/{ben.id}/suspension"
    await ada.put(out, {"reason": "Calm down.", "until": 1}, 400)
    await ada.put(out, {"reason": "Calm down.", "until": 4_102_444_800_000})
    proof = {"email": ben.email, "password": PASSWORD}
    told = await ada.http.post("/sessions", json=proof)
    said = "This account is suspended until '2100-01-01 00:00 UTC'. Reason: 'Calm down.'."
    assert (told.status_code, told.json()["detail"]) == (403, said)
    assert int(told.headers["retry-after"]) > 1_000_000


async def test_no_one_locks_out_themselves_or_those_above(cast: Cast, server: str) -> None:
    ada, ben, oscar = cast
    await ada.put(f"/administration/people/{ben.id}/role", {"role": "administrator"})
    async with people_on(server, "Cleo Example") as [cleo]:
        await cleo.get("/administration/people", 404)
    signed_in = {"email": ben.email, "password": PASSWORD, "bearer": True}
    ben.http.headers["Authorization"] = (
        "Bearer " + (await oscar.post("/sessions", signed_in))["token"]
    )
    for path, body in (("suspension", {"reason": "x"}), ("role", {"role": "member"})):
        refused = await ben.put(f"/administration/people/{ada.id}/{path}", body, 403)
        assert refused["code"] == "forbidden"
    await ben.put(f"/administration/people/{ben.id}/suspension", {"reason": "x"}, 403)
    await ada.put(f"/administration/people/{ada.id}/suspension", {"reason": "x"}, 409)
    await ada.put(f"/administration/people/{ada.id}/role", {"role": "member"}, 409)


async def test_signed_out_everywhere_and_told_by_whom(cast: Cast) -> None:
    ada, ben, _ = cast
    socket = await ben.connect()
    await ada.delete(f"/administration/people/{ben.id}/sessions")
    await assert_signed_out(socket, reason="administrator")
    await ben.get("/me", 401)
    signed_in = {"email": ben.email, "password": PASSWORD, "bearer": True}
    token = (await ada.post("/sessions", signed_in))["token"]
    ben.http.headers["Authorization"] = f"Bearer {token}"
    [entry] = (await ben.get("/me/audit"))["entries"]
    assert (entry["action"], entry["actor"]) == (
        "user.signed_out",
        {"id": ada.id, "name": "Ada Example"},
    )


async def test_the_audit_log_has_ids_and_addresses_and_no_names(
    cast: Cast, running: Running
) -> None:
    ada, ben, _ = cast
    await ada.delete(f"/administration/people/{ben.id}/sessions")
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.7")
    async with httpx.AsyncClient(transport=transport, headers=ada.http.headers) as elsewhere:
        role = f"{ada.http.base_url}administration/people/{ben.id}/role"
        assert (await elsewhere.put(role, json={"role": "moderator"})).status_code == 204
    shown = await ada.get("/administration/audit", person=ben.id)
    assert [one["action"] for one in shown["entries"]] == ["user.role_changed", "user.signed_out"]
    assert shown["entries"][0]["details"] == {"before": "member", "role": "moderator"}
    assert [one["address"] for one in shown["entries"]] == ["127.0.0.7", "127.0.0.1"]
    assert shown["head"] == str(await verify_log(running.application.database))
    await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    await verify_log(running.application.database)


async def test_a_report_shows_its_message_and_five_around_it(cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation, report = await reported(ada, ben, oscar)
    shown = await ada.get(f"/administration/reports/{report}")
    assert [one["seq"] for one in shown["messages"]] == [3, 4, 5, 6, 7, 8]
    assert [one["seq"] for one in shown["messages"] if one["reported"]] == [6]
    assert [one["deleted"] for one in shown["messages"]] == [False] * 6
    assert SECRET not in repr(shown)
    assert shown["report"]["reporter"]["id"] == oscar.id
    for path in (f"/conversations/{conversation}", f"/conversations/{conversation}/messages"):
        await ada.get(path, 404)
    everything = [
        await ada.get(f"/administration/{what}")
        for what in ("people", "conversations", "health", "audit", "reports")
    ]
    assert SECRET not in repr(everything)
    assert "line" not in repr(everything[1])


async def test_removing_a_reported_message_removes_it_for_all(cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation, report = await reported(ada, ben, oscar)
    socket = await oscar.connect()
    decision = f"/administration/reports/{report}/decision"
    await ada.post(decision, {"decision": "remove", "reason": ""}, 400)
    await ada.post(decision, {"decision": "remove", "reason": "Insulting."}, 204)
    left = (await socket.next("message", conversation=conversation))["message"]
    assert (left["seq"], left["deleted"]) == (6, True)
    await ada.post(decision, {"decision": "warn", "reason": "Once more."}, 409)
    messages = (await ben.get(f"/conversations/{conversation}/messages"))["messages"]
    assert [one["seq"] for one in messages if one["deleted"]] == [6]
    [own] = (await oscar.get("/me/reports"))["reports"]
    assert (own["followed"], own["user"]["id"]) == (True, ben.id)
    [told] = (await ben.get("/me/decisions"))["decisions"]
    assert (told["decision"], told["reason"]) == ("remove", "Insulting.")
    assert oscar.id not in repr(told)
    assert (await ada.get("/administration/reports"))["open"] == 0
    [decided] = (await ada.get("/administration/reports", decided=True))["reports"]
    assert (decided["decision"], decided["decided_by"]["id"]) == ("remove", ada.id)


@pytest.mark.parametrize(
    ("decision", "more"), [("ban", {}), ("suspend", {"until": 4_102_444_800_000})]
)
async def test_a_decision_keeps_the_reported_out(
    cast: Cast, decision: str, more: dict[str, int]
) -> None:
    ada, ben, oscar = cast
    _, report = await reported(ada, ben, oscar)
    path = f"/administration/reports/{report}/decision"
    if more:
        await ada.post(path, {"decision": decision, "reason": "Enough."}, 400)
    await ada.post(path, {"decision": decision, "reason": "Enough.", **more}, 204)
    await ben.get("/me", 401)
    [shown] = (await ada.get("/administration/people", suspended=True))["people"]
    assert shown["suspension_reason"] == "Enough."


async def test_a_dismissed_report_stays_unknown_to_the_reported(cast: Cast) -> None:
    ada, ben, oscar = cast
    _, report = await reported(ada, ben, oscar)
    path = f"/administration/reports/{report}/decision"
    await ada.post(path, {"decision": "dismiss", "reason": "Harmless."}, 204)
    assert (await ben.get("/me/decisions"))["decisions"] == []
    [own] = (await oscar.get("/me/reports"))["reports"]
    assert (own["followed"], own["decided_at"] is not None) == (False, True)


async def test_conversations_and_health_are_figures(cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation = await ben.talk_to(oscar)
    file = await ben.upload("notes.txt", b"x" * 1_000)
    await ben.say(conversation, SECRET, attachments=[file["id"]])
    [large] = (await ada.get("/administration/conversations"))["conversations"]
    assert (large["members"], large["files"]) == (2, 1)
    assert large["bytes"] >= 900
    health = await ada.get("/administration/health")
    assert health["free_bytes"] > 0
    assert health["failed_jobs"] == []
    await ada.post("/administration/jobs", {"job": 12_345}, 404)
