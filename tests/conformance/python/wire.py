"""Sockets below the clients: what one sends, and the same bytes again."""

import json
import socket
import threading


class Relay:
    """A port that passes one connection on to the server and keeps what the client sent.

    The Host header that the client signs names this port; to the server any port of the loopback
    interface is its own.
    """

    def __init__(self, server):
        self.server = server
        self.sent = b""
        self.listener = socket.create_server((server.host, 0))
        self.listener.settimeout(30)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._pass_on, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _pass_on(self):
        client, _ = self.listener.accept()
        with client, socket.create_connection((self.server.host, self.server.port)) as upstream:
            back = threading.Thread(target=_copy, args=(upstream, client), daemon=True)
            back.start()
            while piece := client.recv(65536):
                self.sent += piece
                upstream.sendall(piece)
            upstream.shutdown(socket.SHUT_WR)
            back.join(30)


def _copy(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        # The client has its answer and is gone.
        return


def send(server, request):
    """Sends these bytes on a connection of their own; status and document of the answer."""
    with socket.create_connection((server.host, server.port), timeout=30) as stream:
        stream.sendall(request)
        stream.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := stream.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(body)
