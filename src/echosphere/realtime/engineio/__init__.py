"""An Engine.IO 4 server: sessions over long polling and WebSocket, and the upgrade between them.

Protocol: https://github.com/socketio/engine.io-protocol (version 4).
"""

from .frames import (
    Frame,
    encode_json,
    join_frames,
    polling_binary,
    websocket_binary,
    websocket_text,
)
from .options import EngineOptions
from .polling_application import PollingApplication
from .request import Request, same_origin
from .server import EngineServer
from .session import Session

__all__ = [
    "EngineOptions",
    "EngineServer",
    "Frame",
    "PollingApplication",
    "Request",
    "Session",
    "encode_json",
    "join_frames",
    "polling_binary",
    "same_origin",
    "websocket_binary",
    "websocket_text",
]
