"""A feature of a test: one entry in one place is a call over REST and over the socket."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from echosphere.api import DeviceOperation, Existing, Operation, delete, get, put
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.wire import Id, Request, Seq, Shape
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, people_on

pytestmark = on_one_database

PREFIX = "/api/v1"


class MarkCall(Request, frozen=True, kw_only=True):
    """Which number of a shelf, and whether it is marked."""

    shelf: Id
    seq: Seq
    on: bool
    note: str = ""


class Marked(Shape, frozen=True):
    """What was marked."""

    by: str
    shelf: str
    seq: int
    on: bool
    note: str


class LookCall(Request, frozen=True, kw_only=True):
    """From where on one looks."""

    shelf: Id
    after: Seq = 7


RATE = Rate("marks of a test", burst=2, every=3600.0)


async def mark(caller: Caller, call: MarkCall) -> Marked | Existing:
    """Mark a number.

    What is marked with 0 was marked before.
    """
    marked = Marked(caller.user_id, call.shelf, call.seq, call.on, call.note)
    return marked if call.seq else Existing(marked)


async def look(caller: Caller, call: LookCall) -> Marked:
    """Look at a shelf."""
    return Marked(caller.user_id, call.shelf, call.after, on=True, note="")


async def nod(_caller: Caller, _device: str, _call: LookCall) -> None:
    """Nod on one device."""


def cost_of(call: MarkCall) -> tuple[Rate, ...]:
    return (RATE,) if call.note == "costly" else ()


MARK = Operation(
    mark,
    put("/shelves/<shelf>/<seq>", on=True),
    delete("/shelves/<shelf>/<seq>", on=False),
    name="mark",
    rate=cost_of,
    status=201,
)
LOOK = Operation(look, get("/look/<shelf>"), name="look")
NOD = DeviceOperation(nod, name="nod")


@pytest.fixture
async def ada(running: Running) -> AsyncIterator[Person]:
    """Someone on a server that has the feature."""
    running.application.operations.add([MARK, LOOK, NOD])
    async with people_on(await running.start(), "Ada Example") as people:
        yield people[0]


async def test_one_entry_is_a_call_over_both_doors(ada: Person) -> None:
    expected = {"by": ada.id, "shelf": "top", "seq": 3, "on": True, "note": "new"}
    assert await ada.put("/shelves/top/3", {"note": "new"}, 201) == expected
    socket = await ada.connect()
    argument = {"shelf": "top", "seq": 3, "on": True, "note": "new"}
    assert await socket.call("mark", argument) == expected


async def test_the_method_says_what_the_body_does_not(ada: Person) -> None:
    answer = await ada.http.request("DELETE", "/shelves/top/3", json={})
    assert answer.status_code == 201
    assert answer.json()["on"] is False
    await ada.put("/shelves/top/3", {"on": False}, 400)
    await ada.put("/shelves/top/3", {"shelf": "low"}, 400)


@pytest.mark.own_product
async def test_what_is_there_already_is_answered_with_200(ada: Person) -> None:
    assert (await ada.put("/shelves/top/0", {}, 200))["seq"] == 0
    socket = await ada.connect()
    assert (await socket.call("mark", {"shelf": "top", "seq": 0, "on": True}))["seq"] == 0


async def test_what_is_read_takes_its_fields_from_the_query(ada: Person) -> None:
    assert (await ada.get("/look/top"))["seq"] == 7
    assert (await ada.get("/look/top", after=9))["seq"] == 9
    await ada.get("/look/top", 400, after="x")
    await ada.get("/look/top", 400, unknown="1")
    socket = await ada.connect()
    assert (await socket.call("look", {"shelf": "top"}))["seq"] == 7
    assert await socket.call("nod", {"shelf": "top"}) == {}


async def test_what_cannot_be_in_a_path_is_not_there(ada: Person) -> None:
    for seq in ("x", "-1", "1.5", "٣", "1" * 17):
        await ada.put(f"/shelves/top/{seq}", {}, 404)
    await ada.put(f"/shelves/{'a' * 65}/3", {}, 404)
    # An odd id is one that nothing has: whoever looks for it says so.
    assert (await ada.put("/shelves/to.p/3", {}, 201))["shelf"] == "to.p"
    socket = await ada.connect()
    with pytest.raises(Refused, match="shelf"):
        await socket.call("mark", {"shelf": "to.p", "seq": 3, "on": True})


async def test_both_doors_take_from_one_rate(tmp_path: Any, database_url: str) -> None:
    settings = settings_for(tmp_path / "data", database_url, ECHOSPHERE_RATE_LIMITS="on")
    running = Running(settings)
    running.application.operations.add([MARK])
    async with people_on(await running.start(), "Ada Example") as (ada,):
        socket = await ada.connect()
        costly = {"shelf": "top", "seq": 3, "on": True, "note": "costly"}
        await socket.call("mark", costly)
        await ada.put("/shelves/top/3", {"note": "costly"}, 201)
        await ada.put("/shelves/top/3", {"note": "costly"}, 429)
        with pytest.raises(Refused) as refused:
            await socket.call("mark", costly)
        assert refused.value.code == "too_many"
        await ada.put("/shelves/top/3", {"note": "free"}, 201)
    await running.stop()


async def test_both_descriptions_have_it(ada: Person) -> None:
    openapi, asyncapi = await asyncio.gather(
        ada.http.get("/openapi.json"), ada.http.get("/asyncapi.json")
    )
    routes = openapi.json()["paths"][f"{PREFIX}/shelves/{{shelf}}/{{seq}}"]
    assert set(routes) == {"put", "delete"}
    body = openapi.json()["components"]["schemas"]["MarkBody"]
    assert list(body["properties"]) == ["note"]
    assert body["additionalProperties"] is False
    assert routes["put"]["summary"] == "Mark a number."
    described = asyncapi.json()
    assert described["operations"]["mark"]["summary"] == "Mark a number."
    argument = described["components"]["schemas"]["MarkCall"]
    assert set(argument["properties"]) == {"shelf", "seq", "on", "note"}
    answer = described["components"]["messages"]["mark.answer"]["payload"]
    assert answer["allOf"][1] == {"$ref": "#/components/schemas/Marked"}
    assert "nod" in described["operations"]
