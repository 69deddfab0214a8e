"""What happens to settings of the server."""

from typing import Any

import msgspec


class ServerSettingChanged(msgspec.Struct, frozen=True):
    """A setting has another value from now on: that of `field`, as `Settings` has it."""

    field: str
    value: Any
