"""The directory: who finds whom by name, who is never found, and what a finder may do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from echosphere.database import Snapshot
from echosphere.directory.store import directory, words
from tests.media import made
from tests.product.conftest import Running, settings_for
from tests.product.groups import found as found_group
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, Refused, people_on, register
from tests.product.samples import SOMEBODY

ON = {"ECHOSPHERE_DIRECTORY": "on"}
LIMITED = ON | {"ECHOSPHERE_RATE_LIMITS": "on"}
NEIL = "José O\u2019Neil"
Pair = tuple[Person, Person]
Act = Callable[[Person, Person], Awaitable[Any]]


@pytest.fixture
def more_settings() -> dict[str, str]:
    """A server with a directory."""
    return ON


@pytest.fixture
async def pair(server: str) -> AsyncIterator[Pair]:
    """Ada looks, and Quentin is looked for; they have nothing to do with each other."""
    async with people_on(server, "Ada", "Quentin Quill") as (ada, quentin):
        yield ada, quentin


async def names(person: Person, q: str = "", **more: Any) -> list[str]:
    """Return whom a person finds, by both doors alike."""
    asked = {"q": q} | more
    over_http = await person.get("/directory", **asked)
    socket = await person.connect()
    assert await socket.call("directory", asked) == over_http
    await socket.close()
    return [one["name"] for one in over_http["people"]]


async def hide(_: Person, other: Person) -> None:
    await other.patch("/me", {"settings": {"directory": False}})


async def block(finder: Person, other: Person) -> None:
    await finder.put(f"/blocks/{other.id}")


async def be_blocked(finder: Person, other: Person) -> None:
    await other.put(f"/blocks/{finder.id}")


async def close(_: Person, other: Person) -> None:
    await other.http.request("DELETE", "/me", json={"password": PASSWORD})


# ---- finding ----------------------------------------------------------------------------------


async def test_people_are_found_by_beginnings_of_their_names_however_they_are_written(
    server: str,
) -> None:
    given = ("Ada", "Łukasz Ørsted", NEIL, "50%_off", "山田太郎")
    async with people_on(server, *given) as people:
        ada = people[0]
        everybody = ["50%_off", NEIL, "Łukasz Ørsted", "山田太郎"]
        assert await names(ada) == everybody
        for q, whom in (
            ("lukasz", ["Łukasz Ørsted"]),
            ("ORSTED  luk", ["Łukasz Ørsted"]),
            ("\uff4a\uff4f\uff53\uff45", [NEIL]),
            ("o'neil", [NEIL]),
            ("neil jo jos", [NEIL]),
            ("o", [NEIL, "50%_off", "Łukasz Ørsted"]),
            ("50%_", ["50%_off"]),
            ("off", ["50%_off"]),
            ("%", []),
            ("rsted", []),
            ("太郎", ["山田太郎"]),
            ("lukasz neil", []),
            ("ada", []),  # no one finds themselves
        ):
            assert await names(ada, q) == whom, q


async def test_no_more_than_the_face_is_shown(pair: Pair) -> None:
    ada, quentin = pair
    about = {"about": "Writes with quills", "status": {"text": "Away"}}
    await quentin.patch("/me", about)
    face = {
        "id": quentin.id,
        "name": "Quentin Quill",
        "about": "",
        "avatar_url": None,
        "status": None,
        "kind": "person",
    }
    assert (await ada.get("/directory"))["people"] == [face]
    assert (await ada.get(f"/users/{quentin.id}"))["user"] == face
    assert (await ada.get("/presence", users=quentin.id))["presence"] == []


async def test_what_changes_is_found_at_once(pair: Pair) -> None:
    ada, quentin = pair
    await quentin.patch("/me", {"name": "Ludwig", "settings": {"directory": False}})
    assert await names(ada) == []
    await quentin.patch("/me", {"settings": {"directory": None}})
    assert await names(ada, "ludwig") == ["Ludwig"]
    assert await names(ada, "quill") == []


@on_one_database
async def test_a_name_that_folds_to_very_much_is_no_trouble(server: str) -> None:
    async with people_on(server, "Ada", "Zed") as (ada, zed):
        long = "Z" + "ﷺ" * 79
        await zed.patch("/me", {"name": long})
        assert await names(ada, "z") == [long]


async def test_pages_hold_everyone_once_also_while_people_come_and_go(server: str) -> None:
    given = ["Ada", "Bo 3", "Bo 1", "bo 2", "Bo", "Bo", "Cy"]
    async with people_on(server, *given) as (ada, *others):
        first = await ada.get("/directory", limit=2)
        newcomer = await register(server, "Abe")
        await others[-1].patch("/me", {"name": "Zoe"})
        await close(ada, others[1])
        second = await ada.get("/directory", limit=2, cursor=first["cursor"])
        third = await ada.get("/directory", limit=2, cursor=second["cursor"])
        assert third["cursor"] is None
        pages = [[one["name"] for one in page["people"]] for page in (first, second, third)]
        assert pages == [["Bo", "Bo"], ["bo 2", "Bo 3"], ["Zoe"]]
        ids = {one["id"] for page in (first, second, third) for one in page["people"]}
        assert len(ids) == 5
        await newcomer.close()


async def test_pages_of_those_found_by_several_words_hold_them_once(server: str) -> None:
    given = ["Ada", "Anna Andersen", "Bo Ansel", "Andy", "Cy Antony An"]
    async with people_on(server, *given) as (ada, *_):
        pages: list[list[str]] = []
        cursor: str | None = None
        while cursor is not None or not pages:
            more: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
            page = await ada.get("/directory", q="an", limit=1, **more)
            pages.append([one["name"] for one in page["people"]])
            cursor = page["cursor"]
        assert pages == [["Cy Antony An"], ["Anna Andersen"], ["Andy"], ["Bo Ansel"]]
        assert await names(ada, "an b") == ["Bo Ansel"]


@on_one_database
async def test_what_is_no_cursor_is_refused(pair: Pair) -> None:
    refused = await pair[0].get("/directory", 400, cursor="nonsense")
    assert list(refused["fields"]) == ["cursor"]


# ---- who is never found -----------------------------------------------------------------------

UNFOUND: dict[str, Act] = {
    "took themselves out": hide,
    "blocked by the finder": block,
    "blocked the finder": be_blocked,
    "closed the account": close,
}


@pytest.mark.parametrize("act", UNFOUND.values(), ids=UNFOUND)
async def test_some_are_not_found_and_answer_like_no_one(pair: Pair, act: Act) -> None:
    ada, quentin = pair
    assert await names(ada, "quentin") == ["Quentin Quill"]
    await act(ada, quentin)
    for q in ("", "quentin", "closed"):
        assert await names(ada, q) == []
    here, there = quentin.id, SOMEBODY
    for method, path, body in (
        ("GET", "/users/{}", None),
        ("POST", "/users/{}/reports", {"reason": "spam"}),
        ("PUT", "/blocks/{}", None),
        ("POST", "/contacts", {"user": "{}", "body": "Hello"}),
    ):
        if (act, path) == (block, "/blocks/{}"):
            continue  # whom she has blocked she may block again
        answers = []
        for user in (here, there):
            given = body and {name: value.format(user) for name, value in body.items()}
            answer = await ada.http.request(method, path.format(user), json=given)
            answers.append((answer.status_code, answer.content.replace(user.encode(), b"ID")))
        assert answers[0] == answers[1], (method, path)
    assert (await ada.get("/contacts/sent-requests"))["requests"] == []


async def test_who_takes_themselves_out_still_finds_others(pair: Pair) -> None:
    ada, quentin = pair
    await hide(ada, quentin)
    assert await names(quentin) == ["Ada"]


async def test_a_block_taken_back_leaves_nothing(pair: Pair) -> None:
    ada, quentin = pair
    await block(ada, quentin)
    assert (await names(ada), await names(quentin)) == ([], [])
    await ada.delete(f"/blocks/{quentin.id}")
    assert (await names(ada), await names(quentin)) == (["Quentin Quill"], ["Ada"])


async def test_whoever_is_blocked_and_was_never_met_is_watched_no_more(pair: Pair) -> None:
    ada, quentin = pair
    await block(ada, quentin)
    await quentin.patch("/me", {"name": "Ludwig"})
    picture = {"file": ("me.png", made.picture(), "image/png")}
    assert (await quentin.http.put("/me/avatar", files=picture)).is_success
    face = {"about": "", "avatar_url": None, "status": None, "kind": "person"}
    listed = {"name": "Quentin Quill", **face}
    assert (await ada.get("/blocks"))["blocks"] == [{"id": quentin.id} | listed]
    await ada.put(f"/blocks/{quentin.id}")
    assert (await ada.get("/blocks"))["blocks"] == [{"id": quentin.id} | listed]
    await ada.get(f"/users/{quentin.id}", 404)
    await ada.delete(f"/blocks/{quentin.id}")
    assert await names(ada) == ["Ludwig"]


@pytest.mark.parametrize("more_settings", [{}], ids=["off"])
async def test_without_a_directory_there_is_nothing_and_no_one(pair: Pair) -> None:
    ada, quentin = pair
    nowhere = (await ada.http.get("/nowhere")).json()
    answer = await ada.http.get("/directory", params={"q": "quentin"})
    assert (answer.status_code, answer.json()) == (404, nowhere)
    socket = await ada.connect()
    with pytest.raises(Refused) as failed:
        await socket.call("directory", {"q": "quentin"})
    assert (failed.value.code, failed.value.detail) == ("not_found", nowhere["detail"])
    await ada.get(f"/users/{quentin.id}", 404)
    await ada.put(f"/blocks/{quentin.id}", None, 404)
    await ada.post("/contacts", {"user": quentin.id}, 202)
    assert (await ada.get("/contacts/sent-requests"))["requests"] == []
    assert (await quentin.get("/contacts/requests"))["requests"] == []


@on_one_database
@pytest.mark.parametrize("more_settings", [LIMITED], ids=["limited"])
async def test_who_looks_too_often_has_to_wait_whichever_the_door(pair: Pair) -> None:
    ada, quentin = pair
    socket = await ada.connect()
    for _ in range(15):
        await socket.call("directory", {})
    answers = [await ada.http.get("/directory") for _ in range(16)]
    assert [one.status_code for one in answers] == [200] * 15 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert await names(quentin) == ["Ada"]


# ---- asking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "in_group", "arrives"),
    [
        (None, False, True),
        ("everyone", False, True),
        ("groups", False, False),
        ("contacts", False, False),
        ("everyone", True, True),
        ("groups", True, True),
        ("contacts", True, False),
    ],
)
async def test_a_request_follows_the_wish_of_the_asked_and_always_looks_sent(
    server: str, wish: str | None, in_group: bool, arrives: bool
) -> None:
    async with people_on(server, "Ada", "Quentin", "Gina") as (ada, quentin, gina):
        if in_group:
            await found_group(gina, ada, quentin)
        if wish is not None:
            await quentin.patch("/me", {"settings": {"requests_from": wish}})
        answer = await ada.post("/contacts", {"user": quentin.id, "body": "Hello"}, 202)
        assert answer == {}
        (mine,) = (await ada.get("/contacts/sent-requests"))["requests"]
        assert (mine["user"]["id"], mine["body"]) == (quentin.id, "Hello")
        waiting = (await quentin.get("/contacts/requests"))["requests"]
        assert [one["body"] for one in waiting] == (["Hello"] if arrives else [])


async def test_who_was_found_and_says_yes_is_a_contact(pair: Pair) -> None:
    ada, quentin = pair
    await ada.post("/contacts", {"user": quentin.id, "body": "Hello"}, 202)
    (request,) = (await quentin.get("/contacts/requests"))["requests"]
    await quentin.post(f"/contacts/requests/{request['id']}", {"accept": True}, 200)
    assert [one["user"]["name"] for one in (await ada.get("/contacts"))["contacts"]] == [
        "Quentin Quill"
    ]
    assert await names(ada) == ["Quentin Quill"]


# ---- switching it on and off ------------------------------------------------------------------


def entered(snapshot: Snapshot) -> set[str]:
    return set(snapshot.execute(select(directory.c.user_id)).scalars())


def word_count(snapshot: Snapshot) -> int:
    return int(snapshot.execute(select(func.count()).select_from(words)).scalar_one())


async def test_who_was_there_before_is_entered_and_off_forgets_all(
    tmp_path: Path, database_url: str
) -> None:
    async def run(**settings: str) -> tuple[Running, str]:
        running = Running(settings_for(tmp_path / "data", database_url, **settings))
        return running, await running.start()

    before, address = await run()
    async with people_on(address, "Ada", "Quentin", "Hugo") as (ada, _, hugo):
        await hide(ada, hugo)
    await before.stop()

    switched_on, address = await run(**ON)
    async with asyncio.timeout(20):
        while len(await switched_on.application.database.read(entered)) < 3:
            await asyncio.sleep(0.05)
    signed_in = Person(address, ada.user, ada.token)
    assert await names(signed_in) == ["Quentin"]
    await signed_in.close()
    await switched_on.stop()

    off, address = await run()
    assert await off.application.database.read(entered) == set()
    assert await off.application.database.read(word_count) == 0
    await off.stop()
