"""Reacts to devices that disconnect."""

from echosphere.notifications.attention import Attention
from echosphere.realtime.delivery import ConnectedDevices


def forget_disconnected_devices(attention: Attention, devices: ConnectedDevices) -> None:
    """Forget what a device shows when it disconnects."""
    devices.on_disconnect(lambda caller, device: attention.forget(caller.user_id, device))
