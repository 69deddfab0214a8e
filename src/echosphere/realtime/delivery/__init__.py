"""Connected devices, their calls, and the fan-out of committed events."""

from echosphere.realtime.delivery.call_dispatcher import CallDispatcher
from echosphere.realtime.delivery.catch_up import CatchUp
from echosphere.realtime.delivery.connected_devices import ConnectedDevices
from echosphere.realtime.delivery.deliveries import ToEverybody, ToMembers, ToUser, ToUsers
from echosphere.realtime.delivery.fan_out import FanOut
from echosphere.realtime.delivery.session_expiry import revoke_ended_sessions
from echosphere.realtime.delivery.sweep import FindChanged, FindLeft, Sweep

__all__ = [
    "CallDispatcher",
    "CatchUp",
    "ConnectedDevices",
    "FanOut",
    "FindChanged",
    "FindLeft",
    "Sweep",
    "ToEverybody",
    "ToMembers",
    "ToUser",
    "ToUsers",
    "revoke_ended_sessions",
]
