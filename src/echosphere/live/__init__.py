"""The Socket.IO side of the product: who is connected, which calls there are, who is told what."""

from echosphere.live.calls import Calls
from echosphere.live.delivery import ToMembers, ToPeople, ToPerson
from echosphere.live.devices import Devices
from echosphere.live.fan_out import FanOut
from echosphere.live.sessions import watch_sessions

__all__ = ["Calls", "Devices", "FanOut", "ToMembers", "ToPeople", "ToPerson", "watch_sessions"]
