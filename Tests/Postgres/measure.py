"""What requests cost on PostgreSQL, beside pgbench's own inserts on the same server, and how long a change takes to another node.

measure.py --livetalk PATH [--seconds N] [--others]

Needs wrk and pgbench. One loop; client, service and PostgreSQL share the machine, so that rates are a lower bound. A change's time is
from sending the post at one node to the event's arrival at a client of another: at rest, under 1,000 posts a second, and while a
transaction is held open in another database of the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from nodes import Node
from server import Postgres

OTHERS = Path(__file__).parent / "others"
POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"talk_id": 1, "user_ip": "203.0.113.7", "comment_text": "What does it cost to write this on a server?"}'
"""
INSERT = """
INSERT INTO plain (talk_id, user_ip, comment_text, created_at, updated_at)
    VALUES (1, '203.0.113.7', 'What does it cost to write this on a server?', now(), now());
"""
TABLE = """
CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, talk_id bigint NOT NULL, user_ip text NOT NULL,
    comment_text text NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX ON plain (talk_id, id);
CREATE INDEX ON plain (user_ip, id);
"""


def processor_seconds(pid: int) -> float:
    """What a process has used, by proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Other:
    """A service of others on the same database: FastAPI with asyncpg, or Go with pgx."""

    def __init__(self, command: list[str], url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [word.replace("PORT", str(self.port)) for word in command]
        environment = {**os.environ, "DATABASE_URL": url, "PORT": str(self.port)}
        self.process = subprocess.Popen(command, cwd=OTHERS, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("a service of others does not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Wrk:
    """wrk's requests a second, and what the service has used for each."""

    def __init__(self, node: Node | Other, folder: Path, seconds: int) -> None:
        self.node, self.seconds = node, seconds
        self.script = folder / "post.lua"
        self.script.write_text(POST)

    def run(self, target: str, post: bool = False, connections: int = 64) -> str:
        script = ["-s", str(self.script)] if post else []
        before = processor_seconds(self.node.process.pid)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{self.seconds}s", "-H", "Host: localhost", *script]
        done = subprocess.run([*command, f"http://127.0.0.1:{self.node.port}{target}"], check=True, capture_output=True, text=True)
        used = processor_seconds(self.node.process.pid) - before
        total = int(re.search(r"(\d+) requests in", done.stdout).group(1))
        if "Non-2xx" in done.stdout:
            raise SystemExit(f"{target} was refused:\n{done.stdout}")
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
        return f"{rate:,.0f}/s, {used / total * 1e6:.0f} us"

    def row(self, name: str) -> None:
        """A line of a table: what each request costs."""
        cells = [
            self.run("/comments/", post=True), self.run("/comments/", post=True, connections=256), self.run("/comments/1"),
            self.run("/comments/?talk_id=1&limit=100"), self.run("/plaintext"),
        ]  # fmt: skip
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def inserts(postgres: Postgres, url: str, folder: Path, seconds: int) -> float:
    script = folder / "insert.sql"
    script.write_text(INSERT)
    subprocess.run([str(postgres.programs / "psql"), "-q", "-c", TABLE, url], check=True, stderr=subprocess.DEVNULL)
    command = [str(postgres.programs / "pgbench"), "-n", "-M", "prepared", "-c", "64", "-j", "1", "-T", str(seconds)]
    done = subprocess.run([*command, "-f", str(script), url], check=True, capture_output=True, text=True)
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))


