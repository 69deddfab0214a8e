"""Abuse attempts: everything is bounded, and races have one outcome."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from echosphere.core.rate_limits import Rate
from echosphere.memberships.inbox import unread_recount
from echosphere.memberships.operations import inbox as inbox_operations
from echosphere.messages import change, edit, mentions, react
from echosphere.messages.mentions import parse_mentions, user_ids_by_name
from echosphere.messages.operations import reading
from echosphere.realtime.delivery import call_dispatcher, connected_devices
from echosphere.web import api as web_api
from tests.processes import PROCESSES
from tests.product import test_nobody_else_learns as nobody_else
from tests.product.changing import Rest, group_of, through
from tests.product.conftest import Running, settings_for
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, Socket, new_key, people_on
from tests.product.test_nobody_else_learns import World

world = nobody_else.world  # the fixture

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """Ada owns it, Ben is an admin, Carl a member; Oscar an outsider."""
    async with group_on(server) as group:
        yield group


# ---- mentions ----------------------------------------------------------------------------------


def test_a_text_of_signs_that_stand_for_sentences_is_compared_only_so_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folded: list[int] = []
    fold = mentions.fold

    def counting(text: str) -> str:
        folded.append(len(fold(text)))
        return fold(text)

    monkeypatch.setattr(mentions, "fold", counting)
    for word in ("\ufdfa" * 87, "\ufdfa " * 43, "\u337f" * 87):
        folded.clear()
        body = f"@Ab{word} " * 100
        names = {"abigail": frozenset(("a",))}
        assert parse_mentions(body, names).user_ids == frozenset()
        assert sum(folded) < mentions.MAX_FOLDED + 10_000
    after = "@Abigail " + "\ufdfa" * 50
    assert parse_mentions(after, names).user_ids == {"a"}


def test_a_crowd_of_one_name_does_not_swell_a_message() -> None:
    names = user_ids_by_name({f"user{number}": "Ann Lee" for number in range(1_000)})
    spellings = [f"@{a}{n}{m} Lee" for a in "aA" for n in "nN" for m in "nN"]
    body = ", ".join(spellings)
    found = parse_mentions(body, names)
    assert found.json is not None
    assert len(found.json) < 200 * mentions.MAX_FOUND
    assert len(found.user_ids) <= mentions.MAX_FOUND


async def test_where_many_are_called_those_connected_are_told_the_new_count_after_the_commit(
    cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread_recount, "BATCH_SIZE", 1)
    monkeypatch.setattr(unread_recount, "PAUSE", 0.01)
    ada, ben, _ = cast
    async with people_on(server, "Cora", "Dora") as (cora, dora):
        here = await group_of(ada, ben, cora, dora)
        device, watching = await ben.connect(), await ada.connect()
        said = await ada.say(here, "hello")
        for body, count in (("hello @all", 1), ("hello", 0), ("hello @everyone", 1)):
            edited = await Rest(ada).edit(here, said["seq"], body)
            own = await device.next("own", mentions=count, version=edited["version"])
            assert own["unread"] == 1
            for person in (ben, cora, dora):  # who is not connected asks
                shown = (await person.get(f"/conversations/{here}"))["conversation"]
                assert shown["mentions"] == count
        deleted = await Rest(ada).delete(here, said["seq"])
        await device.next("own", mentions=0, unread=0, version=deleted["version"])
        assert watching.of("own") == []


# ---- floods ------------------------------------------------------------------------------------


@both_doors
async def test_a_message_has_room_for_so_many_reactions_in_all(
    cast: Cast, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(react, "MAX_REACTIONS", 3)
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "hello")
    hers, his = await through(door, ada), await through(door, ben)
    await hers.react(here, said["seq"], "👍")
    await his.react(here, said["seq"], "👍")
    await his.react(here, said["seq"], "🎉")
    for one in ("🎉", "🌻"):
        with pytest.raises(Refused) as refused:
            await hers.react(here, said["seq"], one)
        assert refused.value.code == "invalid"
    await his.react(here, said["seq"], "🎉", on=False)
    assert len((await hers.react(here, said["seq"], "🌻"))["reactions"]) == 2


@both_doors
async def test_a_message_can_be_changed_so_many_times(
    cast: Cast, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit, "MAX_VERSIONS", 2)
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "one")
    hers = await through(door, ada)
    await hers.edit(here, said["seq"], "two")
    last = await hers.edit(here, said["seq"], "three")
    with pytest.raises(Refused) as refused:
        await hers.edit(here, said["seq"], "four")
    assert refused.value.code == "conflict"
    assert await hers.edit(here, said["seq"], "three") == last
    path = f"/conversations/{here}/messages/{said['seq']}/versions"
    assert [one["body"] for one in (await ben.get(path))["versions"]] == ["one", "two"]
    assert (await hers.delete(here, said["seq"]))["deleted"] is True


@both_doors
@on_one_database
async def test_lines_about_pins_come_no_faster_than_messages(
    tmp_path: Path, database_url: str, door: str
) -> None:
    running = Running(settings_for(tmp_path / "data", database_url, ECHOSPHERE_RATE_LIMITS="on"))
    async with people_on(await running.start(), "Ada Example") as (ada,):
        notes = await ada.post("/conversations", {"kind": "direct", "user": ada.id})
        here = notes["conversation"]["id"]
        said = await ada.say(here, "pin me")
        hers = await through(door, ada)
        pins = [hers.pin(here, said["seq"]) for _ in range(60)]  # as many changes would pass
        outcomes = await asyncio.gather(*pins, return_exceptions=True)
        refused = [one.code for one in outcomes if isinstance(one, Refused)]
        assert set(refused) == {"too_many"}
        assert 60 - len(refused) > 15 // PROCESSES  # one connection is at one of them
    await running.stop()


@on_one_database
async def test_removing_ones_picture_over_and_over_is_limited(
    tmp_path: Path, database_url: str
) -> None:
    running = Running(settings_for(tmp_path / "data", database_url, ECHOSPHERE_RATE_LIMITS="on"))
    async with people_on(await running.start(), "Ada Example") as (ada,):
        answers = [(await ada.http.delete("/me/avatar")).status_code for _ in range(25)]
        assert answers[:20] == [200] * 20
        assert answers[-1] == 429
    await running.stop()


@pytest.fixture
def narrow_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catching up and reading five times: a server takes its rates when it is put together."""
    monkeypatch.setattr(inbox_operations, "SYNC_RATE", Rate("sync", burst=5, every=600))
    monkeypatch.setattr(reading, "HISTORY_RATE", Rate("history", burst=5, every=600))


