"""What someone just deleted for themselves can be restored, on all of their devices."""

from typing import Any

import pytest

from echosphere.messages.limits import UNDO_WINDOW
from tests.product.changing import Rest, history, through
from tests.product.conftest import Running
from tests.product.people import Person, Refused

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@pytest.fixture(autouse=True)
def passed(running: Running) -> list[int]:
    """How many milliseconds the server's clock is ahead."""
    passed = [0]
    clock = running.application.database.clock
    running.application.database.clock = lambda: clock() + passed[0]
    return passed


@both_doors
async def test_hidden_messages_are_there_again_as_they_are_by_now(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second = await ada.say(here, "@Ben first"), await ada.say(here, "@Ben second")
    seqs = [first["seq"], second["seq"]]
    reader = await through(door, ben)
    hidden = await reader.hide(here, *seqs)
    device, hers = await ben.connect(), await ada.connect()
    changed = await Rest(ada).edit(here, second["seq"], "@Ben second, mended")
    after = await reader.restore(here, *seqs)
    assert after > hidden
    assert await device.next("restored") == {"conversation": here, "seqs": seqs, "after": after}
    own = await device.next("own", conversation=here, unread=2)
    assert own["mentions"] == 2
    assert await history(ben, here) == [first, changed]
    listed = (await ben.get("/conversations"))["conversations"][0]
    assert (listed["last_message"], listed["unread"], listed["mentions"]) == (changed, 2, 2)
    assert (await ben.get("/search", q="mended"))["results"][0]["message"] == changed
    assert hers.of("restored") == []


@both_doors
async def test_a_device_that_was_away_learns_what_was_taken_back(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    seqs = [(await ada.say(here, word))["seq"] for word in ("first", "second")]
    reader = await through(door, ben)
    held = await reader.hide(here, *seqs)
    await reader.restore(here, seqs[1])
    answer = await ben.get("/hidden", after=held)
    assert _seqs(answer) == ([], [seqs[1]])
    # Hidden once more: the last word counts, whatever the device had heard.
    again = await reader.hide(here, seqs[1])
    assert again > answer["after"]
    assert _seqs(await ben.get("/hidden", after=answer["after"])) == ([seqs[1]], [])
    assert _seqs(await ben.get("/hidden")) == (seqs, [])
    assert await history(ben, here) == []


@both_doors
async def test_taking_back_twice_changes_nothing(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    reader = await through(door, ben)
    await reader.hide(here, said["seq"])
    after = await reader.restore(here, said["seq"])
    assert await reader.restore(here, said["seq"], said["seq"]) == after
    assert await history(ben, here) == [said]


@both_doors
async def test_only_what_one_hid_oneself_comes_back(cast: Cast, door: str) -> None:
    ada, ben, outsider = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    await Rest(ben).hide(here, said["seq"])
    device = await ben.connect()
    assert await (await through(door, ada)).restore(here, said["seq"]) == 0
    for person, seq in ((outsider, said["seq"]), (ben, said["seq"] + 1), (ben, 0)):
        with pytest.raises(Refused) as refused:
            await (await through(door, person)).restore(here, seq)
        assert refused.value.code == "not_found"
    assert await history(ben, here) == []
    assert device.of("restored") == []


@both_doors
async def test_after_a_while_it_is_gone_for_good(cast: Cast, door: str, passed: list[int]) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second = await ada.say(here, "first"), await ada.say(here, "second")
    reader = await through(door, ben)
    await reader.hide(here, first["seq"])
    passed[0] = UNDO_WINDOW + 1_000
    await reader.hide(here, second["seq"])
    with pytest.raises(Refused) as refused:
        await reader.restore(here, first["seq"], second["seq"])
    assert refused.value.code == "gone"
    assert await history(ben, here) == []
    await reader.restore(here, second["seq"])
    assert await history(ben, here) == [second]


async def test_what_was_deleted_for_everyone_meanwhile_comes_back_as_its_place(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    await Rest(ben).hide(here, said["seq"])
    left = await Rest(ada).delete(here, said["seq"])
    await Rest(ben).restore(here, said["seq"])
    assert await history(ben, here) == [left]


def _seqs(answer: Any) -> tuple[list[int], list[int]]:
    hidden, restored = ([one["seq"] for one in answer[name]] for name in ("hidden", "restored"))
    return hidden, restored
