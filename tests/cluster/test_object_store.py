"""S3 is down for a while: text still works, files wait, and no accepted file is lost."""

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from tests.cluster.machines import Machine
from tests.cluster.object_store import ObjectStore
from tests.cluster.test_faults import SECONDS
from tests.product.people import Person, people_on
from tests.waiting import until

PATIENCE = 90.0


class Sharer:
    """Uploads one file after the other, each until it is taken, and posts it.

    Attributes:
        refused: How often the server said that it cannot take a file now.
        taken: What was taken, by the address of the file.
    """

    def __init__(self, person: Person, conversation: str) -> None:
        self._person = person
        self._conversation = conversation
        self.refused = 0
        self.taken: dict[str, bytes] = {}
        self.stopping = False

    async def run(self) -> None:
        """Share until told to stop."""
        while not self.stopping:
            content = os.urandom(20_000)
            attachment = await self._upload(content)
            self.taken[attachment["url"]] = content
            await self._person.say(self._conversation, "", attachments=[attachment["id"]])

    async def _upload(self, content: bytes) -> dict[str, str]:
        while True:
            answer = await self._person.http.post(
                "/attachments", files={"file": ("noise.bin", content)}, timeout=PATIENCE
            )
            if answer.status_code == 201:
                found: dict[str, str] = answer.json()["attachment"]
                return found
            assert answer.status_code == 503, answer.text
            self.refused += 1
            await asyncio.sleep(0.2)

    async def lost(self, address: str) -> list[str]:
        """Return the files that were taken and are not there, or not the same."""
        headers = {"Authorization": self._person.http.headers["Authorization"]}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE) as http:
            return [
                url
                for url, content in self.taken.items()
                if (await http.get(url)).content != content
            ]


@pytest.mark.long_form
async def test_files_that_were_taken_are_there_when_the_store_is_back(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    await asyncio.to_thread(store.start)
    machine = Machine(tmp_path / "a", {"ECHOSPHERE_REGISTRATION": "open", **store.settings})
    await asyncio.to_thread(machine.start)
    try:
        async with people_on(machine.address, "Ann", "Ben") as (ann, ben):
            here = await ann.talk_to(ben)
            sharer = Sharer(ann, here)
            sharing = asyncio.create_task(sharer.run())
            await until(lambda: len(sharer.taken) >= 5, PATIENCE)
            await asyncio.to_thread(store.kill)
            said = 0
            async with asyncio.timeout(SECONDS + PATIENCE):
                for _ in range(int(SECONDS)):
                    await ben.say(here, "words need no store")
                    said += 1
                    await asyncio.sleep(1)
            await until(lambda: sharer.refused > 0, PATIENCE)
            count = len(sharer.taken)
            await asyncio.to_thread(store.start)
            await until(lambda: len(sharer.taken) >= count + 5, PATIENCE)
            sharer.stopping = True
            await asyncio.wait_for(sharing, PATIENCE)
            assert await sharer.lost(machine.address) == []
            print(f"S3: {said} messages meanwhile, {sharer.refused} files refused, none lost")
            sharer.taken[next(iter(sharer.taken))] = b"something else"
            assert len(await sharer.lost(machine.address)) == 1, "the control"
    finally:
        await asyncio.to_thread(machine.stop)
        await asyncio.to_thread(store.kill)
