"""Link previews from a posted message to the picture that its readers see, on a site of the test's own."""

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete, select, update

from echosphere.database import Snapshot, Transaction
from echosphere.database.job_table import jobs
from echosphere.link_previews.jobs import MAX_AGE
from echosphere.link_previews.store import preview_images
from echosphere.media import InspectedFile, SandboxPool
from echosphere.media.sandbox.pool import inspection_unavailable
from echosphere.messages.store import messages
from tests.link_previews.site import Site
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import TIMEOUT, Person, people_on
from tests.product.previewed import previewed

Cast = tuple[Person, Person, Person]


@pytest.fixture
def more_settings() -> dict[str, str]:
    """For a server that may reach the test's web site on this machine."""
    return {"ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on"}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A web site with two pages."""
    async with Site() as site:
        file = io.BytesIO()
        Image.new("RGB", (300, 200), "green").save(file, "PNG")
        site.says("/garden.png", file.getvalue(), "image/png")
        image = '<meta property="og:image" content="garden.png">'
        site.says("/garden", f"<title>The garden</title>{image}")
        site.says("/kitchen", f"<title>The kitchen</title>{image}")
        yield site


async def message_of(person: Person, message: dict[str, Any]) -> dict[str, Any]:
    path = f"/conversations/{message['conversation']}/messages/{message['seq']}"
    found: dict[str, Any] = (await person.get(path))["message"]
    return found


async def with_preview(person: Person, message: dict[str, Any], title: str) -> dict[str, Any]:
    """Return a message once it has this preview."""
    async with asyncio.timeout(TIMEOUT):
        while True:
            found = await message_of(person, message)
            if found["preview"] is not None and found["preview"]["title"] == title:
                return found
            await asyncio.sleep(0.05)


async def settled(running: Running) -> None:
    """Wait until every visit that was asked for is over."""
    application = running.application
    async with asyncio.timeout(TIMEOUT):
        while await application.database.read(_visits_wait):
            await asyncio.sleep(0.05)


def _visits_wait(snapshot: Snapshot) -> bool:
    kinds = ("previews.look", "previews.remove")
    return bool(snapshot.execute(select(jobs.c.id).where(jobs.c.kind.in_(kinds))).first())


def pictures(tmp_path: Path) -> list[Path]:
    """Return the stored pictures of previews."""
    folder = tmp_path / "data" / "files" / "previews"
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_link_gets_its_preview_after_the_message_was_delivered(
    cast: Cast, site: Site, tmp_path: Path
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    device = await ben.connect()
    sent = await ada.say(conversation, f"Look: {site.address}/garden.")
    assert sent["preview"] is None
    first = await device.next("message", version=sent["version"])
    assert first["message"]["preview"] is None
    event = await device.next("message", version=sent["version"] + 1)
    preview = event["message"]["preview"]
    image_url = preview.pop("image_url")
    assert preview == {
        "url": f"{site.address}/garden",
        "title": "The garden",
        "description": "",
        "site": "127.0.0.1",
        "width": 300,
        "height": 200,
    }
    assert event["message"]["edited_at"] is None
    path = image_url.removeprefix("/api/v1")
    for reader in (ada, ben):
        shown = await reader.http.get(path)
        assert shown.headers["content-type"] == "image/webp"
        assert Image.open(io.BytesIO(shown.content)).size == (300, 200)
    hidden, unknown = await oscar.http.get(path), await oscar.http.get("/previews/unknown")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    assert len(pictures(tmp_path)) == 1


class Crowded:
    """Looks into pictures, but not for those who come first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.asked = 0
        inspect = SandboxPool.inspect

        async def asked(
            sandbox: SandboxPool, path: Path, content_type: str, *, opaque: bool = False
        ) -> InspectedFile | None:
            self.asked += 1
            if self.asked <= times:
                raise inspection_unavailable()
            return await inspect(sandbox, path, content_type, opaque=opaque)

        monkeypatch.setattr(SandboxPool, "inspect", asked)
        monkeypatch.setattr("echosphere.link_previews.jobs.RETRY_DELAYS", (0, 0, 0))
        monkeypatch.setattr("echosphere.link_previews.fetch.PENDING_CACHE_SECONDS", 0.0)


