"""People see how much storage their files use, and the largest ones; no one sees another's."""

from typing import Any

from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on, register
from tests.product.test_quota import IN_ALL, MIB, PER_PERSON, sent, upload, with_rate_limit

FIVE_GIB = 5 * 1024 * MIB
KIB = 1024


async def storage_of(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = (await person.get("/me/storage"))["storage"]
    return found


def places(storage: dict[str, Any]) -> list[tuple[str, int]]:
    """Return where the largest files are."""
    return [(one["conversation"], one["seq"]) for one in storage["largest"]]


async def test_a_person_sees_what_their_files_take_and_where_the_largest_are(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        nothing = {
            "used": 0,
            "by_programs": 0,
            "quota": FIVE_GIB,
            "own_quota": False,
            "server_full": False,
            "largest": [],
        }
        assert await storage_of(ada) == nothing
        here = await ada.talk_to(ben)
        small, large = await sent(ada, here, 3 * KIB), await sent(ada, here, 7 * KIB)
        await sent(ben, here, 90 * KIB)
        await upload(ada, KIB)  # in no message yet
        shown = await storage_of(ada)
        assert shown["used"] == 11 * KIB
        assert places(shown) == [(here, large), (here, small)]
        first = shown["largest"][0]
        assert (first["attachment"]["name"], first["attachment"]["size"]) == ("a.bin", 7 * KIB)
        message = (await ada.get(f"/conversations/{here}/messages/{large}"))["message"]
        assert first["attachment"] == message["attachments"][0]
        assert first["created_at"] == message["created_at"]
        assert (await (await ada.connect()).call("storage", {}))["storage"] == shown
        await ada.delete(f"/conversations/{here}/messages/{large}", 200)
        shown = await storage_of(ada)
        assert (shown["used"], places(shown)) == (4 * KIB, [(here, small)])


async def test_what_one_sent_often_counts_and_comes_once(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        here = await ada.talk_to(ben)
        first = await sent(ada, here, 5 * KIB)
        to = {"to": [{"conversation": here, "key": new_key()}]}
        await ada.post(f"/conversations/{here}/messages/{first}/forward", to)
        shown = await storage_of(ada)
        assert (shown["used"], len(shown["largest"])) == (5 * KIB, 1)


async def test_what_one_does_not_see_any_more_still_counts_and_is_not_led_to(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        here = await ada.talk_to(ben)
        body = {"kind": "group", "title": "Garden", "members": [ada.id]}
        group = (await ben.post("/conversations", body))["conversation"]["id"]
        stays, hidden = await sent(ada, here, KIB), await sent(ada, here, 2 * KIB)
        await sent(ada, group, 4 * KIB)
        await ada.post(f"/conversations/{here}/hidden", {"seqs": [hidden]}, 200)
        await ada.delete(f"/conversations/{group}/members/{ada.id}")
        shown = await storage_of(ada)
        assert (shown["used"], places(shown)) == (7 * KIB, [(here, stays)])


@on_one_database
async def test_the_ten_largest_are_listed(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        here = await ada.talk_to(ben)
        by_size = [(here, await sent(ada, here, size)) for size in range(1, 13)]
        assert places(await storage_of(ada)) == by_size[:1:-1]


@on_one_database
@with_rate_limit(PER_PERSON | IN_ALL)
async def test_it_is_said_how_much_there_may_be_and_that_the_server_is_full(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        here = await ada.talk_to(ben)
        await sent(ada, here, MIB)
        assert not (await storage_of(ben))["server_full"]
        await sent(ben, here, KIB)
        shown = await storage_of(ben)
        assert (shown["used"], shown["quota"], shown["server_full"]) == (KIB, 2 * MIB, True)


@on_one_database
@with_rate_limit({"ECHOSPHERE_STORAGE_PER_PERSON_MIB": "0"})
async def test_no_quota_is_none(server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        assert (await storage_of(ada))["quota"] is None


@on_one_database
@with_rate_limit({"ECHOSPHERE_RATE_LIMITS": "on"})
async def test_who_looks_too_often_has_to_wait(server: str) -> None:
    ada = await register(server, "Ada")
    answers = [await ada.http.get("/me/storage") for _ in range(21)]
    assert [one.status_code for one in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    await ada.close()
