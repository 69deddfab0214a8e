"""Scans for messages, newest first: those not indexed yet, then with the index or without it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from echosphere.database import Snapshot
from echosphere.messages import MessageText, search_lines
from echosphere.search import store
from echosphere.search.excerpt import search_text
from echosphere.search.folding import FOLDING_VERSION
from echosphere.search.query import ContentKind, ParsedQuery
from echosphere.search.store import Scope, SearchableConversation

UNINDEXED_BATCH = 1_000
MAX_UNINDEXED = 5_000
"""Unindexed messages that one search reads."""

CANDIDATES = (500, 5_000, 20_000)
"""Limits of successive queries of SQLite's index; most searches need only the first."""

SCAN_WINDOW = 25_000
MAX_WINDOWS = 6
"""Row ids that one step reads without the index, and steps of one search."""

SMALL_INBOX = 50_000
"""A viewer with at most this many messages gets all scanned in the second step."""


@dataclass(slots=True)
class SearchScan:
    """The state of one search.

    Attributes:
        conversations: The viewer's conversations.
        before: Only messages with smaller row ids are left to scan.
        wanted: How many messages are enough.
        found: Row ids of messages, newest first.
        complete: Whether nothing is left to scan.
    """

    snapshot: Snapshot
    scope: Scope
    query: ParsedQuery
    conversations: Sequence[SearchableConversation]
    before: int
    wanted: int
    found: list[int] = field(default_factory=list)
    complete: bool = False

    def run(self) -> None:
        """Scan until enough is found, nothing is left, or the limits of one search are reached."""
        progress = store.load_progress(self.snapshot)
        done = (
            progress.done if progress.folding == FOLDING_VERSION else 0
        )  # otherwise all is to be reindexed
        if self.before > done + 1 and not self._scan_unindexed(done):
            return
        self.before = min(self.before, done + 1)
        if not any(len(term) >= store.TRIGRAM for term in self.query.terms):
            self._scan_texts()
        elif self.snapshot.dialect == "sqlite":
            self._scan_index()
        else:
            self._collect(after=0)
            self.complete = True

    def _scan_unindexed(self, done: int) -> bool:
        """Scan unindexed messages; return whether to go on with the indexed ones."""
        for _ in range(MAX_UNINDEXED // UNINDEXED_BATCH):
            rows = store.unindexed_messages(
                self.snapshot, self.scope, done, self.before, UNINDEXED_BATCH
            )
            lines = search_lines(self.snapshot, [MessageText(*row[1:]) for row in rows])
            for number, conversation, seq, body, *_ in rows:
                text = search_text(body, lines.get((conversation, seq), ()))
                if _matches(text, self.query):
                    self.found.append(number)
                    if self._has_enough():
                        return False
            if len(rows) < UNINDEXED_BATCH:
                return True
            self.before = rows[-1][0]
        return False

    def _scan_index(self) -> None:
        """Scan with SQLite's index, which holds the messages of all users."""
        for most in CANDIDATES:
            candidate_ids = store.candidate_ids(self.snapshot, self.query.terms, self.before, most)
            self.complete = len(candidate_ids) < most
            after = 0 if self.complete else candidate_ids[-1] - 1
            self._collect(after=after, by_index=True)
            if self.complete or self._has_enough():
                return

    def _scan_texts(self) -> None:
        """Scan the texts themselves: the terms are too short for the index."""
        for window in range(MAX_WINDOWS):
            is_small = window == 1 and self._is_small_inbox()
            after = 0 if is_small else max(self.before - SCAN_WINDOW - 1, 0)
            self._collect(after=after, by_conversation=is_small)
            self.complete = after == 0
            if self.complete or self._has_enough():
                return

    def _is_small_inbox(self) -> bool:
        conversations = [
            conversation for conversation in self.conversations if self._is_in_scope(conversation)
        ]
        return sum(conversation.messages for conversation in conversations) <= SMALL_INBOX

    def _collect(
        self, *, after: int, by_index: bool = False, by_conversation: bool = False
    ) -> None:
        self.found += store.matching_ids(
            self.snapshot,
            self.scope,
            self.query.terms,
            link=ContentKind.LINK in self.query.has,
            after=after,
            before=self.before,
            limit=self.wanted - len(self.found),
            by_index=by_index,
            by_conversation=by_conversation,
        )
        self.before = after + 1

    def _has_enough(self) -> bool:
        return len(self.found) >= self.wanted

    def _is_in_scope(self, conversation: SearchableConversation) -> bool:
        return self.scope.conversations is None or conversation.id in self.scope.conversations


def _matches(text: str, query: ParsedQuery) -> bool:
    if ContentKind.LINK in query.has and not any(start in text for start in store.LINKS):
        return False
    return all(term in text for term in query.terms)
