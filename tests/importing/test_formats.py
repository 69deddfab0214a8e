"""Every format: what it has arrives, in its order, of its authors, once."""

from pathlib import Path

import pytest

from tests.importing.conftest import Import
from tests.importing.imported import counts, expected, imported_conversations, messages_of
from tests.importing.samples import SAMPLES
from tests.importing.samples.sample import Sample
from tests.importing.story import Story
from tests.product.conftest import Running

MESSAGES = 500

each_format = pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.system)


@each_format
async def test_what_an_export_has_arrives_once(
    sample: Sample, tmp_path: Path, running: Running, do_import: Import
) -> None:
    story, database = Story(MESSAGES), running.application.database
    path = sample.write(story, tmp_path)
    rooms = sample.rooms(story)

    planned = await do_import(path, dry_run=True)
    assert (await database.read(counts))["messages"] == 0

    report = await do_import(path)
    total = sum(len(room.messages) for room in rooms)
    assert (planned.messages, planned.files) == (report.messages, report.files)
    assert (report.messages, report.conversations) == (total, len(rooms))
    here = await imported_conversations(database)
    for room in rooms:
        assert await database.read(messages_of, here[room.id]) == expected(room, sample)

    before = await database.read(counts)
    again = await do_import(path)
    assert (again.messages, again.files, again.known) == (0, 0, total)
    assert await database.read(counts) == before
    assert before["notices"] == 0


@each_format
async def test_the_format_is_recognized(sample: Sample, tmp_path: Path, do_import: Import) -> None:
    path = sample.write(Story(30), tmp_path)
    assert await do_import(path, dry_run=True) == await do_import(path, sample.system, dry_run=True)
