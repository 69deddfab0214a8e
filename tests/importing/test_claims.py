"""Claims of placeholders that are interrupted, repeated, or made by several people at once."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from echosphere.accounts import OPERATOR
from echosphere.core.errors import NotFound
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.importing import Importer, LinkPlaceholder
from echosphere.importing.claim import ClaimInConversation, Claims
from echosphere.importing.people import claim
from tests.importing.claiming import (
    Cast,
    GiveAddress,
    all_claims_done,
    author_ids,
    placeholder_of,
    present_in,
    waiting_claims,
)
from tests.importing.conftest import Import
from tests.importing.imported import imported_conversations, messages_of, rows_of
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.story import ADA, BEN, Story
from tests.product.conftest import Running
from tests.product.people import people_on
from tests.product.test_closing_account import close

Job = dict[str, Any]


ROOMS = ("C0GENERAL", "C0TEA", "D0ADABEN")
TABLES = {
    "conversation": "SELECT kind, version, members_version, last_seq FROM conversations"
    " WHERE id = :here",
    "versions": "SELECT seq, author_id, version FROM messages WHERE conversation_id = :here",
    # The versions of placeholders are in the order of their ids, which are random.
    "members": 'SELECT user_id, role, "left", joined_seq, read_seq,'
    ' CASE WHEN "left" THEN 0 ELSE version END FROM members WHERE conversation_id = :here',
    "waiting": "SELECT user_id, role FROM imported_members WHERE conversation_id = :here",
    "mentions": "SELECT seq, user_id FROM mentions WHERE conversation_id = :here",
    "files": "SELECT name, owner_id FROM attachments WHERE conversation_id = :here",
}


class ProcessEndedError(Exception):
    """The process ends here."""


class EndingDatabase:
    """A database whose process ends after so many commits of a claim."""

    def __init__(self, database: Database, commits: int) -> None:
        self.read = database.read
        self.left = commits
        self._database = database

    async def write(self, command: Command[Any]) -> Any:
        """Commit, unless the process has ended before."""
        if not self.left:
            raise ProcessEndedError
        self.left -= 1
        return await self._database.write(command)


class ClaimPlaceholder(Command[Job]):
    """Claim a placeholder; return what its job is given."""

    placeholder: str
    account: str

    def run(self, transaction: Transaction) -> Job:
        """Claim it."""
        assert claim(transaction, self.placeholder, self.account)
        return {"placeholder": self.placeholder, "account": self.account}


def everything_of(snapshot: Snapshot, source: str) -> dict[str, Any]:
    """Return all that a claim changes in a source, with names instead of ids."""
    names = {row[0]: row[1] for row in rows_of(snapshot, "SELECT id, name FROM users")}
    rooms = rows_of(
        snapshot,
        "SELECT conversation, conversation_id FROM imported_conversations WHERE source = :source",
        source=source,
    )
    of_people = "SELECT person, user_id, placeholder FROM imported_people WHERE source = :source"
    people = rows_of(snapshot, of_people, source=source)
    found: dict[str, Any] = {"people": sorted((row[0], names[row[1]], row[2]) for row in people)}
    for room, here in rooms:
        found[room] = {
            what: sorted(
                tuple(names.get(value, value) for value in row)
                for row in rows_of(snapshot, sql, here=here)
            )
            for what, sql in TABLES.items()
        }
        found[room]["messages"] = messages_of(snapshot, here)
    return found


def named_in(messages: list[dict[str, Any]]) -> set[str]:
    """Return the names of all who wrote, reacted or are mentioned."""
    return {
        name
        for one in messages
        for name in (
            one["author"],
            *(name for _, names in one["reactions"] for name in names),
            *(name for _, name in one["mentions"]),
        )
    }


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give three messages in a transaction, so that there are many."""
    monkeypatch.setattr("echosphere.messages.reattribute.BATCH", 3)


