"""The law of counting: unread counts equal a plain recount over all rows."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from echosphere.conversations.store import members
from echosphere.database import Snapshot
from echosphere.messages.store import hidden_messages, messages
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import Person, register

PLAYS = int(os.environ.get("ECHOSPHERE_TEST_PLAYS", "8"))
NAMES = ("Ada", "Ben", "Cora")
WORDS = ("hello", "@Ada", "@Ben and @Cora", "@all", "@everyone @Ada", "mail@Ada", "@Cora's @nobody")
ADA, BEN, CORA = range(3)

Step = tuple[Any, ...]
Row = Any

_person = st.integers(0, 2)
_message = st.integers(0, 9)
_words = st.sampled_from(WORDS)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), _person, _words),
        st.tuples(st.just("post"), _person, _words),
        st.tuples(st.just("edit"), _person, _message, _words),
        st.tuples(st.just("delete"), _person, _message),
        st.tuples(st.just("hide"), _person, _message),
        st.tuples(st.just("clear"), _person, _message),
        st.tuples(st.just("unclear"), _person),
        st.tuples(st.just("read"), _person, _message),
        st.tuples(st.just("leave"), _person),
        st.tuples(st.just("add"), _person),
        st.tuples(st.just("history"), st.sampled_from(["all", "joined"])),
        st.tuples(st.just("pin"), _person, _message),
    ),
    min_size=3,
    max_size=20,
)


@dataclass
class Rows:
    """All that counting depends on."""

    messages: list[Row]
    members: list[Row]
    hidden: set[tuple[str, int]]


def counts(rows: Rows, person: str, named: Callable[[Row, str], bool]) -> tuple[int, int]:
    """Count again, in plain Python: the unread messages of a person, and those that name them."""
    (me,) = [row for row in rows.members if row.user_id == person]
    unread = [
        row
        for row in rows.messages
        if row.seq > max(me.read_seq, me.joined_seq, me.cleared_seq)
        and row.author_id != person
        and not row.deleted
        and row.system is None
        and (person, row.seq) not in rows.hidden
    ]
    return len(unread), sum(named(row, person) for row in unread)


def counts_with_deleted(
    rows: Rows, person: str, named: Callable[[Row, str], bool]
) -> tuple[int, int]:
    """Count wrongly, as if deleted messages were still there: this must break the law."""
    living = [row._replace(deleted=False) for row in map(Plain.of, rows.messages)]
    return counts(Rows(living, rows.members, rows.hidden), person, named)


@dataclass(frozen=True)
class Plain:
    """A message's row that can be changed."""

    seq: int
    author_id: str
    deleted: bool
    system: str | None

    @classmethod
    def of(cls, row: Row) -> "Plain":
        return cls(row.seq, row.author_id, bool(row.deleted), row.system)

    def _replace(self, deleted: bool) -> "Plain":
        return Plain(self.seq, self.author_id, deleted, self.system)


@dataclass
class Play:
    """Three people in a group, and what each message named at the time of its words."""

    running: Running
    base: str
    people: list[Person] = field(default_factory=list)
    group: str = ""
    named: dict[int, tuple[set[str], bool]] = field(default_factory=dict)
    noted: dict[int, str] = field(default_factory=dict)
    seqs: list[int] = field(default_factory=list)

    async def set(self) -> None:
        self.people = [await register(self.base, name) for name in NAMES]
        ada, ben, cora = self.people
        await ada.befriend(ben)
        await ada.befriend(cora)
        await ben.befriend(cora)
        made = await ada.post(
            "/conversations", {"kind": "group", "title": "Law", "members": [ben.id, cora.id]}
        )
        self.group = made["conversation"]["id"]

    async def end(self) -> None:
        for person in self.people:
            await person.close()

    async def play(self, steps: list[Step], count: Callable[..., tuple[int, int]]) -> None:
        await self.set()
        try:
            for name, *more in steps:
                await getattr(self, f"_{name}")(*more)
                await self.check(count)
        finally:
            await self.end()

    async def check(self, count: Callable[..., tuple[int, int]]) -> None:
        """Compare what each member is told, in the list and by catching up."""
        rows = await self.running.application.database.read(_rows, self.group)
        present = {row.user_id for row in rows.members if not row.left}
        for person in self.people:
            listed = (await person.get("/conversations"))["conversations"]
            synced = (await person.post("/sync", {"versions": {}}, 200))["conversations"]
            if person.id not in present:
                assert listed == synced == []
                continue
            expected = count(rows, person.id, self._is_named)
            assert [(one["unread"], one["mentions"]) for one in listed] == [expected]
            caught_up = [one["conversation"] for one in synced]
            assert [(one["unread"], one["mentions"]) for one in caught_up] == [expected]
            assert listed[0]["last_message"] == caught_up[0]["last_message"]

    def _is_named(self, row: Row, person: str) -> bool:
        people, everybody = self.named[row.seq]
        return everybody or person in people

    async def _note(self, message: Any) -> None:
        """Remember whom the words name, told by looking for the few words that there are."""
        self.noted[message["seq"]] = message["body"]
        body = message["body"].replace("mail@Ada", "")
        found = (await self._somebody().get(f"/conversations/{self.group}/members"))["members"]
        present = {one["user"]["id"] for one in found if not one["left"]}
        people = {
            person.id
            for person, name in zip(self.people, NAMES, strict=True)
            if person.id in present and f"@{name}" in body
        }
        self.named[message["seq"]] = (people, "@all" in body or "@everyone" in body)

    def _somebody(self) -> Person:
        return self.people[ADA]  # the owner stays

    async def _try(self, person: int, method: str, path: str, body: Any = None) -> Any:
        """Do something that may be refused: someone left, or it is not theirs."""
        given = {} if body is None else {"json": body}
        answer = await self.people[person].http.request(
            method, f"/conversations/{self.group}{path}", **given
        )
        assert answer.status_code < 500, answer.text
        if not answer.is_success:
            return None
        return answer.json() if answer.content else {}

    def _seq(self, number: int) -> int:
        return self.seqs[number % len(self.seqs)] if self.seqs else 0

    async def _post(self, person: int, words: str) -> None:
        key = f"key-of-{len(self.seqs):08d}"
        posted = await self._try(person, "POST", "/messages", {"key": key, "body": words})
        if posted is not None:
            self.seqs.append(posted["message"]["seq"])
            await self._note(posted["message"])

    async def _edit(self, person: int, number: int, words: str) -> None:
        path = f"/messages/{self._seq(number)}"
        edited = await self._try(person, "PATCH", path, {"body": words})
        if edited is None:
            return
        message = edited["message"]
        if message["body"] != self.noted[message["seq"]]:  # the same words change nothing
            await self._note(message)

    async def _delete(self, person: int, number: int) -> None:
        await self._try(person, "DELETE", f"/messages/{self._seq(number)}")

    async def _hide(self, person: int, number: int) -> None:
        await self._try(person, "POST", "/hidden", {"seqs": [self._seq(number)]})

    async def _clear(self, person: int, number: int) -> None:
        await self._try(person, "PUT", "/cleared", {"seq": self._seq(number)})

    async def _unclear(self, person: int) -> None:
        await self._try(person, "DELETE", "/cleared")

    async def _read(self, person: int, number: int) -> None:
        await self._try(person, "PUT", "/read", {"seq": self._seq(number)})

    async def _pin(self, person: int, number: int) -> None:
        await self._try(person, "PUT", f"/messages/{self._seq(number)}/pin")

    async def _leave(self, person: int) -> None:
        if person != ADA:
            await self._try(person, "DELETE", f"/members/{self.people[person].id}")

    async def _add(self, person: int) -> None:
        await self._try(ADA, "POST", "/members", {"user": self.people[person].id})

    async def _history(self, kept: str) -> None:
        await self._try(ADA, "PATCH", "", {"history": kept})


