"""Finds whom an edit mentions who was not mentioned before."""

from echosphere.database import Transaction
from echosphere.messages import MessageEdited, mentioned_in
from echosphere.notifications import store


def newly_mentioned(transaction: Transaction, event: MessageEdited) -> dict[str, bool]:
    """Return who of those with a subscription is, and whether they had read the earlier words.

    Why they were not told before is no answer any more, so it is forgotten for all of them. In a
    direct conversation nobody is: every message there counts as a mention.
    """
    message, before = event.message, event.mentioned_before
    by_name = mentioned_in(message) - before - {message.author}
    people = None if message.mentions_all else by_name
    if event.all_before or (people is not None and not people):
        return {}
    place = message.conversation, message.seq
    if store.title_of(transaction, message.conversation)[0]:
        return {}
    store.forget_why_not(transaction, *place, people, before)
    found = store.listeners(transaction, *place, message.author, people)
    return {one.user: one.read_seq >= message.seq for one in found if one.user not in before}
