"""What users may not see does not exist for them: for every route, every call and every event.

A table says what each route and call names. A new one without a line here fails.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest

from echosphere.memberships.receipts import receipt_batch, recipients
from echosphere.web.route import Route
from tests.media.made import picture
from tests.product.changing import Rest
from tests.product.conftest import Running
from tests.product.exported import exported_by
from tests.product.groups import found
from tests.product.keys import bot_of, key_of
from tests.product.people import TIMEOUT, Person, Refused, Socket, new_key, people_on
from tests.product.previewed import previewed
from tests.product.push_service import subscribed
from tests.product.samples import SAMPLES, SOMEBODY, calls_of
from tests.product.test_access import ask, essence, tables

MARKER = "zxqvmarker"
"""Stands in everything old that is not for those who came later or went."""

FAR = 10_000
"""A number that no message has."""


class Names(Enum):
    """What an address or a call names."""

    NOTHING = "nothing, or only what the caller has themselves"
    ANYBODY = "what everybody may name: a block, the secret of an invite"
    PERSON = "a person"
    OWN = "something that one other person has"
    CONVERSATION = "a conversation"
    MESSAGE = "a message"
    OF_MESSAGE = "something that a message carries"


ROUTES = {
    ("POST", "/accounts"): Names.NOTHING,
    ("POST", "/attachments"): Names.NOTHING,
    ("DELETE", "/attachments/<attachment>"): Names.OF_MESSAGE,
    ("GET", "/attachments/<attachment>"): Names.OF_MESSAGE,
    ("GET", "/attachments/<attachment>/thumbnail"): Names.OF_MESSAGE,
    ("GET", "/avatars/<avatar>"): Names.CONVERSATION,
    ("GET", "/bots"): Names.NOTHING,
    ("POST", "/bots"): Names.NOTHING,
    ("DELETE", "/bots/<bot>"): Names.OWN,
    ("PATCH", "/bots/<bot>"): Names.OWN,
    ("GET", "/bots/<bot>/endpoints"): Names.OWN,
    ("POST", "/bots/<bot>/endpoints"): Names.OWN,
    ("DELETE", "/bots/<bot>/endpoints/<bot_endpoint>"): Names.OWN,
    ("PATCH", "/bots/<bot>/endpoints/<bot_endpoint>"): Names.OWN,
    ("GET", "/bots/<bot>/endpoints/<bot_endpoint>/deliveries"): Names.OWN,
    (
        "POST",
        "/bots/<bot>/endpoints/<bot_endpoint>/deliveries/<delivery>/redeliver",
    ): Names.OWN,
    ("POST", "/bots/<bot>/endpoints/<bot_endpoint>/rotate"): Names.OWN,
    ("POST", "/bots/<bot>/endpoints/<bot_endpoint>/test"): Names.OWN,
    ("POST", "/bots/<bot>/keys"): Names.OWN,
    ("DELETE", "/bots/<bot>/keys/<api_key>"): Names.OWN,
    ("PUT", "/bots/<bot>/commands"): Names.OWN,
    ("POST", "/respond/<token>"): Names.ANYBODY,
    ("GET", "/blocks"): Names.NOTHING,
    ("DELETE", "/blocks/<user>"): Names.ANYBODY,
    ("PUT", "/blocks/<user>"): Names.ANYBODY,
    ("GET", "/contacts"): Names.NOTHING,
    ("POST", "/contacts"): Names.NOTHING,
    ("DELETE", "/contacts/<user>"): Names.PERSON,
    ("GET", "/contacts/requests"): Names.NOTHING,
    ("GET", "/contacts/sent-requests"): Names.NOTHING,
    ("DELETE", "/contacts/sent-requests/<sent>"): Names.OWN,
    ("POST", "/contacts/requests/<request>"): Names.OWN,
    ("GET", "/administration/announcements"): Names.NOTHING,
    ("POST", "/administration/announcements"): Names.NOTHING,
    ("PATCH", "/administration/announcements/<announcement>"): Names.OWN,
    ("DELETE", "/administration/announcements/<announcement>"): Names.OWN,
    ("GET", "/announcements"): Names.NOTHING,
    ("PUT", "/announcements/<announcement>/dismissed"): Names.ANYBODY,
    ("GET", "/administration/audit"): Names.NOTHING,
    ("GET", "/administration/audit/export"): Names.NOTHING,
    ("GET", "/administration/audit/verification"): Names.NOTHING,
    ("GET", "/administration/examination"): Names.NOTHING,
    ("GET", "/administration/conversations"): Names.NOTHING,
    ("GET", "/administration/health"): Names.NOTHING,
    ("POST", "/administration/jobs"): Names.NOTHING,
    ("GET", "/administration/people"): Names.NOTHING,
    ("POST", "/administration/people"): Names.NOTHING,
    ("GET", "/administration/people/<user>"): Names.PERSON,
    ("PUT", "/administration/people/<user>/role"): Names.PERSON,
    ("PUT", "/administration/people/<user>/quota"): Names.PERSON,
    ("GET", "/administration/storage"): Names.NOTHING,
    ("DELETE", "/administration/people/<user>/second-factor"): Names.PERSON,
    ("DELETE", "/administration/people/<user>/sessions"): Names.PERSON,
    ("DELETE", "/administration/people/<user>/suspension"): Names.PERSON,
    ("PUT", "/administration/people/<user>/suspension"): Names.PERSON,
    ("GET", "/administration/settings"): Names.NOTHING,
    ("DELETE", "/administration/settings/<setting>"): Names.OWN,
    ("PUT", "/administration/settings/<setting>"): Names.OWN,
    ("GET", "/administration/reports"): Names.NOTHING,
    ("GET", "/administration/reports/<report>"): Names.OWN,
    ("POST", "/administration/reports/<report>/decision"): Names.OWN,
    ("GET", "/conversations"): Names.NOTHING,
    ("POST", "/conversations"): Names.NOTHING,
    ("GET", "/conversations/<conversation>"): Names.CONVERSATION,
    ("PATCH", "/conversations/<conversation>"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/avatar"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/avatar"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/cleared"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/cleared"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/delivered"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/files"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/hidden"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/invites"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/invites"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/invites/<invite>"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/held"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/held/<held>/released"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/held/<held>/refused"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/held/<held>"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/filter"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/filter"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/banned"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/banned/<user>"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/removed/<user>"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/members"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/members"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/members/<user>"): Names.CONVERSATION,
    ("PATCH", "/conversations/<conversation>/members/<user>"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/messages"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/messages"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/messages/<seq>"): Names.MESSAGE,
    ("GET", "/conversations/<conversation>/messages/<seq>"): Names.MESSAGE,
    ("PATCH", "/conversations/<conversation>/messages/<seq>"): Names.MESSAGE,
    ("POST", "/conversations/<conversation>/messages/<seq>/forward"): Names.MESSAGE,
    ("GET", "/conversations/<conversation>/messages/<seq>/notification"): Names.MESSAGE,
    ("DELETE", "/conversations/<conversation>/messages/<seq>/pin"): Names.MESSAGE,
    ("PUT", "/conversations/<conversation>/messages/<seq>/pin"): Names.MESSAGE,
    ("DELETE", "/conversations/<conversation>/messages/<seq>/preview"): Names.MESSAGE,
    ("DELETE", "/conversations/<conversation>/messages/<seq>/reactions/<emoji>"): Names.MESSAGE,
    ("PUT", "/conversations/<conversation>/messages/<seq>/reactions/<emoji>"): Names.MESSAGE,
    ("GET", "/conversations/<conversation>/messages/<seq>/receipts"): Names.MESSAGE,
    ("DELETE", "/conversations/<conversation>/messages/<seq>/saved"): Names.MESSAGE,
    ("PUT", "/conversations/<conversation>/messages/<seq>/saved"): Names.MESSAGE,
    ("GET", "/conversations/<conversation>/messages/<seq>/versions"): Names.MESSAGE,
    ("POST", "/conversations/<conversation>/restored"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/pins"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/read"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/typing"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/bots"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/bots/<bot>"): Names.CONVERSATION,
    ("GET", "/conversations/<conversation>/commands"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/commands"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/messages/<seq>/actions"): Names.MESSAGE,
    ("GET", "/conversations/<conversation>/webhooks"): Names.CONVERSATION,
    ("POST", "/conversations/<conversation>/webhooks"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/webhooks/<webhook>"): Names.CONVERSATION,
    ("DELETE", "/conversations/<conversation>/webhooks/<webhook>/avatar"): Names.CONVERSATION,
    ("PUT", "/conversations/<conversation>/webhooks/<webhook>/avatar"): Names.CONVERSATION,
    ("GET", "/directory"): Names.NOTHING,
    ("GET", "/events"): Names.NOTHING,
    ("GET", "/hidden"): Names.NOTHING,
    ("GET", "/server/approvals"): Names.NOTHING,
    ("POST", "/server/approvals/<registration>"): Names.OWN,
    ("GET", "/server/checklist"): Names.NOTHING,
    ("GET", "/server/invites"): Names.NOTHING,
    ("POST", "/server/invites"): Names.NOTHING,
    ("DELETE", "/server/invites/<invite>"): Names.OWN,
    ("POST", "/server/invites/people"): Names.NOTHING,
    ("POST", "/server/invites/file"): Names.NOTHING,
    ("GET", "/server/registration"): Names.NOTHING,
    ("POST", "/server/users/<user>/reset-link"): Names.PERSON,
    ("GET", "/me/invites"): Names.NOTHING,
    ("POST", "/me/invites"): Names.NOTHING,
    ("DELETE", "/me/invites/<own_invite>"): Names.OWN,
    ("GET", "/invites/<token>"): Names.ANYBODY,
    ("POST", "/invites/<token>"): Names.ANYBODY,
    ("GET", "/invites/<token>/avatar"): Names.ANYBODY,
    ("DELETE", "/me"): Names.NOTHING,
    ("GET", "/me"): Names.NOTHING,
    ("PATCH", "/me"): Names.NOTHING,
    ("DELETE", "/me/avatar"): Names.NOTHING,
    ("PUT", "/me/avatar"): Names.NOTHING,
    ("GET", "/me/audit"): Names.NOTHING,
    ("GET", "/me/decisions"): Names.NOTHING,
    ("PUT", "/me/email"): Names.NOTHING,
    ("DELETE", "/me/export"): Names.NOTHING,
    ("GET", "/me/export"): Names.NOTHING,
    ("PUT", "/me/export"): Names.NOTHING,
    ("GET", "/me/export/<export>"): Names.OWN,
    ("GET", "/me/keys"): Names.NOTHING,
    ("POST", "/me/keys"): Names.NOTHING,
    ("DELETE", "/me/keys/<api_key>"): Names.OWN,
    ("PUT", "/me/password"): Names.NOTHING,
    ("GET", "/me/passkey-options"): Names.NOTHING,
    ("POST", "/me/passkeys"): Names.NOTHING,
    ("DELETE", "/me/passkeys/<passkey>"): Names.OWN,
    ("PATCH", "/me/passkeys/<passkey>"): Names.OWN,
    ("GET", "/me/reports"): Names.NOTHING,
    ("GET", "/me/second-factor"): Names.NOTHING,
    ("DELETE", "/me/second-factor/app"): Names.NOTHING,
    ("POST", "/me/second-factor/app"): Names.NOTHING,
    ("PUT", "/me/second-factor/app"): Names.NOTHING,
    ("DELETE", "/me/second-factor/devices"): Names.NOTHING,
    ("DELETE", "/me/second-factor/devices/<device>"): Names.OWN,
    ("POST", "/me/second-factor/recovery-codes"): Names.NOTHING,
    ("GET", "/me/security-events"): Names.NOTHING,
    ("GET", "/me/sign-in-services"): Names.NOTHING,
    ("DELETE", "/me/sign-in-services/<service>"): Names.OWN,
    ("POST", "/me/sign-in-services/<service>/link"): Names.OWN,
    ("GET", "/me/storage"): Names.NOTHING,
    ("GET", "/notifications/key"): Names.NOTHING,
    ("POST", "/notifications/subscriptions"): Names.NOTHING,
    ("DELETE", "/notifications/subscriptions/<subscription>"): Names.OWN,
    ("POST", "/notifications/test"): Names.NOTHING,
    ("GET", "/presence"): Names.NOTHING,
    ("GET", "/previews/<preview>"): Names.OF_MESSAGE,
    ("GET", "/saved"): Names.NOTHING,
    ("GET", "/search"): Names.NOTHING,
    ("DELETE", "/sessions"): Names.NOTHING,
    ("GET", "/sessions"): Names.NOTHING,
    ("POST", "/sessions"): Names.NOTHING,
    ("DELETE", "/sessions/<session>"): Names.OWN,
    ("DELETE", "/sessions/current"): Names.NOTHING,
    ("GET", "/sessions/current/proof"): Names.NOTHING,
    ("PUT", "/sessions/current/proof"): Names.NOTHING,
    ("GET", "/sessions/passkey"): Names.NOTHING,
    ("POST", "/sessions/passkey"): Names.NOTHING,
    ("POST", "/sessions/second-factor"): Names.NOTHING,
    ("POST", "/sessions/second-factor/passkey"): Names.NOTHING,
    ("GET", "/sync"): Names.NOTHING,
    ("POST", "/sync"): Names.NOTHING,
    ("GET", "/users/<user>"): Names.PERSON,
    ("POST", "/users/<user>/reports"): Names.PERSON,
}

CALLED = {
    "post": Names.CONVERSATION,
    "history": Names.CONVERSATION,
    "edit": Names.MESSAGE,
    "delete": Names.MESSAGE,
    "react": Names.MESSAGE,
    "pin": Names.MESSAGE,
    "save": Names.MESSAGE,
    "hide": Names.MESSAGE,
    "restore": Names.MESSAGE,
    "forward": Names.MESSAGE,
    "read": Names.CONVERSATION,
    "delivered": Names.CONVERSATION,
    "clear": Names.CONVERSATION,
    "unclear": Names.CONVERSATION,
    "change": Names.CONVERSATION,
    "remove": Names.CONVERSATION,
    "held": Names.CONVERSATION,
    "release": Names.CONVERSATION,
    "refuse": Names.CONVERSATION,
    "withdraw": Names.CONVERSATION,
    "filter": Names.CONVERSATION,
    "set_filter": Names.CONVERSATION,
    "banned": Names.CONVERSATION,
    "lift_ban": Names.CONVERSATION,
    "typing": Names.CONVERSATION,
    "search": Names.NOTHING,
    "directory": Names.NOTHING,
    "storage": Names.NOTHING,
    "sync": Names.NOTHING,
    "presence": Names.NOTHING,
    "attention": Names.NOTHING,
    "announcements": Names.NOTHING,
    "dismiss_announcement": Names.ANYBODY,
    "announce": Names.NOTHING,
    "change_announcement": Names.OWN,
    "withdraw_announcement": Names.OWN,
}

NAMED = (Names.PERSON, Names.OWN, Names.CONVERSATION, Names.MESSAGE, Names.OF_MESSAGE)


@dataclass
class World:
    """A group that shows no history, an old message with everything that can hang on one, and a
    direct conversation across a block.

    Attributes:
        gone: Was there for the old message, kept it, and was removed.
        late: Came after it.
        back: Was there for it, kept it, left, and came back after more was said.
        cleared: Was there for all of it, kept it, and cleared it for themselves.
        blocked: Talked to the owner, who then blocked them.
        elsewhere: Where each of them may forward to: their notes to self.
    """

    running: Running
    owner: Person
    member: Person
    outsider: Person
    gone: Person
    late: Person
    back: Person
    cleared: Person
    blocked: Person
    group: str
    direct: str
    old: int
    ids: dict[str, str]
    elsewhere: dict[str, str]

    @property
    def nowhere(self) -> dict[str, str]:
        """Ids of what is not there."""
        return dict.fromkeys(self.ids, SOMEBODY) | {"seq": self.ids["seq"], "emoji": "👍"}

    def routes(self, *names: Names) -> list[Route]:
        """Return the routes that name such a thing."""
        every = self.running.application.api.routes
        return [route for route in every if ROUTES[route.method, route.path] in names]


@pytest.fixture
async def world(running: Running, server: str) -> AsyncIterator[World]:
    """The old message was posted, edited, answered, pinned, reacted to, previewed and saved."""
    names = ("Ada", "Ben", "Oscar", "Gina", "Lena", "Bert", "Clara", "Bob")
    async with people_on(server, *names) as (ada, ben, oscar, gina, lena, bert, clara, bob):
        group = await found(ada, ben, gina, bert, clara, title="Secret")
        here = f"/conversations/{group}"
        await ada.patch(here, {"history": "joined"})
        file = await ada.upload(f"{MARKER}.txt", MARKER.encode())
        old = await ada.say(group, f"{MARKER} first", attachments=[file["id"]])
        seq = int(old["seq"])
        await Rest(ada).edit(group, seq, f"{MARKER} second")
        await ben.say(group, f"{MARKER} is answered", reply_to=seq)
        await Rest(ada).pin(group, seq)
        for person in (ben, gina, bert, clara):
            await Rest(person).react(group, seq, "🦄")
            await Rest(person).save(group, seq)
        avatar = await ada.http.put(f"{here}/avatar", files={"file": ("x.png", picture())})
        preview = await previewed(running, group, seq)
        await ada.delete(f"{here}/members/{gina.id}")
        await bert.delete(f"{here}/members/{bert.id}")
        last = await ada.say(group, f"{MARKER} that Bert missed")
        await clara.put(f"{here}/cleared", {"seq": last["seq"]}, 200)
        await ada.befriend(lena)
        for person in (lena, bert):
            await ada.post(f"{here}/members", {"user": person.id})
        direct = await ada.talk_to(bob)
        await bob.say(direct, "before the block")
        await ada.put(f"/blocks/{bob.id}")
        await ada.patch("/me", {"status": {"text": f"{MARKER} status"}})
        await oscar.post("/contacts", {"email": ben.email}, 202)
        await ada.post("/contacts", {"email": "nobody@example.org"}, 202)
        elsewhere = {}
        for person in (oscar, gina, lena, bert, clara, bob):
            notes = await person.post("/conversations", {"kind": "direct", "user": person.id})
            elsewhere[person.id] = notes["conversation"]["id"]
        invite = (await ada.post(f"{here}/invites", {}))["invite"]
        await ada.post(f"/users/{ben.id}/reports", {"reason": "spam"}, 202)
        ids = {
            "attachment": file["id"],
            "avatar": avatar.json()["conversation"]["avatar_url"].rpartition("/")[2],
            "conversation": group,
            "emoji": "🦄",
            "invite": invite["id"],
            "preview": preview,
            "request": (await ben.get("/contacts/requests"))["requests"][0]["id"],
            "held": SOMEBODY,  # that one which is there is hidden, too: see test_held_messages
            "own_invite": (await ada.post("/me/invites", {}))["invite"]["id"],
            "sent": (await ada.get("/contacts/sent-requests"))["requests"][0]["id"],
            "report": (await ada.get("/administration/reports"))["reports"][0]["id"],
            # No one waits where registration is open, and no one has a second factor.
            "registration": SOMEBODY,
            "device": SOMEBODY,
            "passkey": SOMEBODY,
            "service": SOMEBODY,
            "export": await exported_by(ada),
            "announcement": SOMEBODY,  # one that is there is for everyone
            "setting": "edit_minutes",
            "seq": str(seq),
            "session": (await ada.get("/sessions"))["sessions"][0]["id"],
            "subscription": await subscribed(ada),
            "token": invite["token"],
            "user": ben.id,
            "api_key": await key_of(ada),
            "webhook": (await ada.post(f"{here}/webhooks", {"name": "CI"}))["webhook"]["id"],
            **await bot_of(ada),
        }
        yield World(
            running,
            ada,
            ben,
            oscar,
            gina,
            lena,
            bert,
            clara,
            bob,
            group,
            direct,
            seq,
            ids,
            elsewhere,
        )


def test_every_route_and_every_call_says_what_it_names(running: Running) -> None:
    api = running.application.api
    assert {(route.method, route.path) for route in api.routes} == set(ROUTES)
    assert set(running.application.server.handlers) == set(CALLED)
    for route in api.routes:
        named = ROUTES[route.method, route.path] in (*NAMED, Names.ANYBODY)
        assert ("<" in route.path) == named, route


async def test_to_whoever_has_no_place_it_answers_like_what_is_not_there(world: World) -> None:
    before = await tables(world.running)
    for person in (world.outsider, world.gone):
        for route in world.routes(*NAMED):
            here = await ask(person.http, route, world.ids)
            there = await ask(person.http, route, world.nowhere)
            assert essence(here) == essence(there), (person.user["name"], route.method, route.path)
            assert here.status_code == 404, (person.user["name"], route.method, route.path)
    assert await tables(world.running) == before


async def test_what_was_before_ones_time_or_cleared_answers_like_what_is_not_there(
    world: World,
) -> None:
    before = await tables(world.running)
    missing = world.ids | dict.fromkeys(("attachment", "preview"), SOMEBODY) | {"seq": str(FAR)}
    for person in (world.late, world.back, world.cleared):
        for route in world.routes(Names.MESSAGE, Names.OF_MESSAGE):
            here = await ask(person.http, route, world.ids)
            there = await ask(person.http, route, missing)
            assert essence(here) == essence(there), (person.user["name"], route.method, route.path)
            assert here.status_code == 404, (person.user["name"], route.method, route.path)
        for method, path, body in _with_numbers_in_the_body(world, world.old, person):
            here = await person.http.request(method, path, json=body)
            _, _, instead = next(
                one
                for one in _with_numbers_in_the_body(world, FAR, person)
                if one[:2] == (method, path) and one[2].keys() == body.keys()
            )
            there = await person.http.request(method, path, json=instead)
            assert essence(here) == essence(there), (person.user["name"], method, path)
            assert here.status_code in (400, 404), (person.user["name"], method, path)
    assert await tables(world.running) == before


def _with_numbers_in_the_body(
    world: World, seq: int, person: Person
) -> Sequence[tuple[str, str, dict[str, Any]]]:
    here = f"/conversations/{world.group}"
    target = {"conversation": world.elsewhere[person.id], "key": "key-of-somebody"}
    report = {"reason": "spam", "conversation": world.group, "seq": seq}
    return (
        ("POST", f"{here}/hidden", {"seqs": [seq]}),
        ("POST", f"{here}/restored", {"seqs": [seq]}),
        ("POST", f"{here}/messages", {"key": "key-of-late", "body": "yes?", "reply_to": seq}),
        ("POST", f"{here}/messages/{seq}/forward", {"to": [target]})
        if seq == world.old
        else ("POST", f"{here}/messages/{world.old}/forward", {"to": [target]}),
        ("POST", f"/users/{world.owner.id}/reports", report),
    )


async def test_calls_answer_the_same_for_what_is_hidden_and_for_what_is_not_there(
    world: World,
) -> None:
    before = await tables(world.running)
    for person, own_place in (
        (world.outsider, False),
        (world.gone, False),
        (world.late, True),
        (world.back, True),
        (world.cleared, True),
    ):
        socket = await person.connect()
        for call, names in CALLED.items():
            if names in (Names.NOTHING, Names.ANYBODY) or (
                own_place and names is Names.CONVERSATION
            ):
                continue
            argument = _argument(call, world, person)
            instead = {"seq": FAR, "seqs": [FAR]} if own_place else {"conversation": SOMEBODY}
            elsewhere = argument | {one: instead[one] for one in instead if one in argument}
            here, there = (
                await _outcome(socket, call, argument),
                await _outcome(socket, call, elsewhere),
            )
            assert here == there, (person.user["name"], call)
            assert here[0] == "not_found", (person.user["name"], call, here)
        searched = await _outcome(socket, "search", {"q": MARKER, "in": world.group})
        if own_place:
            assert searched["results"] == []
        else:
            assert searched == await _outcome(socket, "search", {"q": MARKER, "in": SOMEBODY})
            held = {"versions": {world.group: 1, SOMEBODY: 1}}
            synced = await socket.call("sync", held)
            assert sorted(synced["gone"]) == sorted(held["versions"])
    assert await tables(world.running) == before


def _argument(call: str, world: World, person: Person) -> dict[str, Any]:
    names = calls_of(world.running.application)[call].__struct_encode_fields__
    needed = {
        name: SAMPLES[name]
        for name in names
        if name
        in (
            "body",
            "emoji",
            "key",
            "on",
            "seq",
            "seqs",
            "conversation",
            "to",
            "user",
            "held",
            "words",
            "reason",
            "announcement",
        )
    }
    ours = {
        "conversation": world.group,
        "seq": world.old,
        "seqs": [world.old],
        "to": [{"conversation": world.elsewhere[person.id], "key": "key-of-somebody"}],
    }
    return needed | {name: ours[name] for name in ours if name in needed}


async def _outcome(socket: Socket, call: str, argument: dict[str, Any]) -> Any:
    try:
        return await socket.call(call, argument)
    except Refused as refused:
        return refused.code, refused.detail


async def test_no_one_forwards_into_what_they_cannot_see(world: World) -> None:
    for person in (world.outsider, world.gone):
        notes = world.elsewhere[person.id]
        own = await person.say(notes, "mine")
        refusals = set()
        for place in (world.group, SOMEBODY):
            to = {"to": [{"conversation": place, "key": new_key()}]}
            path = f"/conversations/{notes}/messages/{own['seq']}/forward"
            answer = await person.http.post(path, json=to)
            refusals.add((answer.status_code, answer.text))
        assert len(refusals) == 1
        assert refusals.pop()[0] == 404


async def test_no_list_holds_a_trace_of_what_was_outside_of_ones_time_or_cleared(
    world: World,
) -> None:
    """Every GET there is, with every query in which something could be named."""
    queries: dict[str, list[dict[str, Any]]] = {
        "/search": [
            {"q": MARKER},
            {"q": MARKER[:4]},
            {"q": "from:me"},
            {"q": "has:file"},
            {"q": "has:file", "before": 2**53},
            {"q": f"{MARKER}.txt"},
        ],
        "/presence": [{"users": f"{world.member.id},{SOMEBODY}"}],
        "/conversations/<conversation>/files": [{"kind": kind} for kind in ("media", "file")],
        "/conversations/<conversation>/messages": [
            {"around": world.old},
            {"after": 0, "limit": 100},
            {"before": FAR},
        ],
        "/sync": [
            {"versions": "{}"},
            {"versions": f'{{"{world.group}":1}}'},
            {"versions": f'{{"{world.group}":{world.old}}}', "clearings": "{}"},
        ],
    }
    learnt = []
    for person in (world.outsider, world.gone, world.late, world.back, world.cleared):
        sees_status = person is not world.outsider  # they are the owner's contacts
        for route in world.running.application.api.routes:
            if route.method != "GET" or ROUTES[route.method, route.path] is Names.ANYBODY:
                continue
            for query in queries.get(route.path, [{}]):
                path = route.path
                for name, value in world.ids.items():
                    path = path.replace(f"<{name}>", value)
                answer = await person.http.get(path, params=query)
                assert answer.status_code < 500, (path, answer.text)
                told = answer.text.replace(f"{MARKER} status", "") if sees_status else answer.text
                if MARKER in told or "🦄" in told:
                    learnt.append((person.user["name"], path, query, answer.text[:300]))
    assert learnt == []
    # The same questions find it for someone who may know: they are good questions.
    for query in queries["/search"][:2]:
        assert MARKER in str(await world.member.get("/search", **query))
    for person in (world.gone, world.cleared):
        assert (await person.get("/saved"))["saved"] == []
    presence = await world.gone.get("/presence", users=world.member.id)
    assert presence == {"presence": []}


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_no_event_reaches_those_who_may_not_know(world: World, transport: str) -> None:
    strangers = [
        (person, await person.connect(transports=[transport]))
        for person in (world.outsider, world.gone)
    ]
    newcomers = [
        (person, await person.connect(transports=[transport]))
        for person in (world.late, world.back, world.cleared)
    ]
    witness = await world.member.connect(transports=[transport])
    await _do_everything_to_the_old_message(world)
    for person, socket in (*strangers, *newcomers):
        said = await person.say(world.elsewhere[person.id], "the end")
        await socket.next("message", conversation=said["conversation"], version=said["version"])
    for person, socket in strangers:
        told = [
            (name, event)
            for name, event in socket.events
            if MARKER in str(event) or world.group in str(event)
        ]
        assert told == [], person.user["name"]
    for person, socket in newcomers:
        told = [(name, event) for name, event in socket.events if MARKER in str(event)]
        assert told == [], person.user["name"]
        assert "🦄" not in str(socket.events)
        shown = [event["message"]["seq"] for event in socket.of("message")]
        assert world.old not in shown, person.user["name"]
        for event in socket.of("version"):
            assert set(event) == {"conversation", "version"}
    assert any(MARKER in str(event) for event in witness.of("message"))


async def _do_everything_to_the_old_message(world: World) -> None:
    ada, ben, here, old = world.owner, world.member, world.group, world.old
    await Rest(ada).edit(here, old, f"{MARKER} third @Ben @all")
    await Rest(ben).react(here, old, "👍")
    await Rest(ada).pin(here, old, on=False)
    await ada.http.delete(f"/conversations/{here}/messages/{old}/preview")
    await Rest(ben).hide(here, old)
    notes = await ada.post("/conversations", {"kind": "direct", "user": ada.id})
    await Rest(ada).forward(here, old, a_new_key=notes["conversation"]["id"])
    await ben.put(f"/conversations/{here}/read", {"seq": old})
    await ben.post(f"/users/{ada.id}/reports", {"reason": "other", "text": MARKER}, 202)
    await ada.patch(f"/conversations/{here}", {"draft": f"{MARKER} draft"})
    await Rest(ada).delete(here, old)


async def test_the_events_of_a_deletion_hold_nothing_of_what_was_said(world: World) -> None:
    watching = await world.member.connect()
    await Rest(world.owner).delete(world.group, world.old)
    event = await watching.next("message")
    assert event["message"]["deleted"] is True
    assert MARKER not in str(event)
    assert "🦄" not in str(event)
    assert (event["message"]["pinned"], event["message"]["preview"]) == (None, None)


REACHING = (
    ("post", {"key": "key-of-somebody", "body": "again"}),
    ("edit", {"seq": 1, "body": "again"}),
    ("react", {"seq": 1, "emoji": "👍", "on": True}),
    ("pin", {"seq": 1, "on": True}),
)
"""What a call says of its message in the direct conversation; `seq` is put right below."""


async def test_across_a_block_nothing_reaches_the_other_and_nothing_tells(world: World) -> None:
    bob, ada, direct = world.blocked, world.owner, world.direct
    hers, his = await ada.connect(), await bob.connect()
    said = (await bob.get(f"/conversations/{direct}/messages"))["messages"][0]
    before = await tables(world.running)
    for call, more in REACHING:
        argument = {"conversation": direct, **more}
        if "seq" in argument:
            argument["seq"] = said["seq"]
        outcome = await _outcome(his, call, argument)
        assert outcome[0] == "forbidden", call
    own = world.elsewhere[bob.id]
    assert await tables(world.running) == before
    note = await bob.say(own, "note")
    to = [{"conversation": direct, "key": new_key()}]
    argument = {"conversation": own, "seq": note["seq"], "to": to}
    assert (await _outcome(his, "forward", argument))[0] == "forbidden"
    for person, socket in ((ada, hers), (bob, his)):
        await socket.call("typing", {"conversation": direct, "on": True})
        await person.put(f"/conversations/{direct}/read", {"seq": said["seq"]})
        await person.put(f"/conversations/{direct}/delivered", {"seq": said["seq"]})
        await socket.call("presence", {"status": "away"})
    # An end that both are sure to get: each in a conversation of their own.
    mine = await ada.say(world.group, "the end")
    await hers.next("message", conversation=world.group, version=mine["version"])
    end = await bob.say(own, "the end")
    await his.next("message", conversation=own, version=end["version"])
    for socket, other in ((hers, bob), (his, ada)):
        for name in ("typing", "receipt", "receipts"):
            assert [one for one in socket.of(name) if one["conversation"] == direct] == []
        seen = [one for one in socket.of("presence") if one["user"] == other.id]
        assert all(one["status"] == "offline" and "last_seen" not in one for one in seen)
    looked = (await bob.get("/presence", users=ada.id))["presence"]
    assert all(one["status"] == "offline" and one["last_seen"] is None for one in looked)
    adding = f"/conversations/{await found(bob)}/members"
    blocker = await bob.http.post(adding, json={"user": ada.id})
    nobody = await bob.http.post(adding, json={"user": SOMEBODY})
    assert essence(blocker) == essence(nobody)
    assert blocker.status_code == 404
    positions = (await bob.get(f"/conversations/{direct}/members"))["members"]
    hers_shown = next(one for one in positions if one["user"]["id"] == ada.id)
    assert (hers_shown["read_seq"], hers_shown["delivered_seq"]) == (0, 0)


async def test_no_address_of_anyone_is_told_to_whoever_did_not_know_it(world: World) -> None:
    """An e-mail address is for those who added the person by it."""
    addresses = {world.member.email, world.late.email, world.back.email}
    socket = await world.back.connect()
    await world.member.say(world.group, "hello @Bert")
    await socket.next("message")
    for person in (world.late, world.back, world.gone, world.blocked):
        told = []
        for route in world.running.application.api.routes:
            if route.method == "GET" and "<" not in route.path:
                query = {"q": "be"} if route.path == "/search" else {}
                if route.path == "/presence":
                    query = {"users": world.member.id}
                told.append((await person.http.get(route.path, params=query)).text)
        for path in ("", "/members", "/messages"):
            told.append((await person.http.get(f"/conversations/{world.group}{path}")).text)
        told.append((await person.http.get(f"/users/{world.member.id}")).text)
        learnt = [one for one in addresses - {person.email} if any(one in text for text in told)]
        assert learnt == [], person.user["name"]
    assert not any(one in str(socket.events) for one in addresses)


async def test_across_a_block_in_a_shared_group_the_face_and_the_words_are_seen_and_no_more(
    server: str,
) -> None:
    """Ada blocked Ben; Carl is there to see that there was something to see."""
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        await carl.befriend(ben)
        await ada.put(f"/blocks/{ben.id}")
        his, witness = await ben.connect(), await carl.connect()
        said = await ben.say(group, "hello")
        await ada.patch("/me", {"about": MARKER, "status": {"text": MARKER}})
        await ada.put(f"/conversations/{group}/delivered", {"seq": said["seq"]})
        await ada.put(f"/conversations/{group}/read", {"seq": said["seq"]})
        await ada.patch(f"/conversations/{group}/members/{ben.id}", {"role": "owner"})
        another = await found(carl, ada, ben, title="Another")
        await ada.delete(f"/conversations/{another}/members/{ada.id}")
        end = await carl.say(group, "the end")
        for socket in (his, witness):
            await socket.next("message", conversation=group, version=end["version"])
        assert MARKER not in str(his.events)
        assert [one["user"]["id"] for one in his.of("user")] == []
        assert [one for one in his.of("receipt") if one["user"] == ada.id] == []
        assert {one["member"]["user"]["name"] for one in his.of("member")} == {"Ada", "Ben"}
        for event in ("user", "member", "conversation"):
            assert MARKER in str(witness.of(event)), event
        assert [one["user"] for one in witness.of("receipt")] == [ada.id] * 2
        places = (
            "/conversations",
            f"/conversations/{group}",
            f"/conversations/{group}/members",
            f"/users/{ada.id}",
            "/contacts",
            "/sync",
            "/search?q=ada",
        )
        assert [path for path in places if MARKER in (await ben.http.get(path)).text] == []
        assert [path for path in places if MARKER in (await carl.http.get(path)).text] == [
            *places[1:]
        ]
        seen_by = f"/conversations/{group}/messages/{said['seq']}/receipts"
        unread = {"user": ada.id, "read": False, "delivered": False}
        assert unread in (await ben.get(seen_by))["receipts"]
        assert unread | {"read": True, "delivered": True} in (await carl.get(seen_by))["receipts"]
        positions = {}
        for person in (ben, carl):
            for one in (await person.get(f"/conversations/{group}/members"))["members"]:
                positions[person.id, one["user"]["id"]] = one["read_seq"]
        assert (positions[ben.id, ada.id], positions[carl.id, ada.id]) == (0, said["seq"])
        looked = (await ben.get("/presence", users=ada.id))["presence"]
        assert looked == []
        await ada.delete(f"/blocks/{ben.id}")
        assert (await ben.get(f"/users/{ada.id}"))["user"]["about"] == MARKER


async def test_a_block_hides_both_from_each_other_and_blocks_are_listed_by_their_faces(
    server: str,
) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(carl, ada, ben)
        await ada.put(f"/blocks/{ben.id}")
        await ben.patch("/me", {"about": MARKER})
        nothing = {"about": "", "avatar_url": None, "status": None, "kind": "person"}
        face = {"id": ben.id, "name": "Ben", **nothing}
        assert (await ada.get(f"/users/{ben.id}"))["user"] == face
        assert (await ada.get("/blocks"))["blocks"] == [face]
        again = await carl.post(f"/conversations/{group}/members", {"user": ben.id}, 200)
        assert again["member"]["user"]["about"] == MARKER
        await carl.patch(f"/conversations/{group}/members/{ada.id}", {"role": "owner"})
        given = await ada.patch(f"/conversations/{group}/members/{ben.id}", {"role": "admin"})
        assert given["member"]["user"] == face


async def test_receipts_that_are_sent_together_keep_out_those_across_a_block(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MAX_IMMEDIATE", 2)
    monkeypatch.setattr(receipt_batch, "BATCH_SECONDS", 3.0)
    async with people_on(server, "Ada", "Ben", "Carl", "Dora") as (ada, ben, carl, dora):
        group = await found(ada, ben, carl, dora)
        await ada.put(f"/blocks/{ben.id}")
        his, witness = await ben.connect(), await carl.connect()
        said = await ben.say(group, "hello")
        for person in (ada, dora):
            await person.put(f"/conversations/{group}/read", {"seq": said["seq"]})
        told = await his.next("receipts", conversation=group)
        assert [one["user"] for one in told["receipts"]] == [dora.id]
        # Together, or one by one from the processes at which they read.
        async with asyncio.timeout(TIMEOUT):
            while read_by(witness) != {ada.id, dora.id}:
                await asyncio.sleep(0.05)


def read_by(socket: Socket) -> set[str]:
    """Return whose receipts came."""
    return {one["user"] for told in socket.of("receipts") for one in told["receipts"]}
