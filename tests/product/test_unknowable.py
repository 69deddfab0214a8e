"""Hidden things answer like missing ones: every call, every place for an id."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from echosphere.web.api import PREFIX
from echosphere.web.route import Route
from tests.media.made import picture
from tests.product.conftest import Running
from tests.product.exported import exported_by
from tests.product.keys import bot_of, key_of
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, new_key, people_on
from tests.product.previewed import previewed
from tests.product.push_service import subscribed
from tests.product.samples import SAMPLES, SOMEBODY, calls_of, fitting_body, fitting_query, shape_of

CHANGING = frozenset({"date", "x-request-id", "content-length", "strict-transport-security"})
ABSENT = {"seq": "999999", "token": "t" * 43}

IN_PATHS = {
    "attachment", "avatar", "conversation", "held", "invite", "own_invite", "preview", "request", "sent", "seq",
    "session", "subscription", "token", "user", "device", "passkey", "registration", "report",
    "service", "announcement", "export", "webhook", "bot", "api_key", "bot_endpoint", "delivery",
}  # fmt: skip
NO_IDS = {"emoji", "setting"}
SECRETS = {"token"}
"""Whoever holds it may know; that a wrong one is worth nothing is said in test_invites."""

FIELDS: dict[str, Any] = {
    "clearings": lambda one: {one: 1},
    "attachments": lambda one: [one],
    "bot": lambda one: one,
    "conversation": lambda one: one,
    "from": lambda one: one,
    "groups": lambda one: [one],
    "in": lambda one: one,
    "members": lambda one: [one],
    "person": lambda one: one,
    "reply_to": int,
    "seq": int,
    "seqs": lambda one: [int(one)],
    "to": lambda one: [{"conversation": one, "key": new_key()}],
    "user": lambda one: one,
    "held": lambda one: one,
    "announcement": lambda one: one,
    "users": lambda one: one,
    "versions": lambda one: {one: 1},
}
"""How an id stands in a field of a body, a query or a socket call."""

KINDS = {
    "attachments": "attachment", "clearings": "conversation", "from": "user", "groups": "conversation", "in": "conversation",
    "members": "user", "person": "user",
    "reply_to": "seq", "seqs": "seq", "to": "conversation", "users": "user",
    "versions": "conversation",
}  # fmt: skip
EITHER = {"email": {"user"}, "user": {"email", "members", "title"}, "members": {"user"}}
"""Fields that exclude each other."""

WITHOUT_ACCESS = {"attention": "a device says what it shows; nothing is looked up for it"}

POSITIONS = {
    "clear": "how far the caller clears: the answer says how far they did, and looks nothing up",
    "PUT /conversations/<conversation>/cleared": "the same call over REST",
}
"""Calls whose `seq` is a place up to which the caller goes, and no message that is looked for."""

PLAIN = {
    "about", "accept", "after", "archived", "as_it_is", "around", "bearer", "before", "body", "code", "current",
    "cursor", "description", "draft", "dropped", "epoch", "duration", "email", "emoji", "endpoint", "expires_in", "has", "history",
    "expires_at", "scopes", "invite", "key", "keys", "kind", "limit", "longer_draft", "marked_unread", "max_uses", "muted", "muted_until",
    "name", "new", "notify", "on", "password", "pinned", "q", "reason", "role", "settings",
    "status", "text", "title", "waveform", "posting", "reacting", "slow_seconds", "messages", "banned", "words",
    "retention_days", "expire_seconds",
    "delete_messages", "approve", "contact", "decided", "decision", "emails", "job", "offset", "pending", "query", "remember", "suspended", "until",
    "parts", "severity", "ends_at", "mail", "again", "discard", "csv", "dry_run", "value",
    "quota", "sort", "own", "disabled", "hear_bots", "sees", "types", "wait", "url", "conversations",
    "command", "commands", "action", "actions", "only", "update", "notice",
    "assertion", "attestation", "client_data", "credential", "transports",
}  # fmt: skip
"""Fields without an id of something; `invite` is a secret."""


@dataclass
class World:
    """What Oscar has himself, and what others have of which he may not know."""

    running: Running
    oscar: Person
    own: dict[str, str]
    foreign: dict[str, str]


async def belongings(running: Running, person: Person, friend: Person, stranger: Person) -> Any:
    """Return one thing of each kind that someone has."""
    conversation = await person.talk_to(friend)
    file = await person.upload("notes.txt", b"a note")
    said = await person.say(conversation, "hello")
    await stranger.post("/contacts", {"email": person.email}, 202)
    await person.post("/contacts", {"email": f"nobody.{person.id}@example.org"}, 202)
    group_body = {"kind": "group", "title": "Bees", "members": [friend.id]}
    group = (await person.post("/conversations", group_body))["conversation"]["id"]
    files = {"file": ("a.png", picture(), "image/png")}
    pictured = await person.http.put(f"/conversations/{group}/avatar", files=files)
    invite = (await person.post(f"/conversations/{group}/invites", {}))["invite"]
    await person.put(f"/conversations/{group}/filter", {"words": ["boat"]}, 200)
    boat = {"key": new_key(), "body": "my boat"}
    hooks = f"/conversations/{group}/webhooks"
    waiting = await friend.post(f"/conversations/{group}/messages", boat, 200)
    return {
        "held": waiting["held"]["id"],
        "attachment": file["id"],
        "avatar": pictured.json()["conversation"]["avatar_url"].rpartition("/")[2],
        "conversation": group,
        "emoji": "👍",
        "export": await exported_by(person),
        "invite": invite["id"],
        "own_invite": (await person.post("/me/invites", {}))["invite"]["id"],
        "preview": await previewed(running, conversation, said["seq"]),
        "request": (await person.get("/contacts/requests"))["requests"][0]["id"],
        "sent": (await person.get("/contacts/sent-requests"))["requests"][0]["id"],
        "session": (await person.get("/sessions"))["sessions"][0]["id"],
        "subscription": await subscribed(person),
        "token": invite["token"],
        "user": friend.id,
        "api_key": await key_of(person),
        "webhook": (await person.post(hooks, {"name": "CI"}))["webhook"]["id"],
        **await bot_of(person),
    }


@pytest.fixture
async def world(running: Running, server: str) -> AsyncIterator[World]:
    """Oscar and Otto have nothing to do with Ada and Ben, whose group Oscar joined too late."""
    names = ("Ada", "Ben", "Oscar", "Otto", "Carl", "Cleo")
    async with people_on(server, *names) as (ada, ben, oscar, otto, carl, cleo):
        foreign = await belongings(running, ada, ben, carl)
        own = await belongings(running, oscar, otto, cleo)
        await ada.post(f"/users/{carl.id}/reports", {"reason": "spam"}, 202)
        # No one waits where registration is open, no one has a second factor, there is no service.
        absent = {"registration": SOMEBODY, "device": SOMEBODY, "passkey": SOMEBODY}
        absent |= {"service": SOMEBODY, "announcement": SOMEBODY}
        own |= absent | {"report": SOMEBODY}
        report = (await ada.get("/administration/reports"))["reports"][0]["id"]
        foreign |= absent | {"report": report}
        # Of his own group he sees what was said since he came: one message lies before that.
        body = {"kind": "group", "title": "Late", "members": []}
        late = (await otto.post("/conversations", body))["conversation"]["id"]
        await otto.patch(f"/conversations/{late}", {"history": "joined"})
        unseen = await otto.say(late, "before he came")
        await otto.post(f"/conversations/{late}/members", {"user": oscar.id})
        seen = await oscar.say(late, "after he came")
        own |= {"conversation": late, "seq": str(seen["seq"])}
        yield World(running, oscar, own, foreign | {"seq": str(unseen["seq"])})


def fields_of(shape: type | None) -> set[str]:
    names = {one.encode_name for one in msgspec.structs.fields(shape_of(shape))} if shape else set()
    assert names - PLAIN <= FIELDS.keys(), f"a place for an id needs its line: {names - PLAIN}"
    return names & FIELDS.keys()


def places_of(route: Route) -> Iterator[tuple[str, str]]:
    """Give each place of a call in which an id stands: in the path, the body or the query."""
    named = set(re.findall(r"<(\w+)>", route.path)) - NO_IDS
    assert named <= IN_PATHS, f"a new kind of id needs its line: {named}"
    yield from (("path", name) for name in sorted(named))
    yield from (("body", name) for name in sorted(fields_of(route.body)))
    yield from (("query", name) for name in sorted(fields_of(route.query)))


def filled(given: dict[str, Any], field: str, one: str) -> dict[str, Any]:
    """Return fields with an id in one of them."""
    kept = {name: value for name, value in given.items() if name not in EITHER.get(field, set())}
    if field == "members":
        kept |= {"kind": "group", "title": "Bees"}
    return kept | {field: FIELDS[field](one)}


async def answer(world: World, route: Route, where: str, name: str, one: str) -> str:
    """Return all by which a caller can tell an answer, with the id taken out."""
    ids = world.own | ({name: one} if where == "path" else {})
    path = re.sub(r"<(\w+)>", lambda found: ids[found[1]], route.path)
    body = fitting_body(route) if route.body else {}
    query = fitting_query(route) if route.query else {}
    for given in (body, query):
        given |= {
            field: FIELDS[field](ids[kind_of(field)]) for field in given.keys() & KINDS.keys()
        }
        given |= {
            field: FIELDS[field](ids[field]) for field in given.keys() & ids.keys() & FIELDS.keys()
        }
    if where == "body":
        body = filled(body, name, one)
    elif where == "query":
        query = filled(query, name, one)
    if where == "body" and name in ("conversation", "seq") and "reason" in body:
        body |= {"conversation": ids["conversation"], "seq": int(ids["seq"])} | {name: body[name]}
    http = world.oscar.http
    given = {"json": body} if route.body else {}
    sent = await http.request(route.method, world.oscar.base + PREFIX + path, params=query, **given)
    headers = sorted(pair for pair in sent.headers.items() if pair[0] not in CHANGING)
    return f"{sent.status_code} {sent.text} {headers}".replace(one, "ID")


def kind_of(field: str) -> str:
    return KINDS.get(field, field)


@on_one_database
async def test_what_may_not_be_known_answers_like_what_is_not_there(world: World) -> None:
    differences = []
    for route in world.running.application.api.routes:
        for where, name in places_of(route):
            kind = kind_of(name)
            if name == "seq" and f"{route.method} {route.path}" in POSITIONS:
                continue
            if kind in SECRETS or (where != "path" and kind not in world.foreign):
                continue
            there = await answer(world, route, where, name, world.foreign[kind])
            nowhere = await answer(world, route, where, name, ABSENT.get(kind, SOMEBODY))
            if there != nowhere:
                differences.append(
                    f"{route.method} {route.path}, {where} {name}:\n  {there}\n  {nowhere}"
                )
    assert not differences, "\n".join(differences)


@on_one_database
async def test_socket_calls_tell_nothing_of_what_may_not_be_known(world: World) -> None:
    socket, differences = await world.oscar.connect(), []
    for call, shape in calls_of(world.running.application).items():
        for field in sorted(fields_of(shape)):
            kind = kind_of(field)
            if kind == "seq" and call in POSITIONS:
                continue
            told = []
            for one in (world.foreign[kind], ABSENT.get(kind, SOMEBODY)):
                for on in (True, False):
                    argument = socket_argument(world, shape, on=on) | {field: FIELDS[field](one)}
                    told.append(await outcome(socket, call, argument, one))
            if told[:2] != told[2:]:
                differences.append(f"{call}, {field}:\n  {told[:2]}\n  {told[2:]}")
    assert not differences, "\n".join(differences)


@on_one_database
async def test_nothing_is_done_in_a_conversation_of_others(world: World) -> None:
    socket, done = await world.oscar.connect(), []
    for call, shape in calls_of(world.running.application).items():
        if "conversation" not in fields_of(shape) or call in WITHOUT_ACCESS:
            continue
        for on in (True, False):
            for one in (world.foreign["conversation"], SOMEBODY):
                argument = socket_argument(world, shape, on=on) | {"conversation": one}
                if not (told := await outcome(socket, call, argument, one)).startswith("not_found"):
                    done.append(f"{call} {argument}: {told}")
    for on in (True, False):
        path = f"/conversations/{SOMEBODY}/typing"
        assert (await world.oscar.http.post(path, json={"on": on})).status_code == 404
    assert not done, "\n".join(done)


def socket_argument(world: World, shape: type, *, on: bool) -> dict[str, Any]:
    """Return a fitting argument in which each id is one of the caller's own."""
    needed = [one for one in msgspec.structs.fields(shape_of(shape)) if one.required]
    given = {one.encode_name: SAMPLES[one.encode_name] for one in needed}
    for field in given.keys() & FIELDS.keys():
        given[field] = FIELDS[field](world.own[kind_of(field)])
    if "on" in given:
        given["on"] = on
    if "key" in given:
        given["key"] = new_key()
    return given


async def outcome(socket: Any, call: str, argument: dict[str, Any], one: str) -> str:
    try:
        return str(await socket.call(call, argument)).replace(one, "ID")
    except Refused as refused:
        return f"{refused.code}: {refused.detail}".replace(one, "ID")
