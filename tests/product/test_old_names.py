"""What operators wrote and databases hold under earlier names still works.

A server is started with settings as they were called when the tables were at revision 0020, on a database of
that time in which a job of each kind waits.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Boolean, Connection, Integer, MetaData, insert, select

from echosphere.cli import _parser
from echosphere.database import Snapshot, dialect_for, jobs, upgrade_tables
from echosphere.database.schema_migration import MIGRATIONS
from echosphere.jobs.job import DEAD, Recurring
from echosphere.media import Storage
from echosphere.messages.store import find
from echosphere.settings import declared_settings
from tests.product.conftest import Running, settings_for
from tests.product.people import TIMEOUT
from tests.product.push_service import BrowserKeys, PushService

REVISION = "0020"
OLD_SETTINGS = {
    "ECHOSPHERE_INNER_ADDRESSES": "on",
    "ECHOSPHERE_REGISTRATION": "on",
    "ECHOSPHERE_DIRECTORY": "on",
    "ECHOSPHERE_LINK_PREVIEWS": "on",
    "ECHOSPHERE_SMTP_URL": "smtp://127.0.0.1:9",
    "ECHOSPHERE_MAIL_FROM": "EchoSphere <chat@example.org>",
}
DIRECT, DESERTED = "d" * 20, "e" * 20
ADA, BEN = "a" * 20, "b" * 20
SUBSCRIPTION = "s" * 20
HERE = {"conversation": DIRECT, "seq": 1}
WAITING: list[tuple[str, dict[str, Any]]] = [
    ("attachments.remove", {"id": "1" * 20}),
    ("avatars.remove", {"id": "2" * 20}),
    ("directory.fill", {}),
    ("messages.clear", {"conversation": DESERTED}),
    ("messages.purge_cleared", {"conversation": DIRECT}),
    ("notifications.accepted", {"user": BEN, "contact": ADA}),
    ("notifications.mentioned", HERE | {"had_read": {BEN: False}}),
    ("notifications.message", HERE),
    ("notifications.requested", {"user": BEN, "request": "r" * 20}),
    ("notifications.retry", HERE | {"subscription": SUBSCRIPTION, "had_read": None}),
    ("notifications.test", {"user": BEN}),
    ("previews.look", HERE),
    ("previews.remove", {"id": "3" * 20}),
]
RECURRING = (
    "attachments.sweep",
    "avatars.sweep",
    "directory.look",
    "idempotency.sweep",
    "notifications.digest",
    "notifications.sweep",
    "previews.sweep",
)
FOLDERS = {"1" * 20: "", "2" * 20: "avatars", "3" * 20: "previews"}
"""Stored files that are to be removed, and where they are."""

METRICS = set(
    re.findall(
        r"\w+",
        """
clock_leap_seconds deliveries_dropped deliveries http_request_seconds http_requests loop_lag_seconds
people_online realtime_bytes_in realtime_bytes_out realtime_closed realtime_cut_slow_readers
realtime_malformed realtime_messages_in realtime_messages_out realtime_opened realtime_polling
realtime_rate_limited realtime_refused realtime_sockets realtime_timed_out realtime_unknown_events
realtime_upgraded realtime_websocket write_failing_seconds write_last_commit_timestamp_seconds
write_queue_age_seconds write_queue_length write_refusals
""",
    )
)
COMMANDS = (
    "serve",
    "doctor",
    "sample",
    "db upgrade",
    "user create ana@example.org Ana",
    "user list",
    "user address ana@example.org ana@example.net",
    "user reset ana@example.org",
    "audit verify",
    "audit export",
)


def old_tables(connection: Connection) -> MetaData:
    """Make the tables of that time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)
    tables = MetaData()
    tables.reflect(connection)
    return tables


