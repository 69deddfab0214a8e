"""Real-time messaging in three layers, each of which knows only those below it.

- `delivery`: connected devices, their calls, and the fan-out of committed events
- `socketio`: a Socket.IO 5 server
- `engineio`: an Engine.IO 4 server: sessions over long polling and WebSocket

`socketio` and `engineio` import nothing of EchoSphere and can be used alone.
"""
