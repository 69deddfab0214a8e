"""Finds the users whom an edit mentions and who were not mentioned before."""

from echosphere.database import Transaction
from echosphere.messages import MessageEdited, mentioned_user_ids
from echosphere.notifications import store


def newly_mentioned(transaction: Transaction, event: MessageEdited) -> dict[str, bool]:
    """Return, by user id, whether each newly mentioned user had read the message before the edit.

    Only users with a subscription are returned. The notices of why they were not notified before
    are deleted: they no longer apply. In a direct conversation the result is empty, because every
    message there counts as a mention.
    """
    message, before = event.message, event.mentioned_before
    by_name = mentioned_user_ids(message) - before - {message.author}
    people = None if message.mentions_all else by_name
    if event.all_before or (people is not None and not people):
        return {}
    message_id = message.conversation, message.seq
    if store.kind_and_title_of(transaction, message.conversation)[0]:
        return {}
    store.delete_unsent_notices(transaction, *message_id, people, before)
    found = store.subscribed_members(transaction, *message_id, message.author, people)
    return {one.user: one.read_seq >= message.seq for one in found if one.user not in before}
