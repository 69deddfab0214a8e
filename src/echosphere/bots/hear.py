"""Notes what bots are to hear of, in the transaction in which it happens.

Where no bot is a member nothing is asked and nothing is written.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgspec

from echosphere.accounts import bots_by_id
from echosphere.bots.event import CHAIN_WINDOW, MAX_CHAIN, StoredEvent
from echosphere.bots.interaction import Interaction
from echosphere.bots.store import append_event, delete_interactions, last_heard
from echosphere.conversations import add_addressed, addressed_users, bot_members
from echosphere.database import Transaction
from echosphere.memberships import MemberAdded, MemberLeft
from echosphere.messages import (
    Message,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionSet,
    find_message,
    mentioned_user_ids,
)


class BotsHeard(msgspec.Struct, frozen=True):
    """There are new events for these bots."""

    bot_ids: tuple[str, ...]


class Hearer(NamedTuple):
    """A bot in a conversation that can hear of something."""

    id: str
    sees_all: bool
    hears_bots: bool


def hear_posted(transaction: Transaction, event: MessagePosted) -> None:
    """Note a new message for the bots that see it.

    What programs write is heard only by bots that want it, and not once it is the last of a chain
    of such answers: so bots cannot go on answering each other.
    """
    if not event.bots:
        return
    message = event.message
    hearers = _hearers(transaction, message.conversation)
    addressed = _addressed_by(transaction, message, hearers)
    add_addressed(transaction, message.conversation, message.seq, addressed)
    chain = 1 if event.answers_person else _chain_of(transaction, message, hearers)
    heard = [
        one.id
        for one in hearers
        if one.id != message.author
        and (one.sees_all or one.id in addressed)
        and (not message.automated or (one.hears_bots and chain < MAX_CHAIN))
    ]
    _note(transaction, heard, message, "message.posted", message.author, chain=chain)


def hear_interaction(transaction: Transaction, asked: Interaction) -> None:
    """Note a command or a press for the bot that it is for, whatever it sees of the conversation."""
    here, user = asked.conversation, asked.user_id
    _append(transaction, [asked.bot], here, asked.type, seq=asked.seq, user=user, asked=asked.id)


def hear_edited(transaction: Transaction, event: MessageEdited) -> None:
    """Note other words of a person's message for the bots that see it."""
    message = event.message
    if not event.visibility.bots:
        return
    hearers = _hearers(transaction, message.conversation)
    addressed = _addressed_by(transaction, message, hearers)
    add_addressed(transaction, message.conversation, message.seq, addressed)
    if not message.automated:
        addressed |= addressed_users(transaction, message.conversation, message.seq)
        heard = [one.id for one in hearers if one.sees_all or one.id in addressed]
        _note(transaction, heard, message, "message.edited", message.author)


def hear_deleted(transaction: Transaction, event: MessageDeleted) -> None:
    """Note that a person's message was deleted, for the bots that saw it."""
    message = event.message
    if event.visibility.bots and not message.automated:
        heard = _seeing(transaction, message)
        _note(transaction, heard, message, "message.deleted", message.author)


def hear_reaction(transaction: Transaction, event: ReactionSet) -> None:
    """Note a person's reaction for the bots that see the message; it is announced where there are any."""
    message, actor = event.message, event.actor
    if any(one.id == actor for one in _hearers(transaction, message.conversation)):
        return
    heard = _seeing(transaction, message)
    kind = "reaction.added" if event.on else "reaction.removed"
    _note(transaction, heard, message, kind, actor, emoji=event.emoji)


def hear_joined(transaction: Transaction, event: MemberAdded) -> None:
    """Note a new member for the bots that see all, and for the bot that is it."""
    if event.conversation.bots:
        _hear_member(transaction, event.conversation.id, event.member.user, "member.joined")


def hear_left(transaction: Transaction, event: MemberLeft) -> None:
    """Note that a member is none any more, for the bots that see all, and for the bot that was it.

    A bot that is let in again later does not get back the addresses that it was told before.
    """
    if event.member.bot:
        delete_interactions(transaction, event.member.user, event.conversation.id)
    if event.conversation.bots or event.member.bot:
        _hear_member(transaction, event.conversation.id, event.member.user, "member.left")


def _hear_member(transaction: Transaction, conversation: str, user: str, kind: str) -> None:
    hearers = {one.id: one.sees_all for one in _hearers(transaction, conversation)}
    heard = {one for one, sees_all in hearers.items() if sees_all}
    heard |= bots_by_id(transaction, [user]).keys()
    _append(transaction, heard, conversation, kind, user=user)


def _hearers(transaction: Transaction, conversation: str) -> list[Hearer]:
    here = bot_members(transaction, conversation)
    known = bots_by_id(transaction, [one.member.user for one in here])
    return [
        Hearer(one.member.user, one.sees_all, known[one.member.user].hear_bots)
        for one in here
        if one.member.user in known and known[one.member.user].disabled_at is None
    ]


def _addressed_by(
    transaction: Transaction, message: Message, hearers: Collection[Hearer]
) -> set[str]:
    """Return the bots that a message is of, that it mentions by name, or to which it replies."""
    concerned = {message.author, *mentioned_user_ids(message)}
    if message.reply_to is not None:
        answered = find_message(transaction, message.conversation, message.reply_to)
        if answered is not None:
            concerned.add(answered.author)
    return concerned & {one.id for one in hearers}


def _chain_of(transaction: Transaction, message: Message, hearers: Collection[Hearer]) -> int:
    """Return the how manieth of a chain of automated messages this one is; 0 for a person's.

    A bot answers what it heard last, whatever it replies to. Webhooks hear nothing.
    """
    if not message.automated:
        return 0
    if all(one.id != message.author for one in hearers):
        return 1
    last = last_heard(transaction, message.author, message.conversation)
    if last is None or transaction.now - last[0] > CHAIN_WINDOW:
        return 1
    return last[1] + 1


def _seeing(transaction: Transaction, message: Message) -> list[str]:
    addressed = addressed_users(transaction, message.conversation, message.seq)
    hearers = _hearers(transaction, message.conversation)
    return [one.id for one in hearers if one.sees_all or one.id in addressed]


def _note(
    transaction: Transaction,
    heard: Iterable[str],
    message: Message,
    kind: str,
    user: str,
    *,
    emoji: str | None = None,
    chain: int = 0,
) -> None:
    here, seq = message.conversation, message.seq
    if message.system is None:
        _append(transaction, heard, here, kind, seq=seq, user=user, emoji=emoji, chain=chain)


def _append(
    transaction: Transaction,
    heard: Iterable[str],
    conversation: str,
    kind: str,
    *,
    user: str,
    seq: int | None = None,
    emoji: str | None = None,
    chain: int = 0,
    asked: str | None = None,
) -> None:
    bots = sorted(heard)
    for bot in bots:
        numbers = 0, 0
        event = StoredEvent(
            *numbers, bot, conversation, kind, transaction.now, seq, user, emoji, chain, asked
        )
        append_event(transaction, event)
    if bots:
        transaction.announce(BotsHeard(tuple(bots)))
