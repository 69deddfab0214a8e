"""Does what the answer to an event asks for: `{"reply": {"text": …}}` is posted as the bot's answer.

Which words an event may be answered with stands in `ANSWERS`, by its type.
"""

import logging
from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from echosphere.accounts import find_bot_caller
from echosphere.bots import BOT_GONE, Respond, RespondBody
from echosphere.core.errors import Gone, Refusal, Unavailable
from echosphere.database import Command, Database, Transaction
from echosphere.endpoints.plan import Attempt, is_current
from echosphere.messages import (
    Held,
    Posted,
    PostMessage,
    SentActions,
    clean_actions,
    encode_contents,
)
from echosphere.wire import Request, convert

WORDS = ("reply", "update", "notice")
"""What answers can ask for, each of some events only."""

NOT_HERE = "The answer contains '{}', which is not used for this event."
NOT_POSTED = "The reply was not posted: '{}' is not used for this event."
NO_OBJECT = "The reply is not an object with a 'text'."
FAILED = (
    "The server failed to do what the answer asks for. The operator can find the reason in the log."
)

log = logging.getLogger(__name__)


class Reply(Request, frozen=True):
    """What is posted as the bot's answer; `text` is Markdown."""

    text: str
    actions: SentActions | UnsetType = UNSET


class PostReply(Command[Posted | Held], lane="conversation"):
    """Post a reply of a bot, as `PostMessage` does.

    Raises:
        Gone: The bot, or its owner, may do nothing any more.
    """

    conversation: str
    bot: str
    key: str
    body: str
    reply_to: int | None
    parts: str | None

    def run(self, transaction: Transaction) -> Posted | Held:
        """Post it."""
        # No key has let the program in here: whether the bot may act is asked nowhere else.
        if find_bot_caller(transaction, self.bot, "") is None:
            raise Gone(BOT_GONE)
        command = PostMessage(
            conversation=self.conversation,
            author=self.bot,
            key=self.key,
            body=self.body,
            reply_to=self.reply_to,
            parts=self.parts,
        )
        return command.run(transaction)


class Taken(NamedTuple):
    """What became of an answer: the message that it is now, and what could not be done."""

    seq: int | None = None
    problem: str = ""


class AnsweredEvent(NamedTuple):
    """The event that was answered.

    Attributes:
        seq: The message that it is about, if it is about one.
        respond: The hash of the token with which a command or a press is answered.
    """

    id: str
    bot: str
    conversation: str
    seq: int | None
    respond: str | None


Answer = Callable[[Database, AnsweredEvent, Any], Awaitable[Taken]]
"""Does what one word of an answer asks for, however often the same event is answered.

Raises a refusal if it cannot be done.
"""


async def post_reply(database: Database, event: AnsweredEvent, value: Any) -> Taken:
    """Post a reply to the message of an event, once."""
    if isinstance(value, dict) and "only" in value:
        return Taken(problem=NOT_POSTED.format("only"))
    used, problem = _used(value, ("text", "actions"))
    reply = convert(Reply, used)
    actions = None if reply.actions is UNSET else clean_actions(reply.actions)
    command = PostReply(
        conversation=event.conversation,
        bot=event.bot,
        key=f"reply-{event.id}",
        body=reply.text,
        reply_to=event.seq,
        parts=encode_contents(UNSET, actions=actions),
    )
    posted = await database.write(command)
    seq = posted.message.seq if isinstance(posted, Posted) else None
    return Taken(seq, problem)


async def respond_reply(database: Database, event: AnsweredEvent, value: Any) -> Taken:
    """Answer a command or a press by a message, for all or for who asked alone."""
    if not isinstance(value, dict) or "text" not in value:
        return Taken(problem=NO_OBJECT)
    used, problem = _used(value, ("text", "actions", "only"))
    taken = await _respond(database, event, "reply", used)
    return taken._replace(problem=problem)


async def respond_update(database: Database, event: AnsweredEvent, value: Any) -> Taken:
    """Change the message whose button was pressed."""
    return await _respond(database, event, "update", {"update": value})


async def respond_notice(database: Database, event: AnsweredEvent, value: Any) -> Taken:
    """Show a line to whoever pressed."""
    return await _respond(database, event, "notice", {"notice": value})


def _used(value: Any, names: tuple[str, ...]) -> tuple[Any, str]:
    """Return what is used of a reply, and what is noted of the first of the rest."""
    if not isinstance(value, dict):
        return value, ""
    more = sorted(value.keys() - set(names))
    used = {name: value[name] for name in names if name in value}
    return used, NOT_HERE.format(more[0][:80]) if more else ""


async def _respond(
    database: Database, event: AnsweredEvent, word: str, given: Mapping[str, Any]
) -> Taken:
    body = convert(RespondBody, {**given, "key": f"{word}-{event.id}"})
    answer = Respond(event.conversation, event.respond or "", body.key, body.answer())
    done = await database.write(answer)
    return Taken(None if done.message is None else done.message.seq)


ANSWERS: Mapping[str, Mapping[str, Answer]] = {
    "message.posted": {"reply": post_reply},
    "message.edited": {"reply": post_reply},
    "command": {"reply": respond_reply},
    "action": {"reply": respond_reply, "update": respond_update, "notice": respond_notice},
}
"""What does the words of an answer, by the type of the event."""


async def take_answer(database: Database, attempt: Attempt, body: bytes) -> Taken:
    """Do what the answer to an event asks for; anything else that is in it says nothing.

    Raises:
        Unavailable: It could not be stored now.
    """
    asked = _asked(body)
    if not asked or not await database.read(is_current, attempt):
        return Taken()  # nobody wants to know any more what that endpoint answers
    event, known = _answered(attempt), ANSWERS.get(attempt.delivery.type, {})
    taken = Taken()
    for word in WORDS:
        if word not in asked:
            continue
        if event is None or word not in known:
            taken = taken._replace(problem=NOT_HERE.format(word))
            continue
        try:
            taken = await known[word](database, event, asked[word])
        except Unavailable:
            raise
        except Refusal as refusal:
            taken = taken._replace(problem=refusal.detail)
        except Exception:
            # The attempt must be noted, or the same event would come again and again.
            log.exception("Could not carry out an endpoint's answer to %s", attempt.delivery.type)
            taken = taken._replace(problem=FAILED)
    return taken


def _asked(body: bytes) -> dict[str, Any]:
    """Return an answer that is a JSON object; many say "ok", which asks for nothing.

    A byte order mark in front is ignored, as RFC 8259 (8.1) allows: some frameworks write one.
    """
    try:
        found = msgspec.json.decode(body.removeprefix(BOM_UTF8)) if body else None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _answered(attempt: Attempt) -> AnsweredEvent | None:
    """Return what was answered; None if that was a test."""
    delivery, event = attempt.delivery, attempt.event
    if event is None or delivery.conversation is None:
        return None
    bot, here = attempt.endpoint.bot, delivery.conversation
    return AnsweredEvent(delivery.event, bot, here, event.seq, event.respond)
