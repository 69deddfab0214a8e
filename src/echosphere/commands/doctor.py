"""`echosphere doctor`: looks whether this instance is well, and says what to do if not."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from echosphere import web
from echosphere.attachments import Storage
from echosphere.database import examine
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
    if settings.database_url.startswith("sqlite") and not (settings.data / "app.db").exists():
        return "none yet; the first start makes it"
    found = examine(settings.database_url)
    if found.damage:
        raise Ailment(f"damaged ({found.damage}); restore a backup")
    if found.revision != found.newest:
        raise Ailment(
            f"its tables are at {found.revision}, not {found.newest}; run echosphere db upgrade"
        )
    return f"{found.dialect}, intact, tables at {found.revision}"


def _storage(settings: Settings) -> str:
    storage = Storage.at(settings.storage_url, settings.data)
    asyncio.run(storage.ready())
    return "answers"
