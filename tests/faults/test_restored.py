"""A restored backup leaves no ghosts, by whatever means it was put back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from echosphere.memberships.inbox.conversation_version import ConversationVersion
from tests.databases import DATABASES
from tests.faults.restoring import Restorable, restorable
from tests.product.model_client import ModelClient
from tests.product.people import Person, people_on

NEWER = 25


@pytest.fixture(params=DATABASES)
async def restored(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Restorable]:
    """A server whose database can be put back, once of each kind."""
    server = "" if request.param == "sqlite" else request.getfixturevalue("postgresql_server")
    async with restorable(request.param, tmp_path, server) as found:
        yield found


class Device(ModelClient):
    """A device that asks over REST, and notes what was answered."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.id, self._ask)
        self.person = person
        self.resets: list[str] = []

    async def come(self) -> None:
        """Do what every client does when it is connected."""
        await self.catch_up()
        self.learn_hidden(await self.person.get("/hidden", after=self.hidden_after))
        self.refresh((await self.person.get("/conversations"))["conversations"])

    def everything(self) -> dict[str, Any]:
        """Return all that is shown."""
        return {
            one: (state, self.held[one].messages, self.held[one].hidden)
            for one, state in self.state().items()
        }

    async def _ask(self, asked: dict[str, Any]) -> Any:
        answer = await self.person.post("/sync", asked, 200)
        self.resets += [
            one["conversation"]["id"] for one in answer["conversations"] if one["reset"]
        ]
        return answer


@pytest.mark.parametrize("restarts", [0, 1, 2])
async def test_what_a_restored_database_lacks_is_gone_on_every_device(
    restored: Restorable, restarts: int
) -> None:
    async with people_on(restored.base, "Ada", "Ben") as (ada, ben):
        talk = await ada.talk_to(ben)
        for number in range(8):
            await ada.say(talk, f"kept {number}")
        group = {"kind": "group", "title": "Kept", "members": [ben.id]}
        quiet = (await ada.post("/conversations", group))["conversation"]["id"]
        away, here, late = Device(ben), Device(ben), Device(ben)
        await away.come()
        restored.copy()
        await here.come()
        await live_on(ada, ben, talk)
        await here.come()
        for _ in range(restarts):
            await restored.restart()
            await ada.say(talk, "lost")
            await late.come()
        await restored.restore()
        for number in range(NEWER):
            await ada.say(talk, f"newer {number}")
        fresh = Device(ben)
        await fresh.come()
        assert len(fresh.held[talk].messages) == 8 + NEWER
        for device in (here, late):
            device.resets.clear()
            await device.come()
            assert device.everything() == fresh.everything()
        assert talk in here.resets
        # Where the copy knows the epoch, what was not changed after it is not sent again.
        assert quiet not in here.resets
        assert quiet in late.resets
        # Who knows nothing of what was lost gets the difference, as ever.
        away.resets.clear()
        await away.come()
        assert away.everything() == fresh.everything()
        assert away.resets == []


async def live_on(ada: Person, ben: Person, talk: str) -> None:
    """Do what the backup will lack: words, deletions, a place in a group, positions."""
    for number in range(10):
        lost = await ada.say(talk, f"lost {number}")
    messages = f"/conversations/{talk}/messages"
    await ben.put(f"/conversations/{talk}/read", {"seq": lost["seq"]})
    await ada.patch(f"{messages}/2", {"body": "edited and lost"})
    await ada.delete(f"{messages}/3", 200)
    await ben.post(f"/conversations/{talk}/hidden", {"seqs": [4]}, 200)
    group = {"kind": "group", "title": "Lost", "members": [ben.id]}
    await ada.post("/conversations", group)


@pytest.mark.parametrize(
    ("where", "version", "got_in", "is_ghost"),
    [
        # version now, last epoch, its base, the epoch before; what is held, and since when
        (ConversationVersion(20, 3, 10, 1), 10, 2, False),
        (ConversationVersion(20, 3, 10, 1), 11, 2, True),
        (ConversationVersion(20, 3, 10, 1), 20, 2, True),
        (ConversationVersion(20, 2, 10, 1), 20, 3, False),
        (ConversationVersion(20, 2, 10, 1), 21, 3, True),
        (ConversationVersion(20, 2, 10, 1), 20, 2, False),
        # It changed in two epochs since: what the first of them began with is not known.
        (ConversationVersion(20, 5, 10, 4), 3, 3, True),
        # No one knows that epoch.
        (ConversationVersion(20, 3, 10, 1), 1, 0, True),
    ],
)
def test_a_version_is_a_ghost_above_what_the_next_epoch_began_with(
    where: ConversationVersion, version: int, got_in: int, *, is_ghost: bool
) -> None:
    assert where.contradicts(version, got_in) is is_ghost


async def test_a_client_that_says_no_epoch_is_answered_as_before(restored: Restorable) -> None:
    async with people_on(restored.base, "Ada", "Ben") as (ada, ben):
        talk = await ada.talk_to(ben)
        said = await ada.say(talk, "hello")
        await restored.restart()
        asked = {"versions": {talk: said["version"]}}
        answer = await ben.post("/sync", asked, 200)
        assert (answer["conversations"], answer["outdated"]) == ([], [])
        beyond = {"versions": {talk: said["version"] + 5}}
        [one] = (await ben.post("/sync", beyond, 200))["conversations"]
        assert one["reset"]
