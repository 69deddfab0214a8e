"""Exports: what leaves a server arrives at another one, and leaves that one as it was."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx
import pytest

from echosphere.accounts import OPERATOR
from echosphere.accounts.account import CLOSED_NAME
from echosphere.bots.interaction import BOT_GONE
from echosphere.commands.imports import ListPlaceholdersCall, list_placeholders
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Database
from echosphere.exporting import Exported, Exporter
from echosphere.exporting.records import kinds_of
from echosphere.importing import LinkPlaceholder, placeholders
from echosphere.importing.fitting import BUTTONS, Fitter
from echosphere.importing.format import decode_message
from echosphere.importing.report import Losses
from tests.bots.programs import bot_of, let_in
from tests.bots.test_buttons import GO, LOOK, ROWS, card
from tests.importing.claiming import Cast, GiveAddress
from tests.importing.conftest import Import, import_into
from tests.importing.imported import imported_conversations
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.samples.slack import SlackSample
from tests.importing.story import Story
from tests.owners import add_owner
from tests.product.conftest import Running, settings_for
from tests.product.groups import group_on
from tests.product.people import PASSWORD, new_key


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Running]:
    """Another server, on SQLite."""
    data = tmp_path / "elsewhere"
    running = Running(settings_for(data, f"sqlite:///{data}/app.db"))
    await running.start()
    yield running
    await running.stop()


async def export(
    running: Running, path: Path, conversation: str | None = None, *, html: bool = False
) -> Exported:
    """Export; return what the export has."""
    application = running.application
    exporter = Exporter(application.database, application.storage, path, html=html)
    parts = [part async for part in exporter.run(conversation)]
    return parts[-1]


def contents(path: Path) -> dict[str, Any]:
    """Return all lines of an export, and the sizes of its files; pictures are made anew."""
    found: dict[str, Any] = {}
    with ZipFile(path) as zipped:
        assert zipped.testzip() is None
        for info in zipped.infolist():
            if info.filename.endswith(".jsonl"):
                lines = zipped.read(info).splitlines()
                found[info.filename] = [json.loads(line) for line in lines]
            elif info.filename.startswith("files/"):
                found[info.filename] = zipped.read(info)
            elif info.filename.startswith("avatars/"):
                found[info.filename] = "a picture"
    return found


async def _talk(ada: Any, ben: Any) -> str:
    here = str(await ada.talk_to(ben))
    said = await ada.say(here, "Hello **Ben**")
    await ben.say(here, "Hi @Ada", reply_to=said["seq"])
    await ben.put(f"/conversations/{here}/messages/{said['seq']}/reactions/👍", status=200)
    await ada.patch(f"/conversations/{here}/messages/{said['seq']}", {"body": "Hello *Ben*"})
    file = await ada.upload("notes.txt", b"some notes\n")
    await ada.say(here, "", attachments=[file["id"]])
    return here


async def test_what_is_exported_imported_and_exported_is_equal(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import, elsewhere: Running
) -> None:
    ada, ben, _ = cast
    database: Database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await _talk(ada, ben)
    await do_import(SlackSample().write(Story(120), tmp_path))
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    made = await export(running, first)
    assert (made.messages, made.missing) == (123, 0)
    report = await import_into(elsewhere.application, first)
    assert (report.messages, report.files, report.lost) == (123, made.files, [])
    await export(elsewhere, second)
    assert contents(second) == contents(first)
    again = await import_into(elsewhere.application, second)
    assert (again.messages, again.known) == (0, 123)


async def test_what_programs_wrote_stays_that_of_programs(
    tmp_path: Path, running: Running, server: str, elsewhere: Running
) -> None:
    async with group_on(server) as group, bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.say(group.id, "Deployed")
        made = await group.owner.post(group.path("/webhooks"), {"name": "Builds"})
        async with httpx.AsyncClient() as program:
            address = server + urlsplit(made["webhook"]["url"]).path
            posted = await program.post(address, json={"text": "Built"})
            assert posted.status_code == 201
    first, second, third = (tmp_path / f"{name}.zip" for name in ("first", "second", "third"))
    await export(running, first)
    await import_into(elsewhere.application, first)
    await export(elsewhere, second)
    assert contents(second) == contents(first)
    programs = [one["name"] for one in contents(second)["people.jsonl"] if one.get("program")]
    assert sorted(programs) == ["Builds", "Echo"]
    database = elsewhere.application.database
    waiting = {one.user_id for one in await database.read(placeholders, 100)}
    kinds = await database.read(kinds_of, list(waiting))
    assert sorted(kind for kind, _ in kinds.values()).count("bot") == len(programs)
    # Nobody becomes the author of what a program wrote, not even by an operator's word.
    account = await add_owner(database)
    offered = await list_placeholders(elsewhere.application, OPERATOR, ListPlaceholdersCall())
    assert {one.id for one in offered.placeholders} == {
        one for one, (kind, _) in kinds.items() if kind == "person"
    }
    for one, (kind, _) in kinds.items():
        if kind != "person":
            with pytest.raises(NotFound):
                await database.write(LinkPlaceholder(one, account, OPERATOR))
    await export(elsewhere, third)
    assert contents(third)["people.jsonl"] == contents(first)["people.jsonl"]


async def test_what_was_said_and_done_in_a_group_arrives_as_it_was(
    tmp_path: Path, running: Running, server: str, elsewhere: Running
) -> None:
    async with group_on(server) as group:
        ada, ben, carl = group.owner, group.admin, group.member
        first = await ada.say(group.id, "Hello @all and @Ben: `code`, 😀 and \u202eback")
        answer = await ben.say(group.id, "Yes, @Carl?", reply_to=first["seq"])
        for person, emoji in ((carl, "👍"), (ben, "👍"), (carl, "🎉")):
            path = group.path(f"/messages/{first['seq']}/reactions/{emoji}")
            await person.put(path, status=200)
        await ada.put(group.path(f"/messages/{answer['seq']}/pin"), status=200)
        deleted = await carl.say(group.id, "To be deleted")
        edited = await ada.say(group.id, "An answer to it", reply_to=deleted["seq"])
        await carl.delete(group.path(f"/messages/{deleted['seq']}"), 200)
        for number in range(3):
            path = group.path(f"/messages/{edited['seq']}")
            await ada.patch(path, {"body": f"Edited {number}"})
        file = await carl.upload('of "Carl", a.txt', b"some\n")
        await carl.say(group.id, "", attachments=[file["id"]])
        await ada.patch(group.path(), {"description": "Two\nlines"})
        alone = await ada.talk_to(ben)
        await ben.say(alone, "x" * 9_000)
        closed = await carl.http.request("DELETE", "/me", json={"password": PASSWORD})
        assert closed.status_code == 204
    here, there = tmp_path / "here.zip", tmp_path / "there.zip"
    await export(running, here)
    report = await import_into(elsewhere.application, here)
    assert (report.conversations, report.messages, report.lost) == (2, 5, [])
    await export(elsewhere, there)
    assert contents(there) == contents(here)
    assert CLOSED_NAME in {one["name"] for one in contents(there)["people.jsonl"]}


async def test_buttons_are_exported_and_imported_and_ask_nobody(
    tmp_path: Path, running: Running, server: str, elsewhere: Running
) -> None:
    async with group_on(server) as group, bot_of(group.member) as bot:
        await let_in(group, bot)
        await card(bot, group)
        plain = await bot.say(group.id, "No buttons")
        path = tmp_path / "buttons.zip"
        await export(running, path, group.id)
        name = next(one for one in contents(path) if one.startswith("messages/"))
        lines = contents(path)[name]
        assert [one.get("actions") for one in lines[-2:]] == [ROWS, None]
        assert lines[-1]["text"] == plain["body"]
    report = await import_into(elsewhere.application, path)
    assert (report.messages, report.lost) == (len(lines), [])
    second = tmp_path / "second.zip"
    await export(elsewhere, second)
    assert contents(second)[name] == lines


async def test_a_press_of_a_button_that_was_imported_is_refused(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, _, _ = cast
    await running.application.database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    folder = tmp_path / "buttons"
    folder.mkdir()
    lines: dict[str, list[dict[str, Any]]] = {
        "manifest.json": [{"format": "echosphere-import", "version": 1, "source": "test"}],
        "people.jsonl": [
            {"id": "ada", "name": "Ada", "email": "ada@example.org"},
            {"id": "bot", "name": "Deployer", "program": True},
        ],
        "conversations.jsonl": [
            {"id": "here", "title": "Builds", "messages": "m.jsonl", "members": [{"person": "ada"}]}
        ],
        "m.jsonl": [{"id": "1", "author": "bot", "at": 1, "text": "Deploy?", "actions": ROWS}],
    }
    for name, values in lines.items():
        (folder / name).write_text("\n".join(json.dumps(one) for one in values))
    report = await do_import(folder)
    assert (report.messages, report.lost) == (1, [])
    here = (await imported_conversations(running.application.database))["here"]
    (message,) = [
        one
        for one in (await ada.get(f"/conversations/{here}/messages"))["messages"]
        if not one["system"]
    ]
    assert message["actions"] == ROWS
    press = {"key": new_key(), "action": "go"}
    path = f"/conversations/{here}/messages/{message['seq']}/actions"
    answer = await ada.post(path, press, 409)
    assert answer["detail"] == BOT_GONE


@pytest.mark.parametrize(
    "rows",
    [
        [[GO, GO]],
        [[GO | {"url": "javascript:alert(1)"}]],
        [[LOOK | {"url": "http://example.org/"}]],
        [[GO | {"style": "blinking"}]],
        [[{"id": "no", "label": "\u202e"}]],
        [[GO | {"id": str(number)}] for number in range(6)],
        [[]],
    ],
)
def test_buttons_that_break_a_rule_are_left_out_and_counted(rows: Any) -> None:
    losses: Losses = Losses()
    line = {"id": "1", "author": "bot", "at": 1, "text": "Deploy?", "actions": rows}
    message = decode_message(json.dumps(line))
    (fitted,) = Fitter({"bot": ("user", True)}, losses).fit(message)
    assert (fitted.body, fitted.actions) == ("Deploy?", [])
    assert losses[BUTTONS] == sum(map(len, rows))


async def test_what_is_here_already_is_not_imported_again(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, _ = cast
    await _talk(ada, ben)
    await export(running, tmp_path / "own.zip")
    report = await do_import(tmp_path / "own.zip")
    assert report.messages == 0
    assert [one.times for one in report.lost] == [3]


async def test_one_conversation_is_exported_alone_with_pages_to_read(
    tmp_path: Path, running: Running, server: str, do_import: Import
) -> None:
    story = Story(660)
    await do_import(EchoSphereSample().write(story, tmp_path))
    here = await imported_conversations(running.application.database)
    path = tmp_path / "one.zip"
    made = await export(running, path, here["C0TEA"], html=True)
    assert (made.conversations, made.messages) == (1, 220)
    with ZipFile(path) as zipped:
        index = zipped.read("index.html").decode()
        pages = [zipped.read(f"pages/000001-{number}.html").decode() for number in (1, 2)]
        assert "tea-kitchen" in index
        assert "pages/000001-1.html" in index
        assert "220 messages" in index
        assert "<title>tea-kitchen, page 1</title>" in pages[0]
        assert "Later" in pages[0]
        for said in story.rooms[1].messages:
            assert said.text.replace("'", "&#x27;") in "".join(pages)
        hashes = {name for name in zipped.namelist() if name == "SHA256SUMS"}
        assert hashes


async def test_an_export_replaces_nothing(tmp_path: Path, running: Running, server: str) -> None:
    path = tmp_path / "there.zip"
    path.write_bytes(b"mine")
    with pytest.raises(Conflict):
        await export(running, path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(NotFound):
        await export(running, tmp_path / "none.zip", "unknown")
    cut_off = tmp_path / "other.zip.part"
    cut_off.write_bytes(b"half")
    with pytest.raises(Conflict, match=r"other\.zip\.part"):
        await export(running, tmp_path / "other.zip")
    assert cut_off.read_bytes() == b"half"
    assert sorted(one.name for one in tmp_path.glob("none*")) == []
