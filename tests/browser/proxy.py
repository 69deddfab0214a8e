"""A network between browser and server: a TCP proxy that can refuse WebSockets and lose answers."""

import contextlib
import re
import socket
import threading
from urllib.parse import urlsplit

from tests.cluster.front import Front

HEAD = b"\r\n\r\n"


class Proxy:
    """Forwards connections to a server, but drops those that ask for a WebSocket.

    Args:
        target: The server's address.
        websockets: Let WebSockets through.
    """

    def __init__(self, target: str, *, websockets: bool = False) -> None:
        parts = urlsplit(target)
        assert parts.hostname is not None
        assert parts.port is not None
        self._target = (parts.hostname, parts.port)
        self._websockets = websockets
        self._losing: re.Pattern[bytes] | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._open: set[socket.socket] = set()
        self._one_lost = threading.Event()
        self.refused = 0
        self.upgraded = 0
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def start(self) -> None:
        """Take connections."""
        self._threads[0].start()

    def stop(self) -> None:
        """Cut all connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._cut()
        self._threads[0].join(timeout=10)

    def renew(self) -> None:
        """Cut all connections, and begin again at the same address."""
        self.heal()
        self._cut()
        self._one_lost.clear()
        self.refused = self.upgraded = 0

    def _cut(self) -> None:
        for one in tuple(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join(timeout=10)
        del self._threads[1:]

    def lose_answers(self, requests: str) -> None:
        """Go on forwarding what the browser sends, and lose what the server answers to it.

        Args:
            requests: An expression for the beginnings of the requests that are meant; also those
                already open, such as a WebSocket's.
        """
        self._losing = re.compile(requests.encode("ascii"))

    def has_lost_one(self) -> bool:
        """Wait until an answer was lost."""
        return self._one_lost.wait(timeout=15)

    def heal(self) -> None:
        """Lose nothing any more."""
        self._losing = None

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                thread = threading.Thread(target=self._serve, args=(client,))
                thread.start()
                self._threads.append(
                    thread
                )  # whoever cuts the connections waits for what has begun

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        with client, contextlib.suppress(OSError):
            head = b""
            while HEAD not in head:
                piece = client.recv(65536)
                if not piece:
                    return
                head += piece
            self._admit(head, client)
        self._open.discard(client)

    def _admit(self, head: bytes, client: socket.socket) -> None:
        if b"upgrade: websocket" not in head.lower():
            # One request a connection, so that every request's head is seen.
            self._forward(head.replace(HEAD, b"\r\nConnection: close" + HEAD, 1), client)
        elif self._websockets:
            self.upgraded += 1
            self._forward(head, client)
        else:
            self.refused += 1

    def _forward(self, head: bytes, client: socket.socket) -> None:
        with socket.create_connection(self._target) as server:
            self._open.add(server)
            server.sendall(head)
            upward = threading.Thread(target=_pump, args=(client, server))
            upward.start()
            self._answer(head, server, client)
            for end in (client, server):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            upward.join()
            self._open.discard(server)

    def _answer(self, head: bytes, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if self._losing is not None and self._losing.match(head):
                    self._one_lost.set()
                else:
                    client.sendall(data)


class NginxWithoutWebSockets:
    """The same way, where nginx with TLS is in front of several processes.

    Args:
        front: nginx.
    """

    def __init__(self, front: Front) -> None:
        self._front = front
        self.address = front.polling_address

    @property
    def refused(self) -> int:
        """How many WebSockets did not get through."""
        return self._front.refused


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
