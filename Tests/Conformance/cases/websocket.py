"""/chat: what the handshake answers, and what the frames that follow bring back."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from wire import TIMEOUT, Answer, Connection, failure

from .base import Case, Cases, Request, get, headers

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
MASK = b"\x01\x02\x03\x04"
WORDS = b"why"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(
    opcode: int, payload: bytes = b"", *, final: bool = True, masked: bool = True, reserved: int = 0
) -> bytes:
    """One frame as a client sends it (RFC 6455 5.2)."""
    first = (0x80 if final else 0) | reserved << 4 | opcode
    size, mark = len(payload), 0x80 if masked else 0
    if size < 126:
        head = struct.pack("!BB", first, mark | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, mark | 126, size)
    else:
        head = struct.pack("!BBQ", first, mark | 127, size)
    if not masked:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[index % 4] for index, byte in enumerate(payload))


def close(code: int | None, reason: bytes = b"") -> bytes:
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


def handshake(target: str, *pairs: tuple[str, str], drop: Iterable[str] = (), **more) -> Request:
    ordinary = {"Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY}
    for name, value in pairs:
        ordinary[name] = value
    kept = [(name, value) for name, value in ordinary.items() if name not in set(drop)]
    return Request("GET", target, headers(*kept), connection=more.pop("connection", "Upgrade"), **more)


@dataclass(frozen=True)
class ChatCase(Case):
    """Shakes hands, sends `sent`, and writes down what comes back until the close or `expected` frames.

    `last` is sent before the last of them is awaited: the reference answers nothing that a close frame has overtaken.
    """

    sent: bytes = b""
    last: bytes = b""
    expected: int = 0

    def play(self, server) -> Answer:
        try:
            with Connection(server.port, TIMEOUT) as connection:
                connection.send(self.request.encoded())
                answer = connection.answer("GET")
                if answer.status != 101:
                    return answer
                connection.send(self.sent)
                return answer.with_(body="\n".join(self._frames(connection)).encode())
        except (OSError, ValueError, struct.error) as error:
            return failure(f"{type(error).__name__}: {error}")

    def _frames(self, connection: Connection) -> Iterable[str]:
        for number in range(1, self.expected + 1):
            if number == self.expected and self.last:
                connection.send(self.last)
            head = connection.exactly(2)
            if len(head) < 2:
                yield "end"
                return
            size = head[1] & 0x7F
            if size >= 126:
                size = int.from_bytes(connection.exactly(2 if size == 126 else 8), "big")
            payload = connection.exactly(size)
            if head[0] & 0x0F == CLOSE:
                # Its words are free, unless they are the client's own.
                echo = f" {WORDS!r}" if payload[2:] == WORDS else ""
                yield f"close {int.from_bytes(payload[:2], 'big') if payload else 'without a code'}{echo}"
                return
            shown = repr(payload) if size < 200 else f"{size} bytes, {payload[:20]!r}…{payload[-20:]!r}"
            yield f"{head[0]:#x} {shown}"


def handshakes() -> Cases:
    cases = Cases("ws-handshake")

    def shake(name: str, request: Request) -> None:
        case = ChatCase(cases.group, cases.unique(name), request, tags=frozenset(["handshake"]))
        cases.put(case)

    shake("good", handshake("/chat"))
    shake("with a query", handshake("/chat?x=1"))
    for target in (
        "/nope",
        "/comments/",
        "/comments/1",
        "/chat/",
        "/",
        "/docs",
        "/limited",
        "/Chat",
        "/%63hat",
    ):
        shake(target, handshake(target))
    for host in ("evil.com", "localhost", "www.yourapp.com"):
        shake(f"host {host}", handshake("/chat", host=host))
    for origin in ("http://a.b", "null", "http://127.0.0.1"):
        shake(f"origin {origin}", handshake("/chat", ("Origin", origin)))
    shake("a cookie and an origin", handshake("/chat", ("Origin", "http://a.b"), ("Cookie", "a=b")))
    shake("subprotocols", handshake("/chat", ("Sec-WebSocket-Protocol", "a, b")))
    shake(
        "deflate",
        handshake("/chat", ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")),
    )
    shake(
        "an unknown extension",
        handshake("/chat", ("Sec-WebSocket-Extensions", "x-webkit-deflate-frame, foo")),
    )
    shake("version 12", handshake("/chat", ("Sec-WebSocket-Version", "12")))
    shake("version x", handshake("/chat", ("Sec-WebSocket-Version", "x")))
    shake("no version", handshake("/chat", drop=["Sec-WebSocket-Version"]))
    shake("no key", handshake("/chat", drop=["Sec-WebSocket-Key"]))
    shake("a bad key", handshake("/chat", ("Sec-WebSocket-Key", "abc")))
    shake("a short key", handshake("/chat", ("Sec-WebSocket-Key", "YWJj")))
    shake("upgrade in upper case", handshake("/chat", ("Upgrade", "WebSocket"), connection="upgrade"))
    shake("keep-alive and upgrade", handshake("/chat", connection="keep-alive, Upgrade"))
    cases.add("a plain GET", get("/chat"))
    cases.add("upgrade without connection", handshake("/chat", connection="close"))
    return cases


def chat() -> Cases:
    cases = Cases("ws-chat")

    def talk(name: str, *frames: bytes, expected: int) -> None:
        last = frames[-1] if frames[-1] == bye and expected > 1 else b""
        sent = b"".join(frames).removesuffix(last)
        cases.put(
            ChatCase(
                cases.group,
                cases.unique(name),
                handshake("/chat"),
                tags=frozenset(["handshake"]),
                sent=sent,
                last=last,
                expected=expected,
            )
        )

    bye = close(1000)
    for size in (0, 1, 119, 120, 125, 126, 127, 1000, 65529, 65530, 65536, 100_000):
        talk(f"{size} letters", frame(TEXT, b"x" * size), bye, expected=2)
    for text in ("hello", "é日😀", "a\nb", "\x00", "\ufeff", "{}"):
        talk(f"text {text!r}", frame(TEXT, text.encode()), bye, expected=2)
    talk("two texts", frame(TEXT, b"a"), frame(TEXT, b"b"), bye, expected=3)
    talk(
        "fragments",
        frame(TEXT, b"a", final=False),
        frame(0, b"b", final=False),
        frame(0, b"c"),
        bye,
        expected=2,
    )
    talk(
        "a character over two fragments",
        frame(TEXT, b"\xc3", final=False),
        frame(0, b"\xa9"),
        bye,
        expected=2,
    )
    talk("a ping", frame(PING, b"p"), bye, expected=2)
    talk("an empty ping", frame(PING), bye, expected=2)
    talk(
        "a ping among fragments",
        frame(TEXT, b"a", final=False),
        frame(PING, b"p"),
        frame(0, b"b"),
        bye,
        expected=3,
    )
    talk("an unasked pong", frame(PONG, b"p"), frame(TEXT, b"a"), bye, expected=2)
    talk("binary ends the talk", frame(BINARY, b"\x00\x01"), expected=1)
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1011, 3000, 4999):
        talk(f"close {code}", close(code, WORDS), expected=1)
    talk("close without a code", close(None), expected=1)
    for code in (0, 999, 1004, 1005, 1006, 1015, 2999, 5000):
        talk(f"close {code} is not allowed", close(code), expected=1)
    talk("close of one byte", frame(CLOSE, b"\x03"), expected=1)
    talk("a close's reason that is not UTF-8", close(1000, b"\xff"), expected=1)
    for name, broken in {
        "not UTF-8": frame(TEXT, b"\xff"),
        "a surrogate": frame(TEXT, b"\xed\xa0\x80"),
        "not masked": frame(TEXT, b"a", masked=False),
        "a reserved bit": frame(TEXT, b"a", reserved=4),
        "two reserved bits": frame(TEXT, b"a", reserved=3),
        "a reserved opcode": frame(3, b"a"),
        "a reserved control opcode": frame(11, b"a"),
        "a long ping": frame(PING, b"x" * 126),
        "a fragmented ping": frame(PING, b"x", final=False),
        "a continuation of nothing": frame(0, b"a"),
        "a text within a text": frame(TEXT, b"a", final=False) + frame(TEXT, b"b"),
        "17 MiB": frame(TEXT, b"")[:1] + b"\xff" + struct.pack("!Q", 17 << 20) + MASK + b"x" * 100,
    }.items():
        talk(name, broken, expected=1)
    return cases
