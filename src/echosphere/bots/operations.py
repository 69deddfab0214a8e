"""The operations on bots, their keys and commands, and the bots of a group."""

from echosphere.accounts import Action, permission
from echosphere.api import (
    Declaration,
    Empty,
    Event,
    Existing,
    Operation,
    delete,
    get,
    patch,
    post,
    put,
)
from echosphere.api_keys import REVOKED, CreatedKey, KeySecrets, key_shape
from echosphere.bots.ask import PressButton, SendCommand
from echosphere.bots.bot import CHANGE_RATE, CREATION_RATE, DELETED
from echosphere.bots.declare import DeclareCommands, list_commands
from echosphere.bots.event import EVENTS_RATE, ONLY_BOTS, decode_cursor, parse_types
from echosphere.bots.groups import SetBotSight, list_group_bots
from echosphere.bots.interaction import COMMAND_RATE, PRESS_RATE, ResponseTokens
from echosphere.bots.interaction_wire import (
    Accepted,
    AnswerEvent,
    Commands,
    DeclareCommandsCall,
    DeclaredCommands,
    PressCall,
    SendCommandCall,
    commands_shape,
    declared_shape,
)
from echosphere.bots.listen import Listeners
from echosphere.bots.manage import (
    ChangeBot,
    CreateBot,
    CreateBotKey,
    DeleteBot,
    OwnBot,
    RevokeBotKey,
    get_own_bot,
    list_bots,
)
from echosphere.bots.wire import (
    BotCall,
    BotKeyCall,
    Bots,
    BotSightCall,
    ChangeBotCall,
    CreateBotCall,
    CreateBotKeyCall,
    CreatedBot,
    EventsAnswer,
    EventsCall,
    GroupBots,
    ListeningEvent,
    OneBot,
    PushedEvent,
    events_answer,
    group_bots_shape,
    own_bot_shape,
)
from echosphere.conversations import ConversationCall
from echosphere.core.caller import Caller
from echosphere.core.errors import Forbidden, Gone, NotFound
from echosphere.core.scopes import DECLARES, HEARS
from echosphere.database import Created, Creation, Database

ALL = "/bots"
ONE = f"{ALL}/<bot>"
KEYS = f"{ONE}/keys"
OF_GROUP = "/conversations/<conversation>/bots"
COMMANDS = "/conversations/<conversation>/commands"
ACTIONS = "/conversations/<conversation>/messages/<seq>/actions"


