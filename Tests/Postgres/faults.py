"""What clients of a node see while its PostgreSQL cannot do what it should, and that all goes on by itself afterwards.

faults.py --livetalk PATH

The server is read-only, takes no connections, is locked, hangs, has lost its synchronous standby, has no room, and is not there. The
last but one needs the right to mount a file system, and is left out without it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodes import Asking, Node
from server import Postgres


# So long that no page has room left for it where another one had none.
PADDING = " " + "x" * 2000


class Faults:
    """A node on a database whose owner is no superuser, and what it has answered."""

    def __init__(self, livetalk: str, folder: Path) -> None:
        self.folder = folder
        self.primary = Postgres()
        self.standby: Postgres | None = None
        self.name = self.primary.database()
        self.operate("CREATE ROLE livetalk LOGIN", f"ALTER DATABASE {self.name} OWNER TO livetalk")
        self.node = Node(livetalk, f"postgresql://livetalk@{self.primary.host}/{self.name}", folder)
        self.asking = Asking([self.node])
        self.texts: dict[int, str] = {}
        self.failures: list[str] = []

    def operate(self, *statements: str) -> None:
        """As the superuser."""
        for statement in statements:
            self.primary.rows(self.primary.url(self.name), statement)

    def check(self, what: str, is_right: bool) -> None:
        if not is_right:
            self.failures.append(what)
            print(f"FAIL {what}")

    def becomes(self, target: str, status: int) -> bool:
        """Whether it is answered so within a minute: the service remembers for a moment whether it was ready."""
        began = time.monotonic()
        while abs(self.get(target)) != status:
            if time.monotonic() - began > 60:
                return False
            time.sleep(0.05)
        return True

    def post(self, text: str, key: str | None = None) -> int:
        body = json.dumps({"talk_id": 1, "user_ip": "::1", "comment_text": text})
        headers = {"Idempotency-Key": f'"{key}"'} if key else {}
        status, answer = self.asking.ask("POST", "/comments/", body, headers)
        if status == 200:
            self.texts[json.loads(answer)["id"]] = text
        return status

    def get(self, target: str) -> int:
        return self.asking.ask("GET", target)[0]

    def during(self, fault: str, reads: int, ready: int) -> None:
        """While there is a fault: posts are refused, reads answered with `reads`, and the node is alive."""
        began = time.monotonic()
        keyed = self.post(f"{fault}{PADDING}, with a key", fault)
        took = time.monotonic() - began
        self.check(f"{fault}: a post is answered {keyed}", keyed == 503)
        self.check(f"{fault}: another post", self.post(f"{fault}{PADDING}") == 503)
        found = self.get("/comments/1")
        self.check(f"{fault}: a read is answered {found}", found == reads)
        self.check(f"{fault}: /healthz", self.get("/healthz") == 200)
        self.check(f"{fault}: /readyz", self.becomes("/readyz", ready))
        print(f"{fault}: 503 after {took:.1f} s, reads {found}", end="", flush=True)

    def after(self, fault: str) -> None:
        """When it is over: all goes on in the same process, and the key has posted once."""
        began = time.monotonic()
        while self.post(f"{fault}{PADDING}, with a key", fault) != 200 and time.monotonic() - began < 60:
            time.sleep(0.05)
        took = time.monotonic() - began
        self.check(f"{fault}: goes on within a minute", took < 60)
        self.check(f"{fault}: is ready again", self.becomes("/readyz", 200))
        self.check(f"{fault}: a read afterwards", self.get("/comments/1") == 200)
        print(f"; goes on {took:.1f} s after its end")

    def table(self) -> dict[int, str]:
        rows = self.primary.rows(self.primary.url(self.name), "SELECT id, convert_from(comment_text, 'UTF8') FROM comment")
        return {int(row[0]): ",".join(row[1:]) for row in rows}

    def close(self) -> None:
        if self.node.process.poll() is None:
            self.node.kill()
        for server in [self.primary, self.standby]:
            if server:
                server.close()


@contextmanager
def read_only(faults: Faults) -> Iterator[None]:
    faults.operate("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    yield
    faults.operate("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")


@contextmanager
def without_connections(faults: Faults) -> Iterator[None]:
    faults.operate(
        f"ALTER DATABASE {faults.name} CONNECTION LIMIT 0",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'livetalk'")
    yield
    faults.operate(f"ALTER DATABASE {faults.name} CONNECTION LIMIT -1")


@contextmanager
def locked(faults: Faults) -> Iterator[None]:
    command = [str(faults.primary.programs / "psql"), "-qAt", faults.primary.url(faults.name)]
    session = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    session.stdin.write("SELECT pg_advisory_lock(7);\nSELECT 'locked';\n")
    session.stdin.flush()
    while session.stdout.readline().strip() != "locked":
        pass
    yield
    session.communicate()


@contextmanager
def hanging(faults: Faults) -> Iterator[None]:
    processes = faults.primary.processes()
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    yield
    for process in processes:
        os.kill(process, signal.SIGCONT)


@contextmanager
def without_standby(faults: Faults) -> Iterator[None]:
    faults.standby = faults.primary.standby()
    faults.check("with a standby: a post", faults.post("with a standby") == 200)
    faults.standby.stop()
    yield
    faults.standby.start()


@contextmanager
def full(faults: Faults) -> Iterator[None]:
    room = Path(tempfile.mkdtemp(prefix="crane-room-", dir="/var/tmp"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(room)], check=True)
    space = room / "space"
    try:
        space.mkdir()
        shutil.chown(room, "postgres")
        shutil.chown(space, "postgres")
        faults.operate(f"CREATE TABLESPACE small LOCATION '{space}'", "ALTER TABLE comment SET TABLESPACE small")
        faults.check("on a small disk: a post", faults.post("on a small disk") == 200)
        # The present page may have some room left.
        subprocess.run(["dd", "if=/dev/zero", f"of={room / 'filler'}"], check=False, stderr=subprocess.DEVNULL)
        number = 0
        while faults.post(f"{number}{PADDING}") == 200:
            number += 1
        yield
        (room / "filler").unlink()
        faults.operate("ALTER TABLE comment SET TABLESPACE pg_default", "DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(room)], check=True)
        room.rmdir()


@contextmanager
def gone(faults: Faults) -> Iterator[None]:
    faults.primary.stop()
    yield
    faults.primary.start()


def may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False, capture_output=True).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--livetalk", required=True)
    parser.add_argument("--only", help="the name of one fault")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crane-nodes-logs-"))
    faults = Faults(str(Path(options.livetalk).resolve()), folder)
    # What reads and /readyz are answered meanwhile. Reads go on where connections are left and the server answers; where a table
    # cannot grow the row that /readyz writes still can be.
    all_faults = [
        ("read-only", read_only, 200, 503), ("out of connections", without_connections, 503, 503), ("locked", locked, 200, 200),
        ("hanging", hanging, 503, 503), ("full", full, 200, 200), ("gone", gone, 503, 503),
        ("without its standby", without_standby, 200, 503),
    ]  # fmt: skip
    if not may_mount():
        all_faults = [fault for fault in all_faults if fault[0] != "full"]
        print("full: left out, since nothing can be mounted here")
    try:
        faults.node.wait()
        faults.check("the first post", faults.post("first") == 200)
        for name, fault, reads, ready in all_faults:
            if options.only in (None, name):
                with fault(faults):
                    faults.during(name, reads, ready)
                faults.after(name)
        table = faults.table()
        lost = [number for number, text in faults.texts.items() if table.get(number) != text]
        faults.check(f"{len(lost)} answered posts are lost", not lost)
        texts = list(table.values())
        doubled = {text for text in texts if text.endswith("with a key") and texts.count(text) > 1}
        faults.check(f"posted twice: {doubled}", not doubled)
        faults.check("the node was ended", faults.node.process.poll() is None)
        print(f"{len(faults.texts)} posts were answered with 200, {len(lost)} of them lost; {len(table)} are in the table")
        if faults.failures:
            print((folder / f"{faults.node.port}.log").read_text()[-4000:], file=sys.stderr)
            sys.exit("\n".join(faults.failures))
    finally:
        faults.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
