"""Exports that tell local times without their zone: WhatsApp, and older ones of Telegram."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from echosphere.accounts import OPERATOR
from echosphere.commands.imports import ImportCall, run_import
from echosphere.core.errors import Invalid
from echosphere.importing.local_time import LocalClock
from tests.importing.conftest import Import
from tests.importing.imported import counts, imported_conversations, messages_of
from tests.product.conftest import Running

BERLIN = ZoneInfo("Europe/Berlin")

# The night of 29 October 2023, when 2:00 to 3:00 came twice in Berlin.
LINES = [
    ("29.10.23, 01:59:00", "before", "2023-10-28T23:59:00"),
    ("29.10.23, 02:10:00", "the first hour", "2023-10-29T00:10:00"),
    ("29.10.23, 02:50:00", "the first hour still", "2023-10-29T00:50:00"),
    ("29.10.23, 02:49:40", "arrived late", "2023-10-29T00:49:40"),
    ("29.10.23, 02:05:00", "the hour again", "2023-10-29T01:05:00"),
    ("29.10.23, 02:55:00", "the hour again still", "2023-10-29T01:55:00"),
    ("29.10.23, 03:00:00", "after", "2023-10-29T02:00:00"),
    ("25.03.24, 09:00:00", "winter", "2024-03-25T08:00:00"),
    ("31.03.24, 03:00:00", "summer", "2024-03-31T01:00:00"),
    ("01.07.24, 12:00:00", "later", "2024-07-01T10:00:00"),
]


def chat(path: Path) -> Path:
    """Write a chat of WhatsApp."""
    path.mkdir(exist_ok=True)
    text = "\n".join(f"[{at}] Ada Example: {text}" for at, text, _ in LINES)
    (path / "_chat.txt").write_text(f"{text}\n")
    return path


def milliseconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000)


async def test_a_chat_of_whatsapp_is_read_in_the_zone_that_the_operator_gives(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    database = running.application.database
    await do_import(chat(tmp_path / "chat"), zone=BERLIN)
    here = (await imported_conversations(database))["chat"]
    wanted = sorted((milliseconds(moment), text) for _, text, moment in LINES)
    found = await database.read(messages_of, here)
    assert [(one["at"], one["text"]) for one in found] == wanted
    before = await database.read(counts)
    again = await do_import(chat(tmp_path / "chat"), zone=ZoneInfo("America/New_York"))
    assert (again.messages, again.known) == (0, len(LINES))
    assert await database.read(counts) == before


async def test_an_older_export_of_telegram_is_read_in_that_zone_chat_by_chat(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    (tmp_path / "result.json").write_text(
        json.dumps(
            {
                "chats": {
                    "list": [
                        {
                            "id": number,
                            "name": f"Chat {number}",
                            "type": "private_group",
                            "messages": [
                                {
                                    "id": index,
                                    "type": "message",
                                    "date": local_iso(at),
                                    "edited": local_iso(at),
                                    "from": "Ada",
                                    "from_id": "user1",
                                    "text": text,
                                }
                                for index, (at, text, _) in enumerate(LINES)
                            ],
                        }
                        for number in (1, 2)
                    ]
                }
            }
        )
    )
    database = running.application.database
    await do_import(tmp_path, zone=BERLIN)
    wanted = sorted((milliseconds(moment), text) for _, text, moment in LINES)
    for here in (await imported_conversations(database)).values():
        found = await database.read(messages_of, here)
        assert [(one["at"], one["text"]) for one in found] == wanted


def local_iso(at: str) -> str:
    date, time_of_day = at.split(", ")
    day, month, year = date.split(".")
    return f"20{year}-{month}-{day}T{time_of_day}"


async def test_the_command_takes_a_zone_and_refuses_what_is_none(
    tmp_path: Path, running: Running, server: str
) -> None:
    assert server
    path = str(chat(tmp_path / "chat"))
    application = running.application
    for wrong in ("Europe/Nowhere", "../../etc/passwd", "", "CEST+2"):
        call = ImportCall(path, "whatsapp", timezone=wrong)
        with pytest.raises(Invalid, match="no time zone"):
            [_ async for _ in run_import(application, OPERATOR, call)]
    call = ImportCall(path, "whatsapp", timezone="Asia/Tokyo")
    assert [_ async for _ in run_import(application, OPERATOR, call)]
    here = (await imported_conversations(application.database))["chat"]
    first = (await application.database.read(messages_of, here))[0]
    assert first["at"] == milliseconds("2023-10-28T16:59:00")


@pytest.fixture
def in_lisbon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put this machine into another zone."""
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_lisbon")
def test_without_a_zone_it_is_that_of_the_machine() -> None:
    clock = LocalClock()
    locals_ = [
        datetime(2023, 10, 29, hour, minute)  # noqa: DTZ001 - as it stands in an export
        for hour, minute in ((0, 59), (1, 30), (1, 5), (2, 0))
    ]
    moments = [
        "2023-10-28T23:59:00",
        "2023-10-29T00:30:00",
        "2023-10-29T01:05:00",
        "2023-10-29T02:00:00",
    ]
    assert [clock.moment(one) for one in locals_] == list(map(milliseconds, moments))


def test_no_time_is_before_the_one_before_however_clocks_are_changed() -> None:
    clock, moment = LocalClock(BERLIN), datetime(2023, 1, 1, tzinfo=UTC)
    while moment.year == 2023:
        local = moment.astimezone(BERLIN).replace(tzinfo=None, fold=0)
        assert clock.moment(local) == moment.timestamp() * 1000, local
        moment += timedelta(minutes=30)


@pytest.mark.parametrize("year", [1, 9999])
def test_times_at_the_end_of_the_calendar_are_refused_or_told(year: int) -> None:
    for month, day in ((1, 1), (12, 31)):
        try:
            found = LocalClock(BERLIN).moment(datetime(year, month, day))  # noqa: DTZ001
        except ValueError:
            continue
        assert abs(found) < 2**53
