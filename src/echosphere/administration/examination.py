"""Examines the parts of an instance, for `echosphere doctor` and for Administration."""

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from echosphere.accounts import UnnormalizedEmail, unnormalized_emails
from echosphere.bus import HEARTBEAT_SECONDS, Cluster, NatsBus, label_of
from echosphere.core.counting import counted
from echosphere.database import (
    check_integrity,
    database_error_message,
    query_offline,
    serving_on,
)
from echosphere.endpoints import trouble_of_endpoints
from echosphere.media import Storage
from echosphere.openid_connect import check_provider
from echosphere.second_factor import lost_passkeys, secrets_of_other_keys
from echosphere.server_settings import examine_stored
from echosphere.settings import OpenIdProvider, Settings

MIN_FREE = 1024**3
"""Bytes; with less free space, sending will soon fail."""


MAX_CLOCK_DIFFERENCE = 5.0
"""Seconds by which the clocks of this machine and of the database may differ."""

OVERHEAR_SECONDS = HEARTBEAT_SECONDS + 1
"""How long to listen: each process says something within that time."""


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
        ("processes", partial(_processes, thorough)),
        ("addresses", _addresses),
        ("passkeys", _passkeys),
        ("secret key", partial(_secret_key, thorough)),
        ("storage", _storage),
        ("sign-in services", _sign_in_services),
        ("endpoints", _endpoints),
    ]
    found = [_finding(name, check, settings) for name, check in checks]
    return [_once(one, found) for one in found]


def _once(finding: Finding, found: list[Finding]) -> Finding:
    """Have only the database say what is wrong with it, where no part can read it."""
    is_twin = any(
        one.name == "database" and one.state == "problem" and one.text == finding.text
        for one in found
    )
    if finding.name == "database" or not is_twin:
        return finding
    return finding._replace(text="not checked, because the database cannot be used")


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, "ok", check(settings))
    except Caution as caution:
        return Finding(name, "warning", str(caution))
    except Exception as error:
        return Finding(name, "problem", database_error_message(error) or str(error))


def _settings(settings: Settings) -> str:
    if settings.open_http:
        raise Caution(settings.open_http)
    return f"served at {settings.base_url}; data in {settings.data}"


def _stored_settings(settings: Settings) -> str:
    if not settings.has_database:
        return "none yet"
    found = query_offline(settings.database_url, lambda one: examine_stored(one, settings))
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
        raise Problem(f"only {free // 1024**2} MiB free in {settings.data}; free up space")
    return f"{free // 1024**3} GiB free"


def _database(thorough: bool, settings: Settings) -> str:
    if not settings.has_database:
        return "none yet; created at the first start"
    report = check_integrity(settings.database_url, thorough=thorough)
    if report.damage:
        raise Problem(f"damaged ({report.damage}); restore a backup")
    if report.revision != report.newest:
        raise Problem(
            f"tables are at version {report.revision}, not {report.newest}; run echosphere db "
            "upgrade"
        )
    if abs(report.clock_difference) > MAX_CLOCK_DIFFERENCE:
        raise Caution(
            f"its clock and this machine's clock differ by {abs(report.clock_difference):.0f} "
            "s; synchronize both (chrony, systemd-timesyncd)"
        )
    return f"{report.dialect}, {'intact' if thorough else 'answers'}, tables at {report.revision}"


def _processes(thorough: bool, settings: Settings) -> str:
    """Look at who serves together; the bus alone knows no processes that are not on it."""
    serving = serving_on(settings.database_url)
    if not settings.bus_url:
        if serving is not None and serving.with_bus:
            raise Problem("the running processes use a bus; set the same ECHOSPHERE_BUS_URL here")
        return "one server, or its workers"
    cluster = Cluster(NatsBus(settings.bus_url), settings.secret_key)
    heard = asyncio.run(cluster.overhear(OVERHEAR_SECONDS if thorough else 0))
    if not thorough or serving is None:
        return "the bus answers"
    labels = [label_of(one) for one in heard]
    if twice := sorted({one for one in labels if labels.count(one) > 1}):
        raise Problem(
            f"several processes are called {', '.join(twice)}; give each its own "
            "ECHOSPHERE_PROCESS_NAME"
        )
    if len(heard) < serving.processes:
        raise Problem(
            f"{serving.processes} processes use the database, but {len(heard)} answer on the "
            f"bus ({', '.join(labels) or 'none'}); give all of them the same ECHOSPHERE_BUS_URL "
            "and SECRET_KEY"
        )
    return f"{len(heard)} running, all answering on the bus: {', '.join(labels) or 'none'}"


def _addresses(settings: Settings) -> str:
    if not settings.has_database:
        return "none yet"
    lost = query_offline(settings.database_url, unnormalized_emails)
    if lost:
        raise Problem("\n      ".join(map(_describe, lost)))
    return "every account has its own"


def _passkeys(settings: Settings) -> str:
    if not settings.has_database:
        return "none yet"
    lost = query_offline(
        settings.database_url, lambda snapshot: lost_passkeys(snapshot, settings.base_url)
    )
    if lost:
        raise Caution(lost)
    return "all are for the host of the base URL"


def _secret_key(thorough: bool, settings: Settings) -> str:
    """Tell whether it encrypted everything, so that the one before may be forgotten."""
    if not settings.has_database:
        return "nothing is encrypted yet"
    if not thorough:
        return "present; echosphere doctor tests it on every secret"
    now, before = settings.secret_key, settings.secret_key_previous
    found = query_offline(
        settings.database_url, lambda snapshot: secrets_of_other_keys(snapshot, now, before)
    )
    if found.lost:
        lost = counted(found.lost, "authenticator app does", "authenticator apps do")
        raise Problem(
            f"{lost} not work: encrypted with another SECRET_KEY; set it as "
            "SECRET_KEY_PREVIOUS, or have the users sign in with recovery codes"
        )
    if found.outdated:
        needing = counted(
            found.outdated, "authenticator app still needs", "authenticator apps still need"
        )
        raise Caution(
            f"{needing} SECRET_KEY_PREVIOUS: keep it until their users have signed in with a code"
        )
    if before:
        return "no app needs SECRET_KEY_PREVIOUS; remove it once the server has run for an hour"
    return "decrypts the secrets of all apps"


def _endpoints(settings: Settings) -> str:
    if not settings.has_database:
        return "none yet"
    trouble = query_offline(settings.database_url, trouble_of_endpoints)
    if trouble:
        raise Caution(trouble)
    return "none has failed for a day or longer"


def _describe(lost: UnnormalizedEmail) -> str:
    reason = "can no longer be typed"
    if lost.holder is not None:
        reason = f"is that of {lost.holder}, spelled differently"
    return (
        f"no one can sign in to account {lost.user_id}: its address {lost.stored} {reason}; ask "
        f"the user for another one and run echosphere user address {lost.user_id} "
        "NEW@EXAMPLE.ORG"
    )


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
