"""Installs messages: operations, events and jobs."""

from echosphere.accounts import AccountClosed
from echosphere.contacts import FirstMessage
from echosphere.messages.close_account import purge_personal_data
from echosphere.messages.first_message import post_first_message
from echosphere.messages.live import MessagesLive
from echosphere.messages.operations import MessagesOperations
from echosphere.messages.purge import PurgeJobs
from echosphere.messages.store import shift_ages
from echosphere.platform import Platform


def install(platform: Platform) -> None:
    """Install the feature."""
    database, live = platform.database, platform.live_settings
    MessagesLive().serve(platform.fan_out)
    platform.operations.add(MessagesOperations(database, live).all())
    PurgeJobs(database).register(platform.jobs)
    platform.shifts.append(shift_ages)
    database.in_same_transaction(FirstMessage, post_first_message)
    database.in_same_transaction(AccountClosed, purge_personal_data)
