"""Attacks on other people's data: every route with every id, and where a message can lead."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.attacks.conftest import Cast, code_of
from tests.attacks.servers import Target
from tests.attacks.test_signing_in import essence
from tests.media.made import picture
from tests.product.groups import Group, found
from tests.product.people import Person, new_key, people_on
from tests.product.push_service import subscribed
from tests.product.samples import SAMPLES, SOMEBODY

ANONYMOUS = {
    ("post", "/accounts"), ("post", "/sessions"), ("post", "/sessions/second-factor"),
    ("post", "/sessions/second-factor/passkey"), ("get", "/sessions/passkey"),
    ("post", "/sessions/passkey"), ("get", "/invites/{token}/avatar"),
    ("post", "/respond/{token}"),  # whoever knows the address answers
}  # fmt: skip
"""What needs no session."""

WITHOUT_A_QUESTION = {("delete", "/blocks/{user}")}
"""What is done for the caller alone, and says the same of everyone."""

BY_SECRET = {"token"}
"""Whoever holds it may know."""

Document = dict[str, Any]


async def routes_of(http: httpx.AsyncClient) -> tuple[Document, list[tuple[str, str, Document]]]:
    """Return the OpenAPI document, and each method and path with what it takes."""
    document: Document = (await http.get("/api/v1/openapi.json")).json()
    found_routes = [
        (method, path.removeprefix("/api/v1"), what)
        for path, methods in document["paths"].items()
        for method, what in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    assert len(found_routes) > 100
    return document, found_routes


def fitting(document: Document, what: Document) -> dict[str, Any]:
    """Return a body and a query of the right shape for a call."""
    given: dict[str, Any] = {}
    content = what.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        shape = content["schema"]
        if "$ref" in shape:
            shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        given["json"] = {name: SAMPLES[name] for name in shape.get("required", [])}
    query = {
        one["name"]: SAMPLES[one["name"]]
        for one in what.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    return given | ({"params": query | KIND} if query.get("kind") else {"params": query})


KIND = {"kind": "media"}


async def test_nothing_is_answered_without_a_session(target: Target) -> None:
    async with target.browser() as http:
        document, routes = await routes_of(http)
        for method, path, what in routes:
            if (method, path) in ANONYMOUS:
                continue
            address = "/api/v1" + re.sub(r"\{\w+\}", SOMEBODY, path)
            answer = await http.request(method, address, **fitting(document, what))
            assert code_of(answer) == (401, "unauthorized"), (method, path)


async def belongings(cast: Cast) -> dict[str, str]:
    """Return the ids of what Ada and Ben have, by the name of the place in a path."""
    ada, ben = cast.ada, cast.ben
    file = await ada.upload("notes.txt", b"a secret note")
    said = await ada.say(cast.here, "see the file", attachments=[file["id"]])
    group = f"/conversations/{await found(ada, ben, title='Secret')}"
    pictured = await ada.http.put(f"{group}/avatar", files={"file": ("a.png", picture())})
    invite = (await ada.post(f"{group}/invites", {}))["invite"]
    await ada.put(f"{group}/filter", {"words": ["boat"]}, 200)
    waiting = {"key": new_key(), "body": "my boat"}
    held = (await ben.post(f"{group}/messages", waiting, 200))["held"]["id"]
    async with people_on(cast.target.base, "Carl Example") as (carl,):
        await carl.post("/contacts", {"email": ada.email}, 202)
    await ada.post("/contacts", {"email": f"nobody.{ada.id}@example.org"}, 202)
    return {
        "attachment": file["id"],
        "avatar": pictured.json()["conversation"]["avatar_url"].rpartition("/")[2],
        "conversation": cast.here,
        "emoji": "👍",
        "held": held,
        "invite": invite["id"],
        "own_invite": (await ada.post("/me/invites", {}))["invite"]["id"],
        "request": (await ada.get("/contacts/requests"))["requests"][0]["id"],
        "sent": (await ada.get("/contacts/sent-requests"))["requests"][0]["id"],
        "seq": str(said["seq"]),
        "session": (await ada.get("/sessions"))["sessions"][0]["id"],
        "subscription": await subscribed(ada),
        "user": ben.id,
    } | dict.fromkeys(
        ("device", "passkey", "preview", "registration", "report", "service"), SOMEBODY
    )


async def test_what_others_have_answers_like_what_is_not_there(cast: Cast) -> None:
    theirs = await belongings(cast)
    nobodys = theirs | {name: SOMEBODY for name in theirs if name not in ("emoji", "seq")}
    async with cast.target.browser() as http:
        document, routes = await routes_of(http)
    tried = 0
    for method, path, what in routes:
        names = re.findall(r"\{(\w+)\}", path)
        if not names or set(names) & BY_SECRET or set(names) - set(theirs):
            continue
        given = fitting(document, what)
        answers = [
            await cast.oscar.http.request(method, path.format(**ids), **given)
            for ids in (theirs, nobodys)
        ]
        assert essence(answers[0]) == essence(answers[1]), (method, path)
        refused = answers[0].status_code in (400, 404)
        assert refused or (method, path) in WITHOUT_A_QUESTION, (method, path)
        tried += 1
    assert tried > 60
    assert (await cast.ada.get(cast.messages()))["messages"][0]["body"] == "see the file"


async def test_ids_of_others_in_bodies_and_queries_lead_nowhere(cast: Cast) -> None:
    theirs = await belongings(cast)
    oscar = cast.oscar
    notes = await oscar.post("/conversations", {"kind": "direct", "user": oscar.id})
    own = f"/conversations/{notes['conversation']['id']}/messages"
    tries: list[tuple[str, str, Any]] = [
        ("POST", own, {"key": new_key(), "body": "x", "attachments": [theirs["attachment"]]}),
        ("POST", "/conversations", {"kind": "group", "title": "x", "members": [theirs["user"]]}),
        ("POST", "/conversations", {"kind": "direct", "user": theirs["user"]}),
        ("POST", "/contacts", {"user": theirs["user"]}),
        ("GET", f"/search?q=file&in={theirs['conversation']}", None),
        ("GET", f"/search?q=file&from={theirs['user']}", None),
        ("GET", f"/presence?users={theirs['user']}", None),
        ("POST", "/sync", {"versions": {theirs["conversation"]: 0}}),
        ("POST", f"/users/{theirs['user']}/reports", {"reason": "spam"}),
    ]
    for method, path, body in tries:
        answers = []
        for one in (theirs, dict.fromkeys(theirs, SOMEBODY)):
            told, where = json.dumps(body), path
            for name, value in theirs.items():
                if name not in ("seq", "emoji"):
                    told, where = told.replace(value, one[name]), where.replace(value, one[name])
            answer = await oscar.http.request(
                method, where, json=None if body is None else json.loads(told)
            )
            answers.append(answer.text.replace(one["conversation"], "").replace(one["user"], ""))
        assert answers[0] == answers[1], path
        assert "see the file" not in answers[0]


# ---- messages ----------------------------------------------------------------------------------


async def test_no_one_changes_what_another_said(cast: Cast) -> None:
    said = await cast.ada.say(cast.here, "my words")
    path = cast.messages(f"/{said['seq']}")
    await cast.ben.patch(path, {"body": "forged"}, 403)
    await cast.ben.delete(path, 403)
    await cast.ben.delete(f"{path}/preview", 403)
    assert (await cast.ben.get(path))["message"]["body"] == "my words"


async def test_no_one_posts_as_another(cast: Cast) -> None:
    for field in ("author", "user", "created_at", "seq", "system", "forwarded", "version"):
        body = {"key": new_key(), "body": "forged", field: cast.ben.id}
        await cast.ada.post(cast.messages(), body, 400)


async def test_the_key_of_another_does_not_show_their_message(cast: Cast) -> None:
    said = await cast.ada.say(cast.here, "my words")
    again = await cast.ben.post(cast.messages(), {"key": said["key"], "body": "mine"})
    assert (again["message"]["author"], again["message"]["body"]) == (cast.ben.id, "mine")


async def test_deleted_words_are_nowhere(cast: Cast) -> None:
    secret = "quinquereme of Nineveh"
    said = await cast.ada.say(cast.here, secret)
    path = cast.messages(f"/{said['seq']}")
    await cast.ada.patch(path, {"body": f"{secret}, again"})
    reply = await cast.ben.say(cast.here, "yes", reply_to=said["seq"])
    watching = await cast.ben.connect()
    await cast.ada.delete(path, 200)
    await watching.next("message", conversation=cast.here)
    texts = [
        (await cast.ben.http.get(where)).text
        for where in (
            path, f"{path}/versions", cast.messages(), "/search?q=quinquereme", "/conversations",
            f"/conversations/{cast.here}", cast.messages(f"/{reply['seq']}"), "/sync", "/saved",
            f"/conversations/{cast.here}/pins",
        )
    ]  # fmt: skip
    assert secret not in "".join(texts) + repr(watching.events)


async def test_a_reply_does_not_quote_what_its_author_may_not_see(cast: Cast) -> None:
    secret = await cast.ada.say(cast.here, "between us")
    notes = await cast.oscar.post("/conversations", {"kind": "direct", "user": cast.oscar.id})
    own = f"/conversations/{notes['conversation']['id']}/messages"
    answer = await cast.oscar.http.post(
        own, json={"key": new_key(), "body": "x", "reply_to": secret["seq"] + 1_000}
    )
    assert answer.status_code in (400, 404)


async def test_no_one_forwards_what_they_may_not_see(cast: Cast) -> None:
    said = await cast.ada.say(cast.here, "between us")
    notes = await cast.oscar.post("/conversations", {"kind": "direct", "user": cast.oscar.id})
    to = [{"conversation": notes["conversation"]["id"], "key": new_key()}]
    await cast.oscar.post(cast.messages(f"/{said['seq']}/forward"), {"to": to}, 404)


async def test_no_one_forwards_into_a_place_that_is_not_theirs(cast: Cast) -> None:
    notes = await cast.oscar.post("/conversations", {"kind": "direct", "user": cast.oscar.id})
    here = notes["conversation"]["id"]
    said = await cast.oscar.say(here, "spam")
    to = [{"conversation": here, "key": new_key()}, {"conversation": cast.here, "key": new_key()}]
    await cast.oscar.post(f"/conversations/{here}/messages/{said['seq']}/forward", {"to": to}, 404)
    assert (await cast.ada.get(cast.messages()))["messages"] == []
    assert len((await cast.oscar.get(f"/conversations/{here}/messages"))["messages"]) == 1


async def test_no_one_sends_a_file_of_another(cast: Cast) -> None:
    file = await cast.ada.upload("notes.txt", b"mine")
    body = {"key": new_key(), "body": "yours", "attachments": [file["id"]]}
    await cast.ben.post(cast.messages(), body, 400)
    await cast.ada.say(cast.here, "here", attachments=[file["id"]])
    await cast.ben.post(cast.messages(), body | {"key": new_key()}, 400)
    await cast.ben.delete(f"/attachments/{file['id']}", 409)
    assert (await cast.ada.http.get(f"/attachments/{file['id']}")).content == b"mine"


async def test_a_file_before_its_message_is_its_uploaders_alone(cast: Cast) -> None:
    file = await cast.ada.upload("notes.txt", b"a secret note")
    for person in (cast.ben, cast.oscar):
        await person.get(f"/attachments/{file['id']}", 404)
        await person.delete(f"/attachments/{file['id']}", 404)
    await cast.ada.say(cast.here, "here", attachments=[file["id"]])
    assert (await cast.ben.http.get(f"/attachments/{file['id']}")).content == b"a secret note"
    await cast.oscar.get(f"/attachments/{file['id']}", 404)


async def test_a_file_goes_with_its_message(cast: Cast) -> None:
    file = await cast.ada.upload("notes.txt", b"a secret note")
    said = await cast.ada.say(cast.here, "here", attachments=[file["id"]])
    etag = (await cast.ben.http.get(f"/attachments/{file['id']}")).headers["etag"]
    await cast.ada.delete(cast.messages(f"/{said['seq']}"), 200)
    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-3", "If-Range": etag}):
        answer = await cast.ben.http.get(f"/attachments/{file['id']}", headers=headers)
        assert answer.status_code == 404


async def test_no_one_learns_of_the_presence_of_strangers(cast: Cast) -> None:
    await cast.ada.connect()
    shown = await cast.oscar.get("/presence", users=f"{cast.ada.id},{cast.ben.id}")
    assert shown["presence"] == []
    await cast.oscar.get(f"/users/{cast.ada.id}", 404)


async def test_across_a_block_nothing_gets_through(cast: Cast) -> None:
    await cast.ben.put(f"/blocks/{cast.ada.id}")
    await cast.ada.post(cast.messages(), {"key": new_key(), "body": "let me in"}, 403)
    await cast.ada.post("/contacts", {"email": cast.ben.email}, 202)
    assert (await cast.ben.get("/contacts/requests"))["requests"] == []
    assert (await cast.ada.get("/presence", users=cast.ben.id))["presence"] == []
    title = {"kind": "group", "title": "Trap", "members": [cast.ben.id]}
    assert (await cast.ada.http.post("/conversations", json=title)).status_code in (400, 403, 404)


async def test_no_one_becomes_a_contact_without_being_asked(cast: Cast) -> None:
    await cast.oscar.post("/contacts", {"email": cast.ada.email}, 202)
    [request] = (await cast.ada.get("/contacts/requests"))["requests"]
    await cast.oscar.post(f"/contacts/requests/{request['id']}", {"accept": True}, 404)
    await cast.ben.post(f"/contacts/requests/{request['id']}", {"accept": True}, 404)
    body = {"kind": "direct", "user": cast.ada.id}
    assert (await cast.oscar.http.post("/conversations", json=body)).status_code in (403, 404)


async def test_a_search_finds_nothing_of_others(cast: Cast) -> None:
    await cast.ada.say(cast.here, "the word is sarsaparilla")
    for query in ("sarsaparilla", '"sarsaparilla"', "sarsa", "the word is", "has:link word"):
        shown = await cast.oscar.get("/search", q=query)
        assert (shown["results"], shown["people"], shown["conversations"]) == ([], [], [])
    for query, nobody in (("from:Ada word", "from:Zoe word"), ("in:Ben word", "in:Zed word")):
        told = [await cast.oscar.get("/search", 400, q=one) for one in (query, nobody)]
        assert str(told[0]).replace("Ada", "Zoe").replace("Ben", "Zed") == str(told[1])


QUERIES = [
    "' OR 1=1 --", '" OR 1=1 --', "%", "_", "\\", "*", "NEAR(a b)", "body:x*", "a AND b", "^a", "-a",
    "{a b}", "a\0b", "(", "(a+)+$" * 30, "from:' UNION SELECT password FROM users --", "has:../x",
    "before:9999999-99-99", "\u202e\u200d" * 50, "\ufdfa" * 200,
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
async def test_a_search_is_words_and_no_program(cast: Cast, query: str) -> None:
    await cast.ada.say(cast.here, "nothing of the kind")
    answer = await cast.oscar.http.get("/search", params={"q": query})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json()["results"] == []
    own = await cast.ada.http.get("/search", params={"q": query})
    assert own.status_code in (200, 400)


async def test_a_cursor_of_another_search_shows_nothing_of_others(cast: Cast) -> None:
    for number in range(4):
        await cast.ada.say(cast.here, f"sarsaparilla {number}")
    page = await cast.ada.get("/search", q="sarsaparilla", limit=1)
    assert page["cursor"]
    query = {"q": "sarsaparilla", "cursor": page["cursor"]}
    answer = await cast.oscar.http.get("/search", params=query)
    assert answer.status_code == 400 or answer.json()["results"] == []
    for cursor in ("x", "A" * 500, page["cursor"][:-2], page["cursor"] + "AA", "\0"):
        odd = await cast.ada.http.get("/search", params=query | {"cursor": cursor})
        assert odd.status_code in (200, 400)


EMOJI = ["x", "<b>", "👍👍", "👍" * 50, "\u200d", "..", "%2e", "🏳", "1", ""]


@pytest.mark.parametrize("emoji", EMOJI)
async def test_a_reaction_is_one_emoji_and_nothing_else(cast: Cast, emoji: str) -> None:
    said = await cast.ada.say(cast.here, "hello")
    socket = await cast.ben.connect()
    answer = await socket.client.call(
        "react",
        {"conversation": cast.here, "seq": said["seq"], "emoji": emoji, "on": True},
        timeout=20,
    )
    if answer["ok"]:
        assert emoji == "🏳"
    else:
        assert answer["error"]["code"] == "invalid"


LARGE: list[tuple[str, Any]] = [
    ("body", "x" * 10_001),
    ("body", ""),
    ("body", "\u200b\u2060 \n"),
    ("key", "short"),
    ("key", "with blanks and / more"),
    ("reply_to", 2**63),
    ("reply_to", -1),
    ("attachments", ["x"] * 11),
    ("attachments", ["x" * 100]),
]


@pytest.mark.parametrize(("field", "value"), LARGE)
async def test_a_message_out_of_bounds_is_refused(cast: Cast, field: str, value: Any) -> None:
    body = {"key": new_key(), "body": "hello", field: value}
    answer = await cast.ada.http.post(cast.messages(), json=body)
    assert answer.status_code in (400, 404)
    assert (await cast.ada.get(cast.messages()))["messages"] == []


async def test_history_before_joining_stays_hidden(group: Group) -> None:
    secret = await group.owner.say(group.id, "before Dora came")
    await group.owner.patch(group.path(), {"history": "joined"})
    async with people_on(group.owner.base, "Dora Example") as (dora,):
        await group.owner.befriend(dora)
        await group.owner.post(group.path("/members"), {"user": dora.id})
        path = group.path(f"/messages/{secret['seq']}")
        for rest in ("", "/versions", "/receipts", "/notification"):
            await dora.get(f"{path}{rest}", 404)
        await dora.put(f"{path}/reactions/👍", None, 404)
        to = [{"conversation": group.id, "key": new_key()}]
        await dora.post(f"{path}/forward", {"to": to}, 404)
        texts = [
            (await dora.http.get(where)).text
            for where in (
                group.path("/messages"), group.path(), "/conversations", "/search?q=before", "/sync",
                group.path("/pins"), group.path("/messages?after=0"), group.path("/messages?around=1"),
            )
        ]  # fmt: skip
        assert "before Dora came" not in "".join(texts)


async def test_a_former_member_has_nothing_more(group: Group) -> None:
    file = await group.owner.upload("plan.txt", b"the plan")
    said = await group.owner.say(group.id, "sarsaparilla", attachments=[file["id"]])
    await group.owner.delete(group.of(group.member))
    carl = group.member
    for path in (
        group.path(), group.path("/messages"), group.path("/members"), group.path("/pins"),
        group.path(f"/messages/{said['seq']}"), group.path("/held"), f"/attachments/{file['id']}",
        group.path("/files?kind=file"),
    ):  # fmt: skip
        assert (await carl.http.get(path)).status_code == 404, path
    assert (await carl.get("/search", q="sarsaparilla"))["results"] == []
    assert (await carl.get("/sync"))["conversations"] == []
    assert (await carl.get("/conversations"))["conversations"] == []


async def test_no_one_reads_settings_and_drafts_of_others(cast: Cast) -> None:
    await cast.ada.patch(f"/conversations/{cast.here}", {"draft": "a secret draft", "muted": True})
    seen = (await cast.ben.http.get(f"/conversations/{cast.here}")).text
    seen += (await cast.ben.http.get("/conversations")).text + (
        await cast.ben.http.get("/sync")
    ).text
    assert "a secret draft" not in seen
    assert '"muted":true' not in seen.replace(" ", "")
    shown = (await cast.ben.get(f"/users/{cast.ada.id}"))["user"]
    assert not {"settings", "role", "created_at"} & set(shown)


async def contact_of(person: Person, other: Person) -> Any:
    listed = (await person.get("/contacts"))["contacts"]
    return next(one for one in listed if one["user"]["id"] == other.id)


async def test_an_address_is_told_to_no_one_who_did_not_know_it(cast: Cast) -> None:
    assert "email" not in (await contact_of(cast.ben, cast.ada))["user"]
    shown = (await cast.ben.http.get(f"/conversations/{cast.here}")).text
    assert cast.ada.email not in shown
