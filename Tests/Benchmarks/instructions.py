#!/usr/bin/env python3
"""Counts the instructions that a request takes in user space, under callgrind: the same on a busy machine as on a quiet one.

    python3 Tests/Benchmarks/instructions.py [--livetalk PATH] [--check] [--short] [--only WORK]...
    python3 Tests/Benchmarks/instructions.py --only post --profile FILE
    python3 Tests/Benchmarks/instructions.py --only plaintext --peers
    python3 Tests/Benchmarks/instructions.py --only plaintext --peer 'mine=/usr/local/bin/server --port {port}'

Sixty-four connections take turns: all send while the server is stopped, so that it finds all of them when it goes on, on a busy
machine as on a quiet one; then all are read. The first turns are not counted, and neither is the start, which takes some
hundred thousand instructions more or less each time. With --check the status is 1 where a figure is above its bound in
instructions.txt; --short leaves out what says little more. callgrind_annotate reads the profile.
Needs Debian's package valgrind, and postgresql for what is counted on it.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import servers
from peers import peers

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CONNECTIONS = 64
# Those before the count, and those that are counted.
TURNS = (8, 16)
# So many are opened at once at most: fewer than a listener lets wait (net.core.somaxconn).
OPENED_AT_ONCE = 500
ROWS = 1000
# What may come of the order in which threads run; a change that matters is more.
TOLERANCE = 0.03

BARE = {
    "LIVETALK_ACCESS_LOG": "off", "LIVETALK_ALLOWED_HOSTS": "*", "LIVETALK_CORS_ALLOW_ORIGINS": "",
    "LIVETALK_RATE_LIMIT": "off", "LIVETALK_REQUEST_METRICS": "false",
}
METRICS = BARE | {"LIVETALK_REQUEST_METRICS": "true"}
MIDDLEWARE = {
    "LIVETALK_ACCESS_LOG": "access.log", "LIVETALK_ALLOWED_HOSTS": "localhost,127.0.0.1",
    "LIVETALK_CORS_ALLOW_ORIGINS": "*", "LIVETALK_RATE_LIMIT": "100000000/1", "LIVETALK_REQUEST_METRICS": "false",
}
# To a port that nobody listens on: discard(9).
WEBHOOKS = BARE | {
    "LIVETALK_WEBHOOKS": "http://127.0.0.1:9/hook#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "LIVETALK_WEBHOOK_NETWORKS": "127.0.0.0/8",
}
COMMON = {
    "DATABASE_URL": "sqlite:///counted.db", "LIVETALK_BENCHMARK_ROUTES": "true",
    "LIVETALK_SQLITE_SYNCHRONOUS": "FULL", "LIVETALK_WORKERS": "1",
}


def get(path, fields=""):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode()


def post(text, talk=7):
    body = f'{{"talk_id":{talk},"user_ip":"10.0.0.1","comment_text":"{text}"}}'
    return (
        "POST /comments/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Work:
    """What is sent, number by number, and how the service is set for it."""

    def __init__(self, request, settings=BARE, depth=1, prepare=None, is_on_postgres=False):
        self.request = request
        self.settings = settings
        self.depth = depth
        #: What is done to the database before anything is counted.
        self.prepare = prepare
        #: Whether the database is one of PostgreSQL, of which this counts the client's part.
        self.is_on_postgres = is_on_postgres


class Client:
    """A connection that reads whole answers and takes nothing but success."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.bytes = b""

    def read(self, count):
        while count:
            end = self.bytes.find(b"\r\n\r\n")
            if end >= 0:
                head = self.bytes[:end].lower()
                length = re.search(rb"content-length: *(\d+)", head)
                whole = end + 4 + (int(length.group(1)) if length else 0)
                if b"transfer-encoding: chunked" in head:
                    last = self.bytes.find(b"\r\n0\r\n\r\n", end + 2)
                    whole = last + 7 if last >= 0 else sys.maxsize
                if not head.split(b" ", 2)[1].startswith(b"2"):
                    sys.exit(f"not a success: {head[:80]!r}")
                if len(self.bytes) >= whole:
                    self.bytes = self.bytes[whole:]
                    count -= 1
                    continue
            more = self.socket.recv(1 << 18)
            if not more:
                sys.exit("the server has closed a connection")
            self.bytes += more

    def is_open(self):
        """Whether the server has neither closed the connection nor sent anything more."""
        try:
            self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        return False


