"""A LiveTalk of the test's own, which it may kill, and what programs and moderators do in it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Conformance"))

from servers import free_port  # noqa: E402


class Room:
    """`livetalk serve` on a free port, with a database that outlives it."""

    def __init__(self, binary: Path, **settings: str):
        self.binary = binary.resolve()
        self.directory = Path(tempfile.mkdtemp(prefix="room-pages-"))
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIVETALK_", "DATABASE_URL"))}
        self.environment = kept | {
            "DATABASE_URL": f"sqlite:////{str(self.directory / 'room.db').lstrip('/')}",
            "LIVETALK_PORT": str(self.port), "LIVETALK_ACCESS_LOG": "off", **settings}
        self.log = open(self.directory / "server.log", "wb")
        self.command("user", "add", "moderator", "--moderator", entered="a long enough password\n")
        self.token = self.command("user", "token", "moderator").split()[-1]
        self.start()

    def command(self, *words: str, entered: str = "") -> str:
        return subprocess.run([str(self.binary), *words], cwd=self.directory, env=self.environment, input=entered,
                              text=True, stdout=subprocess.PIPE, stderr=self.log, check=True, timeout=60).stdout

    def start(self) -> None:
        self.process = subprocess.Popen([str(self.binary), "serve"], cwd=self.directory, env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("livetalk did not start:\n" + (self.directory / "server.log").read_text()[-3000:])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def renew_epoch(self) -> None:
        """What `restore` and `import` do to the feed's numbers; while nothing serves."""
        with sqlite3.connect(self.directory / "room.db") as database:
            database.execute("UPDATE change_epoch SET epoch = epoch + 1")

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, method: str, target: str, value=None, moderates: bool = False, **fields: str):
        """The answer's JSON; anything but success fails the test."""
        headers = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in fields.items()}
        if moderates:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            body = None if value is None else json.dumps(value)
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status >= 300:
                raise AssertionError(f"{method} {target}: {answer.status} {content[:500]!r}")
            return json.loads(content)
        finally:
            connection.close()

    def talk(self, slug: str, title: str = "Swift on one loop: live for five thousand phones", **members) -> int:
        return self.send("POST", "/talks/", {"slug": slug, "title": title, **members}, moderates=True)["id"]

    def post(self, talk: int, text: str) -> int:
        comment = {"talk_id": talk, "user_ip": "203.0.113.9", "comment_text": text}
        return self.send("POST", "/comments/", comment)["id"]

    def vote(self, comment: int, count: int = 1) -> None:
        """Votes of so many people."""
        for number in range(count):
            self.send("PUT", f"/comments/{comment}/vote", X_Voter_Token=f"voter-{comment}-{number:08}-{time.time_ns()}")

    def moderate(self, comment: int, **state) -> None:
        self.send("PUT", f"/comments/{comment}/state", state, moderates=True)

    def comments(self, talk: int) -> list[dict]:
        return self.send("GET", f"/talks/{talk}/comments")
