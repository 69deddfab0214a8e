"""Where a bot gets its address, its key and its files from."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from echosphere_bot.errors import ConfigurationError
from echosphere_bot.state import FileStorage, Storage, default_folder

URL = "ECHOSPHERE_URL"
KEY = "ECHOSPHERE_KEY"
STATE = "ECHOSPHERE_STATE"
SECRET = "ECHOSPHERE_SECRET"  # noqa: S105 - the name of a variable
TRANSPORT = "ECHOSPHERE_TRANSPORT"
TRANSPORTS = ("auto", "poll")


@dataclass(frozen=True)
class Configuration:
    """What a bot needs to run.

    Attributes:
        url: Of the server.
        key: Of the bot; it is in no `repr`.
        state: The file for what is kept across restarts, another storage, or None for a file of its own
            in the folder for such files of this user.
        secret: Of a signed endpoint; while it is rotated two, with a space between.
        transport: `auto` for a socket and polls where that does not get through, or `poll`.
    """

    url: str = ""
    key: str = ""
    state: Path | str | Storage | None = None
    secret: str = ""
    transport: str = "auto"

    def __repr__(self) -> str:
        return f"Configuration(url={self.url!r}, state={self.state!r})"

    def with_environment(self, environment: Mapping[str, str] = os.environ) -> "Configuration":
        """Return what is set, and what the environment says where nothing is."""
        return replace(
            self,
            url=self.url or environment.get(URL, "").strip(),
            key=self.key or environment.get(KEY, "").strip(),
            state=self.state or environment.get(STATE) or None,
            secret=self.secret or environment.get(SECRET, "").strip(),
            transport=environment.get(TRANSPORT) or self.transport,
        )

    def checked(self) -> "Configuration":
        """Return itself.

        Raises:
            ConfigurationError: Something is missing.
        """
        if not self.url:
            raise ConfigurationError(
                f"Set {URL} to the address of the server, such as https://chat.example.org"
            )
        if not self.key:
            raise ConfigurationError(
                f"Set {KEY} to the key of the bot. It is shown once, when the bot is made in "
                "Settings → Bots and keys."
            )
        if self.transport not in TRANSPORTS:
            raise ConfigurationError(f"{TRANSPORT} is one of {', '.join(TRANSPORTS)}.")
        return self

    def storage(self, url: str, bot: str) -> Storage:
        """Return where the progress of a bot is kept."""
        if isinstance(self.state, str | Path):
            return FileStorage(Path(self.state))
        if self.state is not None:
            return self.state
        server = hashlib.sha256(url.encode()).hexdigest()[:12]
        return FileStorage(default_folder() / f"{server}-{bot}.json")
