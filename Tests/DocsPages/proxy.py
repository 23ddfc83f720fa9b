"""Serves the built pages in front of the reference, so that trying out reaches a real application."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Proxy:
    """`pages` maps a path to (content type, text); every other request goes to `upstream`, a port or None."""

    def __init__(self, pages: dict[str, tuple[str, str]], upstream: int | None):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self):
                path = self.path.split("?")[0]
                if path in pages:
                    kind, body = pages[path]
                    self.reply(200, "OK", [("Content-Type", kind)], body.encode())
                elif upstream is None:
                    self.reply(404, "Not Found", [], b"")
                else:
                    self.forward()

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection = http.client.HTTPConnection("127.0.0.1", upstream, timeout=20)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                skipped = ("transfer-encoding", "connection", "content-length")
                kept = [pair for pair in answer.getheaders() if pair[0].lower() not in skipped]
                self.reply(answer.status, answer.reason, kept, answer.read())
                connection.close()

            def reply(self, status, reason, headers, body):
                self.send_response_only(status, reason)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Proxy:
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
