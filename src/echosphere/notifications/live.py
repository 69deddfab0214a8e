"""The Socket.IO door of notifications: devices say what they show."""

from echosphere.caller import Caller
from echosphere.live import Calls, Devices
from echosphere.notifications.attention import Attention
from echosphere.notifications.wire import AttentionCall


class NotificationsLive:
    """Serves `attention`."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention

    def serve(self, calls: Calls, devices: Devices) -> None:
        """Add the call."""
        calls.on_device("attention", AttentionCall, self.attention)
        devices.on_gone(lambda caller, device: self._attention.gone(caller.user, device))

    async def attention(self, caller: Caller, device: str, call: AttentionCall) -> None:
        """Note which conversation this device shows: its messages need no notification."""
        self._attention.show(caller.user, device, call.conversation)
