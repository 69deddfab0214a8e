"""Search: the same hits on both databases, before and after indexing, and nothing for outsiders."""

# ruff: noqa: RUF001 - letters that look like others are what this is about

import asyncio
import random
from typing import Any

import pytest

from echosphere.search import scan
from echosphere.search.folding import fold, fold_with_offsets
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, people_on

CORPUS = {
    "german": "Die Straße nach Köln ist gesperrt, sagt Jörg.",
    "french": "Un café crème à côté de l'église, s'il vous plaît",
    "turkish": "İstanbul'da güzel bir gün",
    "greek": "Καλημέρα Ἀθήνα, πώς είσαι; ΟΔΥΣΣΕΥΣ",
    "russian": "Ёлка стоит в углу, всё хорошо",
    "chinese": "我们明天去北京图书馆看书",
    "japanese": "東京タワーでｶﾞﾝﾀﾞﾑを見た",
    "korean": "내일 서울에서 만나요 한국어",
    "thai": "วันนี้อากาศดีมาก ไปเที่ยวกันไหม",
    "arabic": "مُحَمَّد يقرأ الكتـــاب في المكتبة",
    "hebrew": "שָׁלוֹם עולם, מה שלומך",
    "devanagari": "नमस्ते दुनिया, हिन्दी में खोज",
    "emoji": "Happy birthday 🎂🥳 from us 👩‍👧 ❤️ 👍🏽",
    "wide": "ＷＩＤＥ　ｌｅｔｔｅｒｓ everywhere",
    "marks": "100% of C++_code \\ back * [x] 'quote' - \"said\" NEAR(AND) OR",
    "lines": "first line\n\n   second   line\ttab",
    "link": "Look at https://example.org/Some/Path?x=1",
}

QUERIES: list[tuple[str, set[str]]] = [
    ("strasse", {"german"}),
    ("KÖLN", {"german"}),
    ("koln", {"german"}),
    ("raß nach", {"german"}),
    ("jörg straße", {"german"}),
    ('"nach köln ist"', {"german"}),
    ('"köln nach"', set()),
    ("cafe creme", {"french"}),
    ("EGLISE", {"french"}),
    ("istanbul", {"turkish"}),
    ("guzel", {"turkish"}),
    ("καλημερα", {"greek"}),
    ("οδυσσευς", {"greek"}),
    ("αθην", {"greek"}),
    ("елка", {"russian"}),
    ("ХОРОШО все", {"russian"}),
    ("北京", {"chinese"}),
    ("京", {"chinese", "japanese"}),
    ("图书馆", {"chinese"}),
    ("東京タワー", {"japanese"}),
    ("ガンダム", {"japanese"}),
    ("ﾀﾜｰ", {"japanese"}),
    ("カンタム", set()),
    ("서울", {"korean"}),
    ("한", {"korean"}),
    ("한국어 내일", {"korean"}),
    ("อากาศ", {"thai"}),
    ("วัน", {"thai"}),
    ("วน", set()),
    ("محمد", {"arabic"}),
    ("الكتاب", {"arabic"}),
    ("كتب", {"arabic"}),
    ("שלום", {"hebrew"}),
    ("נמ", set()),
    ("नमस्ते", {"devanagari"}),
    ("हिन्दी", {"devanagari"}),
    ("हन", set()),
    ("🎂", {"emoji"}),
    ("🥳 birth", {"emoji"}),
    ("❤", {"emoji"}),
    ("👍", {"emoji"}),
    ("👩‍👧", {"emoji"}),
    ("🍕", set()),
    ("wide", {"wide"}),
    ("Ｅｖｅｒｙ", {"wide"}),
    ("100%", {"marks"}),
    ("0% of", {"marks"}),
    ("%%", set()),
    ("_code", {"marks"}),
    ("a_c", set()),
    ("c++", {"marks"}),
    ("\\ back", {"marks"}),
    ("near(and)", {"marks"}),
    ("[x] *", {"marks"}),
    ('"line second line tab"', {"lines"}),
    ("or", {"german", "link", "marks"}),
    ("e.o", {"link"}),
    ("h.p", set()),
    ("example.org/some", {"link"}),
    ("https://", {"link"}),
    ("has:link", {"link"}),
    ("has:link look", {"link"}),
    ("has:link cafe", set()),
    ("vitamin c", set()),
    ("line t", {"lines"}),
    ("bir", {"turkish", "emoji"}),
]

