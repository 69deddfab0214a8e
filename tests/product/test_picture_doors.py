"""All ways to upload pictures: limited by sides, pixels, frames and work, and patient."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from echosphere.media import SandboxPool
from echosphere.media.sandbox.pool import WORKER
from tests.house.repository import PACKAGE
from tests.link_previews.site import Site
from tests.media.made import animation, picture, png_that_claims
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import TIMEOUT, Person, new_key

Cast = tuple[Person, Person, Person]

TOO_MUCH = {
    "too high": (png_that_claims(1, 40_000), "The image has a side longer than 32767 pixels."),
    "too wide": (png_that_claims(40_000, 1), "The image has a side longer than 32767 pixels."),
    "far too high": (png_that_claims(1, 30_000_000), "a side longer than 32767 pixels."),
    "too large": (png_that_claims(8_001, 4_000), "The image has more than 32 megapixels."),
    "too long": (animation(1_100), "The animation is too long: 1100 frames."),
}

ENDLESS_WORK = WORKER[3].replace(
    "importlib.import_module(module).main()",
    """
worker = importlib.import_module(module)
worker.MAX_CPU_SECONDS = 1
def never_ending(*given):
    while True: pass
worker.inspect_image = worker.make_avatar = never_ending
worker.main()
""",
)


@dataclass
class Tried:
    """What came of a picture: how it was answered; 0 where no one waits for an answer."""

    status: int = 0
    detail: str = ""
    headers: httpx.Headers | None = None


@dataclass
class World:
    """Someone with a group, and a web site with pictures."""

    running: Running
    person: Person
    group: str
    site: Site

    async def attach(self, content: bytes) -> Tried:
        return await self._sent("POST", f"/attachments?key={new_key()}", content)

    async def set_own(self, content: bytes) -> Tried:
        return await self._sent("PUT", "/me/avatar", content)

    async def set_groups(self, content: bytes) -> Tried:
        return await self._sent("PUT", f"/conversations/{self.group}/avatar", content)

    async def set_webhooks(self, content: bytes) -> Tried:
        path = f"/conversations/{self.group}/webhooks"
        made = (await self.person.get(path))["webhooks"]
        webhook = made[0] if made else (await self.person.post(path, {"name": "CI"}))["webhook"]
        return await self._sent("PUT", f"{path}/{webhook['id']}/avatar", content)

    async def link(self, content: bytes) -> Tried:
        """Post a link to a page with the picture; the preview comes without what is refused."""
        number = new_key()
        image = self.site.says(f"/{number}.png", content, "image/png")
        head = f"<title>{number}</title><meta property='og:image' content='{image}'>"
        said = await self.person.say(self.group, self.site.says(f"/{number}", head))
        path = f"/conversations/{self.group}/messages/{said['seq']}"
        async with asyncio.timeout(TIMEOUT):
            while (preview := (await self.person.get(path))["message"]["preview"]) is None:
                await asyncio.sleep(0.05)
        assert preview["title"] == number
        return Tried(0, "" if preview["image_url"] is None else "taken")

    async def _sent(self, method: str, path: str, content: bytes) -> Tried:
        files = {"file": ("one.png", content)}
        answer = await self.person.http.request(method, path, files=files)
        return Tried(answer.status_code, answer.json().get("detail", "taken"), answer.headers)

    def stored(self) -> list[Path]:
        folder = Path(self.running.application.settings.data) / "files"
        return [path for path in folder.rglob("*") if path.is_file()]

    def pools(self) -> list[SandboxPool]:
        return [self.running.application.sandbox, self.running.application.page_sandbox]


Door = Callable[[World, bytes], Awaitable[Tried]]
DOORS: dict[str, Door] = {
    "POST /attachments": World.attach,
    "PUT /me/avatar": World.set_own,
    "PUT /conversations/<conversation>/avatar": World.set_groups,
    "PUT /conversations/<conversation>/webhooks/<webhook>/avatar": World.set_webhooks,
    "a link's picture": World.link,
}
WAITING = {name: door for name, door in DOORS.items() if door is not World.link}
LOOKING = {
    "attachments/intake.py",
    "avatars/web.py",
    "importing/files.py",
    "link_previews/fetch.py",
}
"""The files from which pictures are handed to the processes that decode them."""


@pytest.fixture
def more_settings() -> dict[str, str]:
    """For a server that may reach the test's web site on this machine."""
    return {"ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on"}


@pytest.fixture
async def world(running: Running, cast: Cast) -> AsyncIterator[World]:
    """Ada alone in a group, with a site."""
    body = {"kind": "group", "title": "Bees", "members": []}
    group = (await cast[0].post("/conversations", body))["conversation"]["id"]
    async with Site() as site:
        yield World(running, cast[0], group, site)


@on_one_database
async def test_every_door_that_takes_files_is_in_the_table(running: Running, server: str) -> None:
    routes = running.application.api.routes
    uploads = {f"{route.method} {route.path}" for route in routes if route.upload}
    assert uploads == DOORS.keys() - {"a link's picture"}
    calling = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if "_sandbox.inspect(" in (text := file.read_text("utf-8"))
        or "_sandbox.make_avatar(" in text
    }
    assert calling == LOOKING


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@on_one_database
async def test_a_picture_that_unpacks_to_too_much_is_refused(world: World, door: Door) -> None:
    for content, sentence in TOO_MUCH.values():
        tried = await door(world, content)
        if tried.status:
            assert tried.status == 400, tried
            assert tried.detail.endswith(sentence)
        else:
            assert tried.detail == ""
    assert world.stored() == []
    assert (await door(world, picture())).detail == "taken"
    assert world.stored()


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@on_one_database
async def test_a_picture_that_makes_endless_work_is_refused(world: World, door: Door) -> None:
    """The processor time of its process is counted, whatever the clock says."""
    pools = world.pools()
    usual = pools[0]._command
    for pool in pools:
        pool._command = (*WORKER[:3], ENDLESS_WORK, *WORKER[4:])
    tried = await door(world, picture())
    assert (tried.status, tried.detail) != (0, "taken")
    # On a busy machine the limit by the clock may come before that of the processor time.
    assert tried.status in (0, 400, 503), tried
    assert world.stored() == []
    for pool in pools:
        await pool.stop()
        pool._command = usual
    assert (await door(world, picture())).detail == "taken"


@pytest.mark.parametrize("door", WAITING.values(), ids=WAITING)
@on_one_database
async def test_a_lost_process_asks_the_sender_to_come_again(world: World, door: Door) -> None:
    """It says nothing of the picture: who sends it again has it taken."""
    pool = world.pools()[0]
    usual = pool._command
    pool._command = (sys.executable, "-c", "")
    tried = await door(world, picture())
    assert tried.status == 503, tried
    assert tried.headers is not None
    assert int(tried.headers["retry-after"]) > 0
    assert world.stored() == []
    pool._command = usual
    assert (await door(world, picture())).detail == "taken"
