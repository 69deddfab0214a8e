"""The audit log: its chain reveals changes, and network addresses can be removed from it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import delete, update

from echosphere.audit import (
    COMMAND_LINE,
    Actor,
    EntryHead,
    ForgetAddressesBefore,
    TamperedError,
    entries_about,
    entries_before,
    export_lines,
    find_head,
    forget_addresses_of,
    record,
    verify_log,
)
from echosphere.audit.store import audit_head, audit_log
from echosphere.core.clock import system_clock
from echosphere.database import Database, Transaction

ADA = Actor("ada", "192.0.2.7")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database whose log has three entries."""
    database = Database(database_url, system_clock)
    await database.start()
    await database.write(_record, ADA, "user.deactivated", "bert")
    await database.write(_record, COMMAND_LINE, "user.role", "ada")
    await database.write(_record, ADA, "user.reactivated", "bert")
    yield database
    await database.stop()


def _record(transaction: Transaction, actor: Actor, action: str, target: str) -> None:
    record(transaction, actor, action, target, role="member")


def _change(transaction: Transaction, number: int, values: dict[str, Any]) -> None:
    transaction.execute(update(audit_log).where(audit_log.c.number == number).values(values))


def _remove(transaction: Transaction, number: int) -> None:
    transaction.execute(delete(audit_log).where(audit_log.c.number == number))


def _cut(transaction: Transaction, head: EntryHead) -> None:
    transaction.execute(delete(audit_log).where(audit_log.c.number > head.number))
    transaction.execute(update(audit_head).values(head._asdict()))


async def test_what_was_recorded_is_verified_and_listed(database: Database) -> None:
    head = await verify_log(database)
    assert head.number == 3
    assert await verify_log(database, head) == head
    newest = await database.read(entries_before, 2**53, 10)
    assert [entry.number for entry in newest] == [3, 2, 1]
    assert [entry.number for entry in await database.read(entries_before, 3, 1)] == [2]
    assert [entry.number for entry in await database.read(entries_before, 9, 9, "bert")] == [3, 1]
    assert [entry.action for entry in await database.read(entries_about, "ada", 9)] == ["user.role"]


@pytest.mark.parametrize(
    "values",
    [
        {"action": "user.reactivated"},
        {"actor": "carl"},
        {"target": "carl"},
        {"details": '{"role":"owner"}'},
        {"at": 1},
        {"address_hash": "0" * 64},
        {"hash": "0" * 64},
        {"address": "192.0.2.8"},
        {"address": None},
    ],
    ids=",".join,
)
async def test_a_changed_entry_is_noticed(database: Database, values: dict[str, Any]) -> None:
    await database.write(_change, 1, values)
    with pytest.raises(TamperedError, match=r"entry 1 was changed|Entry 1 was changed"):
        await verify_log(database)


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_removed_entry_is_noticed(database: Database, number: int) -> None:
    await database.write(_remove, number)
    with pytest.raises(TamperedError):
        await verify_log(database)


async def test_a_tail_that_was_cut_with_its_head_is_noticed_by_the_noted_head(
    database: Database,
) -> None:
    noted = await verify_log(database)
    second = (await database.read(entries_before, 3, 1))[0]
    await database.write(_cut, EntryHead(2, second.hash))
    assert (await verify_log(database)).number == 2
    with pytest.raises(TamperedError, match="ended with entry 3"):
        await verify_log(database, noted)
    await database.write(_record, ADA, "user.role", "bert")
    with pytest.raises(TamperedError, match="does not match the recorded head"):
        await verify_log(database, noted)


async def test_network_addresses_go_and_the_chain_stays(database: Database) -> None:
    head = await database.read(find_head)
    await database.write(forget_addresses_of, "ada")
    entries = await database.read(entries_before, 9, 9)
    assert [entry.address for entry in entries] == [None, None, None]
    assert [entry.address_salt for entry in entries] == [None, None, None]
    assert await verify_log(database, head) == head


async def test_old_network_addresses_go(database: Database) -> None:
    await database.write(_record, ADA, "user.role", "bert")
    newest = (await database.read(entries_before, 9, 1))[0]
    await database.write(ForgetAddressesBefore(newest.at + 1))
    assert all(entry.address is None for entry in await database.read(entries_before, 9, 9))
    await verify_log(database)


async def test_entries_at_once_have_one_order(database: Database) -> None:
    acts = [database.write(_record, ADA, "user.role", f"person-{n}") for n in range(40)]
    await asyncio.gather(*acts)
    assert (await verify_log(database)).number == 43


async def test_it_is_exported_as_json_lines(database: Database) -> None:
    lines = [json.loads(line) async for line in export_lines(database)]
    assert [line["number"] for line in lines] == [1, 2, 3]
    assert lines[0]["details"] == {"role": "member"}
    assert lines[0]["address"] == "192.0.2.7"
    assert lines[2]["hash"] == (await database.read(find_head)).hash