def connect(port, process):
    """A first connection, once the server listens."""
    while process.poll() is None:
        try:
            return Client(port)
        except OSError:
            time.sleep(0.05)
    sys.exit(f"the server has ended with {process.returncode}")


def stop(process):
    """Stops a server and all of its children, until they are told to go on."""
    os.killpg(process.pid, signal.SIGSTOP)
    if os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT).si_code == os.CLD_EXITED:
        sys.exit("the server has ended")


def load(work, turns, clients, process, number=0):
    """Sends and reads so many turns, from that number on; returns the next one's."""
    for _ in range(turns):
        stop(process)
        for client in clients:
            client.socket.sendall(b"".join(work.request(number + k) for k in range(work.depth)))
            number += work.depth
        os.killpg(process.pid, signal.SIGCONT)
        for client in clients:
            client.read(work.depth)
    return number


def serve(command, settings, folder, body):
    """Starts a server in the folder, calls body with its port, a client and its process, and stops it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "PORT": str(port), **COMMON, **settings}
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command], cwd=folder, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return body(port, connect(port, process), process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def fill(command, folder, settings=BARE):
    """Posts the rows that are read, uncounted: of each four one is of talk 7."""

    def body(port, client, process):
        for number in range(ROWS):
            talk = 7 if number % 4 == 0 else number % 100 + 8
            client.socket.sendall(post(f"a comment of ordinary length for the talk, number {number}", talk))
            client.read(1)

    serve(command, settings, folder, body)


def pause(command, folder, settings):
    """Has no job begin."""
    serve(command, settings, folder, lambda port, client, process: None)
    words = [command[0], "jobs", "pause"]
    subprocess.run(words, cwd=folder, env={"PATH": os.environ["PATH"], **COMMON}, check=True, stdout=subprocess.DEVNULL)


WORKS = {
    "plaintext": Work(lambda number: get("/plaintext")),
    "pipelined": Work(lambda number: get("/plaintext"), depth=16),
    "middleware": Work(lambda number: get("/plaintext", "Origin: https://a.example\r\n"), MIDDLEWARE),
    "metrics": Work(lambda number: get("/plaintext"), METRICS),
    "comment": Work(lambda number: get(f"/comments/{number * 79 % ROWS + 1}"), prepare=fill),
    "list": Work(lambda number: get("/comments/?talk_id=7&limit=100"), prepare=fill),
    "post": Work(lambda number: post("thanks for the talk, could you share the slides")),
    # With a job of each in the same transaction, which is not run here: jobs have a loop of their own.
    "post-job": Work(lambda number: post("thanks for the talk, could you share the slides"), WEBHOOKS, prepare=pause),
    "comment-postgres": Work(lambda number: get(f"/comments/{number * 79 % ROWS + 1}"), prepare=fill, is_on_postgres=True),
    "post-postgres": Work(lambda number: post("thanks for the talk, could you share the slides"), is_on_postgres=True),
}
SHORT = ["plaintext", "middleware", "comment", "post"]


def group(pid):
    """The process group of a process; None of one that has ended meanwhile."""
    try:
        return os.getpgid(int(pid))
    except ProcessLookupError:
        return None


def control(process, *words):
    """Tells callgrind something, in the server and its children; returns their ids."""
    names = [entry.name for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()]
    pids = [name for name in names if group(name) == process.pid]
    # Both sides look for valgrind's pipes below TMPDIR, which the server is not told.
    environment = {"PATH": os.environ["PATH"]}
    subprocess.run(
        ["callgrind_control", *words, *pids], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return pids


def collected(part):
    """What callgrind has written of a process."""
    for _ in range(600):
        total = part.exists() and re.search(r"^totals: (\d+)", part.read_text(), re.MULTILINE)
        if total:
            return int(total.group(1))
        time.sleep(0.1)
    sys.exit(f"callgrind has not written {part}")


def opened(first, port, work, count):
    """The first connection and more, so many in all. Of many each has had a response: one that has sent nothing is closed after ten
    seconds."""
    clients = []
    while len(clients) < count:
        fresh = [Client(port) for _ in range(min(OPENED_AT_ONCE, count - len(clients)))] if clients else [first]
        clients += fresh
        if count > CONNECTIONS:
            for client in fresh:
                client.socket.sendall(work.request(0) * work.depth)
            for client in fresh:
                client.read(work.depth)
    return clients


def count(command, work, folder, profile=None, others=0, connections=CONNECTIONS, turns=TURNS, settings=None):
    """The instructions of a request; with a profile of all that were counted, and other connections open that send nothing."""
    out = folder / "profile"
    counted = ["valgrind", "-q", "--tool=callgrind", "--trace-children=yes", f"--callgrind-out-file={out}.%p", *command]

    def body(port, first, process):
        clients = opened(first, port, work, connections + others)
        busy = clients[:connections]
        start = load(work, turns[0], busy, process)
        control(process, "--zero")
        end = load(work, turns[1], busy, process, start)
        parts = [pathlib.Path(f"{out}.{pid}.1") for pid in control(process, "--dump")]
        figure = sum(map(collected, parts)) / (end - start)
        if profile:
            shutil.copy(max(parts, key=collected), profile)
        if not all(client.is_open() for client in clients):
            sys.exit("the server has closed a connection")
        for client in clients:
            client.socket.close()
        return figure

    return serve(counted, settings or work.settings, folder, body)


def per_request(command, work, profile=None, fill_with=None):
    """Of work on one server; fill_with makes a peer's database, as fill makes ours."""
    with tempfile.TemporaryDirectory() as folder, database(work) as place:
        filled = pathlib.Path(folder, "filled")
        filled.mkdir()
        settings = work.settings | place
        if work.prepare:
            fill_with(filled) if fill_with else work.prepare(command, filled, settings)
        # A service that is stopped amid its start may leave its control socket.
        for left in filled.glob("*-control"):
            left.unlink()
        return count(command, work, filled, profile, settings=settings)


