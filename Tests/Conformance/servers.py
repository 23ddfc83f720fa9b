"""Starts the reference and LiveTalk, each in a directory of its own with an empty database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_SECONDS = 20.0
STOP_SECONDS = 10.0
PROCESSED = "processed_data.txt"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A child process that listens on a free port; ended by its own process id."""

    def __init__(self, name: str, command, environment: dict[str, str]):
        self.name = name
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="parity-"))
        self.log = open(self.directory / "server.log", "wb")
        self.process = subprocess.Popen(
            command(self.port, self.directory),
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def ready(self) -> Server:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.02)
        words = self.words()
        self.stop()
        raise SystemExit(f"{self.name} did not start:\n{words}")

    def words(self, count: int = 3000) -> str:
        return (self.directory / "server.log").read_bytes()[-count:].decode("utf-8", "replace")

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def processed(self) -> bytes:
        """What the background tasks of /process have written so far."""
        path = self.directory / PROCESSED
        return path.read_bytes() if path.exists() else b""

    def stop(self) -> None:
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def _environment(**settings: str) -> dict[str, str]:
    ours = ("LIVETALK_", "DATABASE_URL", "PING_", "PROCESS", "RATE_", "DEMO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | settings


def reference(name: str = "reference") -> Server:
    def command(port: int, directory: Path) -> list[str]:
        return ["bash", str(HERE / "reference" / "run.sh"), str(port), str(directory)]

    return Server(name, command, _environment(PYTHON=sys.executable, UVICORN_LOG="error"))


def livetalk(binary: Path, url: str | None = None) -> Server:
    """LiveTalk on an SQLite file of its own, or on the empty PostgreSQL of a URL."""

    def command(port: int, directory: Path) -> list[str]:
        database = url or f"sqlite:////{str(directory / 'comments.db').lstrip('/')}"
        return [str(binary), "serve", "--host", "127.0.0.1", "--port", str(port), "--database-url", database]

    settings = _environment(LIVETALK_DEMO_USER="true", LIVETALK_ACCESS_LOG="off", LIVETALK_FAILED_LOGINS="off")
    return Server("livetalk", command, settings)
