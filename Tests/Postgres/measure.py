"""What requests cost on PostgreSQL, beside pgbench's own inserts on the same server, and how long a change takes to another node.

measure.py --livetalk PATH [--seconds N]

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
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from nodes import Node
from server import Postgres

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


class Wrk:
    """wrk's requests a second, and what the service has used for each."""

    def __init__(self, node: Node, folder: Path, seconds: int) -> None:
        self.node, self.seconds = node, seconds
        self.script = folder / "post.lua"
        self.script.write_text(POST)

    def run(self, target: str, post: bool = False) -> tuple[float, float]:
        script = ["-s", str(self.script)] if post else []
        before = processor_seconds(self.node.process.pid)
        command = ["wrk", "-t1", "-c64", f"-d{self.seconds}s", "-H", "Host: localhost", *script]
        done = subprocess.run([*command, f"http://127.0.0.1:{self.node.port}{target}"], check=True, capture_output=True, text=True)
        used = processor_seconds(self.node.process.pid) - before
        total = int(re.search(r"(\d+) requests in", done.stdout).group(1))
        if "Non-2xx" in done.stdout:
            raise SystemExit(f"{target} was refused:\n{done.stdout}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1)), used / total * 1e6


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--livetalk", required=True)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    postgres = Postgres()
    folder = Path(tempfile.mkdtemp(prefix="crane-measure-"))
    url = postgres.url(postgres.database())
    os.environ["LIVETALK_BENCHMARK_ROUTES"] = "true"
    livetalk = str(Path(options.livetalk).resolve())
    nodes = [Node(livetalk, url, folder) for _ in range(2)]
    node = nodes[0]
    try:
        for each in nodes:
            each.wait()
        lags = Lags(*nodes)
        lags.tell("at rest", 300)
        under_load(node, lags, folder, 1000)
        held_open(postgres, lags)
        # One of them alone for the costs.
        nodes[1].kill()
        wrk = Wrk(node, folder, options.seconds)
        for round in range(3):
            own = inserts(postgres, url, folder, options.seconds) if round == 0 else None
            posts, post_cost = wrk.run("/comments/", post=True)
            plain, plain_cost = wrk.run("/plaintext")
            reads, read_cost = wrk.run("/comments/1")
            lists, list_cost = wrk.run("/comments/?talk_id=1&limit=100")
            if own:
                print(f"pgbench, 64 connections that insert: {own:.0f} a second; POST {posts / own:.2f} times as many")
            print(f"POST /comments/: {posts:.0f}/s, {post_cost:.1f} us; plaintext: {plain:.0f}/s, {plain_cost:.1f} us")
            print(f"GET /comments/1: {reads:.0f}/s, {read_cost:.1f} us, {read_cost / plain_cost:.2f} times plaintext")
            print(f"list of 100: {lists:.0f}/s, {list_cost:.1f} us")
    finally:
        for each in nodes:
            if each.process.poll() is None:
                each.kill()
        postgres.close()


if __name__ == "__main__":
    main()
