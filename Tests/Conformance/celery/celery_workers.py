#!/usr/bin/env python3
"""Unmodified workers of Celery on LiveTalk's embedded broker, each step beside a Redis.

celery_workers.py --livetalk BINARY                  every version: the scenario on both, the long tasks, and the kills
celery_workers.py --livetalk BINARY --versions 5.7   one version (5.7, 5.4, 5.3, or debian: python3-celery as it is installed)
celery_workers.py --livetalk BINARY --short          half a minute of one version, against what a Redis is known to do
celery_workers.py --livetalk BINARY --only kills     one part: scenario, long or kills (--tasks, --worker-kills, --broker-kills)

Packages come from PyPI into .build/celery; the Redis is the one of Debian's redis-server, on a port of its own.
"""
from __future__ import annotations

import argparse
import base64
import collections
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
VERSIONS = ["5.7", "5.4", "5.3", "debian"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(condition, seconds: float = 60, pause: float = 0.05):
    """The first true value that the condition has; the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(pause)
    return value


class Missing(Exception):
    """What cannot be installed here."""


# MARK: environments


def environment_python(version: str) -> str:
    """The Python of an environment with this version of Celery; made on first use."""
    if version == "debian":
        probe = subprocess.run(["/usr/bin/python3", "-c", "import celery, redis"], capture_output=True)
        if probe.returncode:
            raise Missing("the Debian package python3-celery is not installed")
        return "/usr/bin/python3"
    folder = ROOT / ".build" / "celery" / version
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
        # Each with the kombu of its time: Celery allows later ones, which the redis that it asks for is too old for. kombu 5.3 and
        # 5.4 import packaging and do not ask for it.
        wanted = [f"celery[redis]=={version}.*", f"kombu=={version}.*", "flower==2.2.*", "packaging"]
        result = subprocess.run([*install, *wanted], capture_output=True, text=True)
        if result.returncode:
            raise Missing("PyPI cannot be reached: " + result.stderr.strip().splitlines()[-1])
        (folder / "installed").touch()
    return str(python)


# MARK: brokers


class Process:
    """A process in a group of its own, ended by its number."""

    def __init__(self, command, environment, folder: Path, log: str):
        self.log = folder / log
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def words(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def end(self, number=signal.SIGTERM, seconds: float = 60):
        if self.is_running:
            os.kill(self.process.pid, number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """kill -9, with all that it has started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Redis:
    name = "Redis"

    def __init__(self, folder: Path):
        self.port = free_port()
        binary = shutil.which("redis-server")
        if not binary:
            raise Missing("the Debian package redis-server is not installed")
        command = [binary, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1", "--daemonize", "no"]
        self.process = Process(command, dict(os.environ), folder, "redis.log")
        wait(lambda: answers(self.port))

    def unknown(self) -> int:
        return 0

    def end(self):
        self.process.end()


class LiveTalk:
    name = "LiveTalk"

    def __init__(self, folder: Path, binary: Path, grace: int):
        self.folder, self.binary = folder, binary
        self.port, self.web = free_port(), free_port()
        self.environment = {
            "PATH": "/usr/bin:/bin", "LIVETALK_BROKER": "embedded", "LIVETALK_ACCESS_LOG": "off",
            "LIVETALK_BROKER_LISTEN": f"127.0.0.1:{self.port}", "LIVETALK_PORT": str(self.web),
            "LIVETALK_BROKER_GRACE_SECONDS": str(grace), "DATABASE_URL": f"sqlite:///{folder}/livetalk.db",
        }
        self.counted = collections.Counter()
        self.start()

    def start(self):
        self.process = Process([str(self.binary), "serve"], self.environment, self.folder, "livetalk.log")
        if not wait(lambda: answers(self.port) and answers(self.web)):
            raise SystemExit("LiveTalk did not start:\n" + self.process.words()[-2000:])

    def metrics(self) -> dict[str, int]:
        connection = http.client.HTTPConnection("127.0.0.1", self.web, timeout=10)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        return {n: int(float(v)) for n, v in (l.split() for l in lines if l.startswith("livetalk_broker_"))}

    def unknown(self) -> int:
        return self.metrics()["livetalk_broker_unknown_commands_total"]

    def post(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.web, timeout=10)
        connection.request("POST", path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def end(self):
        self.process.end()


class Redises:
    """A bare client: commands as bytes, answers as far as they are needed here."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.file = self.socket.makefile("rb")

    def send(self, *words):
        out = b"*%d\r\n" % len(words)
        for word in words:
            word = word if isinstance(word, bytes) else str(word).encode()
            out += b"$%d\r\n%s\r\n" % (len(word), word)
        self.socket.sendall(out)

    def read(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if rest == b"-1" else [self.read() for _ in range(int(rest))]
        return int(rest) if kind == b":" else rest

    def call(self, *words):
        self.send(*words)
        return self.read()

    def close(self):
        self.file.close()
        self.socket.close()


def message(task: str, args: list, identifier: str | None = None, eta: float | None = None) -> tuple[str, str]:
    """A task for a worker, made without Celery."""
    import datetime

    identifier = identifier or str(uuid.uuid4())
    due = eta and (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=eta)).isoformat()
    body = json.dumps([args, {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}])
    return identifier, json.dumps({
        "body": base64.b64encode(body.encode()).decode(), "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {
            "lang": "py", "task": task, "id": identifier, "root_id": identifier, "parent_id": None, "group": None,
            "eta": due, "expires": None, "retries": 0, "timelimit": [None, None], "argsrepr": repr(tuple(args)),
            "kwargsrepr": "{}", "origin": "test", "ignore_result": False},
        "properties": {
            "correlation_id": identifier, "reply_to": "", "delivery_mode": 2, "priority": 0,
            "delivery_info": {"exchange": "", "routing_key": "celery"}, "body_encoding": "base64",
            "delivery_tag": str(uuid.uuid4())}})


class Bench:
    """Workers of one version on one broker."""

    def __init__(self, broker, python: str, folder: Path):
        self.broker, self.python, self.folder = broker, python, folder
        self.ran = folder / "ran.log"
        self.url = f"redis://127.0.0.1:{broker.port}/0"
        self.processes: list[Process] = []

    def environment(self, **more) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("LIVETALK_", "CELERY"))},
            "BROKER": self.url, "RAN": str(self.ran), "PYTHONPATH": str(HERE), "C_FORCE_ROOT": "1",
            "FLOWER_UNAUTHENTICATED_API": "true", "PYTHONWARNINGS": "ignore", **more}

    def celery(self, *arguments: str, log: str, **more) -> Process:
        process = Process(
            [self.python, "-m", "celery", "-A", "tasks", *arguments], self.environment(**more), self.folder, log)
        self.processes.append(process)
        return process

    def worker(self, name: str, *arguments: str, concurrency: int = 2, is_awaited: bool = True, **more) -> Process:
        worker = self.celery(
            "worker", "-l", "INFO", "-c", str(concurrency), "-n", f"{name}@test", *arguments, log=f"{name}.log",
            WORKER=name, **more)
        if is_awaited:
            wait(lambda: " ready." in worker.words() or not worker.is_running)
        return worker

    def python_says(self, code: str, seconds: float = 90) -> list[str]:
        """Lines that a program with the tasks prints."""
        program = "import warnings; warnings.simplefilter('ignore')\nimport time\nfrom celery import chain, group, chord\nfrom tasks import *\n"
        result = subprocess.run(
            [self.python, "-c", program + code], cwd=self.folder, env=self.environment(), capture_output=True,
            text=True, timeout=seconds)
        return result.stdout.splitlines() or ["nothing: " + result.stderr.strip()[-300:]]

    def send(self, task: str, args: list, eta: float | None = None) -> str:
        client = Redises(self.broker.port)
        identifier, text = message(task, args, eta=eta)
        client.call("LPUSH", "celery", text)
        client.close()
        return identifier

    def result(self, identifier: str, seconds: float = 30):
        """What the backend keeps of a task when it is over."""
        client = Redises(self.broker.port)

        def look():
            text = client.call("GET", f"celery-task-meta-{identifier}")
            value = json.loads(text) if text else {}
            return value if value.get("status") in ("SUCCESS", "FAILURE", "REVOKED") else None

        value = wait(look, seconds) or {"status": "nothing"}
        client.close()
        return value

    def lines(self, word: str) -> list[list[str]]:
        if not self.ran.exists():
            return []
        rows = [line.split() for line in self.ran.read_text().splitlines()]
        return [row for row in rows if len(row) > 2 and row[2] == word]

    def end(self):
        for process in self.processes:
            process.kill()


# MARK: the scenario


def scenario(bench: Bench, is_short: bool = False) -> dict[str, str]:
    rows: dict[str, str] = {}
    worker = bench.worker("one")
    if " ready." not in worker.words():
        # Nothing is as on a Redis where nothing works on either.
        raise SystemExit(f"a worker does not start on {bench.broker.name}:\n{worker.words()[-2000:]}")
    rows["start"] = "ready"

    task = bench.send("tasks.add", [2, 3])
    value = bench.result(task)
    rows["a task by hand"] = f"{value['status']} {value.get('result')}"
    rows["its result, by Celery"] = bench.python_says("print(add.delay(4, 5).get(timeout=30))")[-1]
    value = bench.result(bench.send("tasks.flaky", [2]))
    rows["a retry"] = f"{value['status']} {value.get('result')} after {[r[3] for r in bench.lines('flaky')]}"
    value = bench.result(bench.send("tasks.boom", []))
    rows["a failure"] = f"{value['status']} {value.get('result', {}).get('exc_type')} {value.get('result', {}).get('exc_message')}"
    start = time.time()
    bench.result(bench.send("tasks.add", [7, 7], eta=3))
    ran = [float(row[0]) for row in bench.lines("add") if row[3:] == ["7", "7"]]
    rows["a countdown"] = f"{len(ran)} time, not before its time: {all(t - start >= 2.9 for t in ran)}"
    rows["chain, group, chord"] = " ".join(bench.python_says(
        "print(chain(add.s(1, 2), add.s(10)).apply_async().get(timeout=30))\n"
        "print(group(add.s(i, i) for i in range(3)).apply_async().get(timeout=30))\n"
        "print(chord((add.s(i, i) for i in range(3)), total.s()).apply_async().get(timeout=60))"))
    rows["revoked"], rows["revoked and terminated"] = (bench.python_says(
        "r = add.apply_async((1, 1), countdown=3); app.control.revoke(r.id)\n"
        "s = slow.delay(60)\n"
        "while s.state != 'STARTED': time.sleep(0.1)\n"
        "app.control.revoke(s.id, terminate=True)\n"
        "for t in (r, s):\n"
        "    try: t.get(timeout=30)\n"
        "    except BaseException as e: print(type(e).__name__, t.state)") + ["nothing"])[:2]
    if is_short:
        return finish_short(bench, worker, rows)

    bench.send("tasks.unknown", [])
    rows["a task that there is not"] = str(bool(wait(lambda: "NotRegistered" in worker.words() or "unregistered task" in worker.words(), 20)))
    ping = bench.python_says("print(app.control.inspect(timeout=3).ping())\nprint(sorted(app.control.inspect(timeout=3).registered()['one@test'])[0])\nprint(app.control.inspect(timeout=3).active())")
    rows["inspect"] = " ".join(ping)
    beat = bench.celery("beat", "-l", "WARNING", log="beat.log")
    before = len(bench.lines("add"))
    rows["beat"] = str(bool(wait(lambda: len(bench.lines("add")) >= before + 3, 40)))
    beat.end()
    rows |= flower(bench)

    slow = bench.send("tasks.slow", [4])
    wait(lambda: any(row[3] == slow for row in bench.lines("slow-begins")))
    worker.end()
    rows["a warm stop"] = f"begun {count(bench, 'slow-begins', slow)}, ended {count(bench, 'slow-ends', slow)}"

    worker = bench.worker("two", VISIBILITY="5")
    slow = bench.send("tasks.slow", [2])
    wait(lambda: any(row[3] == slow for row in bench.lines("slow-begins")))
    worker.kill()
    worker = bench.worker("three", VISIBILITY="5")
    # On a Redis a worker that has started before the time-out looks for it again after 100 s only.
    bench.result(slow, 150)
    rows["kill -9, and another worker"] = f"begun {count(bench, 'slow-begins', slow)}, ended {count(bench, 'slow-ends', slow)}"
    other = bench.worker("four", VISIBILITY="30")
    for number in range(40):
        bench.send("tasks.add", [1000 + number, 0])
    wait(lambda: len([r for r in bench.lines("add") if int(r[3]) >= 1000]) >= 40)
    time.sleep(1)
    runs = collections.Counter(r[3] for r in bench.lines("add") if int(r[3]) >= 1000)
    rows["two workers"] = f"{len(runs)} tasks, each once: {set(runs.values()) == {1}}"
    other.end()
    worker.end()
    return rows


def finish_short(bench: Bench, worker: Process, rows: dict[str, str]) -> dict[str, str]:
    rows["inspect"] = bench.python_says("print(app.control.inspect(timeout=3).ping())")[-1]
    slow = bench.send("tasks.slow", [2])
    wait(lambda: any(row[3] == slow for row in bench.lines("slow-begins")))
    worker.kill()
    worker = bench.worker("two")
    bench.result(slow, 60)
    rows["kill -9, and another worker"] = f"begun {count(bench, 'slow-begins', slow)}, ended {count(bench, 'slow-ends', slow)}"
    worker.end()
    return rows


def count(bench: Bench, word: str, identifier: str) -> int:
    return len([row for row in bench.lines(word) if row[3] == identifier])


def flower(bench: Bench) -> dict[str, str]:
    """What Flower tells of workers, tasks and queues."""
    if subprocess.run([bench.python, "-c", "import flower"], capture_output=True).returncode:
        return {}
    port = free_port()
    process = bench.celery("flower", f"--port={port}", "--address=127.0.0.1", log="flower.log")

    def get(path: str):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", path)
            return json.loads(connection.getresponse().read() or b"null")
        except (OSError, ValueError):
            return None

    wait(lambda: get("/api/workers?refresh=1"), 40)
    task = bench.send("tasks.add", [20, 22])

    def seen():
        return ((get("/api/tasks") or {}).get(task) or {}).get("state") == "SUCCESS"

    wait(seen, 30)
    told = (get("/api/tasks") or {}).get(task) or {}
    workers = get("/api/workers?refresh=1") or {}
    queues = get("/api/queues/length") or {}
    rows = {
        "Flower's workers": " ".join(sorted(workers)),
        "Flower's tasks": f"{told.get('name')} {told.get('state')} {told.get('args')} {told.get('result')}",
        "Flower's queues": json.dumps(queues.get("active_queues")),
    }
    process.end()
    return rows


SHORT = {
    "start": "ready", "a task by hand": "SUCCESS 5", "its result, by Celery": "9",
    "a retry": "SUCCESS in the end after ['0', '1', '2']", "a failure": "FAILURE RuntimeError ['as told']",
    "a countdown": "1 time, not before its time: True", "chain, group, chord": "13 [0, 2, 4] 6",
    "revoked": "TaskRevokedError REVOKED", "revoked and terminated": "TaskRevokedError REVOKED",
    "inspect": "{'one@test': {'ok': 'pong'}}", "kill -9, and another worker": "begun 2, ended 1",
}


# MARK: long tasks


def long_tasks(bench: Bench) -> dict[str, int]:
    """A task of 10 s, and one with a countdown of 10 s, under a visibility time-out of 3 s and two workers."""
    workers = [bench.worker(name, VISIBILITY="3") for name in ("a", "b")]
    slow = bench.send("tasks.slow", [10])
    bench.send("tasks.add", [99, 1], eta=10)
    time.sleep(25)
    for worker in workers:
        worker.kill()
    return {
        "a task of 10 s begun": count(bench, "slow-begins", slow),
        "one with a countdown of 10 s run": len([r for r in bench.lines("add") if r[3] == "99"]),
    }


# MARK: kills


def kills(bench: Bench, tasks: int, worker_kills: int, broker_kills: int, seed: int) -> dict[str, object]:
    """Tasks that are acknowledged late, while workers and LiveTalk are killed at random."""
    chance = random.Random(seed)
    broker = bench.broker
    client = Redises(broker.port)
    for number in range(tasks):
        client.send("LPUSH", "celery", message("tasks.count", [number])[1])
        if number % 100 == 99:
            for _ in range(100):
                assert isinstance(client.read(), int)
    client.close()
    deaths: list[tuple[float, str]] = []
    outages: list[tuple[float, float]] = []
    names = iter(range(1_000_000))

    def start() -> tuple[str, Process]:
        name = f"w{next(names)}"
        return name, bench.worker(name, "--without-gossip", "--without-mingle", is_awaited=False)

    crew = [start() for _ in range(3)]
    left = [("worker", None)] * worker_kills + [("broker", None)] * broker_kills
    chance.shuffle(left)
    done = lambda: len({row[3] for row in bench.lines("end")})
    for index, (kind, _) in enumerate(left):
        # As many tasks between two kills as there are for all of them.
        goal = tasks * (index + 1) // (len(left) + 1)
        wait(lambda: done() >= goal, 30, 0.02)
        time.sleep(chance.random() * 0.2)
        if kind == "broker":
            died = time.time()
            broker.process.kill()
            broker.start()
            outages.append((died, time.time()))
        else:
            place = chance.randrange(len(crew))
            name, process = crew[place]
            # One that has done nothing yet is no one's loss.
            wait(lambda: any(row[1] == name for row in bench.lines("begin")), 30, 0.1)
            deaths.append((time.time(), name))
            process.kill()
            crew[place] = start()
    wait(lambda: done() >= tasks, 240, 0.5)
    def left_over() -> int:
        """Messages that wait, or that somebody has; what stays beside is the bindings of workers that were killed, as on a Redis."""
        client = Redises(broker.port)
        waiting = client.call("LLEN", "celery")
        client.close()
        return waiting + broker.metrics()["livetalk_broker_messages_taken"]

    wait(lambda: left_over() == 0, 60, 0.5)
    left_in_broker = left_over()
    for _, process in crew:
        process.end()
    begins, ends = bench.lines("begin"), bench.lines("end")
    runs = collections.defaultdict(list)
    for row in begins:
        runs[row[3]].append((float(row[0]), row[1]))
    killed = {name: at for at, name in deaths}
    twice = {number: sorted(found) for number, found in runs.items() if len(found) > 1}
    by_worker, by_broker, unexplained = 0, 0, []
    for number, found in twice.items():
        for (first, name), (second, _) in zip(found, found[1:]):
            if first <= killed.get(name, 0) <= second:
                by_worker += 1
            # What a worker had before may begin until it hears of the broker again.
            elif any(died <= second and first <= back + 5 for died, back in outages):
                by_broker += 1
            else:
                unexplained.append(number)
    return {
        "tasks": tasks, "done": len({row[3] for row in ends}), "lost": tasks - len({row[3] for row in ends}),
        "worker kills": len(killed), "broker kills": len(outages), "run again where a worker died": by_worker,
        "run again where the broker died": by_broker, "run again for no reason": len(unexplained),
        "left in the broker": left_in_broker,
    }


# MARK: main


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--livetalk", type=Path, default=ROOT / ".build/release/livetalk")
    parser.add_argument("--versions", default=",".join(VERSIONS))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", choices=["scenario", "long", "kills"])
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--worker-kills", type=int, default=100)
    parser.add_argument("--broker-kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--redis-only", action="store_true", help="what a Redis does, for the scenario's own sake")
    options = parser.parse_args()
    options.livetalk = options.livetalk.resolve()
    if options.short:
        return short(options)
    failed = 0
    for version in options.versions.split(","):
        python = environment_python(version)
        if options.only in (None, "scenario"):
            failed += beside(version, python, options)
    newest = environment_python(options.versions.split(",")[0])
    if options.only in (None, "long"):
        failed += compare_long(newest, options)
    if options.only in (None, "kills"):
        failed += run_kills(newest, options)
    print("all as on a Redis" if not failed else f"{failed} differences")
    return 1 if failed else 0


def on(broker_of, python: str, part):
    """A part on a broker of its own, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="celery-"))
    broker = broker_of(folder)
    bench = Bench(broker, python, folder)
    is_well = False
    try:
        value = part(bench)
        unknown = broker.unknown()
        is_well = True
        return value, unknown
    finally:
        bench.end()
        broker.end()
        if is_well and not os.environ.get("KEEP"):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"kept: {folder}", file=sys.stderr)


