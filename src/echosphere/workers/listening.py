"""Sockets that listen at the address of the server."""

import socket

from echosphere.core.operator_error import OperatorError

BACKLOG = 2048


def listen_at(host: str, port: int) -> list[socket.socket]:
    """Return sockets that are bound to each address of a host, and listen.

    Raises:
        OperatorError: No one can listen there.
    """
    found: list[socket.socket] = []
    try:
        for family, kind, _, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            one = socket.socket(family, kind)
            found.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            one.listen(BACKLOG)
            one.setblocking(False)
    except OSError as error:
        for one in found:
            one.close()
        raise OperatorError(
            f"The server cannot listen on {host}:{port}: {error.strerror}. Stop the program "
            "that uses the port, or change ECHOSPHERE_HOST or ECHOSPHERE_PORT."
        ) from error
    return found
