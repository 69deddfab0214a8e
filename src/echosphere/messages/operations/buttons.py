"""Who may put buttons under messages."""

from echosphere.core.caller import Caller
from echosphere.core.errors import Forbidden

ONLY_BOTS = "Only bots can add buttons to messages. Use a bot's key."


def require_may_send_actions(caller: Caller) -> None:
    """Refuse buttons of people, whom no one could tell of a press.

    Raises:
        Forbidden: The caller is not a bot.
    """
    if not caller.is_bot:
        raise Forbidden(ONLY_BOTS)
