"""Closed-loop clients over HTTP: load.py PORT MODEL CONNECTIONS SECONDS BODY_FILE HEAD_LENGTH prints count and latencies."""
import json
import selectors
import socket
import sys
import time


class Connection:
    def __init__(self, port, request):
        self.request = request
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send()

    def send(self):
        self.data, self.wanted, self.started = b"", None, time.monotonic()
        self.socket.sendall(self.request)

    def complete(self):
        """Reads what is there; true when the answer is whole."""
        part = self.socket.recv(262144)
        if not part:
            raise EOFError("the server closed the connection")
        self.data += part
        if self.wanted is None:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self.data[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                raise ValueError(self.data[:500])
            # With the line's begin, since Inference-Header-Content-Length ends like it.
            place = head.index(b"\ncontent-length:") + 16
            self.wanted = end + 4 + int(head[place:].split(b"\r\n")[0])
        return len(self.data) >= self.wanted


def main():
    port, model, connections, seconds, file, head = sys.argv[1:7]
    with open(file, "rb") as content:
        body = content.read()
    request = ("POST /v2/models/%s/infer HTTP/1.1\r\nHost: localhost\r\nInference-Header-Content-Length: %s\r\n"
               "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
               % (model, head, len(body))).encode() + body
    selector = selectors.DefaultSelector()
    for _ in range(int(connections)):
        connection = Connection(int(port), request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    # The first part of the time is for warming up.
    begin = time.monotonic() + float(seconds) / 4
    end = time.monotonic() + float(seconds)
    times = []
    while time.monotonic() < end:
        for key, _ in selector.select(1):
            connection = key.data
            if connection.complete():
                now = time.monotonic()
                if now > begin:
                    times.append(now - connection.started)
                connection.send()
    times.sort()
    print(json.dumps({"count": len(times), "seconds": end - begin, "p50": times[len(times) // 2] * 1e6,
                      "p99": times[len(times) * 99 // 100] * 1e6}))


main()
