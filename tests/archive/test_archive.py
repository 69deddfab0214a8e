"""Archives open elsewhere, every hash matches, and names are safe on every system."""

import hashlib
import json
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.archive import ArchiveWriter, member_name

MADE_AT = 1_790_000_000_000


def test_an_archive_has_its_members_and_a_hash_of_each(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    writer = ArchiveWriter(path, MADE_AT)
    writer.add("data/ü.json", b"{}")
    with writer.open("files/00001 a.bin", 3 * 2**32, compress=False) as member:  # as ZIP64
        member.write(b"one")
        member.write(b"two")
    size = writer.finish({"format": "test"})
    writer.close()
    assert path.stat().st_size == size
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("files/00001 a.bin") == b"onetwo"
        manifest = json.loads(archive.read("manifest.json"))
        sums = archive.read("SHA256SUMS").decode()
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert manifest["format"] == "test"
    assert [one["path"] for one in manifest["files"]] == ["data/ü.json", "files/00001 a.bin"]
    del contents["SHA256SUMS"]
    lines = [f"{hashlib.sha256(one).hexdigest()}  {name}" for name, one in contents.items()]
    assert sums.splitlines() == lines


def test_a_member_comes_once_whatever_case_means(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "a.zip", MADE_AT)
    writer.add("a/ONE.txt", b"1")
    with pytest.raises(ValueError, match="already"):
        writer.add("A/one.TXT", b"2")
    writer.close()


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        ArchiveWriter(tmp_path / "a.zip", MADE_AT)


def test_one_that_is_given_up_can_be_closed_in_the_middle_of_a_member(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "a.zip", MADE_AT)
    with suppress(InterruptedError), writer.open("a.bin", 10) as member:
        member.write(b"half")
        raise InterruptedError
    writer.close()
    writer.close()
    assert names(tmp_path) == ["a.bin"]  # without the hashes it is not whole


def names(folder: Path) -> list[str]:
    with zipfile.ZipFile(folder / "a.zip") as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("notes.txt", "00007 notes.txt"),
        ("CON", "00007 _CON"),
        ("aux.txt", "00007 _aux.txt"),
        ("../../etc/passwd", "00007 _.._etc_passwd"),
        ('a<b>c:"d|e?f*g\\h', "00007 a_b_c__d_e_f_g_h"),
        ("page.HTML", "00007 page.HTML.txt"),
        ("picture.svg", "00007 picture.svg.txt"),
        ("dots. . .", "00007 dots"),
        ("\u202egnp.exe", "00007 gnp.exe"),
        ("", "00007 file"),
    ],
)
def test_names_are_safe_everywhere(given: str, name: str) -> None:
    assert member_name(given, 7) == name


@given(st.text(max_size=300), st.integers(0, 10**6))
def test_any_name_becomes_a_short_one_of_one_part(text: str, number: int) -> None:
    name = member_name(text, number)
    assert name.startswith(f"{number:05d} ")
    assert len(name.encode()) <= 120
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert name[-1] not in " ."
