"""A folder of files is told from another one, whatever its path."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from echosphere.media import Storage


def storage_in(folder: Path) -> Storage:
    return Storage.from_url(folder.as_uri(), folder.parent)


def test_all_who_open_a_folder_at_once_find_the_same_id(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: storage_in(folder).folder_id(), range(64)))
    assert len(found) == 1
    assert found != {""}
    assert [path.name for path in folder.glob(".folder-id*")] == [".folder-id"]


def test_a_moved_folder_keeps_its_id_and_another_one_has_its_own(tmp_path: Path) -> None:
    first, second = storage_in(tmp_path / "first"), storage_in(tmp_path / "second")
    ids = first.folder_id(), second.folder_id()
    assert ids[0] != ids[1]
    moved = (tmp_path / "first").rename(tmp_path / "third")
    assert storage_in(moved).folder_id() == ids[0]


async def test_the_id_is_no_file_of_anybody(tmp_path: Path) -> None:
    storage = storage_in(tmp_path / "files")
    assert storage.folder_id()
    assert [page async for page in storage.listing()] == []


def test_a_folder_in_which_nothing_can_be_kept_has_no_id(tmp_path: Path) -> None:
    storage = storage_in(tmp_path / "files")
    storage.incoming.rmdir()
    (tmp_path / "files").rmdir()
    assert storage.folder_id() is None