def fill(connection: Connection, tables: MetaData, keys: BrowserKeys) -> None:
    """Store two people, what they said to each other, a group that all have left, and the jobs."""
    now = int(time.time() * 1000)

    def add(called: str, /, **values: Any) -> None:
        """Insert a row; what must not be empty is now, or nothing of its type, unless it is given."""
        table = tables.tables[called]
        for column in table.c:
            missing = not column.nullable and column.server_default is None
            if missing and column.name not in values and column.name != "id":
                kinds = {Integer: now if column.name.endswith("_at") else 0, Boolean: False}
                found = (value for kind, value in kinds.items() if isinstance(column.type, kind))
                values[column.name] = next(found, "")
        connection.execute(insert(table).values(values))

    for user, name in ((ADA, "Ada"), (BEN, "Ben")):
        email = f"{name}@example.org".lower()
        add("users", id=user, name=name, email=email, role="member", settings="{}")
    for user, contact in ((ADA, BEN), (BEN, ADA)):
        add("contacts", user_id=user, contact_id=contact)
    add("conversations", id=DIRECT, kind="direct", pair=f"{ADA}:{BEN}", version=1, last_seq=1)
    add("conversations", id=DESERTED, kind="group", title="Old", version=1, last_seq=1)
    for user in (ADA, BEN):
        add("members", conversation_id=DIRECT, user_id=user, role="member", version=1)
    said = {DIRECT: "Read http://127.0.0.1:9/", DESERTED: "Nobody is left"}
    for conversation, body in said.items():
        row = {"conversation_id": conversation, "seq": 1, "version": 1, "author_id": ADA}
        add("messages", **row, key=f"key-of-{conversation}", body=body)
    add("sessions", id="t" * 20, user_id=BEN, token_hash="t")
    wish = keys.wish()
    add(
        "push_subscriptions",
        id=SUBSCRIPTION,
        user_id=BEN,
        session_id="t" * 20,
        endpoint=wish["endpoint"],
        **wish["keys"],
    )
    for kind, payload in WAITING:
        add("jobs", kind=kind, payload=json.dumps(payload), run_at=0)
    for kind in RECURRING:
        add("jobs", id=Recurring(kind, 0).id, kind=kind, payload="{}", run_at=0)


def unfinished(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """Return the jobs of that time that have not run yet, or failed."""
    kinds = [kind for kind, _ in WAITING] + list(RECURRING)
    rows = snapshot.execute(
        select(jobs.c.kind, jobs.c.attempts, jobs.c.last_error).where(
            jobs.c.kind.in_(kinds),
            (jobs.c.run_at == 0) | (jobs.c.run_at == DEAD) | (jobs.c.attempts > 0),
        )
    )
    return [tuple(row) for row in rows]


@pytest.fixture
async def upgraded(
    tmp_path: Path, bare_database_url: str, service: PushService
) -> AsyncIterator[tuple[Running, BrowserKeys]]:
    """A server of today on the data of that time."""
    settings = settings_for(tmp_path / "data", bare_database_url, **OLD_SETTINGS)
    storage = Storage.from_url(settings.storage_url, settings.data)
    for blob, folder in FOLDERS.items():
        received = storage.incoming / blob
        received.write_bytes(b"old")
        await (storage.subfolder(folder) if folder else storage).put(received, blob)
    keys = BrowserKeys(f"{service.address}/push/old")
    dialect = dialect_for(bare_database_url)
    engine = dialect.writing_engine()
    with engine.begin() as connection:
        fill(connection, old_tables(connection), keys)
    if dialect.name == "postgresql":  # a server does not upgrade it without being told to
        upgrade_tables(dialect, engine, snapshot=False)
    engine.dispose()
    running = Running(settings)
    await running.start()
    yield running, keys
    await running.stop()


async def test_jobs_that_wait_under_old_names_run_after_the_upgrade(
    upgraded: tuple[Running, BrowserKeys], service: PushService
) -> None:
    running, keys = upgraded
    database, storage = running.application.database, running.application.storage
    async with asyncio.timeout(TIMEOUT):
        while left := await database.read(unfinished):
            assert not any(error for _, _, error in left), left
            await asyncio.sleep(0.05)

    erased = await database.read(find, DESERTED, 1)
    kept = await database.read(find, DIRECT, 1)
    assert erased is not None
    assert erased.deleted
    assert kept is not None
    assert not kept.deleted
    for blob, folder in FOLDERS.items():
        with pytest.raises(FileNotFoundError):
            await (storage.subfolder(folder) if folder else storage).size(blob)
    bodies = [keys.read(pushed)["body"] for pushed in service.to(keys)]
    assert {"Read http://127.0.0.1:9/", "Notifications work on this device."} <= set(bodies)


async def test_old_settings_are_read(upgraded: tuple[Running, BrowserKeys]) -> None:
    settings = upgraded[0].application.settings
    assert settings.allow_private_addresses is True
    assert settings.registration == "open"


async def test_old_metrics_are_still_there(upgraded: tuple[Running, BrowserKeys]) -> None:
    text = upgraded[0].application.metrics.exposition().decode()
    names = {family.name for family in text_string_to_metric_families(text)}
    assert {f"echosphere_{name}" for name in METRICS} - names == set()


@pytest.mark.parametrize("line", COMMANDS)
def test_old_commands_are_understood(line: str) -> None:
    assert callable(_parser().parse_args(line.split()).run)


def test_every_old_name_of_a_setting_is_in_this_test() -> None:
    old = {
        f"{setting.prefix}{setting.old_name}"
        for _, setting in declared_settings().values()
        if setting.old_name
    }
    assert old <= OLD_SETTINGS.keys()
