"""An exported chat of WhatsApp."""

from datetime import UTC, datetime
from pathlib import Path

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import Room, Said, Story


class WhatsAppSample(Sample):
    """One chat with its media, as an iPhone with German dates writes it."""

    system = "whatsapp"
    keeps = frozenset({"files"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        room = story.rooms[0]
        target = path / "WhatsApp Chat - general.zip"
        lines = []
        with archive(target) as out:
            lines += [_line(said) for said in room.messages]
            lines.append("[31.12.29, 00:00:01] Ada hat die Gruppe verlassen.")
            out.add("_chat.txt", "\r\n".join(lines) + "\r\n")
            for said in room.messages:
                if said.file is not None:
                    out.add(said.file[0], said.file[1])
        return target

    def rooms(self, story: Story) -> list[Room]:
        """Return the one chat."""
        return [Room("chat", "general", story.rooms[0].members, story.rooms[0].messages)]


def _line(said: Said) -> str:
    at = datetime.fromtimestamp(said.at / 1000, UTC).strftime("%d.%m.%y, %H:%M:%S")
    text = said.text
    if said.file is not None:
        text = f"{text}\r\n\u200e<Anhang: {said.file[0]}>"
    return f"[{at}] {said.author.name}: {text}"