TOO_SHORT = ["a", "я", "α", "ก", "ا", "x y", "\\", ".", '"a"']


@pytest.fixture
async def talk(running: Running, cast: tuple[Person, Person, Person]) -> tuple[Person, Person, str]:
    """Ada and Ben in a conversation of their own; nothing is indexed unless the test wants it."""
    await running.application.indexer.stop()
    ada, ben, _ = cast
    return ada, ben, await ada.talk_to(ben)


async def find(person: Person, q: str = "", **more: Any) -> list[str]:
    """Return the bodies that someone finds, in the order of the answer."""
    answer = await person.get("/search", q=q, **more)
    return [result["message"]["body"] for result in answer["results"]]


async def indexed(running: Running) -> None:
    """Wait until everything that was posted is in the index."""
    await running.application.indexer.catch_up()


async def test_ten_scripts_give_the_expected_hits_before_and_after_indexing(
    running: Running, talk: tuple[Person, Person, str]
) -> None:
    ada, ben, conversation = talk
    for body in CORPUS.values():
        await ada.say(conversation, body)
    names = {body: name for name, body in CORPUS.items()}
    for step in ("unindexed", "indexed"):
        wrong = []
        for query, expected in QUERIES:
            found = {names[body] for body in await find(ben, query, limit=50)}
            if found != expected:
                wrong.append((step, query, found, expected))
        assert wrong == []
        await indexed(running)


def parts_of(body: str) -> list[str]:
    """Return some parts of a body that cut no letter in two and can stand in quotes."""
    within = fold_with_offsets(body)
    draw = random.Random(body)
    borders = sorted({*within.starts, *within.ends})
    cut = (sorted(draw.sample(borders, 2)) for _ in range(6))
    parts = [body[start:end] for start, end in cut]
    return [part for part in parts if len(fold(part)) >= 2 and '"' not in part]


@on_one_database
async def test_every_part_of_a_message_finds_it_and_is_highlighted(
    running: Running, talk: tuple[Person, Person, str]
) -> None:
    ada, ben, conversation = talk
    for body in CORPUS.values():
        await ada.say(conversation, body)
    await indexed(running)
    looked_for = 0
    for body in CORPUS.values():
        for part in parts_of(body):
            results = (await ben.get("/search", q=f'"{part}"', limit=50))["results"]
            [result] = [one for one in results if one["message"]["body"] == body]
            marked = [fold(body[start:end]) for start, end in result["highlights"]]
            assert any(fold(part) in one for one in marked)
            looked_for += 1
    assert looked_for > 50


async def test_highlights_are_offsets_in_code_points_of_the_original(
    talk: tuple[Person, Person, str],
) -> None:
    ada, ben, conversation = talk
    await ada.say(conversation, "🎂 STRASSE und Straße")
    [result] = (await ben.get("/search", q="straße un"))["results"]
    body = result["message"]["body"]
    assert [body[start:end] for start, end in result["highlights"]] == ["STRASSE", "un", "Straße"]
    assert result["files"] == []


async def test_the_call_answers_as_the_route(talk: tuple[Person, Person, str]) -> None:
    ada, ben, conversation = talk
    await ada.say(conversation, "the same by both doors")
    socket = await ben.connect()
    given: dict[str, Any] = {"q": "both doors", "in": conversation, "limit": 5}
    by_call = await socket.call("search", given)
    by_route = await ben.get("/search", **given)
    assert by_call == by_route
    assert len(by_call["results"]) == 1
    with pytest.raises(Refused) as refused:
        await socket.call("search", {"q": "x"})
    assert refused.value.code == "invalid"
    assert "two characters" in refused.value.detail