def beside(version: str, python: str, options) -> int:
    redis, _ = on(Redis, python, scenario)
    if options.redis_only:
        for name, value in redis.items():
            print(f"{version:7} {name:28} {value}")
        return 0
    ours, unknown = on(lambda folder: LiveTalk(folder, options.livetalk, 3), python, scenario)
    failed = 0
    for name, value in redis.items():
        same = ours.get(name) == value
        failed += not same
        print(f"{version:7} {name:28} {value if same else f'Redis {value!r}, LiveTalk {ours.get(name)!r}'}")
    print(f"{version:7} {'unknown commands':28} {unknown}", flush=True)
    return failed + unknown


def compare_long(python: str, options) -> int:
    redis, _ = on(Redis, python, long_tasks)
    ours, _ = on(lambda folder: LiveTalk(folder, options.livetalk, 3), python, long_tasks)
    for name, value in ours.items():
        print(f"under a visibility time-out of 3 s, {name}: {value} (Redis: {redis[name]})", flush=True)
    return sum(value != 1 for value in ours.values())


def run_kills(python: str, options) -> int:
    def part(bench):
        return kills(bench, options.tasks, options.worker_kills, options.broker_kills, options.seed)

    start = time.monotonic()
    told, _ = on(lambda folder: LiveTalk(folder, options.livetalk, 3), python, part)
    for name, value in told.items():
        print(f"kills: {name}: {value}")
    print(f"kills: {time.monotonic() - start:.0f} s", flush=True)
    return sum(told[name] != 0 for name in ("lost", "run again for no reason", "left in the broker"))


def short(options) -> int:
    try:
        python = environment_python("5.7")
    except Missing as reason:
        print(f"Celery's workers: skipped, {reason}")
        return 0

    def part(bench):
        rows = scenario(bench, is_short=True)
        rows["the talk's /process"] = bench.broker.post("/process?data=a%20b")
        client = Redises(bench.broker.port)
        taken = json.loads(client.call("RPOP", "celery"))
        client.close()
        rows["the talk's task"] = f"{taken['headers']['task']} {taken['headers']['argsrepr']}"
        return rows

    expected = {
        **SHORT, "the talk's /process": '{"message":"Processing queued"}',
        "the talk's task": "tasks.process_dataset ('a b',)"}
    rows, unknown = on(lambda folder: LiveTalk(folder, options.livetalk, 1), python, part)
    wrong = {name: rows.get(name) for name, value in expected.items() if rows.get(name) != value}
    for name, value in wrong.items():
        print(f"Celery's workers: {name}: {value!r} instead of {expected[name]!r}")
    print(f"Celery's workers: {len(expected) - len(wrong)} of {len(expected)} steps as on a Redis, {unknown} unknown commands")
    return 1 if wrong or unknown else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as reason:
        sys.exit(f"celery_workers.py: {reason}")
