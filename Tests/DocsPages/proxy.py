"""Serves the built pages, and beside them either the reference application or answers written in Python."""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=utf-8"


@dataclass
class Asked:
    """A request as an answer function sees it."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes


Answered = tuple[int, list[tuple[str, str]], bytes]


class Proxy:
    """`pages` maps a path to HTML; `answer` makes every other answer."""

    def __init__(self, pages: dict[str, str], answer: Callable[[Asked], Answered]):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def respond(self):
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if url.path in pages:
                    status, headers, body = 200, [("Content-Type", HTML)], pages[url.path].encode()
                else:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    query = parse_qsl(url.query, keep_blank_values=True)
                    status, headers, body = answer(Asked(self.command, self.path, query, headers, body))
                self.send_response_only(status, http.client.responses.get(status, ""))
                for name, value in headers + [("Content-Length", str(len(body)))]:
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = respond

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def forwarding(port: int) -> Callable[[Asked], Answered]:
    """Sends what is asked to a server on this port."""
    hops = ("transfer-encoding", "connection", "content-length", "keep-alive")

    def answer(asked: Asked) -> Answered:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        kept = {name: value for name, value in asked.headers.items() if name not in hops}
        connection.request(asked.method, asked.path, asked.body, kept)
        response = connection.getresponse()
        headers = [pair for pair in response.getheaders() if pair[0].lower() not in hops]
        body = response.read()
        connection.close()
        return response.status, headers, body

    return answer