@pytest.fixture
async def narrow(narrow_rates: None, strict: list[Person]) -> list[Person]:
    """Ada and Ben on such a server."""
    return strict


@pytest.fixture
async def strict(tmp_path: Path, database_url: str) -> AsyncIterator[list[Person]]:
    """Ada and Ben on a server with rates."""
    running = Running(settings_for(tmp_path / "data", database_url, ECHOSPHERE_RATE_LIMITS="on"))
    async with people_on(await running.start(), "Ada Example", "Ben Example") as people:
        yield people
    await running.stop()


@on_one_database
async def test_who_has_many_connections_catches_up_and_reads_no_more_than_with_one(
    narrow: list[Person],
) -> None:
    ada, ben = narrow
    here = await ada.talk_to(ben)
    connected_devices = [await ada.connect() for _ in range(3)]
    for call, given in (("sync", {"versions": {}}), ("history", {"conversation": here})):
        for device in (*connected_devices, *connected_devices[:2]):
            await device.call(call, given)
        for device in connected_devices:
            with pytest.raises(Refused, match="too_many"):
                await device.call(call, given)
    for path in ("/sync", f"/conversations/{here}/messages"):
        refused = await ada.http.get(path)
        assert refused.status_code == 429
        assert refused.headers["retry-after"]
        assert (await ben.http.get(path)).status_code == 200
    assert (await ada.http.post("/sync", json={"versions": {}})).status_code == 429