@pytest.mark.usefixtures("few_at_once")
async def test_a_claim_that_ends_anywhere_goes_on_at_the_next_start_to_the_same_result(
    tmp_path: Path, running: Running, server: str, do_import: Import
) -> None:
    database, jobs = running.application.database, running.application.runners[-1]
    await jobs.stop()
    story = Story(42)  # Ben wrote 5 messages in each group and 7 to Ada: some batches are full

    async def imported(source: str) -> tuple[str, str]:
        await do_import(EchoSphereSample(source).write(story, tmp_path))
        (account,) = await stack.enter_async_context(people_on(server, "Ben Example"))
        return await database.read(placeholder_of, source), account.id

    async with AsyncExitStack() as stack:
        job = await database.write(ClaimPlaceholder(*await imported("undisturbed")))
        counted = EndingDatabase(database, 1_000)
        await Claims(counted).run(job)  # type: ignore[arg-type]
        commits = 1_000 - counted.left
        assert commits == 2 + 2 + 3 + 1  # and the files
        wanted = await database.read(everything_of, "undisturbed")
        assert {one["author"] for one in wanted["C0GENERAL"]["messages"]} == {
            "Ada Example",
            "Ben Example",
            "Cléo Müller",
        }
        partly = []
        for ended in range(commits + 1):
            job = await database.write(ClaimPlaceholder(*await imported(f"ends after {ended}")))
            ending = EndingDatabase(database, ended)
            try:
                await Claims(ending).run(job)  # type: ignore[arg-type]
            except ProcessEndedError:
                partly.append(await database.read(everything_of, f"ends after {ended}"))
        assert len(partly) == commits
        assert wanted not in partly
        await jobs.start()
        await all_claims_done(database)
        for ended in range(commits + 1):
            assert await database.read(everything_of, f"ends after {ended}") == wanted, ended


@pytest.mark.usefixtures("few_at_once")
async def test_a_job_that_a_stopping_server_interrupts_is_gone_on_with(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    database, jobs = running.application.database, running.application.runners[-1]
    _, ben, _ = cast
    await do_import(EchoSphereSample().write(Story(42), tmp_path))
    left, interrupted = 3, asyncio.Event()
    run = ClaimInConversation.run

    def until_interrupted(self: ClaimInConversation, transaction: Transaction) -> bool:
        nonlocal left
        left -= 1
        if left == 0:
            loop.call_soon_threadsafe(interrupted.set)
        return run(self, transaction)

    loop = asyncio.get_running_loop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClaimInConversation, "run", until_interrupted)
        placeholder = await database.read(placeholder_of, "test")
        await database.write(LinkPlaceholder(placeholder, ben.id, OPERATOR))
        await interrupted.wait()
        await jobs.stop(grace=0)
    assert await database.read(waiting_claims) == 1
    await jobs.start()
    await all_claims_done(database)
    found = await database.read(everything_of, "test")
    names = {row[1] for room in ROOMS for row in found[room]["versions"]}
    assert names == {"Ada Example", "Ben Example", "Cléo Müller"}
    for room in ROOMS:
        assert ("Ben Example", "owner", False) in {row[:3] for row in found[room]["members"]}


