"""Reacts to devices that disconnect."""

from echosphere.live import Devices
from echosphere.notifications.attention import Attention


def forget_disconnected_devices(attention: Attention, devices: Devices) -> None:
    """Forget what a device shows when it disconnects."""
    devices.on_gone(lambda caller, device: attention.forget(caller.user_id, device))