@on_one_database
@pytest.mark.parametrize(("rate", "for_ben"), [("USER_RATE", True), ("ADDRESS_RATE", False)])
async def test_calls_are_counted_for_all_connections_together(
    strict: list[Person], monkeypatch: pytest.MonkeyPatch, rate: str, for_ben: bool
) -> None:
    monkeypatch.setattr(call_dispatcher, rate, Rate("of a test", burst=6, every=600))
    ada, ben = strict
    connected_devices = [await ada.connect() for _ in range(3)]
    for device in (*connected_devices, *connected_devices):
        await device.call("presence", {"status": "away"})
    for device in connected_devices:
        with pytest.raises(Refused, match="too_many"):
            await device.call("presence", {"status": "away"})
    bens = await ben.connect()
    if for_ben:
        await bens.call("presence", {"status": "away"})
    else:
        with pytest.raises(Refused, match="too_many"):
            await bens.call("presence", {"status": "away"})


@on_one_database
async def test_an_address_that_connects_over_and_over_is_turned_away(
    strict: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected_devices, "CONNECT_RATE", Rate("of a test", burst=3, every=600))
    ada, ben = strict
    assert [await refusal_of(ada.base, "nobody's") for _ in range(2)] == ["unauthorized"] * 2
    await ada.connect()
    assert await refusal_of(ben.base, ben.token) == "too_many"


async def refusal_of(base: str, token: str) -> str:
    """Return why a connection with a token is refused."""
    socket = Socket(base, token)
    why: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
    socket.client.on("connect_error", why.set_result)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await socket.connect(["websocket"])
    return (await why)["message"]


@on_one_database
async def test_requests_of_one_address_are_counted_for_all_its_people(
    strict: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_api, "ADDRESS_RATE", Rate("of a test", burst=4, every=600))
    ada, ben = strict
    answers = [(await one.http.get("/me")).status_code for one in (ada, ben, ada, ben, ada, ben)]
    assert answers == [200] * 4 + [429] * 2


@on_one_database
async def test_no_one_forwards_to_a_thousand_places_at_once(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "chain letter")
    to = [{"conversation": f"place-{number}", "key": new_key()} for number in range(1_000)]
    path = f"/conversations/{here}/messages/{said['seq']}/forward"
    assert (await ada.post(path, {"to": to}, 400))["fields"]
    await ada.post(path, {"to": to[:20]}, 404)


SEARCHES = [
    "x" * 10_000,
    "(a+)+$" * 60,
    ".*.*.*.*.*.*.*.*",
    "%" * 300,
    "_" * 300,
    "\\" * 300,
    '"' * 300,
    "' OR 1=1 --",
    "NEAR(a b) AND body:x* OR ^y",
    "\u202e\u200d\ufeff" * 100,
    "\ufdfa" * 300,
    "from:\\ in:% has:image",
]


