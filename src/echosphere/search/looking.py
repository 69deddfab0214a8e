"""Looks for messages, the newest first: what is not indexed yet, then by the index or without."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from echosphere.database import Snapshot
from echosphere.search import store
from echosphere.search.folding import FOLDING
from echosphere.search.question import Has, Question
from echosphere.search.store import Place, Scope
from echosphere.search.text import search_text

UNINDEXED_AT_ONCE = 1_000
MAX_UNINDEXED = 5_000
"""Messages without an entry in the index that one search reads at most."""

CANDIDATES = (500, 5_000, 20_000)
"""Messages that SQLite's index names at most, step by step: most searches need the first."""

STRETCH = 25_000
MAX_STRETCHES = 6
"""Without the index so many numbers are looked through at a time, and so many times a search."""

FEW = 50_000
"""Of a person's conversations so few messages are all looked through after the first stretch."""


@dataclass(slots=True)
class Looking:
    """One search on its way.

    Attributes:
        places: The viewer's conversations.
        before: Only messages with smaller numbers are still to be looked at.
        wanted: Enough is found then.
        found: Numbers of messages, the newest first.
        complete: Whether there is nothing more to look at.
    """

    snapshot: Snapshot
    scope: Scope
    question: Question
    places: Sequence[Place]
    before: int
    wanted: int
    found: list[int] = field(default_factory=list)
    complete: bool = False

    def look(self) -> None:
        """Look until enough is found, everything was looked at, or it has taken long."""
        reached = store.progress(self.snapshot)
        done = reached.done if reached.folding == FOLDING else 0  # else all is still to be redone
        if self.before > done + 1 and not self._in_unindexed(done):
            return
        self.before = min(self.before, done + 1)
        if not any(len(term) >= store.IN_INDEX for term in self.question.terms):
            self._without_index()
        elif self.snapshot.dialect == "sqlite":
            self._by_index()
        else:
            self._take(after=0)
            self.complete = True

    def _in_unindexed(self, done: int) -> bool:
        """Read messages that are not in the index; return whether to go on with those that are."""
        for _ in range(MAX_UNINDEXED // UNINDEXED_AT_ONCE):
            rows = store.unindexed(self.snapshot, self.scope, done, self.before, UNINDEXED_AT_ONCE)
            posted = [(conversation, seq) for _, conversation, seq, _, files in rows if files]
            names = store.file_names(self.snapshot, posted)
            for number, conversation, seq, body, _files in rows:
                words = search_text(body, names.get((conversation, seq), ()))
                if _holds(words, self.question):
                    self.found.append(number)
                    if self._has_enough():
                        return False
            if len(rows) < UNINDEXED_AT_ONCE:
                return True
            self.before = rows[-1][0]
        return False

    def _by_index(self) -> None:
        """Go by SQLite's index, which knows the messages of all people."""
        for most in CANDIDATES:
            named = store.candidates(self.snapshot, self.question.terms, self.before, most)
            self.complete = len(named) < most
            after = 0 if self.complete else named[-1] - 1
            self._take(after=after, by_index=True)
            if self.complete or self._has_enough():
                return

    def _without_index(self) -> None:
        """Look through the messages themselves: the terms are too short for an index."""
        for stretch in range(MAX_STRETCHES):
            few = stretch == 1 and self._are_few()
            after = 0 if few else max(self.before - STRETCH - 1, 0)
            self._take(after=after, by_conversation=few)
            self.complete = after == 0
            if self.complete or self._has_enough():
                return

    def _are_few(self) -> bool:
        places = [place for place in self.places if self._is_in_scope(place)]
        return sum(place.messages for place in places) <= FEW

    def _take(self, *, after: int, by_index: bool = False, by_conversation: bool = False) -> None:
        self.found += store.matching(
            self.snapshot,
            self.scope,
            self.question.terms,
            link=Has.LINK in self.question.has,
            after=after,
            before=self.before,
            limit=self.wanted - len(self.found),
            by_index=by_index,
            by_conversation=by_conversation,
        )
        self.before = after + 1

    def _has_enough(self) -> bool:
        return len(self.found) >= self.wanted

    def _is_in_scope(self, place: Place) -> bool:
        return self.scope.conversations is None or place.id in self.scope.conversations


def _holds(words: str, question: Question) -> bool:
    if Has.LINK in question.has and not any(start in words for start in store.LINKS):
        return False
    return all(term in words for term in question.terms)
