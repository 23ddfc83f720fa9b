#!/usr/bin/env python3
"""Measures what Docs/Storage.md promises: batch sizes, a million comments, care while serving, how long loops are held.

    python3 Tests/Benchmarks/storage.py batches [--livetalk PATH]
    python3 Tests/Benchmarks/storage.py million [--livetalk PATH] [--rows N]
    python3 Tests/Benchmarks/storage.py holds [--livetalk PATH] [--rows N]
    python3 Tests/Benchmarks/storage.py all [--livetalk PATH] [--rows N]
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import statistics
import struct
import subprocess
import tempfile
import threading
import time

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
WORDS = "how does this behave under load when the room is full and everybody asks at once".split()
SMALL = 10_000


class Service:
    """A running `livetalk serve` over one database."""

    def __init__(self, binary: str, database: pathlib.Path, workers: int = 1, **environment: str):
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "serve", "--port", "0", "--workers", str(workers), "--access-log", "off",
             "--database-url", f"sqlite:///{database}"],
            stderr=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"], **environment}, cwd=database.parent)
        banner = ""
        while not (match := re.search(r"http://127\.0\.0\.1:(\d+)\n", banner)):
            line = self.process.stderr.readline()
            if not line:
                raise SystemExit(f"livetalk ended: {banner}")
            banner += line
        self.port = int(match[1])
        self.drain = threading.Thread(target=self.process.stderr.read, daemon=True)
        self.drain.start()

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port)

    def cpu_seconds(self) -> float:
        """Of all threads, to the nanosecond (proc(5), schedstat)."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:200]}")
    return body


def post(connection: http.client.HTTPConnection, talk: int, text: str) -> None:
    body = json.dumps({"talk_id": talk, "user_ip": "::1", "comment_text": text})
    connection.request("POST", "/comments/", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"a post: {answer.status}")


def run(command: list[str], **options) -> tuple[float, float]:
    """Runs a command; its seconds and the most memory that it held, in MiB."""
    begin = time.monotonic()
    process = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command}: exit status {process.returncode}")
    return time.monotonic() - begin, usage.ru_maxrss / 1024


def write_rows(path: pathlib.Path, rows: int) -> None:
    chance = random.Random(1)
    with path.open("w") as file:
        for number in range(1, rows + 1):
            stamp = f"2025-11-22T10:{number // 60 % 60:02}:{number % 60:02}.{number % 1_000_000:06}Z"
            text = " ".join(chance.choices(WORDS, k=8)) + f" {number}"
            file.write(json.dumps({
                "id": number, "talk_id": number % 50, "user_ip": f"10.0.{number % 9}.{number % 200}",
                "comment_text": text, "created_at": stamp, "updated_at": stamp}) + "\n")


def reads(services: dict[int, Service], path) -> dict[int, list[float]]:
    """CPU microseconds a request, the services in turn."""
    figures: dict[int, list[float]] = {rows: [] for rows in services}
    for number in range(9):
        for rows, service in services.items():
            connection = service.connection()
            paths = [path(rows, step) for step in range(300)]
            get(connection, paths[0])
            before = service.cpu_seconds()
            for one in paths:
                get(connection, one)
            figures[rows].append((service.cpu_seconds() - before) * 1e6 / len(paths))
            connection.close()
    return figures


def million(binary: str, rows: int, folder: pathlib.Path) -> None:
    services = {}
    for count in (SMALL, rows):
        write_rows(folder / "rows.ndjson", count)
        database = folder / f"{count}.db"
        seconds, memory = run(
            [binary, "import", str(folder / "rows.ndjson"), "--database-url", f"sqlite:///{database}"],
            stdout=subprocess.DEVNULL)
        print(f"import of {count:,}: {seconds:.1f} s, at most {memory:.0f} MiB", flush=True)
        service = services[count] = Service(binary, database)
        get(service.connection(), "/comments/1")
        print(f"start to first answer with {count:,}: {(time.monotonic() - service.begin) * 1e3:.0f} ms")
    kinds = {
        "point read": lambda count, step: f"/comments/{1 + step * 7919 % count}",
        "last page": lambda count, step: f"/comments/?limit=100&offset={count - 100}",
        "last page by cursor": lambda count, step: f"/comments/?limit=100&after={count - 100}",
    }
    for name, path in kinds.items():
        figures = reads(services, path)
        ratio = statistics.median(many / few for few, many in zip(figures[SMALL], figures[rows]))
        print(f"{name}: {statistics.median(figures[SMALL]):.0f} us CPU at {SMALL:,}, "
              f"{statistics.median(figures[rows]):.0f} at {rows:,}, ratio {ratio:.2f}", flush=True)
    for query in ("999983", "everybody+asks", "how"):
        begin = time.monotonic()
        get(services[rows].connection(), f"/search/comments?q={query}")
        print(f"search for {query}: {(time.monotonic() - begin) * 1e3:.0f} ms")
    beside(binary, services[rows], folder / f"{rows}.db", folder)
    for service in services.values():
        service.stop()


