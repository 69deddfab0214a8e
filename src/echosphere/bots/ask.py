"""Asks bots for something: by a command, or by pressing a button."""

from echosphere.accounts import find_bot_caller
from echosphere.bots import store
from echosphere.bots.hear import hear_interaction
from echosphere.bots.interaction import (
    BOT_GONE,
    BOT_OFF,
    NO_BOT,
    NO_BUTTON,
    NO_COMMAND,
    Interaction,
    ResponseTokens,
)
from echosphere.conversations import access_for_update, find_member
from echosphere.core.errors import Conflict, Gone, Invalid, NotFound
from echosphere.core.ids import new_id
from echosphere.database import CreateOnce, Provided, Snapshot, Transaction
from echosphere.messages import (
    Action,
    Message,
    access_message_for_update,
    actions_of,
    has_expired,
    note_post,
    require_may_post,
    require_not_deleted,
)

RESPONSE_TOKENS: Provided[ResponseTokens] = Provided("the addresses where bots respond")


class SendCommand(CreateOnce, lane="conversation"):
    """Tell a bot what a member typed after a slash, which is no message; once per key.

    It is something that the member says: whoever may not post, or has to wait, cannot.

    Raises:
        NotFound: The actor is not a member, or the conversation has no such bot or command.
        Forbidden: Only the group's admins post.
        TooMany: The actor must wait in slow mode.
        Conflict: The bot is switched off.
    """

    conversation: str
    actor: str
    bot: str
    name: str
    text: str

    def create(self, transaction: Transaction) -> str:
        """Note it for the bot."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_may_post(access, transaction.now)
        if not _is_member(transaction, self.conversation, self.bot):
            raise NotFound(NO_BOT)
        _require_on(transaction, self.bot)
        declared = dict(store.commands_of(transaction, [self.bot])).get(self.bot, [])
        if self.name not in {one.name for one in declared}:
            raise NotFound(NO_COMMAND)
        note_post(transaction, access)
        return _note(transaction, self, self.bot, self.name, self.text)


class PressButton(CreateOnce, lane="conversation"):
    """Tell a bot that a member pressed a button of its message; once per key.

    Raises:
        NotFound: The actor cannot see the message, or it has no such button.
        Gone: It was deleted.
        Invalid: The button is a link.
        Conflict: The bot is not a member any more, or is switched off.
    """

    conversation: str
    seq: int
    actor: str
    action: str

    def create(self, transaction: Transaction) -> str:
        """Note it for the bot."""
        _, message = access_message_for_update(transaction, self.actor, self.conversation, self.seq)
        require_not_deleted(message)
        if has_expired(message, transaction.now):
            raise Gone("This message was deleted.")
        pressed = _button_of(message, self.action)
        if not _is_member(transaction, self.conversation, message.author):
            raise Conflict(BOT_GONE)
        _require_on(transaction, message.author)
        bot = message.author
        return _note(transaction, self, bot, pressed.id, pressed.value, seq=self.seq)


def _note(
    transaction: Transaction,
    asking: SendCommand | PressButton,
    bot: str,
    name: str,
    text: str | None,
    *,
    seq: int | None = None,
) -> str:
    here, key = asking.conversation, asking.creation.key or ""
    asked = Interaction(new_id(), bot, here, asking.actor, name, text, seq, key, transaction.now)
    hashed = RESPONSE_TOKENS.of(transaction).hash_of(asked.id)
    store.insert_interaction(transaction, asked, hashed)
    hear_interaction(transaction, asked)
    return asked.id


def _button_of(message: Message, action: str) -> Action:
    buttons = [button for row in actions_of(message) for button in row if button.id == action]
    if not buttons:
        raise NotFound(NO_BUTTON)
    if buttons[0].url is not None:
        problem = "is a link: open it"
        raise Invalid(f"The button {problem}.", fields={"action": problem})
    return buttons[0]


def _is_member(snapshot: Snapshot, conversation: str, bot: str) -> bool:
    member = find_member(snapshot, conversation, bot)
    return member is not None and member.bot and not member.left


def _require_on(snapshot: Snapshot, bot: str) -> None:
    """Refuse to ask a bot that may do nothing now, because of itself or of its owner.

    Raises:
        Conflict: It may not.
    """
    if find_bot_caller(snapshot, bot, "") is None:
        raise Conflict(BOT_OFF)