async def test_no_one_finds_what_they_may_not_read(
    running: Running, server: str, cast: tuple[Person, Person, Person]
) -> None:
    ada, ben, outsider = cast
    async with people_on(server, "Carla Late") as (carla,):
        await ada.befriend(ben)
        await ada.befriend(carla)
        group = (
            await ada.post(
                "/conversations", {"kind": "group", "title": "Garden", "members": [ben.id]}
            )
        )["conversation"]["id"]
        await ada.patch(f"/conversations/{group}", {"history": "joined"})
        early = "the secret word is xylophone"
        await ada.say(group, early)
        await ada.post(f"/conversations/{group}/members", {"user": carla.id})
        late = "another xylophone came later"
        hidden = await ada.say(group, "a hidden xylophone")
        await ada.say(group, late)
        await ben.post(f"/conversations/{group}/hidden", {"seqs": [hidden["seq"]]}, 200)
        for _ in ("unindexed", "indexed"):
            for query in ("xylophone", "xy", "xylophone in:garden"):
                assert await find(ben, query) == [late, early]
                assert await find(carla, query) == [late, "a hidden xylophone"]
            for query in ("xylophone", "xy", "has:file", "garden"):
                answer = await outsider.get("/search", q=query)
                lists: list[Any] = [answer["results"], answer["people"], answer["conversations"]]
                assert lists == [[], [], []]
                assert answer["cursor"] is None
            await outsider.get("/search", 404, q="xylophone", **{"in": group})
            await outsider.get("/search", 404, q="xylophone", **{"from": ada.id})
            await outsider.get("/search", 400, q="xylophone from:ada")
            await outsider.get("/search", 400, q="xylophone in:garden")
            await indexed(running)
        await ada.delete(f"/conversations/{group}/members/{ben.id}")
        assert await find(ben, "xylophone") == []
        assert await find(ben, "xy") == []
        await ben.get("/search", 404, q="xylophone", **{"in": group})


async def test_edited_and_deleted_messages_are_found_by_what_they_are_now(
    running: Running, talk: tuple[Person, Person, str]
) -> None:
    ada, ben, conversation = talk
    path = f"/conversations/{conversation}/messages"
    for step in ("unindexed", "indexed"):
        edited = await ada.say(conversation, f"before the change {step}")
        file = await ada.upload("blueprint.txt", b"lines and lines")
        deleted = await ada.say(conversation, f"to vanish {step}", attachments=[file["id"]])
        if step == "indexed":
            await indexed(running)
        assert len(await find(ben, "blueprint")) == 1
        await ada.patch(f"{path}/{edited['seq']}", {"body": f"after the repair {step}"})
        await ada.delete(f"{path}/{deleted['seq']}", 200)
        for _ in range(2):
            for query in (f'"change {step}"', f'"vanish {step}"', "blueprint", "ue"):
                assert await find(ben, query) == []
            assert await find(ben, f'"repair {step}"') == [f"after the repair {step}"]
            await indexed(running)


async def test_file_names_are_found_with_their_highlights_and_kinds(
    running: Running, talk: tuple[Person, Person, str]
) -> None:
    ada, ben, conversation = talk
    one = await ada.upload("Ünvergessliche Reise.txt", b"words")
    other = await ada.upload("second.txt", b"more words")
    await ada.say(conversation, "here they are", attachments=[one["id"], other["id"]])
    await ada.say(conversation, "nothing with it")
    for _ in ("unindexed", "indexed"):
        [result] = (await ben.get("/search", q="unvergess here"))["results"]
        assert result["files"] == [{"id": one["id"], "highlights": [[0, 9]]}]
        assert result["highlights"] == [[0, 4]]
        assert await find(ben, "txt second reise") == ["here they are"]
        assert await find(ben, '"are unvergessliche"') == []
        assert await find(ben, "has:file") == ["here they are"]
        assert await find(ben, has="file") == ["here they are"]
        assert await find(ben, "here has:image") == []
        await indexed(running)