class Lags:
    """How long comments posted at one node take to a client of another."""

    def __init__(self, posting: Node, following: Node) -> None:
        self.post = http.client.HTTPConnection("127.0.0.1", posting.port, timeout=30)
        self.poll = http.client.HTTPConnection("127.0.0.1", following.port, timeout=30)

    def ask(self, connection: http.client.HTTPConnection, method: str, target: str, body: str | None = None) -> object:
        connection.request(method, target, body, {"Host": "localhost", "Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())

    def take(self, count: int) -> list[float]:
        """In milliseconds, ascending."""
        talk = random.randrange(1000, 1 << 30)
        body = json.dumps({"talk_id": talk, "user_ip": "::1", "comment_text": "How long does it take?"})
        times: list[float] = []
        for number in range(count):
            waiting = threading.Thread(target=lambda: self.ask(self.poll, "GET", f"/talks/{talk}/changes?after={number}&wait=25"))
            waiting.start()
            time.sleep(0.02)
            began = time.monotonic()
            self.ask(self.post, "POST", "/comments/", body)
            waiting.join()
            times.append((time.monotonic() - began) * 1000)
        return sorted(times)

    def tell(self, when: str, count: int) -> None:
        times = self.take(count)
        print(f"post to event at another node, {when}: p50 {times[count // 2]:.1f} ms, p99 {times[count * 99 // 100]:.1f} ms")


def held_open(postgres: Postgres, lags: Lags) -> None:
    other = postgres.url(postgres.database())
    command = [str(postgres.programs / "psql"), "-qAt", other]
    session = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    session.stdin.write("BEGIN; CREATE TABLE held (n int); SELECT 'open';\n")
    session.stdin.flush()
    session.stdout.readline()
    began = time.monotonic()
    while time.monotonic() - began < 10:
        lags.tell("a transaction is open in another database", 100)
    session.communicate()


def under_load(node: Node, lags: Lags, folder: Path, rate: int) -> None:
    """A pause after each request of 32 connections makes the rate, about."""
    script = folder / "rate.lua"
    script.write_text(POST + f"function delay() return {32 * 1000 // rate} end\n")
    command = ["wrk", "-t1", "-c32", "-d10s", "-H", "Host: localhost", "-s", str(script), f"http://127.0.0.1:{node.port}/comments/"]
    load = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    lags.tell("under load", 100)
    found = re.search(r"Requests/sec:\s+([\d.]+)", load.communicate()[0])
    print(f"the load was {float(found.group(1)):.0f} posts a second")


def others(folder: Path) -> dict[str, list[str]]:
    """How each service of others is started, once its parts have been fetched: from PyPI, and from Debian."""
    environment = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    subprocess.run([str(environment / "bin/pip"), "-q", "install", "fastapi", "uvicorn[standard]", "asyncpg"], check=True)
    program = folder / "comments"
    settings = {**os.environ, "GO111MODULE": "off", "GOPATH": f"/usr/share/gocode:{folder / 'go'}", "GOCACHE": str(folder / "cache")}
    subprocess.run(["go", "build", "-o", str(program), "main.go"], cwd=OTHERS, env=settings, check=True)
    uvicorn = [str(environment / "bin/uvicorn"), "fastapi_app:app", "--port", "PORT", "--no-access-log", "--log-level", "error"]
    return {"FastAPI, asyncpg": uvicorn, "Go, pgx": [str(program)]}


def costs(livetalk: str, postgres: Postgres, url: str, folder: Path, seconds: int, with_others: bool) -> None:
    own = inserts(postgres, url, folder, seconds)
    print(f"pgbench, 64 connections that insert: {own:,.0f} a second")
    print("| | POST | POST, 256 clients | GET one | list of 100 | plaintext |\n|---|---|---|---|---|---|")
    services: dict[str, Callable[[], Node | Other]] = {
        "LiveTalk on PostgreSQL": lambda: Node(livetalk, url, folder),
        "LiveTalk on SQLite": lambda: Node(livetalk, f"sqlite:////{str(folder).lstrip('/')}/comments.db", folder),
    }
    for name, command in others(folder).items() if with_others else []:
        # Go takes no socket's path as a host.
        plain = f"postgresql://crane@/{url.rpartition('/')[2]}?host={postgres.directory}"
        services[name] = lambda command=command, plain=plain: Other(command, plain)
    for name, start in services.items():
        service = start()
        try:
            service.wait()
            Wrk(service, folder, seconds).row(name)
        finally:
            service.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--livetalk", required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--others", action="store_true", help="FastAPI and Go too: needs PyPI, and golang-github-jackc-pgx-v4-dev")
    options = parser.parse_args()
    postgres = Postgres()
    folder = Path(tempfile.mkdtemp(prefix="crane-measure-", dir="/var/tmp"))
    url = postgres.url(postgres.database())
    os.environ["LIVETALK_BENCHMARK_ROUTES"] = "true"
    livetalk = str(Path(options.livetalk).resolve())
    nodes = [Node(livetalk, url, folder) for _ in range(2)]
    try:
        for node in nodes:
            node.wait()
        lags = Lags(*nodes)
        lags.tell("at rest", 300)
        under_load(nodes[0], lags, folder, 1000)
        held_open(postgres, lags)
    finally:
        for node in nodes:
            node.kill()
    try:
        costs(livetalk, postgres, url, folder, options.seconds, options.others)
    finally:
        postgres.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
