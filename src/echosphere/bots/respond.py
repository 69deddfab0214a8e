"""Answers what a person asked of a bot: by a message, to that person only, or by another card."""

import msgspec
from msgspec import UNSET

from echosphere.accounts import find_bot_caller
from echosphere.attachments import Attachment
from echosphere.bots import store
from echosphere.bots.interaction import (
    BOT_GONE,
    BUTTONS_UNSTORED,
    ENDED,
    MAX_ANSWERS,
    NOT_A_PRESS,
    PERSON_GONE,
    USED_UP,
    Interaction,
)
from echosphere.conversations import (
    Access,
    access_conversation,
    find_member,
    get_conversation_for_update,
)
from echosphere.core.errors import Gone, Invalid, NotFound
from echosphere.database import Command, Creation, Snapshot, Transaction, once
from echosphere.messages import (
    Action,
    Held,
    Message,
    Posted,
    PostMessage,
    access_message,
    attachments_of_message,
    encode_contents,
    find_posted_or_held,
    post_with_access,
    update_card,
    validate_body,
)


class Answer(msgspec.Struct, frozen=True):
    """What a bot answers: a text, for all or for the person only; a change of its message; or a notice.

    Attributes:
        text: Of a message, or what the changed one says; None if it stays.
        actions: Likewise.
        only: Only the person sees it, as long as their page is open.
        update: It changes the message whose button was pressed.
        notice: A line that passes.
    """

    text: str | None = None
    actions: list[list[Action]] | None = None
    only: bool = False
    update: bool = False
    notice: str | None = None

    @property
    def is_message(self) -> bool:
        """Whether it is a message for all."""
        return not (self.only or self.update) and self.notice is None


class Answered(msgspec.Struct, frozen=True):
    """A bot answered a person: their pages are told, also what nobody else is to see.

    Attributes:
        key: By which the person asked.
        seq: The message by which it answered, or which it changed.
    """

    user_id: str
    conversation: str
    bot: str
    key: str
    at: int
    seq: int | None = None
    text: str | None = None
    actions: list[list[Action]] | None = None
    notice: str | None = None


class Responded(msgspec.Struct, frozen=True):
    """What came of an answer: a message, what the group's filter holds, or neither.

    Attributes:
        new: Whether this call did it, and not one before with the same key.
    """

    message: Message | None
    attachments: tuple[Attachment, ...]
    held: Held | None
    new: bool


class Respond(Command[Responded], lane="conversation"):
    """Answer by an address that a bot was told, `MAX_ANSWERS` times, each once per key.

    Raises:
        Gone: It ended or was used up, the bot may not act there any more, the person left and nobody
            else would see the answer, or the message to change was deleted.
        Forbidden: Only the group's admins post, or its filter finds what is to be changed.
        TooMany: The bot must wait in slow mode.
        Invalid: The text is empty, there is no message to change, or buttons would ask nobody.
    """

    conversation: str
    token_hash: str
    key: str
    answer: Answer

    def run(self, transaction: Transaction) -> Responded:
        """Answer."""
        get_conversation_for_update(transaction, self.conversation)
        asked = get_interaction(transaction, self.token_hash)
        creation = Creation(asked.bot, f"respond {asked.id}", self.key)
        done: list[Posted | Held | None] = []
        made = once(transaction, creation, self._answer, asked, done)
        if not made.new:
            return self._repeated(transaction, asked, made.id)
        return _responded(done[0])

    def _answer(
        self, transaction: Transaction, asked: Interaction, done: list[Posted | Held | None]
    ) -> str:
        """Answer; return the seq of the message, if there is one."""
        if asked.answers >= MAX_ANSWERS:
            raise Gone(USED_UP)
        access = _access_of_bot(transaction, asked)
        result = self._give(transaction, access, asked)
        if not store.count_answer(transaction, asked.id):
            raise Gone(ENDED)  # the bot left, or lost its key, since this transaction began
        _tell(transaction, asked, self.answer, result)
        done.append(result)
        return str(result.message.seq) if isinstance(result, Posted) else ""

    def _repeated(self, transaction: Transaction, asked: Interaction, made: str) -> Responded:
        """Return what a call before with the same key did, as it is now."""
        access = _access_of_bot(transaction, asked)
        if made:
            _, message = access_message(transaction, asked.bot, asked.conversation, int(made))
            files = attachments_of_message(transaction, message)
            return Responded(message, files, None, new=False)
        if not self.answer.is_message:
            return Responded(None, (), None, new=False)
        # It was held then: it may still be, or have been released as a message.
        command = _as_post(access, self.key, self.answer)
        known = find_posted_or_held(transaction, access, command)
        return msgspec.structs.replace(_responded(known), new=False)

    def _give(
        self, transaction: Transaction, access: Access, asked: Interaction
    ) -> Posted | Held | None:
        answer = self.answer
        if answer.update:
            return _update(transaction, access, asked, answer)
        if answer.is_message:
            return post_with_access(transaction, access, _as_post(access, self.key, answer))
        if not _is_present(transaction, asked):
            raise Gone(PERSON_GONE)
        if answer.only:
            validate_body(answer.text or "", has_files=False)
            _require_links(answer)
        return None


