"""Archives that are damaged, or made to do harm, are refused before anything is stored."""

import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from echosphere.importing.container import MAX_LINE, is_safe_name, open_container, read_lines
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.json_stream import JsonStream
from echosphere.importing.zip_directory import END, END_LAYOUT
from tests.importing.conftest import Import
from tests.importing.imported import counts
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.story import Story
from tests.product.conftest import Running


def archive_of(path: Path, members: dict[str, bytes], method: int = ZIP_DEFLATED) -> Path:
    """Write an archive with members of any name."""
    with ZipFile(path, "w", method) as out:
        for name, content in members.items():
            info = ZipInfo("x")
            info.filename = name
            info.compress_type = method
            out.writestr(info, content)
    return path


async def test_an_archive_that_was_cut_off_is_refused(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    path = EchoSphereSample().write(Story(60), tmp_path)
    path.write_bytes(path.read_bytes()[:-4_000])
    with pytest.raises(UnreadableSource, match="truncated"):
        await do_import(path)
    assert (await running.application.database.read(counts))["messages"] == 0


async def test_a_member_that_was_changed_is_refused(tmp_path: Path, do_import: Import) -> None:
    path = EchoSphereSample().write(Story(300), tmp_path)
    with ZipFile(path) as zipped:
        info = zipped.getinfo("messages/C0TEA.jsonl")
    content = bytearray(path.read_bytes())
    middle = info.header_offset + 60 + info.compress_size // 2
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(content)
    with pytest.raises(UnreadableSource, match=r"damaged|is wrong"):
        await do_import(path)


@pytest.mark.parametrize(
    "name",
    ["../people.jsonl", "/etc/passwd", "a/../../b", "C:\\x", "a\\..\\b", "./x", "a//b"],
)
def test_names_that_lead_elsewhere_are_refused(name: str, tmp_path: Path) -> None:
    assert not is_safe_name(name)
    path = archive_of(tmp_path / "bad.zip", {"people.jsonl": b"", name: b"x"})
    with pytest.raises(UnreadableSource, match="unsafe path"):
        open_container(path)


def test_a_document_that_would_become_far_too_large_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "bomb.zip", {"people.jsonl": b" " * 50_000_000})
    assert path.stat().st_size < 100_000
    with pytest.raises(UnreadableSource, match="far too large"):
        open_container(path)


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with ZipFile(path, "w") as out:
        out.writestr("people.jsonl", "")
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("people.jsonl", "")
    with pytest.raises(UnreadableSource, match="twice"):
        open_container(path)


def test_a_list_of_millions_of_files_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(END_LAYOUT.pack(END, 0, 0, 9, 9, 4_000_000_000, 0, 0))
    with pytest.raises(UnreadableSource, match="more than"):
        open_container(path)


def test_a_list_of_files_in_64_bits_is_refused_as_well(tmp_path: Path) -> None:
    path = tmp_path / "many64.zip"
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**9, 10**9, 10**11, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    path.write_bytes(record + locator + END_LAYOUT.pack(END, 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 0, 0))
    with pytest.raises(UnreadableSource, match="more than"):
        open_container(path)


def test_an_encrypted_archive_says_what_to_do(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "locked.zip", {"people.jsonl": b"x"}, ZIP_STORED)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableSource, match="Unpack"):
        open_container(path)


def test_a_folder_shows_nothing_outside_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "export"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "folder").symlink_to(tmp_path)
    (inside / "plain.txt").write_text("plain")
    container = open_container(inside)
    assert container.names() == ["plain.txt"]
    for name in ("link.txt", "folder/secret.txt", "../secret.txt"):
        assert not container.has(name)
        with pytest.raises(UnreadableSource, match="does not contain the file"):
            container.open(name)


def test_a_line_without_end_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_bytes(b"x" * (MAX_LINE + 10))
    with pytest.raises(UnreadableSource, match="too long"):
        list(read_lines(open_container(tmp_path), "people.jsonl"))


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="no file or folder"):
        open_container(tmp_path / "nothing.zip")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"format": "echosphere-import", "version": 2, "source": "x"}', "Upgrade"),
        (b'{"format": "something", "version": 1, "source": "x"}', "not part of an export"),
        (b"no json", "not part of an export"),
    ],
)
async def test_another_version_is_refused(
    line: bytes, says: str, tmp_path: Path, do_import: Import
) -> None:
    for name in ("people.jsonl", "conversations.jsonl"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "manifest.json").write_bytes(line)
    with pytest.raises(UnreadableSource, match=says):
        await do_import(tmp_path)


async def test_a_wrong_line_is_named(tmp_path: Path, do_import: Import) -> None:
    (tmp_path / "manifest.json").write_text(
        '{"format": "echosphere-import", "version": 1, "source": "x"}'
    )
    (tmp_path / "people.jsonl").write_text('{"id": "a", "name": "A"}\n{"id": 7}\n')
    (tmp_path / "conversations.jsonl").write_text("")
    with pytest.raises(UnreadableSource, match=r"Line 2 of 'people\.jsonl'"):
        await do_import(tmp_path)


def test_json_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    items = ",".join(f'{{"number": {number}, "text": "{"é" * 50}"}}' for number in range(20_000))
    path.write_text(f'{{"head": [1, 2.5e3, "x"], "items": [{items}], "empty": [], "tail": 12345}}')
    with path.open("rb") as file:
        stream = JsonStream(file)
        found: dict[str, object] = {}
        for key in stream.object():
            if key == "items":
                found[key] = sum(stream.value()["number"] for _ in stream.array())
            else:
                found[key] = stream.value()
    numbers = sum(range(20_000))
    assert found == {"head": [1, 2500.0, "x"], "items": numbers, "empty": [], "tail": 12345}


@pytest.mark.parametrize("text", ['{"a": [1, 2', '{"a" 1}', "[" * 100_000, '{"a": 1 "b": 2}'])
def test_broken_json_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    with path.open("rb") as file:
        stream = JsonStream(file)
        with pytest.raises(UnreadableSource):
            [stream.value() for _ in stream.object()]