async def test_of_two_who_are_given_the_same_placeholder_one_has_it(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    database = running.application.database
    ada, ben, _ = cast
    await do_import(EchoSphereSample().write(Story(12), tmp_path))
    placeholder = await database.read(placeholder_of, "test")
    answers = await asyncio.gather(
        *(database.write(LinkPlaceholder(placeholder, one.id, OPERATOR)) for one in (ada, ben)),
        *(database.write(LinkPlaceholder(placeholder, one.id, OPERATOR)) for one in (ada, ben)),
        return_exceptions=True,
    )
    assert answers.count(None) == 1
    assert [type(one) for one in answers if one is not None] == [NotFound] * 3
    await all_claims_done(database)
    winner = await database.read(placeholder_of, "test")
    assert winner == (ada, ben)[answers.index(None) % 2].id
    here = (await imported_conversations(database))["C0GENERAL"]
    authors = await database.read(author_ids, here)
    assert authors & {ada.id, ben.id, placeholder} == {winner}


async def test_who_confirms_the_address_while_an_operator_links_somebody_else(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    database = running.application.database
    ada, ben, _ = cast
    await do_import(EchoSphereSample().write(Story(12), tmp_path))
    placeholder = await database.read(placeholder_of, "test")
    answers = await asyncio.gather(
        database.write(LinkPlaceholder(placeholder, ada.id, OPERATOR)),
        database.write(GiveAddress(ben.id, BEN.email, confirmed=True)),
        return_exceptions=True,
    )
    assert answers[1] is None  # the address is confirmed whoever has the messages
    await all_claims_done(database)
    winner = await database.read(placeholder_of, "test")
    assert winner == (ada.id if answers[0] is None else ben.id)
    here = (await imported_conversations(database))["C0GENERAL"]
    assert await database.read(author_ids, here) & {ada.id, ben.id, placeholder} == {winner}


async def test_who_is_given_two_placeholders_has_reacted_once(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    database = running.application.database
    _, ben, _ = cast
    await do_import(EchoSphereSample().write(Story(90), tmp_path))
    here = (await imported_conversations(database))["C0GENERAL"]
    before = await database.read(messages_of, here)
    assert ("👍", ["Ada Example", "Ben Beispiel"]) in [
        reaction for one in before for reaction in one["reactions"]
    ]
    for person in (ADA.id, BEN.id):
        placeholder = await database.read(placeholder_of, "test", person)
        await database.write(LinkPlaceholder(placeholder, ben.id, OPERATOR))
        await all_claims_done(database)
    after = await database.read(messages_of, here)
    reactions = [reaction for one in after for reaction in one["reactions"]]
    assert set(map(str, reactions)) == {"('👍', ['Ben Example'])"}


async def test_a_claim_while_the_import_runs_leaves_nothing_to_the_placeholder(
    tmp_path: Path,
    running: Running,
    cast: Cast,
    do_import: Import,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = running.application.database
    _, ben, _ = cast
    monkeypatch.setattr("echosphere.importing.run.MESSAGES_AT_ONCE", 10)
    store, calls = Importer._store, 0

    async def claim_before_the_second(*given: Any) -> bool:
        nonlocal calls
        calls += 1
        if calls == 2:
            placeholder.append(await database.read(placeholder_of, "test"))
            await database.write(LinkPlaceholder(placeholder[0], ben.id, OPERATOR))
            await all_claims_done(database)
        return await store(*given)

    placeholder: list[str] = []
    monkeypatch.setattr(Importer, "_store", claim_before_the_second)
    await do_import(EchoSphereSample().write(Story(90), tmp_path))
    await all_claims_done(database)
    assert calls > 6
    found = await database.read(everything_of, "test")
    for room, here in (await imported_conversations(database)).items():
        assert placeholder[0] not in await database.read(author_ids, here)
        assert "Ben Beispiel" not in named_in(found[room]["messages"])
        assert await database.read(present_in, here) == [ben.id]
        assert {row[1] for row in found[room]["files"]} <= {
            "Ada Example",
            "Ben Example",
            "Cléo Müller",
        }


@pytest.mark.usefixtures("few_at_once")
async def test_who_closes_the_account_meanwhile_enters_nothing(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    database, jobs = running.application.database, running.application.runners[-1]
    _, ben, _ = cast
    await do_import(EchoSphereSample().write(Story(42), tmp_path))
    await jobs.stop()
    placeholder = await database.read(placeholder_of, "test")
    await database.write(LinkPlaceholder(placeholder, ben.id, OPERATOR))
    await close(ben)
    await jobs.start()
    await all_claims_done(database)
    for here in (await imported_conversations(database)).values():
        authors = await database.read(author_ids, here)
        assert ben.id in authors
        assert placeholder not in authors
        assert await database.read(present_in, here) == []
