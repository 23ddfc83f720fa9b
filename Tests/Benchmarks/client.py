"""The load: wrk for the rounds, and plain keep-alive sockets where every request must be counted."""

import dataclasses
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable

TIMEOUT = 10.0
UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6, "m": 60e6}


class LoadError(Exception):
    """The load did not run, or was not answered as it should be."""


class Connection:
    """One keep-alive connection that sends a request and reads the whole answer."""

    def __init__(self, port: int):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, request: "Request", headers: tuple[str, ...] = ()) -> None:
        lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers]
        if request.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(request.body)}"]
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + request.body)

    def receive(self) -> tuple[int, bytes]:
        """Status and body of one answer that has a content-length."""
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.read()
        length = re.search(rb"\r\ncontent-length: *(\d+)", data[:end], re.IGNORECASE)
        if not length:
            raise LoadError(f"an answer without content-length: {data[:end]!r}")
        while len(data) < end + 4 + int(length[1]):
            data += self.read()
        return int(data.split(b" ", 2)[1]), data[end + 4 :]

    def read(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        return data

    def get(self, path: str) -> tuple[int, bytes]:
        self.send(Request(path, b""))
        return self.receive()


@dataclasses.dataclass(frozen=True)
class Request:
    """One request of a kind of work, and what its answer must contain."""

    path: str
    contains: bytes
    body: bytes = b""

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


class Clients:
    """Keep-alive connections with one request in flight on each; every answer must be right."""

    def __init__(self, port: int, count: int = 16):
        self.connections = [Connection(port) for _ in range(count)]

    def __enter__(self) -> "Clients":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self.connections:
            connection.socket.close()

    def repeat(self, request: Request, times: int, headers: tuple[str, ...] = ()) -> None:
        for sent in range(0, times, len(self.connections)):
            busy = self.connections[: times - sent]
            for connection in busy:
                connection.send(request, headers)
            for connection in busy:
                status, body = connection.receive()
                if status != 200 or request.contains not in body:
                    raise LoadError(f"{request.method} {request.path} got {status} {body[:200]!r}")


def repeat(port: int, request: Request, times: int) -> None:
    with Clients(port) as clients:
        clients.repeat(request, times)


class Writes:
    """Requests at an even pace, in a thread, from `with` until its end; every answer must be right."""

    CONNECTIONS = 32

    def __init__(self, port: int, request: Request, per_second: int):
        self.port, self.request, self.per_second = port, request, per_second
        self.ended = threading.Event()
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> "Writes":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
        if self.error:
            raise LoadError(f"{self.request.method} {self.request.path} beside: {self.error}")

    def run(self) -> None:
        try:
            with Clients(self.port, self.CONNECTIONS) as clients:
                self.pace(clients.connections)
        except (OSError, LoadError) as error:
            self.error = error

    def pace(self, connections: list[Connection]) -> None:
        """Each connection's answer is taken when its turn comes again."""
        begin = time.monotonic()
        sent = 0
        while not self.ended.is_set():
            time.sleep(max(0.0, begin + sent / self.per_second - time.monotonic()))
            connection = connections[sent % len(connections)]
            if sent >= len(connections):
                self.take(connection)
            connection.send(self.request)
            sent += 1
        for connection in connections[:sent]:
            self.take(connection)

    def take(self, connection: Connection) -> None:
        status, body = connection.receive()
        if status != 200 or self.request.contains not in body:
            raise LoadError(f"{status} {body[:200]!r}")


def mallocs(
    port: int, request: Request, times: int, read_count: Callable[[], int], headers: tuple[str, ...]
) -> float:
    """Allocations a request over warm connections."""
    with Clients(port) as clients:
        clients.repeat(request, times // 4, headers)
        before = read_count()
        clients.repeat(request, times, headers)
        return (read_count() - before) / times


def idle_kib(port: int, request: Request, count: int, resident_kib: Callable[[], int]) -> float:
    """Resident memory of a connection that has had one answer and stays open."""
    with Clients(port, 1) as warm:
        warm.repeat(request, 1000)
    before = resident_kib()
    with Clients(port, 0) as idle:
        for _ in range(count):
            connection = Connection(port)
            idle.connections.append(connection)
            connection.send(request)
            status, _ = connection.receive()
            if status != 200:
                raise LoadError(f"connection {len(idle.connections):,} got {status}")
        after = resident_kib()
        poll = select.poll()
        for connection in idle.connections:
            poll.register(connection.socket, select.POLLIN)
        if closed := len(poll.poll(0)):
            raise LoadError(f"{closed} of {count} idle connections were closed while they were counted")
        return (after - before) / count


@dataclasses.dataclass(frozen=True)
class Load:
    """What wrk reports of one run; the latencies are None where it has none to trust."""

    requests: int
    per_second: float
    p50_us: float | None
    p99_us: float | None


def wrk(
    url: str, seconds: int, connections: int, script: tuple[str, ...], headers: tuple[str, ...], threads: int = 1
) -> Load:
    """Runs wrk on this process's cores; `script` is a Lua file's path and its arguments."""
    if not shutil.which("wrk"):
        raise LoadError("wrk is not installed: apt-get install wrk")
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    command += ["-s", script[0], url, "--", *script[1:]] if script else [url]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds + 30, env={"PATH": os.environ["PATH"]})
    except subprocess.TimeoutExpired:
        raise LoadError(f"wrk did not end: {' '.join(command)}") from None
    output = run.stdout
    requests = re.search(r"(\d+) requests in", output)
    rate = re.search(r"Requests/sec: +([\d.]+)", output)
    if run.returncode or not requests or not rate or int(requests[1]) == 0:
        raise LoadError(f"wrk failed on {url}: {output[-500:]} {run.stderr[-500:]}")
    for complaint in ("Socket errors", "Non-2xx or 3xx responses"):
        if found := re.search(complaint + ".*", output):
            raise LoadError(f"{url}: {found[0]}")
    percentiles = dict(re.findall(r"(\d+)% +([\d.]+[a-z]+)", output))
    return Load(
        int(requests[1]), float(rate[1]), microseconds(percentiles["50"]), microseconds(percentiles["99"]))


class Echoes:
    """WebSockets that have shaken hands, and wait for `run` to send and await texts on each."""

    def __init__(self, load: pathlib.Path, port: int, path: str, connections: int, seconds: int, size: int):
        self.seconds = seconds
        numbers = (port, path, connections, seconds, size)
        self.process = subprocess.Popen(
            [str(load), *map(str, numbers)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Echoes":
        if self.process.stdout.readline() != "ready\n":
            raise LoadError("the echo server did not shake hands")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def run(self) -> Load:
        try:
            output, _ = self.process.communicate("go\n", timeout=self.seconds + 30)
        except subprocess.TimeoutExpired:
            raise LoadError("the echo load did not end") from None
        if self.process.returncode:
            raise LoadError("the echo load failed")
        messages, seconds, p50, p99 = output.split()
        return Load(int(messages), int(messages) / float(seconds), float(p50), float(p99))


def microseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()
    return float(number) * UNITS[unit]
