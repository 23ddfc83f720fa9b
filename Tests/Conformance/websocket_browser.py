"""Talks to /chat from a page in headless Chromium, with and without compression: websocket_browser.py BINARY

Chromium always offers permessage-deflate. To have none agreed on, a relay takes the offer out of the handshake.
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "DocsPages"))

import servers  # noqa: E402
from browser import Browser  # noqa: E402

TEXTS = ["", "hello", "é日😀", "x" * 125, "x" * 126, "so long " * 10_000, '{"id":1}' * 100]
OFFER = re.compile(rb"\r\nSec-WebSocket-Extensions:[^\r]*", re.IGNORECASE)
# Sends all texts at once, and resolves to what came back and how it ended.
TALK = """new Promise((done) => {
  const texts = %s, answers = [], socket = new WebSocket('ws://127.0.0.1:%d/chat');
  socket.onopen = () => texts.forEach((text) => socket.send(text));
  socket.onmessage = (event) => { answers.push(event.data) === texts.length && socket.close(1000, 'over'); };
  socket.onclose = (event) => done(
    { answers, extensions: socket.extensions, code: event.code, reason: event.reason,
      clean: event.wasClean });
})"""
# The talk's server ends a conversation at the first message that is no text.
BINARY = """new Promise((done) => {
  const socket = new WebSocket('ws://127.0.0.1:%d/chat');
  socket.onopen = () => socket.send(new Uint8Array([1, 2, 3]));
  socket.onclose = (event) => done([event.code, event.wasClean]);
})"""
NOWHERE = """new Promise((done) => {
  const socket = new WebSocket('ws://127.0.0.1:%d/nowhere');
  socket.onopen = () => done('open');
  socket.onclose = (event) => done([event.code, event.wasClean]);
})"""


class Relay:
    """Passes connections on to a port, and leaves the extensions out of their handshakes."""

    def __init__(self, to: int):
        self.to = to
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        starting = asyncio.start_server(self.relay, "127.0.0.1", 0)
        self.server = asyncio.run_coroutine_threadsafe(starting, self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        far_writer.write(OFFER.sub(b"", await reader.readuntil(b"\r\n\r\n")))
        await asyncio.gather(self.copy(reader, far_writer), self.copy(far_reader, writer))

    async def copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


def main() -> None:
    server = servers.livetalk(Path(sys.argv[1]).resolve())
    try:
        port = server.ready().port
        with Browser() as browser:
            browser.open(f"http://127.0.0.1:{port}/")
            texts = TEXTS * 3
            expected = {"answers": [f"Echo: {text}" for text in texts]}
            expected |= {"code": 1000, "reason": "over", "clean": True}
            for name, to in (("compression", port), ("no compression", Relay(port).port)):
                found = browser.run(TALK % (texts, to))
                extensions = found.pop("extensions")
                wrong = {key: str(found[key])[-200:] for key in found if found[key] != expected[key]}
                assert not wrong, wrong
                assert ("permessage-deflate" in extensions) == (name == "compression"), extensions
                print(f"chromium: {name} ({extensions or 'no extension'}): as it should be")
            assert browser.run(BINARY % port) == [1000, True]
            assert browser.run(NOWHERE % port) == [1006, False]
            print("chromium: ends and refusals: as they should be")
    finally:
        server.stop()


main()
