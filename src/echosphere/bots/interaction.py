"""Interactions: what a person asks of a bot, by a command or a button, and how long it may answer."""

from typing import NamedTuple

import msgspec

from echosphere.core.clock import MINUTE
from echosphere.core.ids import derive_token, token_hash
from echosphere.core.rate_limits import Rate

OPEN_FOR = 30 * MINUTE
"""Milliseconds within which a bot may answer, and hear of it: nobody waits for it any longer."""

MAX_ANSWERS = 5
MAX_NOTICE = 200

COMMAND_RATE = Rate("commands", burst=20, every=1.0)
PRESS_RATE = Rate("presses of buttons", burst=30, every=0.5)
ADDRESS_RATE = Rate("responses of an address", burst=600, every=0.1)
"""Also for those who try addresses that do not exist."""

RESPOND = "/respond/<token>"

ENDED = "This address does not exist, or its 30 minutes have passed. Post a message instead."
USED_UP = f"All {MAX_ANSWERS} answers have been used. Post a message instead."
BOT_GONE = "The bot is no longer in the conversation, or it is disabled."
PERSON_GONE = "The person is no longer in the conversation."
NO_BOT = "This bot is not in this conversation."
BOT_OFF = "This bot is disabled. Ask its owner."
NO_COMMAND = "The bot does not have this command. Type / to see its commands."
NO_BUTTON = "The message no longer has this button."
NOT_A_PRESS = "cannot change anything, because a command has no message. Send 'text'"
BUTTONS_UNSTORED = "can only be links when 'only' is given, because that answer is not stored"
ONE_ANSWER = "needs one of 'text', 'update' or 'notice'"


class Interaction(NamedTuple):
    """A command that was sent, or a button that was pressed.

    Attributes:
        user_id: Who did it.
        name: The name of the command, or the id of the button.
        text: What follows the command, or the value of the button.
        seq: The message of the button; None for a command.
        key: By which the pages of the person know what is answered.
        at: When, in milliseconds.
        answers: How often it was answered.
    """

    id: str
    bot: str
    conversation: str
    user_id: str
    name: str
    text: str | None
    seq: int | None
    key: str
    at: int
    answers: int = 0

    @property
    def type(self) -> str:
        """The type of the event by which the bot hears of it."""
        return "command" if self.seq is None else "action"

    def is_open(self, now: int) -> bool:
        """Whether the bot may still answer."""
        return now - self.at <= OPEN_FOR


class ResponseTokens(msgspec.Struct, frozen=True):
    """Derives where bots respond from the server's secret, so that only hashes are stored.

    Attributes:
        secret: The server's.
        base: The beginning of the addresses.
    """

    secret: str
    base: str

    def token_of(self, interaction: str) -> str:
        """Return the token of an interaction."""
        return derive_token(self.secret, "respond", interaction, "")

    def hash_of(self, interaction: str) -> str:
        """Return what is stored of that token."""
        return token_hash(self.token_of(interaction))

    def url_of(self, interaction: str) -> str:
        """Return where a bot responds to an interaction."""
        return self.base + RESPOND.replace("<token>", self.token_of(interaction))
