"""Write bots for EchoSphere.

from echosphere_bot import Bot

bot = Bot.from_env()

@bot.on_mention
async def hello(message):
    await message.reply(f"Hello, {message.author.name}!")

bot.run()
"""

from echosphere_bot.bot import Bot
from echosphere_bot.buttons import Button
from echosphere_bot.errors import (
    ApiError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    EchoSphereError,
    ForbiddenError,
    GoneError,
    HeldError,
    InvalidError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    SignatureError,
    TooLargeError,
    UnauthorizedError,
)
from echosphere_bot.retry import Retry
from echosphere_bot.state import FileStorage, MemoryStorage, Storage
from echosphere_bot.things import Action, CommandCall, Membership, Message, Reaction, ReceivedFile
from echosphere_bot.version import __version__
from echosphere_bot.wire import Event, User

__all__ = [
    "Action",
    "ApiError",
    "Bot",
    "Button",
    "CommandCall",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "EchoSphereError",
    "Event",
    "FileStorage",
    "ForbiddenError",
    "GoneError",
    "HeldError",
    "InvalidError",
    "Membership",
    "MemoryStorage",
    "Message",
    "NotFoundError",
    "RateLimitedError",
    "Reaction",
    "ReceivedFile",
    "Retry",
    "ServerError",
    "SignatureError",
    "Storage",
    "TooLargeError",
    "UnauthorizedError",
    "User",
    "__version__",
]
