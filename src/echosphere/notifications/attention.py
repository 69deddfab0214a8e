"""Which conversation each connected device shows right now: who looks at it needs no notification."""

from collections.abc import Hashable


class Attention:
    """What devices say they show; kept in memory and gone with the device's connection."""

    def __init__(self) -> None:
        self._shown: dict[str, dict[Hashable, str]] = {}  # by person, then device

    def show(self, person: str, device: Hashable, conversation: str | None) -> None:
        """Note what a device shows now; None for nothing that anybody looks at."""
        if conversation is None:
            self.gone(person, device)
        else:
            self._shown.setdefault(person, {})[device] = conversation

    def gone(self, person: str, device: Hashable) -> None:
        """Forget a device."""
        devices = self._shown.get(person)
        if devices is not None:
            devices.pop(device, None)
            if not devices:
                del self._shown[person]

    def is_open(self, person: str, conversation: str) -> bool:
        """Whether a conversation is on one of a person's devices."""
        return conversation in self._shown.get(person, {}).values()
