"""Keeps a service busy until it ends, and judges how it does: load.py CLIENTS SOCKETS. Says `busy` when all are at work.

Each client sends its next request when it has the last one's answer, each WebSocket on /chat its next message when it has
the echo. Ends with 0 when no request that was sent on an accepted connection stays without its whole answer, and when every
WebSocket is closed with a code for the end: 1001, or 1012 for a restart (RFC 6455, section 7.4.1 and IANA's list).
"""
import asyncio
import base64
import collections
import os
import struct
import sys

PORT = 8000
REQUESTS = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /comments/?limit=20 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b'POST /comments/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 55\r\n\r\n'
    b'{"talk_id":3,"user_ip":"::1","comment_text":"busy day"}',
)
answered = 0
working = 0
codes = collections.Counter()
failures = []


async def answer(reader):
    """Reads one answer; returns its status and whether the connection ends with it."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(head[9:12]), "\r\nconnection: close" in head


async def client(number):
    global answered, working
    request = REQUESTS[number % len(REQUESTS)]
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except ConnectionRefusedError:
            return
        ends, count = False, 0
        while not ends:
            writer.write(request)
            status, ends = await answer(reader)
            if status != 200:
                failures.append(f"status {status}")
            answered += 1
            count += 1
            working += count == 1
        writer.close()


async def frame(reader):
    """Reads one frame of a server, which masks nothing; returns its opcode and what it carries."""
    first, length = await reader.readexactly(2)
    if length == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
    return first & 15, await reader.readexactly(length)


async def socket():
    global working
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n")[0]:
        raise ValueError(head.decode())
    working += 1
    while True:
        # A masked text frame (RFC 6455, section 5.2); a mask of zeros is a mask.
        writer.write(struct.pack("!BBI", 0x81, 0x80 | 5, 0) + b"hello")
        opcode, data = await frame(reader)
        if opcode == 8:
            codes[struct.unpack("!H", data[:2])[0]] += 1
            writer.write(struct.pack("!BBI", 0x88, 0x80 | 2, 0) + data[:2])
            # The server closes the connection (section 7.1.1).
            while await reader.read(4096):
                pass
            writer.close()
            return
        if (opcode, data) != (1, b"Echo: hello"):
            raise ValueError(f"frame {opcode} {data}")


async def judged(name, work):
    try:
        await work
    except Exception as error:
        failures.append(f"{name}: {error!r}")


async def main(clients, sockets):
    work = [judged(f"client {number}", client(number)) for number in range(clients)]
    work += [judged("WebSocket", socket()) for _ in range(sockets)]
    tasks = [asyncio.ensure_future(each) for each in work]
    while working < clients + sockets and not failures:
        await asyncio.sleep(0.01)
    print("busy", flush=True)
    await asyncio.wait(tasks, timeout=60)
    print(f"{answered} requests answered, WebSockets closed with {dict(codes)}", *failures[:10], sep="\n      ")
    if failures or sum(codes.values()) != sockets or set(codes) - {1001, 1012}:
        sys.exit(1)


asyncio.run(main(*map(int, sys.argv[1:])))
