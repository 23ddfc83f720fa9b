"""Requests and answers over raw sockets: the exact bytes matter, so no client library stands between."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field, replace

TIMEOUT = 10.0
LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """One HTTP request; `headers` are sent as they stand, in order, after Host and Connection."""

    method: str
    target: str
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes | None = None
    host: str | None = "127.0.0.1"
    version: str = "1.1"
    connection: str | None = "close"
    chunks: tuple[int, ...] = ()

    def encoded(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/{self.version}".encode("utf-8", "surrogateescape")]
        if self.host is not None:
            lines.append(b"Host: " + self.host.encode("latin-1"))
        if self.connection is not None:
            lines.append(b"Connection: " + self.connection.encode())
        lines += [name.encode("latin-1") + b": " + value for name, value in self.headers]
        body = self.body or b""
        if self.chunks:
            lines.append(b"Transfer-Encoding: chunked")
            body = self._chunked(body)
        elif self.body is not None:
            lines.append(b"Content-Length: %d" % len(body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def _chunked(self, body: bytes) -> bytes:
        out, at, turn = b"", 0, 0
        while at < len(body):
            size = self.chunks[turn % len(self.chunks)]
            piece = body[at : at + size]
            out += b"%x\r\n" % len(piece) + piece + b"\r\n"
            at, turn = at + size, turn + 1
        return out + b"0\r\n\r\n"

    def header(self, name: str) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_(self, **changes) -> Request:
        return replace(self, **changes)


@dataclass(frozen=True)
class Answer:
    """What came back; `status` 0 means that no HTTP answer did, and `body` then says why."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    facts: dict = field(default_factory=dict, compare=False)

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None

    def with_(self, **changes) -> Answer:
        return replace(self, **changes)


def failure(reason: str) -> Answer:
    return Answer(0, body=reason.encode())


class Connection:
    """A socket with a buffer that is read up to a mark, a count, or the end."""

    def __init__(self, port: int, timeout: float = TIMEOUT):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server answered early and closed: what it said is still to be read

    def more(self) -> bool:
        try:
            data = self.socket.recv(262144)
        except ConnectionResetError:
            return False
        self.buffer += data
        if len(self.buffer) > LIMIT:
            raise ValueError("the answer is over the limit")
        return bool(data)

    def until(self, mark: bytes) -> bytes | None:
        while mark not in self.buffer:
            if not self.more():
                return None
        taken, _, self.buffer = self.buffer.partition(mark)
        return taken

    def exactly(self, count: int) -> bytes:
        while len(self.buffer) < count and self.more():
            pass
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def rest(self) -> bytes:
        while self.more():
            pass
        taken, self.buffer = self.buffer, b""
        return taken

    def answer(self, method: str) -> Answer:
        while True:
            head = self.until(b"\r\n\r\n")
            if head is None:
                return failure(f"closed without an answer (had {self.buffer[:80]!r})")
            first, *lines = head.split(b"\r\n")
            status = int(first.split(b" ")[1])
            if status == 101 or status >= 200:
                break
        fields = []
        for line in lines:
            name, _, value = line.partition(b":")
            fields.append((name.decode("latin-1").lower(), value.strip().decode("latin-1")))
        answer = Answer(status, tuple(fields))
        return answer.with_(body=self._body(answer, method))

    def _body(self, answer: Answer, method: str) -> bytes:
        if method == "HEAD" or answer.status in (101, 204, 304):
            return b""
        if "chunked" in (answer.header("transfer-encoding") or ""):
            body = b""
            while size := int((self.until(b"\r\n") or b"0").split(b";")[0], 16):
                body += self.exactly(size)
                self.until(b"\r\n")
            return body
        length = answer.header("content-length")
        return self.exactly(int(length)) if length is not None else self.rest()


def ask(port: int, request: Request) -> Answer:
    """Sends the request on a connection of its own and reads its answer."""
    try:
        with Connection(port) as connection:
            connection.send(request.encoded())
            return connection.answer(request.method)
    except (OSError, ValueError, IndexError) as error:
        return failure(f"{type(error).__name__}: {error}")