class BotsOperations:
    """Serves creating, changing and deleting bots and their keys, and what they see in groups.

    Args:
        database: Holds them.
        secrets: Derives their keys.
        listeners: Wait for events.
        tokens: Say where commands are answered.
    """

    def __init__(
        self,
        database: Database,
        secrets: KeySecrets,
        listeners: Listeners,
        tokens: ResponseTokens,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._listeners = listeners
        self._tokens = tokens

    def all(self) -> list[Declaration]:
        """Return the operations."""
        create_bots = permission(Action.CREATE_BOTS)
        return [
            Operation(self.bots, get(ALL)),
            Operation(
                self.create, post(ALL), rate=CREATION_RATE, status=201, permission=create_bots
            ),
            Operation(self.change, patch(ONE), rate=CHANGE_RATE),
            Operation(self.delete, delete(ONE)),
            Operation(self.create_key, post(KEYS), rate=CREATION_RATE, status=201),
            Operation(self.revoke_key, delete(f"{KEYS}/<api_key>")),
            Operation(self.of_group, get(OF_GROUP)),
            Operation(self.set_sight, put(f"{OF_GROUP}/<bot>"), rate=CHANGE_RATE),
            Operation(self.events, get("/events"), rate=EVENTS_RATE, scopes=HEARS),
            Operation(self.declare, put(f"{ONE}/commands"), rate=CHANGE_RATE, scopes=DECLARES),
            Operation(self.commands, get(COMMANDS)),
            Operation(self.send_command, post(COMMANDS), rate=COMMAND_RATE, status=202),
            Operation(self.press, post(ACTIONS), rate=PRESS_RATE, status=202),
            Event("answer", (AnswerEvent,)),
            Event("event", (PushedEvent,)),
            Event("listening", (ListeningEvent,)),
        ]

    async def bots(self, caller: Caller, _: Empty) -> Bots:
        """List the caller's bots, newest first."""
        found = await self._database.read(list_bots, caller.user_id)
        return Bots([own_bot_shape(one) for one in found])

    async def create(self, caller: Caller, call: CreateBotCall) -> CreatedBot | Existing:
        """Create a bot with a first key, which is shown only in this answer; asks for a fresh proof."""
        creation = Creation(caller.user_id, "bots", call.key)
        command = CreateBot(creation, caller, caller.user_id, call.name, call.about)
        made = await self._database.write(command)
        try:
            own = await self._own(caller, made.id)
        except NotFound:  # a repeated call, after it was deleted
            raise Gone(DELETED) from None
        key = own.first_key
        if key is None:
            raise Gone(REVOKED)
        created = CreatedBot(own_bot_shape(own), self._secrets.key_of(key.id))
        return created if made.new else Existing(created)

    async def change(self, caller: Caller, call: ChangeBotCall) -> OneBot:
        """Rename, describe or disable a bot, or let it see messages from other programs."""
        command = ChangeBot(
            caller=caller,
            bot=call.bot,
            name=call.name if isinstance(call.name, str) else None,
            about=call.about if isinstance(call.about, str) else None,
            disabled=call.disabled if isinstance(call.disabled, bool) else None,
            hear_bots=call.hear_bots if isinstance(call.hear_bots, bool) else None,
        )
        await self._database.write(command)
        return OneBot(own_bot_shape(await self._own(caller, call.bot)))

    async def delete(self, caller: Caller, call: BotCall) -> None:
        """Delete a bot: it leaves its groups and its keys stop working; its messages stay."""
        await self._database.write(DeleteBot(caller, call.bot))

    async def create_key(self, caller: Caller, call: CreateBotKeyCall) -> CreatedKey | Existing:
        """Create a key for a bot, which is shown only in this answer; asks for a fresh proof."""
        command = CreateBotKey(
            Creation(caller.user_id, f"bot keys {call.bot}", call.key),
            caller,
            call.bot,
            call.name,
            frozenset(call.scopes),
            call.expires_at,
        )
        made = await self._database.write(command)
        own = await self._own(caller, call.bot)
        key = next((one for one in own.keys if one.id == made.id), None)
        if key is None:  # a repeated call, after it was revoked
            raise Gone(REVOKED)
        created = CreatedKey(key_shape(key), self._secrets.key_of(key.id))
        return created if made.new else Existing(created)

    async def revoke_key(self, caller: Caller, call: BotKeyCall) -> None:
        """Revoke a bot's key; its sockets close, and programs that use it are rejected from now on."""
        await self._database.write(RevokeBotKey(caller, call.bot, call.api_key))

    async def of_group(self, caller: Caller, call: ConversationCall) -> GroupBots:
        """List a group's bots and what they see, and the caller's bots that can be added."""
        found = await self._database.read(list_group_bots, caller.user_id, call.conversation)
        return group_bots_shape(found)

    async def set_sight(self, caller: Caller, call: BotSightCall) -> GroupBots:
        """Let a bot see all messages in a group, or only those addressed to it."""
        sees_all = call.sees == "all"
        command = SetBotSight(caller.user_id, call.conversation, call.bot, sees_all)
        await self._database.write(command)
        return await self.of_group(caller, ConversationCall(call.conversation))

    async def events(self, caller: Caller, call: EventsCall) -> EventsAnswer:
        """Return a bot's events since its cursor, waiting for some if there are none; without a cursor, start now."""
        if not caller.is_bot:
            raise Forbidden(ONLY_BOTS)
        types = parse_types(call.types)
        if call.after is None:
            return events_answer(await self._listeners.read(caller, None), self._tokens)
        cursor = decode_cursor(call.after)
        page = await self._listeners.next_events(caller, cursor, types, call.wait)
        return events_answer(page, self._tokens)

    async def declare(self, caller: Caller, call: DeclareCommandsCall) -> DeclaredCommands:
        """Declare all commands of a bot, as its owner or as the bot itself."""
        command = DeclareCommands(caller, call.bot, call.declared())
        return declared_shape(await self._database.write(command))

    async def commands(self, caller: Caller, call: ConversationCall) -> Commands:
        """List the commands of a conversation's bots, by name."""
        found = await self._database.read(list_commands, caller.user_id, call.conversation)
        return commands_shape(found)

    async def send_command(self, caller: Caller, call: SendCommandCall) -> Accepted | Existing:
        """Send a bot a command, which is not a message; 202, or 200 if the key was known."""
        here, actor = call.conversation, caller.user_id
        creation = Creation(actor, f"commands {here}", call.key)
        command = SendCommand(creation, here, actor, call.bot, call.command, call.text)
        return _accepted(await self._database.write(command))

    async def press(self, caller: Caller, call: PressCall) -> Accepted | Existing:
        """Press a button in a bot's message; 202, or 200 if the key was known."""
        here, actor = call.conversation, caller.user_id
        creation = Creation(actor, f"presses {here}", call.key)
        command = PressButton(creation, here, call.seq, actor, call.action)
        return _accepted(await self._database.write(command))

    async def _own(self, caller: Caller, bot: str) -> OwnBot:
        return await self._database.read(get_own_bot, caller.user_id, bot)


def _accepted(made: Created) -> Accepted | Existing:
    return Accepted() if made.new else Existing(Accepted())