def get_interaction(snapshot: Snapshot, token_hash: str) -> Interaction:
    """Return what a bot may still answer by the address with this hash of its token.

    Raises:
        Gone: There is none; nobody learns whether there was one.
    """
    found = store.find_interaction(snapshot, token_hash)
    if found is None or not found.is_open(snapshot.now):
        raise Gone(ENDED)
    return found


def _access_of_bot(transaction: Transaction, asked: Interaction) -> Access:
    """Return the bot's access to the conversation: it may have left, or been switched off."""
    if find_bot_caller(transaction, asked.bot, "") is None:
        raise Gone(BOT_GONE)
    try:
        return access_conversation(transaction, asked.bot, asked.conversation)
    except NotFound:
        raise Gone(BOT_GONE) from None


def _as_post(access: Access, key: str, answer: Answer) -> PostMessage:
    return PostMessage(
        conversation=access.conversation.id,
        author=access.viewer,
        key=key,
        body=answer.text or "",
        parts=encode_contents(UNSET, actions=answer.actions),
        answers_person=True,
    )


def _update(transaction: Transaction, access: Access, asked: Interaction, answer: Answer) -> Posted:
    if asked.seq is None:
        raise Invalid(f"The field 'update' {NOT_A_PRESS}.", fields={"update": NOT_A_PRESS})
    _, message = access_message(transaction, asked.bot, asked.conversation, asked.seq)
    return update_card(transaction, access, message, answer.text, answer.actions)


def _require_links(answer: Answer) -> None:
    buttons = [button for row in answer.actions or () for button in row]
    if not all(button.url for button in buttons):
        problem = BUTTONS_UNSTORED
        raise Invalid(f"The buttons {problem}.", fields={"actions": problem})


def _is_present(snapshot: Snapshot, asked: Interaction) -> bool:
    member = find_member(snapshot, asked.conversation, asked.user_id)
    return member is not None and not member.left


def _tell(
    transaction: Transaction, asked: Interaction, answer: Answer, result: Posted | Held | None
) -> None:
    """Tell the person's pages that there is an answer, and what only they are to see of it."""
    if isinstance(result, Held) or not _is_present(transaction, asked):
        return
    seq = None if result is None else result.message.seq
    only = answer if answer.only else Answer()
    here, now = asked.conversation, transaction.now
    to = asked.user_id, here, asked.bot, asked.key, now
    transaction.announce(Answered(*to, seq, only.text, only.actions, answer.notice))


def _responded(result: Posted | Held | None) -> Responded:
    if isinstance(result, Posted):
        return Responded(result.message, result.attachments, None, new=True)
    return Responded(None, (), result, new=True)
