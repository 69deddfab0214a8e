"""Much at once: every format with as many messages as asked for, and files in bounded memory.

`bin/long import` has 10,000 messages of each format, 100,000 of the format itself, and 1 GB of files.
"""

import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest

from tests.importing.conftest import Import
from tests.importing.imported import counts, expected, imported_conversations, messages_of
from tests.importing.samples import SAMPLES
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.samples.sample import Sample
from tests.importing.story import Story
from tests.product.conftest import Running

EACH = int(os.environ.get("ECHOSPHERE_TEST_IMPORTED_EACH", "0"))
MANY = int(os.environ.get("ECHOSPHERE_TEST_IMPORTED_MESSAGES", "2000"))
FILES_MIB = int(os.environ.get("ECHOSPHERE_TEST_IMPORTED_MIB", "64"))
FILE_MIB = 8
SECONDS_FOR_100_000 = 180
MORE_MEMORY = 150 * 2**20
"""Bytes that may come on top, however much there is."""


@pytest.mark.long_form
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.system)
async def test_ten_thousand_messages_of_each_format(
    sample: Sample, tmp_path: Path, running: Running, do_import: Import
) -> None:
    story, database = Story(EACH or 10_000), running.application.database
    path = sample.write(story, tmp_path)
    began = process_time()
    report = await do_import(path)
    print(f"{sample.system}: {report.messages:,} messages in {process_time() - began:.1f} s")
    here = await imported_conversations(database)
    for room in sample.rooms(story):
        assert await database.read(messages_of, here[room.id]) == expected(room, sample)
    again = await do_import(path)
    assert (again.messages, again.known) == (0, report.messages)


async def test_many_messages_take_bounded_time(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    path = EchoSphereSample().write(Story(MANY), tmp_path)
    began = process_time()
    report = await do_import(path)
    spent = process_time() - began
    print(f"{report.messages:,} messages: {spent:.1f} s of processor time")
    assert report.messages == MANY
    if MANY >= 100_000:
        assert spent < SECONDS_FOR_100_000 * MANY / 100_000


async def test_many_bytes_of_files_take_bounded_memory(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    path = tmp_path / "files.zip"
    count = FILES_MIB // FILE_MIB
    with ZipFile(path, "w", ZIP_STORED) as out:
        out.writestr(
            "manifest.json", '{"format": "echosphere-import", "version": 1, "source": "files"}'
        )
        out.writestr("people.jsonl", '{"id": "a", "name": "Ada"}\n')
        out.writestr(
            "conversations.jsonl", '{"id": "c", "title": "Files", "messages": "m.jsonl"}\n'
        )
        out.writestr("m.jsonl", "".join(_messages(count)))
        block = os.urandom(2**20)
        for number in range(count):
            with out.open(ZipInfo(f"files/{number}"), "w") as file:
                for _ in range(FILE_MIB):
                    file.write(block)
    before = _most_memory()
    report = await do_import(path)
    more = _most_memory() - before
    print(f"{report.bytes / 2**20:,.0f} MiB of files: {more / 2**20:.0f} MiB more memory")
    assert (report.files, report.bytes) == (count, count * FILE_MIB * 2**20)
    assert more < MORE_MEMORY
    assert (await running.application.database.read(counts))["attachments"] == count


def _messages(count: int) -> Iterator[str]:
    for number in range(count):
        yield (
            f'{{"id": "{number}", "author": "a", "at": {1_700_000_000_000 + number},'
            f' "files": [{{"path": "files/{number}", "name": "file-{number}.bin"}}]}}\n'
        )


def _most_memory() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
