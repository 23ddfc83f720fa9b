"""What requests cost on PostgreSQL, beside pgbench's own inserts on the same server.

measure.py --livetalk PATH [--seconds N]

Needs wrk and pgbench. One loop; client, service and PostgreSQL share the machine, so that rates are a lower bound.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--livetalk", required=True)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    postgres = Postgres()
    folder = Path(tempfile.mkdtemp(prefix="crane-measure-"))
    url = postgres.url(postgres.database())
    os.environ["LIVETALK_BENCHMARK_ROUTES"] = "true"
    node = Node(str(Path(options.livetalk).resolve()), url, folder)
    try:
        node.wait()
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
        node.kill()
        postgres.close()


if __name__ == "__main__":
    main()
