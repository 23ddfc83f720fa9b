"""Several nodes on a PostgreSQL of their own while nodes are killed, PostgreSQL restarts and fails over: nothing that was answered is lost.

nodes.py --livetalk PATH [--posts N] [--clients N] [--followers N] [--nodes N] [--kills N] [--cut SECONDS]

Clients post to whichever node answers, each fourth one with a key, which it sends again until it is answered. Followers read the feed's
changes and go on at another node when theirs is gone. After half of the kills PostgreSQL restarts, and then a node is cut off from the
network for a while, where the machine allows that each has a namespace of its own; in the end PostgreSQL is killed, and its
synchronous standby promoted. Then every answered comment is in the standby's table, each keyed one once, and what each follower was
told are the talk's changes without a gap, twice or out of order. No node but the killed ones was started again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import network
from server import Postgres


class Node:
    """A service of its own, which is killed and started again on its port."""

    def __init__(self, livetalk: str, url: str, folder: Path, place: network.Place | None = None) -> None:
        self.place = place
        self.host = place.host if place else "127.0.0.1"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.command = [*(place.prefix if place else []), livetalk, "serve"]
        self.command += ["--host", self.host, "--port", str(self.port), "--database-url", url]
        self.log = open(folder / f"{self.port}.log", "wb")
        self.folder = folder
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=self.log, stderr=self.log)

    def wait(self) -> None:
        """Waits until it is ready. One that found no database at its start has ended, and is started again as systemd does it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                self.start()
            try:
                connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        sys.exit(f"the node on port {self.port} is not ready")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Asking:
    """Requests of one client to whichever node answers."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, target: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """The status, 0 where no answer came."""
        try:
            if self.connection is None:
                node = random.choice(self.nodes)
                self.connection = http.client.HTTPConnection(node.host, node.port, timeout=30)
            fields = {"Host": "localhost", "Content-Type": "application/json", **(headers or {})}
            self.connection.request(method, target, body, fields)
            response = self.connection.getresponse()
            answer = response.read()
            if response.status == 503 and not response.headers["Retry-After"]:
                return -503, answer
            return response.status, answer
        except (OSError, http.client.HTTPException):
            self.connection = None
            return 0, b""


class Posting:
    """What clients have posted, and what came of it."""

    def __init__(self, nodes: list[Node], posts: int, clients: int) -> None:
        self.nodes = nodes
        self.answered: dict[int, str] = {}
        self.failures: Counter[int] = Counter()
        self.last = time.monotonic()
        self.done = 0
        shares = [range(start, posts, clients) for start in range(clients)]
        self.threads = [threading.Thread(target=self.post, args=(share, client % 4 == 0)) for client, share in enumerate(shares)]

    def post(self, numbers: range, is_keyed: bool) -> None:
        asking = Asking(self.nodes)
        for number in numbers:
            text = f"comment {number}{' with a key' if is_keyed else ''}"
            body = json.dumps({"talk_id": 1, "user_ip": "::1", "comment_text": text})
            headers = {"Idempotency-Key": f'"{number}"'} if is_keyed else {}
            while True:
                status, answer = asking.ask("POST", "/comments/", body, headers)
                if status == 200:
                    self.answered[json.loads(answer)["id"]] = text
                    self.last = time.monotonic()
                    break
                self.failures[status] += 1
                time.sleep(0.05)
                if not is_keyed:
                    break
            self.done += 1

    def wait(self, done: int) -> None:
        while self.done < done and any(thread.is_alive() for thread in self.threads):
            time.sleep(0.02)

    def lost(self, table: dict[int, str]) -> list[int]:
        return [number for number, text in self.answered.items() if table.get(number) != text]

    @staticmethod
    def doubled(table: dict[int, str]) -> list[str]:
        """Keyed comments that are there more than once."""
        return [text for text, count in Counter(table.values()).items() if count > 1 and text.endswith("key")]


class Following:
    """What followers were told of the talk's changes."""

    def __init__(self, nodes: list[Node], count: int) -> None:
        self.nodes = nodes
        self.is_over = threading.Event()
        self.end = 0
        self.told: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
        self.threads = [threading.Thread(target=self.follow, args=(history,)) for history in self.told]

    def follow(self, told: list[tuple[int, int, int]]) -> None:
        asking = Asking(self.nodes)
        position = 0
        while not (self.is_over.is_set() and position >= self.end):
            status, answer = asking.ask("GET", f"/talks/1/changes?after={position}&wait=2")
            if status != 200:
                time.sleep(0.05)
                continue
            for event in json.loads(answer):
                told.append((event["seq"], event["prev"], event["comment"]["id"]))
                position = event["seq"]
            if random.random() < 0.05:
                asking.connection = None

    def otherwise(self, changes: list[tuple[int, int]]) -> int:
        """How many were told anything else than the changes."""
        right = [(seq, seq - 1, comment) for seq, comment in changes]
        return sum(history != right for history in self.told)