@contextlib.contextmanager
def database(work):
    """The settings that say where the work's database is, other than in the folder."""
    if not work.is_on_postgres:
        yield {}
        return
    sys.path.insert(0, str(ROOT / "Tests/Postgres"))
    from server import Postgres

    postgres = Postgres()
    try:
        yield {"DATABASE_URL": postgres.url(postgres.database())}
    finally:
        postgres.close()


def bounds():
    """The bound of each work."""
    lines = (HERE / "instructions.txt").read_text().splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return {name: int(figure) for name, figure in pairs}


def floors():
    """The plain C servers."""
    folder = pathlib.Path(peers.BUILT)
    folder.mkdir(parents=True, exist_ok=True)
    servers.build(folder)
    with_database = (str(folder / "limit-sqlite"), "{port}", "floor.db", str(ROWS))
    return [
        peers.Peer("C", (str(folder / "limit"), "{port}"), works=("plaintext", "pipelined")),
        peers.Peer("C, SQLite", with_database, works=("comment",)),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", default=str(ROOT / ".build/release/livetalk"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", action="append", choices=list(WORKS), default=[])
    parser.add_argument("--profile")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--peers", action="store_true", help="those in peers/ too, where they have such work")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("there is no valgrind: apt-get install valgrind")
    command = [
        os.path.abspath(options.livetalk), "serve", "--host", "127.0.0.1", "--port", "{port}",
    ]
    others = [peers.Peer(name, tuple(rest.split())) for name, _, rest in (peer.partition("=") for peer in options.peer)]
    others += floors() + [peer for peer in peers.available() if peer.counts] if options.peers else []
    limits = bounds()
    failed = False
    for name in options.only or (SHORT if options.short else WORKS):
        profile = os.path.abspath(options.profile) if options.profile else None
        figure = per_request(command, WORKS[name], profile)
        known = limits.get(name)
        is_over = known is not None and figure > known * (1 + TOLERANCE)
        failed = failed or is_over
        words = "not known yet" if known is None else f"known: {known:,}"
        print(f"{name:<12}{figure:>10,.0f} ({words}){' TOO MUCH' if is_over else ''}", flush=True)
        for peer in (peer for peer in others if name in peer.works):
            figure = per_request(list(peer.command), WORKS[name], fill_with=lambda folder: peers.fill(folder, ROWS))
            print(f"  {peer.name:<10}{figure:>10,.0f}", flush=True)
    sys.exit(1 if options.check and failed else 0)


if __name__ == "__main__":
    main()
