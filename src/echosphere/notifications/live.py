"""Reacts to devices that disconnect."""

from echosphere.notifications.open_conversations import OpenConversations
from echosphere.realtime.delivery import ConnectedDevices


def forget_disconnected_devices(
    open_conversations: OpenConversations, devices: ConnectedDevices
) -> None:
    """Forget what a device shows when it disconnects."""
    devices.on_disconnect(lambda caller, device: open_conversations.forget(caller.user_id, device))
