"""Sends every WebSocket message back, with the package `websockets`: echo.py PORT; GET /plaintext answers 200."""

import asyncio
import http
import sys

from websockets.asyncio.server import serve


async def echo(socket):
    async for message in socket:
        await socket.send(message)


def plaintext(connection, request):
    return connection.respond(http.HTTPStatus.OK, "Hello, World!") if request.path == "/plaintext" else None


async def main():
    async with serve(echo, "127.0.0.1", int(sys.argv[1]), process_request=plaintext, compression=None) as server:
        await server.serve_forever()


asyncio.run(main())
