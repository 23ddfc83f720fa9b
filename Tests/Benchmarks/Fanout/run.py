#!/usr/bin/env python3
"""A live feed's fan-out beside the least that it can cost in C, in turn, on the same core and in the same minute.

    python3 Tests/Benchmarks/Fanout/run.py                      # Crane's feeds and the C floor, as make bench-fanout has it
    python3 Tests/Benchmarks/Fanout/run.py --subscribers 300 --rate 200 --size 3000 --load='--silent 50'
    python3 Tests/Benchmarks/Fanout/run.py --livetalk .build/release/livetalk
    python3 Tests/Benchmarks/Fanout/run.py --server 'NAME=COMMAND {port} {folder}' --publish /pub --web-socket /ws --events /sse

README.md says what each figure means. Exit codes: 0 all ran, 1 a bound is exceeded (with --check) or something was lost, 2 something
could not run.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

import servers  # noqa: E402

FLOOR = "floor"
# At most: what --check holds a server to, beside the floor of the same round; KiB are its own.
P99_BOUND, CPU_BOUND, KIB_BOUND = 1.25, 1.15, 2.0


@dataclasses.dataclass(frozen=True)
class Feed:
    """A server under load and where its feed is."""

    program: servers.Program
    publish: str = "/pub"
    web_socket: str = "/ws"
    events: str = "/sse"
    body: str = '"%"'


# Where LiveTalk's feed is: livetalk.py has made the talk.
LIVETALK = {
    "publish": "/comments/",
    "web_socket": "/talks/1/live",
    "events": "/talks/1/events",
    "body": '{"talk_id":1,"user_ip":"203.0.113.7","comment_text":"%"}',
}


def livetalk_command(binary: str) -> str:
    return f"{FOLDER / 'livetalk.py'} {pathlib.Path(binary).resolve()} {{port}} {{folder}}"


def build(folder: pathlib.Path) -> None:
    for source, output, options in (("fanload.c", "fanload", []), ("floor.c", "floor", ["-luv"])):
        command = ["cc", "-O2", "-Wall", "-Wextra", "-o", str(folder / output), str(FOLDER / source), *options]
        if subprocess.run(command).returncode:
            raise servers.Failure(f"cannot build {source}: {shlex.join(command)}")


def measure(feed: Feed, kind: str, subscribers: int, options: argparse.Namespace, cores: servers.Cores, folder: pathlib.Path) -> dict:
    server = servers.Server(feed.program, cores, folder)
    try:
        server.wait_until_ready()
        base = f"127.0.0.1:{server.port}"
        address = f"ws://{base}{feed.web_socket}" if kind == "ws" else f"http://{base}{feed.events}"
        command = [
            "taskset", "-c", str(cores.client), str(folder / "fanload"), "--sub", address, "--pub", f"http://{base}{feed.publish}",
            "-n", str(subscribers), "--rate", str(options.rate), "--seconds", str(options.seconds), "--size", str(options.size),
            "--burst", str(options.burst), "--body", feed.body, "--pids", str(server.pid), "--core", f"cpu{cores.server}",
            "--label", feed.program.name, *shlex.split(options.load)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=options.seconds + 150)
        if done.returncode not in (0, 1) or not done.stdout:
            raise servers.Failure(f"fanload ended with {done.returncode}")
        return {**json.loads(done.stdout), "kind": kind}
    finally:
        server.stop()


class Line:
    """What was measured of one server at one number of subscribers; the lists run by round."""

    def __init__(self, name: str, kind: str, subscribers: int):
        self.name, self.kind, self.subscribers = name, kind, subscribers
        self.runs: list[dict] = []
        self.p99_ratios: list[float] = []
        self.cpu_ratios: list[float] = []

    def add(self, run: dict, floor: dict | None) -> None:
        self.runs.append(run)
        if floor and floor["last_p99_ms"] and floor["us_a_delivery"]:
            self.p99_ratios.append(run["last_p99_ms"] / floor["last_p99_ms"])
            self.cpu_ratios.append(run["us_a_delivery"] / floor["us_a_delivery"])

    def median(self, figure: str) -> float:
        return statistics.median(run[figure] for run in self.runs)

    @property
    def lost(self) -> int:
        return max(run["missing"] + run["twice"] + run["reordered"] for run in self.runs)

    def faults(self) -> list[str]:
        name = f"{self.name} {self.kind} {self.subscribers}"
        found = [f"{name}: {self.lost} missing, twice or out of order"] if self.lost else []
        if self.name == FLOOR or not self.p99_ratios:
            return found
        for what, ratio, bound in (("p99", statistics.median(self.p99_ratios), P99_BOUND),
                                   ("CPU", statistics.median(self.cpu_ratios), CPU_BOUND),
                                   ("KiB", self.median("kib_a_subscriber"), KIB_BOUND)):
            if ratio > bound:
                found.append(f"{name}: {what} {ratio:.2f}, at most {bound:.2f}")
        return found

    def cells(self) -> list[str]:
        def ratio(values: list[float]) -> str:
            return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})" if values else ""

        share = statistics.median(run["delivered"] / run["expected"] for run in self.runs)
        return [
            self.name, self.kind, f"{self.subscribers:,}", f"{share:.2%}",
            " / ".join(f"{self.median(f'last_{part}_ms'):.1f}" for part in ("p50", "p99", "max")), ratio(self.p99_ratios),
            f"{self.median('answer_p99_ms'):.1f}", f"{self.median('us_a_delivery'):.2f}", ratio(self.cpu_ratios),
            " / ".join(f"{self.median(part):.0%}" for part in ("core_busy", "client_busy", "other_busy")),
            f"{self.median('kib_a_subscriber'):.2f}", f"{self.median('kib_after'):.2f}"]


HEADINGS = ("server", "feed", "subscribers", "delivered", "to the last p50 / p99 / max ms", "p99 ratio", "answer p99 ms",
            "us a delivery", "ratio", "core / client / other", "KiB a subscriber", "after")


def table(lines: list[Line]) -> str:
    rows = [HEADINGS, ["---"] * len(HEADINGS), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hub", default=".build/release/fanout-hub", help="the built program of Hub, or none")
    parser.add_argument("--livetalk", help="the built livetalk, measured too: its posts are durable")
    parser.add_argument("--server", action="append", default=[], help="NAME=COMMAND with {port} and {folder}")
    parser.add_argument("--publish", default="/pub")
    parser.add_argument("--web-socket", default="/ws")
    parser.add_argument("--events", default="/sse")
    parser.add_argument("--body", default='"%"')
    parser.add_argument("--subscribers", default="1000,5000,10000")
    parser.add_argument("--kinds", default="ws", help="ws, sse, or both with a comma")
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--burst", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--load", default="", help="more for fanload")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


def feeds(options: argparse.Namespace, folder: pathlib.Path) -> list[Feed]:
    known = [Feed(servers.Program(FLOOR, (str(folder / "floor"), "{port}"), ready="/"))]
    if options.hub != "none":
        known.append(Feed(servers.Program("crane", (str(pathlib.Path(options.hub).resolve()), "{port}"), ready="/")))
    def program(name: str, command: str) -> servers.Program:
        return servers.Program(name, tuple(part.replace("{folder}", str(folder)) for part in shlex.split(command)), ready="/")

    if options.livetalk:
        known.append(Feed(program("livetalk", livetalk_command(options.livetalk)), **LIVETALK))
    for text in options.server:
        name, _, command = text.partition("=")
        known.append(Feed(program(name, command), options.publish, options.web_socket, options.events, options.body))
    return known


def main() -> int:
    options = parse()
    servers.raise_descriptor_limit()
    cores = servers.Cores.choose()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="fanout-") as name:
        folder = pathlib.Path(name)
        build(folder)
        known = feeds(options, folder)
        for kind in options.kinds.split(","):
            for subscribers in map(int, options.subscribers.split(",")):
                cell = [Line(feed.program.name, kind, subscribers) for feed in known]
                for _ in range(options.rounds):
                    floor = None
                    for feed, line in zip(known, cell):
                        run = measure(feed, kind, subscribers, options, cores, folder)
                        floor = floor or run
                        line.add(run, None if line.name == FLOOR else floor)
                lines += cell
                print(table(cell), file=sys.stderr, flush=True)
    print(table(lines))
    if options.json:
        options.json.write_text(json.dumps([run for line in lines for run in line.runs], indent=1))
    faults = [fault for line in lines for fault in line.faults()]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if any(line.lost for line in lines) or options.check and faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (servers.Failure, subprocess.TimeoutExpired) as error:
        servers.Server.stop_all()
        print(f"run.py: {error}", file=sys.stderr)
        sys.exit(2)
