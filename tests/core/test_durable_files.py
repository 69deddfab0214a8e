"""Small files that must survive a power cut."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from echosphere.core.durable_files import read_or_create


def test_a_file_is_made_once_and_read_after_that(tmp_path: Path) -> None:
    path = tmp_path / "new" / "one.key"
    assert read_or_create(path, lambda: "first") == "first"
    assert read_or_create(path, lambda: "second") == "first"
    assert [one.name for one in path.parent.iterdir()] == ["one.key"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    path.write_text("first")
    path.chmod(0o644)
    assert read_or_create(path, lambda: "second") == "first"
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    path.touch()
    assert read_or_create(path, lambda: "second") == ""


def test_of_many_who_make_it_at_once_all_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda n: read_or_create(path, lambda: f"by {n}"), range(64)))
    assert found == {path.read_text()}


def test_the_content_and_the_name_reach_the_disk_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut at any moment leaves no file under the name, or the whole one."""
    path = tmp_path / "one.key"
    synced: list[tuple[str, bool]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        what = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(("folder" if what.is_dir() else what.read_text(), path.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    read_or_create(path, lambda: "first")
    assert synced == [("first", False), ("folder", True)]


def test_a_file_system_without_links_gets_a_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    assert read_or_create(tmp_path / "one.key", lambda: "first") == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["one.key"]