@pytest.mark.parametrize("page", ["garden", "garden.png"])
async def test_a_picture_for_which_the_server_had_no_time_comes_later(
    cast: Cast, site: Site, running: Running, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    crowded = Crowded(monkeypatch, times=3)
    ada, ben, _ = cast
    sent = await ada.say(await ada.talk_to(ben), f"{site.address}/{page}")
    await settled(running)
    found = (await message_of(ben, sent))["preview"]
    assert found["image_url"] is not None
    assert crowded.asked == 4


async def test_a_picture_for_which_there_is_never_time_is_given_up(
    cast: Cast, site: Site, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded = Crowded(monkeypatch, times=99)
    ada, ben, _ = cast
    sent = await ada.say(await ada.talk_to(ben), f"{site.address}/garden")
    await settled(running)
    found = (await message_of(ben, sent))["preview"]
    assert (found["title"], found["image_url"]) == ("The garden", None)
    assert crowded.asked == 4


async def test_a_preview_that_its_author_took_away_does_not_come_back_with_its_picture(
    cast: Cast, site: Site, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded = Crowded(monkeypatch, times=1)
    monkeypatch.setattr("echosphere.link_previews.jobs.RETRY_DELAYS", (1_500,))
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, f"{site.address}/garden")
    await with_preview(ben, sent, "The garden")
    path = f"/conversations/{conversation}/messages/{sent['seq']}/preview"
    assert (await ada.http.delete(path)).status_code == 200
    await settled(running)
    assert (await message_of(ben, sent))["preview"] is None
    assert crowded.asked == 1


async def test_the_preview_and_its_picture_go_with_the_message(
    cast: Cast, site: Site, tmp_path: Path, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, f"{site.address}/garden")
    shown = await with_preview(ben, sent, "The garden")
    path = f"/conversations/{conversation}/messages/{sent['seq']}"
    assert (await ada.http.delete(path)).status_code == 200
    assert (await message_of(ben, sent))["preview"] is None
    picture = shown["preview"]["image_url"].removeprefix("/api/v1")
    assert (await ben.http.get(picture)).status_code == 404
    await settled(running)
    assert pictures(tmp_path) == []


async def test_an_edited_message_shows_what_its_new_link_leads_to(
    cast: Cast, site: Site, tmp_path: Path, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, f"{site.address}/garden")
    await with_preview(ben, sent, "The garden")
    path = f"/conversations/{conversation}/messages/{sent['seq']}"
    edited = await ada.patch(path, {"body": f"No: {site.address}/kitchen"})
    assert edited["message"]["preview"] is None
    await with_preview(ben, sent, "The kitchen")
    await settled(running)
    assert len(pictures(tmp_path)) == 1
    await ada.patch(path, {"body": "No link at all"})
    await settled(running)
    assert (await message_of(ben, sent))["preview"] is None
    assert pictures(tmp_path) == []


async def test_what_was_edited_while_it_was_looked_at_gets_no_old_preview(
    cast: Cast, site: Site, tmp_path: Path, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    asked, go_on = asyncio.Event(), asyncio.Event()
    page = site.answers["/garden"]
    assert isinstance(page, bytes)

    async def hesitate(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go_on.wait()
        writer.write(page)
        await writer.drain()

    site.answers["/garden"] = hesitate
    sent = await ada.say(conversation, f"{site.address}/garden")
    async with asyncio.timeout(TIMEOUT):
        await asked.wait()
    path = f"/conversations/{conversation}/messages/{sent['seq']}"
    await ada.patch(path, {"body": "Never mind"})
    go_on.set()
    await settled(running)
    assert (await message_of(ben, sent))["preview"] is None
    assert pictures(tmp_path) == []


async def test_the_author_may_take_the_preview_away_and_no_one_else(
    cast: Cast, site: Site, tmp_path: Path, running: Running
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, f"{site.address}/garden")
    await with_preview(ben, sent, "The garden")
    path = f"/conversations/{conversation}/messages/{sent['seq']}/preview"
    await ben.delete(path, 403)
    await oscar.delete(path, 404)
    assert (await ada.delete(path, 200))["message"]["preview"] is None
    await settled(running)
    assert (await message_of(ben, sent))["preview"] is None
    assert pictures(tmp_path) == []


async def test_a_reaction_leaves_the_preview_where_it_is(
    cast: Cast, site: Site, tmp_path: Path, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, f"{site.address}/garden")
    await with_preview(ben, sent, "The garden")
    path = f"/conversations/{conversation}/messages/{sent['seq']}/reactions/🌻"
    await ben.put(path, status=200)
    await settled(running)
    assert (await message_of(ben, sent))["preview"]["title"] == "The garden"
    assert len(pictures(tmp_path)) == 1


async def test_pictures_that_no_message_shows_are_swept(
    cast: Cast, running: Running, tmp_path: Path
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, "hello")
    kept = await previewed(running, conversation, sent["seq"])
    stray = await previewed(running, conversation, sent["seq"])

    def lose(transaction: Transaction) -> None:
        transaction.execute(delete(preview_images).where(preview_images.c.id == stray))

    await running.application.database.write(lose)
    for path in pictures(tmp_path):
        os.utime(path, (time.time() - 10**6, time.time() - 10**6))
    await running.application.link_previews.delete_orphaned_images()
    assert [path.name for path in pictures(tmp_path)] == [kept]


@on_one_database
async def test_links_are_left_alone_where_the_author_or_the_text_wants_it(
    cast: Cast, site: Site, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    code = await ada.say(conversation, f"`{site.address}/garden`")
    await ada.patch("/me", {"settings": {"link_previews": False}})
    unwanted = await ada.say(conversation, f"{site.address}/garden")
    own = await ben.say(conversation, f"{running.application.settings.base_url}/kitchen")
    await settled(running)
    for message in (code, unwanted, own):
        assert (await message_of(ben, message))["preview"] is None
    assert site.asked == []


@on_one_database
async def test_who_links_to_what_never_answers_holds_up_no_one_else(
    cast: Cast, site: Site, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    never = asyncio.Event()
    for number in range(30):
        site.answers[f"/tar/{number}"] = lambda _writer: never.wait()
        await ada.say(conversation, f"{site.address}/tar/{number}")
    elsewhere = site.address.replace("127.0.0.1", "localhost")
    sent = await ben.say(conversation, f"{elsewhere}/kitchen")
    await with_preview(ada, sent, "The kitchen")
    assert sum(one.path.startswith("/tar/") for one in site.asked) < 30


@on_one_database
async def test_who_posts_many_links_at_once_gets_all_previews_in_turn(
    cast: Cast, site: Site, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.link_previews.jobs.RETRY_AFTER", 10)
    monkeypatch.setattr("echosphere.link_previews.jobs.MAX_WAITING_PER_USER", 2)
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    said = []
    for number in range(12):
        page = site.says(f"/page/{number}", f"<title>Page {number}</title>")
        said.append(await ada.say(conversation, page))
    for number, message in enumerate(said):
        await with_preview(ben, message, f"Page {number}")


@on_one_database
async def test_what_was_said_long_ago_is_not_looked_at_any_more(
    cast: Cast, site: Site, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ada.patch("/me", {"settings": {"link_previews": False}})
    sent = await ada.say(conversation, f"{site.address}/garden")
    await settled(running)
    await ada.patch("/me", {"settings": {"link_previews": True}})
    job = {"conversation": conversation, "seq": sent["seq"]}

    def make_older(transaction: Transaction) -> None:
        older = messages.c.created_at - MAX_AGE
        transaction.execute(update(messages).values(created_at=older))

    application = running.application
    await application.database.write(make_older)
    await application.link_previews.fetch(job)
    assert site.asked == []


@on_one_database
async def test_the_operator_may_turn_previews_off(
    tmp_path: Path, database_url: str, site: Site
) -> None:
    more = {"ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on", "ECHOSPHERE_LINK_PREVIEWS": "off"}
    running = Running(settings_for(tmp_path / "data", database_url, **more))
    base = await running.start()
    async with people_on(base, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        await ada.say(conversation, f"{site.address}/garden")
        await settled(running)
    await running.stop()
    assert site.asked == []


@on_one_database
async def test_an_instance_on_the_internet_does_not_look_at_inner_addresses(
    tmp_path: Path, database_url: str, site: Site
) -> None:
    running = Running(settings_for(tmp_path / "data", database_url))
    base = await running.start()
    async with people_on(base, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        sent = await ada.say(conversation, f"{site.address}/garden http://[::1]/")
        await settled(running)
        assert (await message_of(ben, sent))["preview"] is None
    await running.stop()
    assert site.asked == []