def beside(binary: str, service: Service, database: pathlib.Path, folder: pathlib.Path) -> None:
    """Backup, export and check while the service reads and writes."""
    ended = threading.Event()
    waits: list[float] = []
    posts = 0

    def load() -> None:
        nonlocal posts
        connection = service.connection()
        while not ended.is_set():
            begin = time.monotonic()
            post(connection, 1, "meanwhile")
            get(connection, "/comments/17")
            waits.append(time.monotonic() - begin)
            posts += 1

    url = ["--database-url", f"sqlite:///{database}"]
    jobs = {
        "backup": ["backup", str(folder / "backup.db"), *url],
        "export as NDJSON": ["export", str(folder / "all.ndjson"), *url],
        "export as CSV": ["export", str(folder / "all.csv"), *url],
        "check": ["check", *url],
    }
    for name, arguments in jobs.items():
        waits.clear()
        ended.clear()
        thread = threading.Thread(target=load)
        thread.start()
        seconds, memory = run([binary, *arguments], stdout=subprocess.DEVNULL)
        ended.set()
        thread.join()
        print(f"{name} beside a load: {seconds:.1f} s, at most {memory:.0f} MiB; meanwhile {len(waits)} posts and "
              f"reads, the slowest pair {max(waits) * 1e3:.0f} ms", flush=True)
    log = database.with_name(database.name + "-wal").stat().st_size / 2**20
    print(f"the WAL after it all: {log:.1f} MiB")
    seconds, _ = run([binary, "check", "--database-url", f"sqlite:///{folder / 'backup.db'}"],
                     stdout=subprocess.DEVNULL)
    print(f"the backup is sound ({seconds:.1f} s)")


class Holds:
    """The trace of hold_trace.c: the turns of the loops since the last look, in microseconds."""

    TURNS = 65536

    def __init__(self, folder: pathlib.Path):
        library = folder / "hold_trace.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, FOLDER / "hold_trace.c"], check=True)
        self.path = folder / "holds"
        self.path.write_bytes(bytes(8 + 16 * self.TURNS))
        self.environment = {"LD_PRELOAD": str(library), "HOLD_TRACE_FILE": str(self.path)}
        self.seen = 0

    def take(self) -> tuple[list[float], list[float]]:
        """CPU and wall time of each turn."""
        data = self.path.read_bytes()
        words = struct.unpack(f"={len(data) // 8}Q", data)
        count = words[0]
        slots = [1 + 2 * (number % self.TURNS) for number in range(max(self.seen, count - self.TURNS), count)]
        self.seen = count
        return [words[slot] / 1e3 for slot in slots], [words[slot + 1] / 1e3 for slot in slots]


