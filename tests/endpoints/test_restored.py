"""A restored server delivers nothing twice, and what happens from then on."""

import asyncio
from functools import partial
from pathlib import Path

from echosphere.backup import Progress, create_backup, restore_backup
from tests.cluster.processes import at_base
from tests.endpoints.conftest import jobs_run
from tests.endpoints.receiver import Answer, endpoint_of
from tests.endpoints.test_processes import ALLOWED, bot_with_receiver
from tests.product.conftest import Running, settings_for


async def test_nothing_is_delivered_again_after_a_restore(tmp_path: Path) -> None:
    given = ALLOWED | {"SECRET_KEY": "kestrel-over-the-fjord-with-otters-below"}
    first, second = (settings_for(tmp_path / name, "", **given) for name in ("first", "second"))
    running = Running(first)
    base = await running.start()
    async with bot_with_receiver(base) as (group, bot, receiver):
        endpoint = await endpoint_of(bot, receiver.address)
        for number in range(3):
            await group.owner.say(group.id, f"number {number}")
        await receiver.gets(3)
        receiver.answers = [Answer(500)]
        await group.owner.say(group.id, "waits")
        waiting = await endpoint.delivery(state="waiting")
        await jobs_run(running.application.database, 0)
        saved = partial(create_backup, first, tmp_path / "backup", progress=Progress())
        await asyncio.to_thread(saved)
        await running.stop()
        restored = partial(restore_backup, second, tmp_path / "backup", progress=Progress())
        await asyncio.to_thread(restored)
        again = Running(second)
        base = await again.start()
        owner, endpoint.owner = at_base(base, group.owner), at_base(base, endpoint.owner)
        await owner.say(group.id, "since then")
        await receiver.gets_until("since then")
        texts = [one.text for one in receiver.received]
        assert texts == ["number 0", "number 1", "number 2", "waits", "since then"]
        assert len({one.id for one in receiver.received}) == 5
        given_up = await endpoint.delivery(1, state="failed")
        assert (given_up["id"], given_up["error"]) == (waiting["id"], "restored")
        path = f"{endpoint.path}/deliveries/{waiting['id']}/redeliver"
        await endpoint.owner.post(path, {}, 410)
        for person in (owner, endpoint.owner):
            await person.http.aclose()
        await again.stop()