def fail_over(primary: Postgres, standby: Postgres, posting: Posting) -> None:
    primary.kill()
    time.sleep(0.5)
    standby.promote()
    promoted = time.monotonic()
    while posting.last < promoted and any(thread.is_alive() for thread in posting.threads):
        time.sleep(0.01)
    print(f"the standby was promoted; the first post after it was answered {posting.last - promoted:.2f} s later")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--livetalk", required=True)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--followers", type=int, default=50)
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--cut", type=float, default=4, help="how long a node is cut off, in seconds")
    options = parser.parse_args()
    joined = network.Network(servers=2) if network.enter() else None
    print("each node has a namespace of its own" if joined else "no node is cut off: that needs root, unshare and ip", flush=True)
    primary = Postgres(address=joined.server(0) if joined else "")
    folder = Path(tempfile.mkdtemp(prefix="crane-nodes-logs-"))
    nodes: list[Node] = []
    servers = [primary]
    try:
        name = primary.database()
        standby = primary.standby(joined.server(1) if joined else "")
        servers.append(standby)
        url = f"postgresql://crane@{primary.host},{standby.host}/{name}"
        livetalk = str(Path(options.livetalk).resolve())
        nodes += [Node(livetalk, url, folder, joined.place() if joined else None) for _ in range(options.nodes)]
        for node in nodes:
            node.wait()
        posting, following = Posting(nodes, options.posts, options.clients), Following(nodes, options.followers)
        began = time.monotonic()
        for thread in following.threads + posting.threads:
            thread.start()
        # At even parts of the posts, so that it takes as long as the machine needs.
        for step in range(options.kills + 3):
            posting.wait(options.posts * (step + 1) // (options.kills + 4))
            if step == options.kills // 2:
                primary.stop()
                primary.start()
            elif step == options.kills // 2 + 1:
                victim = random.choice(nodes)
                if victim.place:
                    victim.place.cut_off(options.cut)
            elif step == options.kills + 2:
                fail_over(primary, standby, posting)
            else:
                victim = random.choice(nodes)
                victim.kill()
                victim.start()
        for thread in posting.threads:
            thread.join()
        took = time.monotonic() - began
        for node in nodes:
            node.wait()
        table_url = standby.url(name)
        table = {int(row[0]): row[1] for row in standby.rows(table_url, "SELECT id, convert_from(comment_text, 'UTF8') FROM comment")}
        log = [tuple(map(int, row)) for row in standby.rows(table_url, "SELECT seq, comment_id FROM change ORDER BY position")]
        following.end = log[-1][0]
        following.is_over.set()
        for thread in following.threads:
            thread.join(120)
        lost, doubled, otherwise = posting.lost(table), posting.doubled(table), following.otherwise(log)
        failures = ", ".join(f"{count} with {status or 'no answer'}" for status, count in posting.failures.items())
        print(
            f"{len(posting.answered)} answered with 200 in {took:.0f} s, others {failures}; {len(table)} in the table, {len(lost)} answered ones lost, "
            f"{len(doubled)} keyed ones twice; {options.followers} followers were told {len(log)} changes each, {otherwise} of them otherwise"
        )
        in_order = [seq for seq, _ in log] == list(range(1, len(log) + 1)) and [row[1] for row in log] == sorted(table)
        if lost or doubled or otherwise or not in_order or set(posting.failures) - {0, 503}:
            sys.exit("something was lost, or came twice or out of order")
    finally:
        for node in nodes:
            if node.process.poll() is None:
                node.kill()
        for server in servers:
            server.close()
        if joined:
            joined.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
