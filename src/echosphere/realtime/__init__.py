"""A complete Engine.IO 4 and Socket.IO 5 server that knows nothing of what is sent over it.

    server = Server(Options())

    @server.on_connect
    async def welcome(socket: Socket, auth: Any) -> None: ...

    server.on("message", answer)
    app = server.asgi(app)                                  # long polling, in front of an ASGI app
    uvicorn.Config(app, ws=server.websocket_protocol)       # WebSocket, on the same port

Protocols: https://github.com/socketio/engine.io-protocol (version 4) and
https://github.com/socketio/socket.io-protocol (version 5).
"""

from .audiences import Audiences, Loader
from .engine import EngineServer
from .frames import Frame, frame, frame_of_json, join
from .namespace import Namespace, Refused
from .options import Options
from .request import Request, same_origin
from .server import Server
from .session import Session
from .socket import CallFailed, Socket

__all__ = [
    "Audiences",
    "CallFailed",
    "EngineServer",
    "Frame",
    "Loader",
    "Namespace",
    "Options",
    "Refused",
    "Request",
    "Server",
    "Session",
    "Socket",
    "frame",
    "frame_of_json",
    "join",
    "same_origin",
]
