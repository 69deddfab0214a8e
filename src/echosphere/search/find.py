"""Finds messages, people and conversations by parts of their words, as one person may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from echosphere.accounts import User
from echosphere.attachments import Attachment, attachments_of_messages
from echosphere.conversations import access_conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import Message, first_that_fit
from echosphere.search import store
from echosphere.search.folding import places_of
from echosphere.search.known import (
    Known,
    Places,
    authors_meant,
    known_to,
    people_named,
    places_meant,
    places_named,
)
from echosphere.search.looking import Looking
from echosphere.search.question import Has, Question
from echosphere.search.store import Scope
from echosphere.search.text import Excerpt, excerpt_of

START = 2**62
"""Larger than any number of a message."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: typed words and what was chosen beside them.

    Attributes:
        conversation: Only in this one.
        author: Only what this person wrote.
        before: Only messages with a smaller number; None for the first page.
    """

    question: Question
    conversation: str | None
    author: str | None
    limit: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, and where in its words and its files' names.

    Attributes:
        places: In its body as it was typed.
    """

    message: Message
    attachments: Sequence[Attachment]
    places: Places
    excerpt: Excerpt
    files: list[tuple[str, Places]]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the newest message first.

    Attributes:
        conversations: Ids, and where in their names.
        rest: The number below which the next page begins; None when there is no more.
    """

    hits: list[Hit]
    people: list[User]
    conversations: list[tuple[str, Places]]
    rest: int | None


def search(snapshot: Snapshot, viewer: str, asked: Asked) -> Found:
    """Return a page of what a person looks for.

    Raises:
        NotFound: The person is not a member of the conversation, or does not know the author.
        Invalid: A typed name is of nobody and nothing that the person can see.
    """
    if asked.conversation is not None:
        access_conversation(snapshot, viewer, asked.conversation)
    known, question = known_to(snapshot, viewer), asked.question
    if asked.author is not None and asked.author not in known.users:
        raise NotFound("There is no such person.")
    found, rest = _page(snapshot, known, asked)
    hits = _hits(snapshot, found, question)
    if asked.before is not None or not question.terms:
        return Found(hits, [], [], rest)
    people = people_named(snapshot, known, question)
    return Found(hits, people, places_named(known, question), rest)


def _page(snapshot: Snapshot, known: Known, asked: Asked) -> tuple[Sequence[Message], int | None]:
    before = START if asked.before is None else asked.before
    looking = Looking(
        snapshot=snapshot,
        scope=_scope(known, asked),
        question=asked.question,
        places=known.places,
        before=before,
        wanted=asked.limit + 1,  # to know whether there is one more
    )
    looking.look()
    numbers = looking.found[: asked.limit]
    found = store.messages_by_number(snapshot, numbers)
    fitting = first_that_fit(found)
    if len(fitting) < len(looking.found):
        return fitting, numbers[len(fitting) - 1]
    return fitting, None if looking.complete else looking.before


def _scope(known: Known, asked: Asked) -> Scope:
    question = asked.question
    conversations = places_meant(known, question.places)
    if asked.conversation is not None:
        conversations = _both(conversations, asked.conversation)
    authors = authors_meant(known, question.authors)
    if asked.author is not None:
        authors = _both(authors, asked.author)
    media = frozenset(kind.value for kind in question.has if kind is not Has.LINK)
    return Scope(known.viewer, conversations, authors, question.since, question.until, media)


def _both(some: frozenset[str] | None, chosen: str) -> frozenset[str]:
    return frozenset((chosen,)) if some is None else some & {chosen}


def _hits(snapshot: Snapshot, found: Sequence[Message], question: Question) -> list[Hit]:
    with_files: dict[str, list[int]] = {}
    for message in found:
        if message.files:
            with_files.setdefault(message.conversation, []).append(message.seq)
    files = {
        (conversation, seq): some
        for conversation, seqs in with_files.items()
        for seq, some in attachments_of_messages(snapshot, conversation, seqs).items()
    }
    return [
        _hit(message, files.get((message.conversation, message.seq), []), question)
        for message in found
    ]


def _hit(message: Message, files: list[Attachment], question: Question) -> Hit:
    named = [(file.id, places_of(file.name, question.marked)) for file in files]
    return Hit(
        message,
        files,
        places_of(message.body, question.marked),
        excerpt_of(message.body, question.marked),
        [(file, places) for file, places in named if places],
    )
