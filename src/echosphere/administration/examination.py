"""Examines the parts of an instance, for `echosphere doctor` and for the administration room."""

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from echosphere.accounts import UnnormalizedEmail, unnormalized_emails
from echosphere.database import check_integrity, database_error_message, query_offline
from echosphere.media import Storage
from echosphere.openid_connect import check_provider
from echosphere.second_factor import lost_passkeys
from echosphere.server_settings import examine_stored
from echosphere.settings import OpenIdProvider, Settings

MIN_FREE = 1024**3
"""Bytes; with less free space, sending will soon fail."""


class Problem(Exception):  # noqa: N818 - found, not raised by accident
    """A problem of the instance; the text says what to do."""


class Caution(Exception):  # noqa: N818 - as above
    """Something to know; the instance works."""


class Finding(NamedTuple):
    """What a part is like; `state` is `ok`, `warning` or `problem`, `text` says what to do."""

    name: str
    state: str
    text: str


def examine(settings: Settings, manifest: Path, *, thorough: bool) -> list[Finding]:
    """Examine all parts, one after the other; call it in a thread of its own.

    Args:
        settings: The settings of the instance.
        manifest: The file that is there if the browser client is built.
        thorough: Whether all of the database is read, which takes minutes where it is large.
    """
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("settings", _settings),
        ("stored settings", _stored_settings),
        ("client", partial(_client, manifest)),
        ("disk", _disk),
        ("database", partial(_database, thorough)),
        ("addresses", _addresses),
        ("passkeys", _passkeys),
        ("storage", _storage),
        ("sign-in services", _sign_in_services),
    ]
    return [_finding(name, check, settings) for name, check in checks]


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, "ok", check(settings))
    except Caution as caution:
        return Finding(name, "warning", str(caution))
    except Exception as error:
        return Finding(name, "problem", str(error))


def _settings(settings: Settings) -> str:
    if settings.open_http:
        raise Caution(settings.open_http)
    return f"people reach it at {settings.base_url}, the data is in {settings.data}"


def _stored_settings(settings: Settings) -> str:
    if not _has_database(settings):
        return "none yet"
    try:
        found = query_offline(settings.database_url, lambda one: examine_stored(one, settings))
    except Exception as error:
        raise Problem(database_error_message(error) or str(error)) from error
    if found.refused:
        raise Problem("\n      ".join(found.refused))
    if found.unused:
        raise Caution("\n      ".join(found.unused))
    return f"{found.used} in use"


def _client(manifest: Path, _settings: Settings) -> str:
    if not manifest.exists():
        raise Problem("the browser client is not built; run bin/setup, or install the wheel")
    return "built"


def _disk(settings: Settings) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free
    if free < MIN_FREE:
        raise Problem(f"only {free // 1024**2} MiB are free in {settings.data}; make room")
    return f"{free // 1024**3} GiB free"


def _database(thorough: bool, settings: Settings) -> str:
    if not _has_database(settings):
        return "none yet; the first start makes it"
    report = check_integrity(settings.database_url, thorough=thorough)
    if report.damage:
        raise Problem(f"damaged ({report.damage}); restore a backup")
    if report.revision != report.newest:
        raise Problem(
            f"its tables are at {report.revision}, not {report.newest}; run echosphere db upgrade"
        )
    return f"{report.dialect}, {'intact' if thorough else 'answers'}, tables at {report.revision}"


def _addresses(settings: Settings) -> str:
    if not _has_database(settings):
        return "none yet"
    try:
        lost = query_offline(settings.database_url, unnormalized_emails)
    except Exception as error:
        raise Problem(database_error_message(error) or str(error)) from error
    if lost:
        raise Problem("\n      ".join(map(_describe, lost)))
    return "every account has one of its own"


def _passkeys(settings: Settings) -> str:
    if not _has_database(settings):
        return "none yet"
    try:
        lost = query_offline(
            settings.database_url, lambda snapshot: lost_passkeys(snapshot, settings.base_url)
        )
    except Exception as error:
        raise Problem(database_error_message(error) or str(error)) from error
    if lost:
        raise Caution(lost)
    return "all are for the host of the base URL"


def _describe(lost: UnnormalizedEmail) -> str:
    reason = "cannot be typed any more"
    if lost.holder is not None:
        reason = f"is that of {lost.holder} in another spelling"
    return (
        f"nobody signs in to the account {lost.user_id}: its address {lost.stored} {reason}; ask its"
        f" owner for another one and run echosphere user address {lost.user_id} NEW@EXAMPLE.ORG"
    )


def _has_database(settings: Settings) -> bool:
    kind, _, path = settings.database_url.partition(":///")
    return kind != "sqlite" or Path(path).exists()


def _sign_in_services(settings: Settings) -> str:
    found = [_sign_in_service(one) for one in settings.openid_providers]
    wrong = [said for said, is_well in found if not is_well]
    if wrong:
        raise Problem("\n      ".join(wrong))
    return "; ".join(said for said, _ in found) or "none"


def _sign_in_service(provider: OpenIdProvider) -> tuple[str, bool]:
    try:
        return f"{provider.name}: {asyncio.run(check_provider(provider))}", True
    except Exception as error:
        return f"{provider.name}: {error}; see docs/running.md", False


def _storage(settings: Settings) -> str:
    storage = Storage.from_url(settings.storage_url, settings.data)
    asyncio.run(storage.ready())
    return "answers"
