"""CONTRIBUTING.md's examples do what it says: they are added to a copy of the product, and used."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.changed_copy import add_line, add_part, copied_to, python
from tests.house.repository import ROOT
from tests.product.exported import download_of
from tests.product.people import Person, Refused, people_on
from tests.product.push_service import PushService
from tests.served import Served

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
HOME = {"latitude": 52.51627, "longitude": 13.3777, "label": "Café Lisboa"}
WITHOUT_PARTS = {"key": "no-parts-0001", "body": "Nothing else"}


def example(beginning: str) -> str:
    """Return the example that begins like this."""
    [wanted] = [str(one) for one in EXAMPLES if one.startswith(beginning)]
    return wanted


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package that can be changed."""
    return copied_to(tmp_path)


@pytest.fixture
def with_places(copy: Path, tmp_path: Path, database_url: str) -> Iterator[str]:
    """The address of a server that knows places: by one new file and one line."""
    [name] = re.findall(r"With the line `    (place),`", TEXT)
    add_part(copy, name, example('"""Place:'))
    (tmp_path / "data").mkdir()
    more = {"ECHOSPHERE_DATABASE_URL": database_url, "ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on"}
    served = Served(tmp_path / "data", ECHOSPHERE_REGISTRATION="open")
    yield served.start(PYTHONPATH=str(copy.parent), **more)
    served.stop()


async def found(person: Person, words: str) -> list[dict[str, Any]]:
    """Return the places that a search finds."""
    answer = await person.get("/search", q=words)
    return [result["message"]["parts"]["place"] for result in answer["results"]]


async def test_a_part_is_one_new_file_and_one_line(with_places: str) -> None:
    async with people_on(with_places, "Ada Example", "Ben Example", "Cleo Example") as people:
        ada, ben, cleo = people
        conversation, other = await ada.talk_to(ben), await ben.talk_to(cleo)
        path = f"/conversations/{conversation}/messages"
        socket, receiver = await ada.connect(), await ben.connect()

        async with PushService() as service:
            keys = await service.subscribe(ben)
            await receiver.close()  # whoever looks at the conversation is not told
            sent = await socket.say(conversation, "Meet me here", parts={"place": HOME})
            [pushed] = await service.next_to(keys)
            assert keys.read(pushed)["body"] == "📍 Café Lisboa"
        assert sent["parts"] == {"place": HOME}
        assert (await ben.get(f"{path}/{sent['seq']}"))["message"] == sent

        receiver = await ben.connect()
        posted = await ada.say(conversation, "Over REST", parts={"place": HOME})
        event = await receiver.next("message", version=posted["version"])
        assert event["message"] == posted
        assert posted["parts"] == {"place": HOME}

        edited = (await ada.patch(f"{path}/{sent['seq']}", {"body": "Come here"}))["message"]
        assert (edited["body"], edited["parts"]) == ("Come here", {"place": HOME})
        assert (await ben.get(path))["messages"] == [edited, posted]
        assert await found(ada, "lisboa") == [HOME, HOME]

        forwarded = {"to": [{"conversation": other, "key": "copy-0001"}]}
        answer = await ben.post(f"{path}/{sent['seq']}/forward", forwarded)
        assert answer["messages"][0]["parts"] == {"place": HOME}
        await require_exported(ada, conversation, [edited, posted])

        deleted = await socket.call("delete", {"conversation": conversation, "seq": sent["seq"]})
        assert "parts" not in deleted["message"]
        assert "parts" not in (await ben.get(f"{path}/{sent['seq']}"))["message"]
        assert await found(ada, "lisboa") == [HOME]
        assert await found(cleo, "lisboa") == [HOME]


async def require_exported(person: Person, conversation: str, messages: list[Any]) -> None:
    """A download has the messages as they are shown, and says in its pages what they carry."""
    download = await download_of(person)
    folder = download.folder_of(conversation)
    assert download.lines(f"{folder}/messages.jsonl") == messages
    assert download.bytes_of(f"{folder}/index.html").decode().count("Café Lisboa") == 2


