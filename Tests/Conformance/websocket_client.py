"""Talks to /chat and /echo with the client of `websockets`, with and without compression: websocket_client.py PORT"""

from __future__ import annotations

import asyncio
import os
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

TEXTS = ["", "hello", "é日😀", "x" * 125, "x" * 126, "so long " * 10_000, '{"id":1}' * 100]
OFFERS = {
    "no compression": {"compression": None},
    "compression": {"compression": "deflate"},
    "compression without context": {
        "compression": None,
        "extensions": [
            ClientPerMessageDeflateFactory(
                server_no_context_takeover=True, client_no_context_takeover=True, client_max_window_bits=True
            )
        ],
    },
    "compression with windows of 512 bytes": {
        "compression": None,
        "extensions": [
            ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9)
        ],
    },
    "compression with a window that cannot be told": {
        "compression": None,
        "extensions": [ClientPerMessageDeflateFactory()],
    },
}


async def talk(base: str, offer: dict) -> None:
    async with connect(base + "/chat", **offer) as socket:
        for text in TEXTS * 3:
            await socket.send(text)
            answer = await asyncio.wait_for(socket.recv(), 10)
            assert answer == f"Echo: {text}", (text[:40], answer[:40])
        await (await socket.ping())
    assert socket.close_code == 1000, socket.close_code
    async with connect(base + "/echo", max_size=None, **offer) as socket:
        for size in (0, 1, 125, 126, 65_535, 65_536, 1_000_000):
            message = os.urandom(size)
            await socket.send(message)
            assert await asyncio.wait_for(socket.recv(), 10) == message, size


async def end(base: str) -> None:
    """What ends a conversation, and refuses one."""
    async with connect(base + "/chat") as socket:
        await socket.send(b"binary")
        try:
            await asyncio.wait_for(socket.recv(), 10)
            raise AssertionError("an answer to binary")
        except ConnectionClosed:
            assert socket.close_code == 1000, socket.close_code
    # Not in a block of its own: the client's close stumbles over a connection that the server has ended.
    socket = await connect(base + "/echo", max_size=None, compression=None)
    try:
        await socket.send(b"x" * ((16 << 20) + 1))
        await asyncio.wait_for(socket.recv(), 10)
        raise AssertionError("an answer to more than 16 MiB")
    except ConnectionClosed:
        reason = "frame exceeds limit of 16777216 bytes"
        assert (socket.close_code, socket.close_reason) == (1009, reason), socket.close_code
    for path, status in (("/nope", 403), ("/comments/", 403)):
        try:
            await connect(base + path)
            raise AssertionError(path)
        except InvalidStatus as refusal:
            assert refusal.response.status_code == status, refusal


async def main() -> None:
    base = f"ws://127.0.0.1:{sys.argv[1]}"
    for attempt in range(100):
        try:
            await (await connect(base + "/chat")).close()
            break
        except OSError:
            await asyncio.sleep(0.1)
    for name, offer in OFFERS.items():
        await talk(base, offer)
        print(f"websockets: {name}: as it should be")
    await end(base)
    print("websockets: ends and refusals: as they should be")


asyncio.run(main())
