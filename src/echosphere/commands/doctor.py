"""`echosphere doctor`: looks whether this instance is well, and says what to do if not."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from echosphere import web
from echosphere.accounts import UnnormalizedEmail, unnormalized_emails
from echosphere.attachments import Storage
from echosphere.database import check_integrity, database_error_message, query_offline
from echosphere.settings import Settings

MANIFEST = Path(web.__file__).parent / "static" / "client" / ".vite" / "manifest.json"
MIN_FREE = 1024**3
"""Bytes; with less room on the disk, sending will soon fail."""


class Ailment(Exception):  # noqa: N818 - found, not raised by accident
    """Something is wrong; the text says what to do."""


def doctor(settings: Settings) -> int:
    """Examine the parts one after the other; return 0 when all are well."""
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("settings", _settings),
        ("client", _client),
        ("disk", _disk),
        ("database", _database),
        ("addresses", _addresses),
        ("storage", _storage),
    ]
    well = True
    for name, check in checks:
        try:
            print(f"ok    {name}: {check(settings)}")
        except Exception as error:
            well = False
            print(f"FAIL  {name}: {error}")
    return 0 if well else 1


def _settings(settings: Settings) -> str:
    return f"people reach it at {settings.base_url}, the data is in {settings.data}"


def _client(_settings: Settings) -> str:
    if not MANIFEST.exists():
        raise Ailment("the browser client is not built; run bin/setup, or install the wheel")
    return "built"


def _disk(settings: Settings) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free
    if free < MIN_FREE:
        raise Ailment(f"only {free // 1024**2} MiB are free in {settings.data}; make room")
    return f"{free // 1024**3} GiB free"


def _database(settings: Settings) -> str:
    if not _has_database(settings):
        return "none yet; the first start makes it"
    found = check_integrity(settings.database_url)
    if found.damage:
        raise Ailment(f"damaged ({found.damage}); restore a backup")
    if found.revision != found.newest:
        raise Ailment(
            f"its tables are at {found.revision}, not {found.newest}; run echosphere db upgrade"
        )
    return f"{found.dialect}, intact, tables at {found.revision}"


def _addresses(settings: Settings) -> str:
    if not _has_database(settings):
        return "none yet"
    try:
        lost = query_offline(settings.database_url, unnormalized_emails)
    except Exception as error:
        raise Ailment(database_error_message(error) or str(error)) from error
    if lost:
        raise Ailment("\n      ".join(map(_told, lost)))
    return "every account has one of its own"


def _told(lost: UnnormalizedEmail) -> str:
    whose = "cannot be typed any more"
    if lost.holder is not None:
        whose = f"is that of {lost.holder} in another spelling"
    return (
        f"nobody signs in to the account {lost.user_id}: its address {lost.stored} {whose}; ask its"
        f" owner for another one and run echosphere user address {lost.user_id} NEW@EXAMPLE.ORG"
    )


def _has_database(settings: Settings) -> bool:
    is_file = settings.database_url.startswith("sqlite")
    return not is_file or (settings.data / "app.db").exists()


def _storage(settings: Settings) -> str:
    storage = Storage.at(settings.storage_url, settings.data)
    asyncio.run(storage.ready())
    return "answers"
