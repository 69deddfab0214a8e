"""What is noted when a device is gone."""

from echosphere.live import Devices
from echosphere.notifications.attention import Attention


def forget_gone_devices(attention: Attention, devices: Devices) -> None:
    """Have a device show nothing from the moment on when it is gone."""
    devices.on_gone(lambda caller, device: attention.gone(caller.user_id, device))
