"""Takes the pictures of README and guide: the demo's stage, a phone in its audience, and the jobs; run.sh --screenshots starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from room import Room
from tabs import Tabs

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Conformance"))

from servers import free_port  # noqa: E402

HOST = "talk.example"


class NamedTabs(Tabs):
    """A browser for which a host name leads to a port of this machine."""

    def __init__(self, port: int):
        self.ARGUMENTS = (*Tabs.ARGUMENTS, f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{port}")
        super().__init__()


def take(binary: Path, directory: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVETALK_")}
    demo = subprocess.Popen([str(binary), "demo", "--port", str(port), "--rate", "0", "--seed", "1"],
                            env=environment | {"LIVETALK_ALLOWED_HOSTS": HOST}, stderr=subprocess.PIPE, text=True)
    try:
        for line in demo.stderr:
            if re.search("Ctrl-C", line):
                break
        with NamedTabs(port) as browser:
            for name, path, window in [
                ("stage", "/t/demo/stage", {"width": 1280, "height": 720}),
                ("phone", "/t/demo", {"width": 390, "height": 844, "scale": 2}),
            ]:
                tab = browser.tab(f"http://{HOST}{path}?lang=en", **window)
                tab.wait("document.body.dataset.link === 'live'")
                tab.picture(directory / f"{name}.png")
                print(directory / f"{name}.png")
    finally:
        demo.terminate()
        demo.wait(20)


class Receiver(BaseHTTPRequestHandler):
    """A server that is told of comments, and fails at some."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503 if b"slides" in body else 204)
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


def take_jobs(binary: Path, directory: Path) -> None:
    """The jobs of a service with a webhook that fails now and then, and with Celery's tasks."""
    receiver = ThreadingHTTPServer(("127.0.0.1", free_port()), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    room = Room(
        binary, LIVETALK_ALLOWED_HOSTS=f"{HOST},127.0.0.1", LIVETALK_WEBHOOK_NETWORKS="127.0.0.0/8",
        LIVETALK_WEBHOOKS=f"http://127.0.0.1:{receiver.server_port}/hook#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        LIVETALK_BROKER="embedded", LIVETALK_BROKER_LISTEN=f"127.0.0.1:{free_port()}")
    try:
        talk = room.talk("swift", "Swift on one loop")
        for text in ["Why one loop?", "Where are the slides?", "Does it run on a Raspberry Pi?", "Who wrote the tests?",
                     "Is there a feed of the slides?", "What does a vote cost?", "Can I take part by phone?"]:
            room.post(talk, text)
        room.send("POST", "/process?data=attendance")
        with NamedTabs(room.port) as browser:
            tab = browser.tab(f"http://{HOST}/jobs?lang=en", width=1280, height=860)
            tab.write("[name=username]", "moderator")
            tab.write("[name=password]", "a long enough password")
            tab.click(".login .main")
            tab.wait("document.body.dataset.link === 'live'")
            # All have been sent once, and two wait for their next attempt.
            tab.wait("document.querySelectorAll('tbody .dot.done').length >= 5 && document.querySelectorAll('tbody .dot.retrying').length === 2")
            tab.picture(directory / "jobs.png")
            print(directory / "jobs.png")
    finally:
        room.stop()
        receiver.shutdown()


if __name__ == "__main__":
    take_jobs(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