def _rows(snapshot: Snapshot, conversation: str) -> Rows:
    def of(table: Any) -> list[Row]:
        return list(
            snapshot.execute(select(table).where(table.c.conversation_id == conversation)).all()
        )

    hidden = {(row.user_id, row.seq) for row in of(hidden_messages) if not row.restored}
    return Rows(of(messages), of(members), hidden)


@dataclass
class Theatre:
    """A server, and the loop on which all of it runs."""

    runner: asyncio.Runner
    running: Running
    base: str
    plays: int

    def play(self, steps: list[Step], count: Callable[..., tuple[int, int]] = counts) -> None:
        self.runner.run(Play(self.running, self.base).play(steps, count))


@pytest.fixture
def theatre(tmp_path: Path, database_url: str) -> Iterator[Theatre]:
    """Hypothesis calls plain functions: the loop is ours, and stands still in between."""
    running = Running(settings_for(tmp_path / "data", database_url))
    with asyncio.Runner() as runner:
        base = runner.run(running.start())
        plays = PLAYS if "sqlite" in database_url else PLAYS // 2
        yield Theatre(runner, running, base, plays)
        runner.run(running.stop())


def test_what_is_unread_is_what_a_recount_finds_after_every_step(theatre: Theatre) -> None:
    @settings(max_examples=theatre.plays, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def law(steps: list[Step]) -> None:
        theatre.play(steps)

    law()


EVERYTHING: list[Step] = [
    ("post", ADA, "@Ben and @Cora"),
    ("post", BEN, "@all"),
    ("read", CORA, 0),
    ("edit", ADA, 0, "hello"),
    ("edit", ADA, 0, "@everyone @Ada"),
    ("leave", CORA),
    ("post", ADA, "@Ben and @Cora"),
    ("history", "joined"),
    ("add", CORA),
    ("post", BEN, "@Cora's @nobody"),
    ("pin", BEN, 3),
    ("hide", CORA, 3),
    ("delete", BEN, 1),
    ("edit", BEN, 3, "@all"),
    ("delete", ADA, 3),
    ("history", "all"),
    ("leave", CORA),
    ("add", CORA),
    ("post", ADA, "@all"),
    ("read", BEN, 4),
    ("post", BEN, "@Ada"),
    ("post", BEN, "@all"),
    ("clear", ADA, 4),
    ("edit", BEN, 4, "@Ada"),
    ("unclear", ADA),
    ("clear", CORA, 9),
]
"""Each kind of step at least once."""


def test_each_kind_of_step_is_counted(theatre: Theatre) -> None:
    theatre.play(EVERYTHING)


@on_one_database
def test_a_recount_that_forgets_deletions_breaks_the_law(theatre: Theatre) -> None:
    steps: list[Step] = [("post", ADA, "@Ben and @Cora"), ("delete", ADA, 0)]
    theatre.play(steps[:1], counts_with_deleted)
    with pytest.raises(AssertionError):
        theatre.play(steps, counts_with_deleted)
