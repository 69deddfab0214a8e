"""Many who react at once: everyone gets every version, and the row not once for each of them."""

import asyncio

from echosphere.messages.react import SetReaction
from tests.product.conftest import Running
from tests.product.groups import found
from tests.product.model_client import ModelClient
from tests.product.people import people_on

EMOJI = "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰"


async def test_reactions_of_one_commit_send_the_row_once_and_leave_no_version_out(
    running: Running, server: str
) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        group = await found(ada, ben)
        said = await ada.say(group, "Cake?")
        device = await ben.connect()
        model = ModelClient(ben.id, lambda asked: device.call("sync", asked))
        await model.catch_up()
        before, syncs = model.held[group].version, model.syncs
        # In one turn of the loop: what waits while the first is written is committed together.
        database = running.application.database
        reactions = [SetReaction(group, said["seq"], ada.id, emoji, on=True) for emoji in EMOJI]
        await asyncio.gather(*map(database.write, reactions))
        last = before + len(EMOJI)
        newest = await device.next("message", version=last)
        assert len(newest["message"]["reactions"]) == len(EMOJI)
        told = [one for one in device.events if one[1].get("version", 0) > before]
        assert [payload["version"] for _, payload in told] == list(range(before + 1, last + 1))
        assert {name for name, _ in told} == {"message", "version"}
        assert sum(name == "message" for name, _ in told) <= 2
        for name, payload in told:
            await model.take(name, payload)
        assert model.syncs == syncs
        assert model.held[group].version == last
        fresh = (await ben.get(f"/conversations/{group}/messages"))["messages"]
        assert [one for one in model.held[group].messages.values() if not one["system"]] == [
            one for one in fresh if not one["system"]
        ]
