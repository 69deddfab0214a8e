"""A complete Socket.IO 5 server that is independent of what is sent over it.

    server = Server(Options())

    @server.on_connect
    async def welcome(socket: Socket, auth: Any) -> None: ...

    server.on("message", answer)
    app = server.asgi(app)                                  # long polling, in front of an ASGI app
    uvicorn.Config(app, ws=server.websocket_protocol)       # WebSocket, on the same port

Protocol: https://github.com/socketio/socket.io-protocol (version 5).
"""

from ..engineio import Frame, Request, join_frames, same_origin
from .audiences import AudienceLoader, Audiences
from .encoder import event_frame, json_event_frame
from .namespace import ConnectRefused, Namespace
from .options import Options
from .server import Server
from .socket import CallFailed, Socket

__all__ = [
    "AudienceLoader",
    "Audiences",
    "CallFailed",
    "ConnectRefused",
    "Frame",
    "Namespace",
    "Options",
    "Request",
    "Server",
    "Socket",
    "event_frame",
    "join_frames",
    "json_event_frame",
    "same_origin",
]