def holds(binary: str, rows: int, folder: pathlib.Path) -> None:
    """How long the loop is busy at a time with each kind of request, of one client, over and over."""
    database = folder / "holds.db"
    write_rows(folder / "rows.ndjson", rows)
    run([binary, "import", str(folder / "rows.ndjson"), "--database-url", f"sqlite:///{database}"],
        stdout=subprocess.DEVNULL)
    trace = Holds(folder)
    service = Service(binary, database, **trace.environment)
    connection = service.connection()
    far = rows * 9 // 10
    kinds = {
        "point read": (1000, lambda step: f"/comments/{1 + step * 7919 % rows}"),
        "list of 100": (500, lambda step: "/comments/?limit=100"),
        "list of 100 at offset 4,096": (500, lambda step: "/comments/?limit=100&offset=4096"),
        f"list of 100 at offset {far:,}": (500, lambda step: f"/comments/?limit=100&offset={far + step}"),
        f"list of 100 after {far:,}": (500, lambda step: f"/comments/?limit=100&after={far + step}"),
        "list of a talk": (500, lambda step: f"/comments/?limit=100&talk_id={step % 50}"),
        "list of a talk at offset 4,096": (
            500, lambda step: f"/comments/?limit=100&offset=4096&talk_id={step % 50}"),
        "list of a talk at offset 15,000": (
            100, lambda step: f"/comments/?limit=100&offset=15000&talk_id={step % 50}"),
        "list of an address": (500, lambda step: f"/comments/?limit=100&user_ip=10.0.{step % 9}.{step % 200}"),
        "list of a talk and an address": (
            100, lambda step: f"/comments/?limit=100&talk_id={step % 50}&user_ip=10.0.{step % 9}.{step % 200}"),
        "search for a word of one comment": (100, lambda step: f"/search/comments?q={1 + step * 7919 % rows}"),
        "search for a word of all": (10, lambda step: "/search/comments?q=how&limit=100"),
    }
    print("us of the loop's time in one turn: CPU median, of 99 in 100, most; most by the clock")
    for name, (times, path) in kinds.items():
        get(connection, path(0))
        trace.take()
        for step in range(times):
            get(connection, path(step))
        show(name, trace)
    for _ in range(1000):
        post(connection, 1, "meanwhile")
    show("post", trace)
    for _ in range(100):
        post(connection, 999, "x" * 10_000)
    show("post of 10,000 characters", trace)
    for _ in range(50):
        get(connection, "/comments/?limit=100&talk_id=999")
    show("list of 100 such", trace)
    service.stop()


def show(name: str, trace: Holds) -> None:
    cpu, wall = trace.take()
    cpu.sort()
    print(f"{name:34}  {statistics.median(cpu):7.0f}  {cpu[len(cpu) * 99 // 100]:7.0f}  {cpu[-1]:7.0f}  "
          f"{max(wall):7.0f}", flush=True)


def batches(binary: str, folder: pathlib.Path) -> None:
    library = folder / "sync_counter.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, FOLDER / "sync_counter.c"], check=True)
    print("loops  clients  posts/s  posts a sync  CPU us a post  p50 ms  p99 ms")
    for loops in (1, 2):
        for clients in (1, 2, 4, 8, 16, 32, 64, 128, 256):
            print(f"{loops:5}  {clients:7}  {batch(binary, folder, library, loops, clients)}", flush=True)


def batch(binary: str, folder: pathlib.Path, library: pathlib.Path, loops: int, clients: int) -> str:
    """Posts for three seconds; all threads, wrk's too, share the machine's cores."""
    counter = folder / "syncs"
    counter.write_bytes(bytes(4096))
    service = Service(binary, folder / f"batches-{loops}-{clients}.db", loops, LD_PRELOAD=str(library),
                      SYNC_COUNTER_FILE=str(counter))
    before, cpu = int.from_bytes(counter.read_bytes()[:8], "little"), service.cpu_seconds()
    output = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", "-d3s", "--latency", "-s", FOLDER / "insert.lua",
         f"http://127.0.0.1:{service.port}/comments/"], capture_output=True, text=True, check=True).stdout
    syncs = int.from_bytes(counter.read_bytes()[:8], "little") - before
    cpu = service.cpu_seconds() - cpu
    service.stop()
    if "Non-2xx" in output:
        raise SystemExit(output)
    requests = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec: +([\d.]+)", output)[1])
    waits = dict(re.findall(r"(50|99)% +([\d.]+(?:us|ms|s))", output))
    return (f"{rate:7.0f}  {requests / max(syncs, 1):12.1f}  {cpu * 1e6 / requests:13.1f}  "
            f"{milliseconds(waits['50']):6.2f}  {milliseconds(waits['99']):6.2f}")


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("batches", "million", "holds", "all"))
    parser.add_argument("--livetalk", default=str(ROOT / ".build/release/livetalk"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    binary = str(pathlib.Path(options.livetalk).resolve())
    (ROOT / ".build").mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(dir=ROOT / ".build")))
        if options.what in ("batches", "all"):
            batches(binary, folder)
        if options.what in ("holds", "all"):
            holds(binary, options.rows, folder)
        if options.what in ("million", "all"):
            million(binary, options.rows, folder)


if __name__ == "__main__":
    main()