@pytest.mark.parametrize("q", SEARCHES, ids=range(len(SEARCHES)))
async def test_no_search_is_a_fault_or_finds_what_does_not_hold_it(cast: Cast, q: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await ada.say(here, "nothing of the kind")
    answer = await ben.http.get("/search", params={"q": q})
    assert answer.status_code in (200, 400, 414), answer.text  # 414 from nginx in front
    assert answer.status_code > 200 or answer.json()["results"] == []
    socket = await ben.connect()
    called = await nobody_else._outcome(socket, "search", {"q": q})
    assert called[0] == "invalid" if isinstance(called, tuple) else called["results"] == []


# ---- races -------------------------------------------------------------------------------------


async def test_an_invite_for_five_lets_in_five_of_twenty(group: Group) -> None:
    invite = await group.invite(max_uses=5)
    path = f"/invites/{invite['token']}"
    async with people_on(group.owner.base, *(f"Guest {number}" for number in range(20))) as guests:
        answers = await asyncio.gather(*(guest.http.post(path) for guest in guests))
        assert sorted(one.status_code for one in answers) == [201] * 5 + [410] * 15
        assert len(await group.roles()) == 8
        lines = [line for line in await group.lines() if line["type"] == "joined"]
        assert len(lines) == 5


async def owners(group: Group, seen_by: Person) -> list[str]:
    members = (await group.seen_by(seen_by))["members"]
    return [one["user"]["name"] for one in members if one["role"] == "owner" and not one["left"]]


async def test_two_who_are_made_owner_at_once_leave_one_owner(group: Group) -> None:
    for _ in range(3):
        answers = await asyncio.gather(
            *(
                group.owner.http.patch(group.of(heir), json={"role": "owner"})
                for heir in (group.admin, group.member)
            )
        )
        assert sorted(one.status_code for one in answers) == [200, 403]
        [owner] = await owners(group, group.admin)
        by_name = {one.user["name"]: one for one in (group.owner, group.admin, group.member)}
        await by_name[owner].patch(group.of(group.owner), {"role": "owner"})
        await group.owner.patch(group.of(group.admin), {"role": "admin"})
        await group.owner.patch(group.of(group.member), {"role": "member"})


async def test_a_group_handed_to_someone_who_leaves_just_then_has_one_owner(group: Group) -> None:
    for heir in (group.admin, group.member):
        handed, left = await asyncio.gather(
            group.owner.http.patch(group.of(heir), json={"role": "owner"}),
            heir.http.delete(group.of(heir)),
        )
        assert (handed.status_code, left.status_code) in ((200, 409), (404, 204))
        if left.status_code == 204:
            assert await owners(group, group.owner) == ["Ada"]
            continue
        assert await owners(group, heir) == [heir.user["name"]]
        await heir.patch(group.of(group.owner), {"role": "owner"})


async def test_an_owner_who_hands_over_and_leaves_at_once_leaves_one_owner(group: Group) -> None:
    handed, left = await asyncio.gather(
        group.owner.http.patch(group.of(group.admin), json={"role": "owner"}),
        group.owner.http.delete(group.of(group.owner)),
    )
    assert handed.status_code == 200
    assert left.status_code in (204, 409)  # after, or before
    assert await owners(group, group.admin) == ["Ben"]


async def test_leaving_twice_at_once_is_leaving_once(group: Group) -> None:
    answers = await asyncio.gather(
        *(group.member.http.delete(group.of(group.member)) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [204, 404, 404, 404]
    assert [line["type"] for line in await group.lines()].count("left") == 1


async def test_no_one_acts_with_a_right_that_is_taken_just_then(group: Group) -> None:
    """Whoever is first: a removed admin's work is done before the removal or refused after it."""

    async def titles() -> list[int]:
        answers = []
        for number in range(10):
            body: dict[str, Any] = {"title": f"Taken over {number}"}
            answers.append((await group.admin.http.patch(group.path(), json=body)).status_code)
        return answers

    outcomes, _ = await asyncio.gather(titles(), group.owner.delete(group.of(group.admin)))
    refused = outcomes.index(404) if 404 in outcomes else len(outcomes)
    assert set(outcomes[:refused]) <= {200}
    assert set(outcomes[refused:]) <= {404}
    kinds = [line["type"] for line in await group.lines() if line["type"] in ("title", "removed")]
    assert "title" not in kinds[kinds.index("removed") :]


# ---- a dead harness is noticed -----------------------------------------------------------------


@on_one_database
async def test_a_server_that_tells_newcomers_of_old_messages_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "members_without_sight", lambda *_: frozenset())
    with pytest.raises(AssertionError, match="Lena"):
        await nobody_else.test_no_event_reaches_those_who_may_not_know(world, "websocket")
