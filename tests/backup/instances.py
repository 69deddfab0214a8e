"""Instances with rows of every kind and stored files, made at once rather than by using them."""

import hashlib
from contextlib import closing
from pathlib import Path

from sqlalchemy import insert, text

from echosphere.attachments.store import attachments
from echosphere.avatars.store import avatars
from echosphere.backup.archive import measure
from echosphere.backup.manifest import TableCount
from echosphere.backup.progress import Progress
from echosphere.backup.store import open_source
from echosphere.conversations.store import conversations, members
from echosphere.database import dialect_for, jobs
from echosphere.database.epochs import epochs
from echosphere.link_previews.store import preview_images
from echosphere.messages.store import messages
from echosphere.search.store.tables import search_progress, search_texts
from echosphere.settings import Settings, load_settings
from tests import launcher

ODD = 'tab\there, "quotes", \\N back\\slash, new\nline, ünï😀, \x7f \u2028 {"table":"users"} ['
"""What a format could trip over."""

BATCH = 5_000


def settings_of(folder: Path, url: str | None = None, **more: str) -> Settings:
    """Return the settings of an instance in a folder."""
    given = {"ECHOSPHERE_DATA": str(folder), **more}
    return load_settings(given | ({"ECHOSPHERE_DATABASE_URL": url} if url else {}))


def environment_of(folder: Path, url: str | None = None) -> dict[str, str]:
    """Return the environment of a command; those of tests are no settings, and would be refused."""
    clean = launcher.without_settings()
    own = {"ECHOSPHERE_DATA": str(folder)}
    return clean | own | ({"ECHOSPHERE_DATABASE_URL": url} if url else {})


def fill(settings: Settings, *, posts: int = 30, files: int = 6) -> None:
    """Put rows into a database that has tables, and files beside it.

    Args:
        settings: Of the instance; its storage is a folder.
        posts: How many messages.
        files: How many of them have a file.
    """
    engine = dialect_for(settings.database_url).writing_engine()
    with engine.begin() as connection:
        for user in ("ada", "ben"):
            row = {"id": user, "name": ODD[:80], "about": "", "role": "member", "settings": "{}"}
            statement = "INSERT INTO users (id, name, about, role, settings, created_at) VALUES"
            connection.execute(text(f"{statement} (:id, :name, :about, :role, :settings, 1)"), row)
        connection.execute(
            insert(conversations).values(
                id="talk", kind="group", title="Talk", version=posts, members_version=1,
                last_seq=posts, created_at=1, changed_at=1,
            )
        )  # fmt: skip
        for user in ("ada", "ben"):
            connection.execute(
                insert(members).values(
                    conversation_id="talk", user_id=user, role="member", left=False, version=1,
                    joined_seq=0, read_seq=0, delivered_seq=0, muted=user == "ben", pinned=False,
                    archived=False,
                )
            )  # fmt: skip
        for begin in range(0, posts, BATCH):
            numbers = range(begin + 1, min(begin + BATCH, posts) + 1)
            connection.execute(insert(messages), [_message(number, files) for number in numbers])
            connection.execute(
                insert(search_texts), [{"id": one, "text": f"folded {one}"} for one in numbers]
            )
        connection.execute(
            insert(search_progress).values(
                id=1, folding=1, done=posts, safe=posts, seen=posts, horizon=7, removed=0
            )
        )
        connection.execute(insert(epochs).values(number=1, id="first", started_at=1))
        connection.execute(
            insert(jobs).values(kind="some", payload="{}", run_at=1, attempts=0, created_at=1)
        )
        connection.execute(insert(avatars).values(id="0" * 20, user_id="ada", created_at=1))
        connection.execute(
            insert(preview_images).values(id="1" * 20, conversation_id="talk", seq=1, created_at=1)
        )
        connection.execute(insert(attachments), [_attachment(number) for number in range(files)])
        if dialect_for(settings.database_url).name == "postgresql":
            for sequence, last in (("messages_id_seq", posts + 5), ("epochs_number_seq", 1)):
                connection.execute(text(f"SELECT setval('{sequence}', {last})"))
    engine.dispose()
    put_file(settings, "avatars", "0" * 20, b"an avatar")
    put_file(settings, "previews", "1" * 20, b"a picture of a page")
    for number in {_source(number) for number in range(files)}:
        put_file(settings, "", blob_of(number), content_of(number))
        if number % 2:
            put_file(settings, "", f"{blob_of(number)}.thumbnail", b"small")


def blob_of(number: int) -> str:
    """Return the id of a file."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:20]


def content_of(number: int) -> bytes:
    """Return what is in a file; the first is empty, and the second one larger than a chunk."""
    return hashlib.sha256(str(number).encode()).digest() * {0: 0, 1: 9_000}.get(number, 20)


def file_of(settings: Settings, folder: str, name: str) -> Path:
    """Return where an instance has a file."""
    return settings.data / "files" / folder / name[:2] / name


def put_file(settings: Settings, folder: str, name: str, content: bytes) -> None:
    """Store a file."""
    path = file_of(settings, folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def files_in(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, by their path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def counts_of(url: str) -> dict[str, TableCount]:
    """Return count and checksum of each table of a database."""
    with closing(open_source(url)) as source:
        return measure(source, Progress())


def _message(number: int, files: int) -> dict[str, object]:
    return {
        "id": number,
        "conversation_id": "talk",
        "seq": number,
        "version": number,
        "author_id": "ada" if number % 2 else "ben",
        "key": f"key {number}",
        "body": f"{number} {ODD}",
        "created_at": 2**45 + number,
        "deleted": number % 7 == 0,
        "files": int(number <= files),
    }


def _source(number: int) -> int:
    """Every third shares the file of the one before, as forwarded ones do."""
    return number - 1 if number % 3 == 2 else number


def _attachment(number: int) -> dict[str, object]:
    source = _source(number)
    return {
        "id": blob_of(number),
        "owner_id": "ada",
        "conversation_id": "talk",
        "seq": number + 1,
        "position": 0,
        "name": ODD[:100],
        "type": "image/png",
        "size": len(content_of(number)),
        "thumbnail": source % 2 == 1,
        "created_at": 1,
        "stored": None if source == number else blob_of(source),
    }
