"""The conversations that devices have on screen, whose messages need no notification."""

from collections.abc import Hashable

from echosphere.bus import Cluster, SharedMap


class OpenConversations:
    """The conversations on screen; in memory, until the device disconnects.

    Args:
        cluster: The other processes, to which other devices are connected; None if there are none.
    """

    def __init__(self, cluster: Cluster | None = None) -> None:
        self._shown: dict[str, dict[Hashable, str]] = {}  # by user id, then device
        self._shared: SharedMap[list[str]] = SharedMap("open", list[str], cluster)

    def show(self, user_id: str, device: Hashable, conversation: str | None) -> None:
        """Note the conversation that a device shows; None for none."""
        if conversation is None:
            self.forget(user_id, device)
        else:
            self._shown.setdefault(user_id, {})[device] = conversation
            self._share(user_id)

    def forget(self, user_id: str, device: Hashable) -> None:
        """Forget a device."""
        devices = self._shown.get(user_id)
        if devices is not None:
            devices.pop(device, None)
            if not devices:
                del self._shown[user_id]
            self._share(user_id)

    def is_open(self, user_id: str, conversation: str) -> bool:
        """Whether one of a user's devices shows a conversation."""
        return conversation in self._shown.get(user_id, {}).values() or any(
            conversation in shown for shown in self._shared.of_others(user_id)
        )

    def _share(self, user_id: str) -> None:
        shown = self._shown.get(user_id)
        self._shared.set(user_id, sorted(set(shown.values())) if shown else None)