async def test_filters_narrow_and_names_are_understood(
    running: Running, talk: tuple[Person, Person, str]
) -> None:
    ada, ben, conversation = talk
    group = (
        await ada.post(
            "/conversations", {"kind": "group", "title": "Böat Team", "members": [ben.id]}
        )
    )["conversation"]["id"]
    first = await ada.say(conversation, "plan of ada, direct")
    await ben.say(conversation, "plan of ben, direct")
    await ada.say(group, "plan of ada, group")
    last = await ben.say(group, "plan of ben, group")
    ada_direct, ben_direct = "plan of ada, direct", "plan of ben, direct"
    ada_group, ben_group = "plan of ada, group", "plan of ben, group"
    everything = [ben_group, ada_group, ben_direct, ada_direct]
    for _ in ("unindexed", "indexed"):
        assert await find(ben, "plan") == everything
        assert await find(ben, "plan from:ada") == [ada_group, ada_direct]
        assert await find(ben, "from:me") == [ben_group, ben_direct]
        assert await find(ben, **{"from": ada.id, "in": group}) == [ada_group]
        assert await find(ben, 'plan in:"boat team"') == [ben_group, ada_group]
        assert await find(ben, "in:team from:Ben") == [ben_group]
        assert await find(ben, 'in:"Ada Example"') == [ben_direct, ada_direct]
        assert await find(ben, "plan in:ada", **{"in": group}) == []
        assert await find(ben, "from:ada from:ben in:team") == [ben_group, ada_group]
        assert await find(ben, "plan after:2020-01-01 before:2999-12-31") == everything
        assert await find(ben, "plan before:2020-01-01") == []
        assert await find(ben, "plan", after="2999-01-01") == []
        assert await find(ben, before=first["created_at"]) == []
        assert ada_direct in await find(ben, after=first["created_at"])
        assert ben_group in await find(ben, "pl", before=last["created_at"] + 1)
        await indexed(running)


async def test_people_and_conversations_are_found_by_name_on_the_first_page(
    talk: tuple[Person, Person, str],
) -> None:
    ada, ben, conversation = talk
    group = (
        await ada.post(
            "/conversations", {"kind": "group", "title": "Exemplary ✨", "members": [ben.id]}
        )
    )["conversation"]["id"]
    for number in range(3):
        await ada.say(conversation, f"example {number}")
    answer = await ben.get("/search", q="exam", limit=2)
    assert [user["id"] for user in answer["people"]] == [ada.id]
    assert "email" not in answer["people"][0]
    assert answer["conversations"] == [{"id": conversation, "highlights": [[4, 8]]}]
    [found] = (await ben.get("/search", q="✨"))["conversations"]
    assert found == {"id": group, "highlights": [[10, 11]]}
    second = await ben.get("/search", q="exam", limit=2, cursor=answer["cursor"])
    assert len(second["results"]) == 1
    assert second["people"] == second["conversations"] == []
    await ben.put(f"/blocks/{ada.id}")
    assert (await ben.get("/search", q="exam"))["people"] == []
    assert (await ada.get("/search", q="ben"))["people"] == []


async def test_pages_have_neither_doubles_nor_holes_while_messages_come_and_are_indexed(
    running: Running, talk: tuple[Person, Person, str]
) -> None:
    ada, ben, conversation = talk
    for number in range(23):
        await ada.say(conversation, f"entry {number:02}")
        if number == 11:
            await indexed(running)
    expected = [f"entry {number:02}" for number in reversed(range(23))]
    for query in ("entry", "en", "from:ada"):
        found: list[str] = []
        cursor: dict[str, Any] = {}
        while True:
            answer = await ben.get("/search", q=query, limit=5, **cursor)
            found += [result["message"]["body"] for result in answer["results"]]
            await ada.say(conversation, "entry too late for the pages")
            if len(found) == 10:
                await indexed(running)
            if answer["cursor"] is None:
                break
            cursor = {"cursor": answer["cursor"]}
        assert [body for body in found if "too late" not in body] == expected
        assert sum("too late" in body for body in found) <= len(found) - len(expected)
        assert len(found) == len(expected) + sum("too late" in body for body in found)


