"""The conversations that devices have on screen, whose messages need no notification."""

from collections.abc import Hashable


class OpenConversations:
    """The conversations on screen; in memory, until the device disconnects."""

    def __init__(self) -> None:
        self._shown: dict[str, dict[Hashable, str]] = {}  # by user id, then device

    def show(self, user_id: str, device: Hashable, conversation: str | None) -> None:
        """Note the conversation that a device shows; None for none."""
        if conversation is None:
            self.forget(user_id, device)
        else:
            self._shown.setdefault(user_id, {})[device] = conversation

    def forget(self, user_id: str, device: Hashable) -> None:
        """Forget a device."""
        devices = self._shown.get(user_id)
        if devices is not None:
            devices.pop(device, None)
            if not devices:
                del self._shown[user_id]

    def is_open(self, user_id: str, conversation: str) -> bool:
        """Whether one of a user's devices shows a conversation."""
        return conversation in self._shown.get(user_id, {}).values()