async def test_what_a_part_cannot_be_is_refused(with_places: str) -> None:
    async with people_on(with_places, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        path, socket = f"/conversations/{conversation}/messages", await ada.connect()
        key = {"key": "nowhere-0001", "body": "Meet me"}
        for wrong, fields in (
            (
                {"place": HOME | {"latitude": 95.0}},
                {"parts.place.latitude": "must be at most 90.0"},
            ),
            ({"place": HOME | {"height": 3}}, {"parts.place.height": "is unknown"}),
            ({"place": {}}, {"parts.place.latitude": "is missing"}),
            ({"places": HOME}, {"parts.places": "is unknown"}),
        ):
            refused = await ada.post(path, key | {"parts": wrong}, 400)
            assert refused["fields"] == fields
            with pytest.raises(Refused):
                await socket.say(conversation, "Meet me", parts=wrong)
        assert (await ben.get(path))["messages"] == []
        alone = await ada.post(
            path, {"key": "alone-0001", "body": "", "parts": {"place": HOME}}, 400
        )
        assert alone["fields"] == {"body": "must not be empty unless it has an attachment"}


async def test_a_held_message_keeps_its_parts_and_is_found_by_them(with_places: str) -> None:
    async with people_on(with_places, "Ada Example", "Ben Example") as (ada, ben):
        await ada.befriend(ben)
        group_body = {"kind": "group", "title": "Cafés", "members": [ben.id]}
        group = (await ada.post("/conversations", group_body))["conversation"]["id"]
        await ada.put(f"/conversations/{group}/filter", {"words": ["lisboa"]}, 200)
        path = f"/conversations/{group}/messages"
        named = {"key": "held-000001", "body": "Here?", "parts": {"place": HOME}}
        held = (await ben.post(path, named, 200))["held"]
        assert held["parts"] == {"place": HOME}
        released = await ada.put(f"/conversations/{group}/held/{held['id']}/released", status=200)
        message = released["message"]
        assert (message["author"], message["parts"]) == (ben.id, {"place": HOME})


async def test_a_message_without_parts_is_as_it_was(with_places: str) -> None:
    async with people_on(with_places, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        path = f"/conversations/{conversation}/messages"
        without = (await ada.post(path, WITHOUT_PARTS))["message"]
        emptied = await ada.say(conversation, "Nothing either", parts={})
        assert "parts" not in without
        assert without.keys() == emptied.keys()


def test_without_the_line_there_are_no_places(copy: Path) -> None:
    code = (
        "from echosphere.messages.parts import PARTS; print([type(one).__name__ for one in PARTS])"
    )
    known = python(copy, code)
    assert "Files" in known.stdout
    assert "Place" not in known.stdout


def test_a_setting_is_one_place_and_a_line_of_the_made_table(copy: Path) -> None:
    field = example("    max_shelves:")
    add_line(copy / "settings" / "settings.py", field, after='"""the data folder"""\n')

    table = python(
        copy, "from tests.docs.settings_table import settings_table; print(settings_table())"
    )
    assert (
        "| `ECHOSPHERE_MAX_SHELVES` | 1 to 1000 | `40` |  | how many shelves one person may have |"
        in table.stdout
    ), table.stderr

    show = "from echosphere.settings import load_settings; print(load_settings().max_shelves)"
    given = {"ECHOSPHERE_DATA": str(copy.parent / "data")}
    assert python(copy, show, **given).stdout == "40\n"
    assert python(copy, show, ECHOSPHERE_MAX_SHELVES="7", **given).stdout == "7\n"
    refused = python(copy, show, ECHOSPHERE_MAX_SHELVES="1001", **given)
    assert (
        "ECHOSPHERE_MAX_SHELVES must be a whole number from 1 to 1000, not '1001'."
        in refused.stderr
    )
