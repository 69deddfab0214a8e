"""Emoji under messages: one row version for each change."""

import asyncio

import pytest

from echosphere.core.errors import Invalid
from echosphere.messages.react import MAX_DISTINCT_EMOJI, normalize_emoji
from tests.product.changing import Rest, through
from tests.product.people import Person, Refused

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])
MANY = "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗😙🥲😚🙂🤗"


@both_doors
async def test_reactions_are_shown_to_all_in_the_order_of_their_first_use(
    cast: Cast, door: str
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Cake?")
    hers, his = await through(door, ada), await through(door, ben)
    reader = await ada.connect()
    await his.react(here, said["seq"], "🎂")
    await his.react(here, said["seq"], "❤️")
    await hers.react(here, said["seq"], "🎂")
    shown = await hers.react(here, said["seq"], "❤️", on=False)
    assert shown["version"] == said["version"] + 3  # the last one changed nothing
    assert shown["reactions"] == [
        {"emoji": "🎂", "users": [ben.id, ada.id]},
        {"emoji": "❤️", "users": [ben.id]},
    ]
    assert (await reader.next("message", version=shown["version"]))["message"] == shown
    left = await his.react(here, said["seq"], "🎂", on=False)
    assert [one["users"] for one in left["reactions"]] == [[ada.id], [ben.id]]
    left = await hers.react(here, said["seq"], "🎂", on=False)
    assert left["reactions"] == [{"emoji": "❤️", "users": [ben.id]}]
    assert (await his.react(here, said["seq"], "❤️", on=False))["reactions"] == []


@both_doors
async def test_the_same_reaction_twice_is_one(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Cake?")
    his = await through(door, ben)
    once = await his.react(here, said["seq"], "❤️")
    assert await his.react(here, said["seq"], "❤") == once  # without its variation selector


@pytest.mark.parametrize(
    "given", ["", "a", "1", "👍👍", "👍 ", "🤷x", "\u200d", "<b>", "#", "👍" * 20]
)
def test_what_is_not_one_emoji_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        normalize_emoji(given)


@pytest.mark.parametrize("given", ["👍", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️‍🔥", "☺️", "🏳️‍🌈"])
def test_every_kind_of_emoji_is_one(given: str) -> None:
    assert normalize_emoji(given) == given
    assert normalize_emoji(given.replace("\ufe0f", "")) == given


@both_doors
async def test_refusals_say_what_is_wrong(cast: Cast, door: str) -> None:
    ada, ben, outsider = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Cake?")
    for person, emoji, code in (
        (ben, "cake", "invalid"),
        (ben, "👍👍", "invalid"),
        (outsider, "👍", "not_found"),
    ):
        with pytest.raises(Refused) as refused:
            await (await through(door, person)).react(here, said["seq"], emoji)
        assert refused.value.code == code


async def test_a_message_has_room_for_twenty_different_ones(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    seq = (await ada.say(here, "Cake?"))["seq"]
    assert len(MANY) == MAX_DISTINCT_EMOJI + 1
    for emoji in MANY[:-1]:
        await Rest(ben).react(here, seq, emoji)
    with pytest.raises(Refused) as refused:
        await Rest(ada).react(here, seq, MANY[-1])
    assert refused.value.code == "invalid"
    assert len((await Rest(ada).react(here, seq, MANY[0]))["reactions"]) == MAX_DISTINCT_EMOJI


async def test_many_at_once_lose_none(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Cake?")
    await asyncio.gather(
        *(
            Rest(person).react(here, said["seq"], emoji)
            for person in (ada, ben)
            for emoji in MANY[:10]
        )
    )
    found = (await ben.get(f"/conversations/{here}/messages/{said['seq']}"))["message"]
    assert {one["emoji"]: set(one["users"]) for one in found["reactions"]} == {
        emoji: {ada.id, ben.id} for emoji in MANY[:10]
    }
    assert found["version"] == said["version"] + 20


async def test_a_block_stops_reactions_but_not_taking_them_back(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    seq = (await ada.say(here, "Cake?"))["seq"]
    await Rest(ben).react(here, seq, "👍")
    await ada.put(f"/blocks/{ben.id}")
    with pytest.raises(Refused) as refused:
        await Rest(ben).react(here, seq, "🎂")
    assert refused.value.code == "forbidden"
    assert (await Rest(ben).react(here, seq, "👍", on=False))["reactions"] == []
