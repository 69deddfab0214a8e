"""The systems from whose exports conversations can be imported."""

from datetime import tzinfo
from pathlib import Path
from typing import Any

from echosphere.core.errors import Invalid
from echosphere.importing.container import Container, open_container
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.report import Losses
from echosphere.importing.source import CollectedSource, Source
from echosphere.importing.sources.discord import DiscordSource
from echosphere.importing.sources.echosphere import EchoSphereSource
from echosphere.importing.sources.matrix import MatrixSource
from echosphere.importing.sources.mattermost import MattermostSource
from echosphere.importing.sources.rocketchat import RocketChatSource
from echosphere.importing.sources.slack import SlackSource
from echosphere.importing.sources.telegram import TelegramSource
from echosphere.importing.sources.whatsapp import WhatsAppSource
from echosphere.importing.sources.zulip import ZulipSource

NAMED_ITSELF = "This export already names its source. Omit --source."

SOURCES: dict[str, Any] = {
    one.system: one
    for one in (
        EchoSphereSource,
        SlackSource,
        MattermostSource,
        RocketChatSource,
        ZulipSource,
        TelegramSource,
        DiscordSource,
        MatrixSource,
        WhatsAppSource,
    )
}
"""What reads an export, by the name of the system; the first that recognizes one reads it."""


def open_source(
    path: Path,
    system: str | None,
    losses: Losses,
    zone: tzinfo | None = None,
    name: str | None = None,
) -> Source:
    """Open an export.

    Args:
        path: A folder or a file.
        system: Whose it is; by default that is found out.
        losses: Is told what the export has and the format does not.
        zone: Where local times are meant that have no zone; None for the zone of this machine.
        name: Which instance of its system it is, in the place of what it says itself.

    Raises:
        Invalid: It is an EchoSphere's, which has a name.
        UnreadableSource: It is damaged, dangerous, or of none of these systems.
    """
    container = open_container(path)
    try:
        kind = SOURCES[system] if system else _recognize(container)
        if name is not None:
            _require_may_be_named(kind)
        opened: Source = kind(container, losses, zone)
    except BaseException:
        container.close()
        raise
    if name is not None and isinstance(opened, CollectedSource):
        opened.identify(name)
    return opened


def _require_may_be_named(kind: Any) -> None:
    if kind is EchoSphereSource:
        raise Invalid(NAMED_ITSELF)


def _recognize(container: Container) -> Any:
    for kind in SOURCES.values():
        if kind.recognizes(container):
            return kind
    raise UnreadableSource(
        f"This does not look like an export from any of these: {', '.join(sorted(SOURCES))}. "
        "Name the system with --format, and unpack archives inside the archive."
    )