@pytest.mark.parametrize("query", TOO_SHORT)
@on_one_database
async def test_less_than_two_characters_are_refused_with_a_hint(
    cast: tuple[Person, Person, Person], query: str
) -> None:
    refused = await cast[0].get("/search", 400, q=query)
    assert "at least two characters" in refused["detail"]
    assert list(refused["fields"]) == ["q"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "enter part of a word"),
        ({"q": "  "}, "enter part of a word"),
        ({"q": "has:horse"}, "link, image, file, audio or video"),
        ({"q": "before:yesterday"}, "2026-01-31"),
        ({"q": "cat after:2026-02-31"}, "2026-01-31"),
        ({"q": "cat", "before": "soon"}, "2026-01-31"),
        ({"q": "from:nobodyatall"}, "no one called 'nobodyatall'"),
        ({"q": "cat in:nowhere"}, "no conversation called 'nowhere'"),
        ({"q": "cat", "cursor": "bm90IG9uZSBvZiBvdXJz"}, "search again"),
        ({"q": "cat", "cursor": "é"}, "search again"),
        ({"q": " ".join(f"word{n}" for n in range(13))}, "12 words"),
        ({"q": " ".join(f"from:a{n}" for n in range(11))}, "10 people"),
        ({"q": "x" * 401}, "at most 400 characters"),
        ({"q": "cat", "limit": 51}, "at most 50"),
        ({"q": "cat", "has": "horse"}, "horse"),
    ],
)
@on_one_database
async def test_what_makes_no_sense_is_refused_with_a_hint(
    cast: tuple[Person, Person, Person], given: dict[str, Any], said: str
) -> None:
    refused = await cast[0].get("/search", 400, **given)
    assert said in refused["detail"]


@on_one_database
async def test_thirty_searches_a_minute_are_enough(tmp_path: Any, database_url: str) -> None:
    settings = settings_for(tmp_path / "data", database_url, ECHOSPHERE_RATE_LIMITS="on")
    strict = Running(settings)
    base = await strict.start()
    try:
        async with people_on(base, "Ada Example") as (ada,):
            socket = await ada.connect()
            for _ in range(10):
                await socket.call("search", {"q": "cat"})
            asked = [ada.http.get("/search", params={"q": "cat"}) for _ in range(60)]
            answers = await asyncio.gather(*asked)
            refused = [answer for answer in answers if answer.status_code == 429]
            # One more is allowed every two seconds, however slow the machine.
            assert 20 <= len(answers) - len(refused) < 60
            assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    finally:
        await strict.stop()


async def test_what_a_stopped_server_left_is_indexed_by_the_next_one(
    tmp_path: Any, database_url: str
) -> None:
    first = Running(settings_for(tmp_path / "data", database_url))
    base = await first.start()
    async with people_on(base, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        await ada.say(conversation, "written just before the end")
        token = ben.token
        await first.stop()
    again = Running(settings_for(tmp_path / "data", database_url))
    base = await again.start()
    try:
        reader = Person(base, ben.user, token)
        await indexed(again)
        assert await find(reader, "just before") == ["written just before the end"]
        await reader.close()
    finally:
        await again.stop()


async def test_a_search_that_stops_early_goes_on_where_it_stopped(
    running: Running, talk: tuple[Person, Person, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound, small in (("SCAN_WINDOW", 3), ("MAX_WINDOWS", 2), ("SMALL_INBOX", 0)):
        monkeypatch.setattr(scan, bound, small)
    for bound, small in (("UNINDEXED_BATCH", 2), ("MAX_UNINDEXED", 4)):
        monkeypatch.setattr(scan, bound, small)
    monkeypatch.setattr(scan, "CANDIDATES", (2, 3))
    ada, ben, conversation = talk
    notes = await ada.post("/conversations", {"kind": "direct", "user": ada.id})
    elsewhere = notes["conversation"]["id"]
    for number in range(24):
        await ada.say(elsewhere, f"needle {number} that only Ada sees")
        await ada.say(conversation, f"needle {number}" if number % 8 == 0 else f"hay {number}")
    needles = ["needle 16", "needle 8", "needle 0"]
    for step in ("unindexed", "indexed"):
        for query, expected in (
            ("needle", needles),
            ("le", needles),
            ("hay 3", ["hay 23", "hay 13", "hay 3"]),
        ):
            found: list[str] = []
            pages = 0
            cursor: dict[str, Any] = {}
            while pages == 0 or cursor["cursor"] is not None:
                answer = await ben.get("/search", q=query, **cursor)
                found += [result["message"]["body"] for result in answer["results"]]
                pages, cursor = pages + 1, {"cursor": answer["cursor"]}
            assert found == expected, (step, query)
            assert pages > 1 or step == "indexed"
        await indexed(running)
