#!/usr/bin/env python3
"""Measures LiveTalk against plain C servers on the same machine, alternately; see README.md."""

import argparse
import collections.abc
import contextlib
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import sys
import tempfile

import client
import servers
import work
from peers import peers as peer_servers
from report import Line, Report
from servers import AllocationCount, Cores, Failure, Program, Server

ROOT = servers.FOLDER.parent.parent
SINGLE = ("start", "idle")
SPARE_DESCRIPTORS = 200


class Bench:
    """One run: its programs, its options and the report that it fills."""

    def __init__(self, options: argparse.Namespace, folder: pathlib.Path, cores: Cores):
        self.options, self.folder, self.cores = options, folder, cores
        self.programs = work.programs(folder, options.livetalk)
        peers = [work.peer(option) for option in options.peer]
        known = peer_servers.available() if options.peers else []
        if known:
            peer_servers.fill(folder, servers.ROWS)
        peers += [(Program(peer.name, peer.command, environment=peer.environment), work.PLAINTEXT) for peer in known]
        self.programs |= {program.name: program for program, _ in peers}
        requests = {program.name: request for program, request in peers}
        readers = [peer.name for peer in known if "comment" in peer.works]
        self.whole = [work.LIMIT, *([work.LIVETALK] if options.livetalk else []), *requests]
        self.works = [kind for kind in work.works(requests, readers) if self.wanted(kind.name)]
        self.lines = {
            (kind.name, entry.label): Line(kind, entry.label)
            for kind in self.works for entry in self.entries(kind)
        }
        self.report = Report(machine(cores), {
            name: getattr(options, name) for name in ("rounds", "seconds", "connections", "quick")
        }, list(self.lines.values()))

    def wanted(self, name: str) -> bool:
        return not self.options.only or name in self.options.only

    def entries(self, kind: work.Work) -> list[work.Entry]:
        return [entry for entry in kind.entries if entry.program in self.programs]

    def start(self, program: Program, **environment: str) -> Server:
        server = Server(program, self.cores, self.folder, **environment)
        server.wait_until_ready()
        if program.name in work.FILLED:
            fill(server)
        return server

    def run_rounds(self) -> None:
        """Each round measures every entry once, next to the C server; every other round runs backwards."""
        needed = dict.fromkeys(entry.program for kind in self.works for entry in self.entries(kind))
        running = {name: self.start(self.programs[name]) for name in needed}
        for kind in self.works:
            for entry in self.entries(kind) if not kind.echo else ():
                client.repeat(running[entry.program].port, entry.request, 64)
        for number in range(self.options.rounds):
            for kind in self.works:
                say(f"round {number + 1} of {self.options.rounds}: {kind.title}")
                entries = self.entries(kind)
                for entry in entries if number % 2 == 0 else reversed(entries):
                    self.measure(kind, entry, running[entry.program])
                base = self.lines[kind.name, entries[0].label].cpu_us[-1]
                for entry in entries:
                    line = self.lines[kind.name, entry.label]
                    line.ratios.append(line.cpu_us[-1] / base)
        for server in running.values():
            server.stop()

    def measure(self, kind: work.Work, entry: work.Entry, server: Server) -> None:
        line = self.lines[kind.name, entry.label]
        with self.load(kind, entry, server) as run:
            before = cpu_seconds(entry, server)
            load = run()
        if kind.pipelined:
            load = dataclasses.replace(load, p50_us=None, p99_us=None)
        line.cpu_us.append((cpu_seconds(entry, server) - before) * 1e6 / load.requests)
        line.loads.append(load)
        line.resident_kib = server.resident_kib()

    @contextlib.contextmanager
    def load(
        self, kind: work.Work, entry: work.Entry, server: Server
    ) -> collections.abc.Iterator[collections.abc.Callable[[], client.Load]]:
        """What loads the server when it is called."""
        seconds, connections = self.options.seconds, self.options.connections
        if kind.echo:
            program = self.folder / "echo-load"
            echoes = client.Echoes(
                program, server.port, work.ECHO_PATH, connections, seconds, work.ECHO_BYTES)
            with echoes:
                yield echoes.run
        else:
            url = f"http://127.0.0.1:{server.port}{entry.request.path}"
            with writes_beside(entry, server):
                yield lambda: client.wrk(url, seconds, connections, entry.script, entry.headers)

    def count_mallocs(self) -> None:
        """Runs each program once more under the counter, with a fixed number of requests."""
        requests = 320 if self.options.quick else 3200
        counted = [
            (kind, entry) for kind in self.works if not (kind.pipelined or kind.echo) for entry in self.entries(kind)
            if self.programs[entry.program].preloads and not entry.writes
        ]
        for name in dict.fromkeys(entry.program for _, entry in counted):
            say(f"mallocs: {name}")
            count = AllocationCount(self.folder)
            server = self.start(self.programs[name], **count.environment)
            for kind, entry in counted:
                if entry.program == name:
                    mallocs = client.mallocs(server.port, entry.request, requests, count.read, entry.headers)
                    self.lines[kind.name, entry.label].mallocs = mallocs
            server.stop()

    def time_starts(self) -> None:
        """From before the fork to the first whole answer, each program in turn."""
        self.report.start_ms = {name: [] for name in self.whole}
        for number in range(2 if self.options.quick else 10):
            say(f"start {number + 1}")
            for name, times in self.report.start_ms.items():
                server = Server(self.programs[name], self.cores, self.folder)
                times.append(server.wait_until_ready() * 1e3)
                server.stop()

    def weigh_idle_connections(self) -> None:
        limit = servers.raise_descriptor_limit() - SPARE_DESCRIPTORS
        count = self.report.idle_connections = min(500 if self.options.quick else 10_000, limit)
        for name in self.whole:
            say(f"{count:,} idle connections: {name}")
            program = self.programs[name]
            server = self.start(program)
            self.report.idle_kib[name] = client.idle_kib(
                server.port, client.Request(program.ready, b""), count, server.resident_kib)
            server.stop()

    def run(self) -> None:
        servers.raise_descriptor_limit()
        servers.build(self.folder)
        if self.works:
            self.run_rounds()
            self.count_mallocs()
        if self.wanted("start"):
            self.time_starts()
        if self.wanted("idle"):
            self.weigh_idle_connections()


def cpu_seconds(entry: work.Entry, server: Server) -> float:
    """Of the whole process; beside writes of the loop alone, which does its part of them too."""
    return server.thread_cpu_seconds("loop-0") if entry.writes else server.cpu_seconds()


def writes_beside(entry: work.Entry, server: Server) -> contextlib.AbstractContextManager:
    if entry.writes:
        return client.Writes(server.port, work.INSERT, entry.writes)
    return contextlib.nullcontext()


def fill(server: Server) -> None:
    """Posts the rows that the reads choose from, unless the database has them from an earlier start."""
    path = f"/comments/{servers.ROWS}"
    with client.Connection(server.port) as connection:
        status, _ = connection.get(path)
    if status == 404:
        client.repeat(server.port, work.INSERT, servers.ROWS)
        with client.Connection(server.port) as connection:
            status, _ = connection.get(path)
    if status != 200:
        raise Failure(f"LiveTalk answers {status} to {path} after {servers.ROWS} inserts")


def machine(cores: Cores) -> dict[str, object]:
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {
        "processor": model,
        "kernel": platform.release(),
        "server_core": cores.server,
        "client_core": cores.client,
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def parse(arguments: list[str]) -> argparse.Namespace:
    names = [kind.name for kind in work.works({}, [])] + list(SINGLE)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--livetalk", default=str(ROOT / ".build/release/livetalk"), metavar="PATH",
                        help="the binary to measure; `none` measures the C servers alone")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=int, default=1, help="of each measurement in a round")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", action="append", choices=names, help="may be repeated")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME[:/PATH]=COMMAND",
                        help="another server to measure; {port} in COMMAND becomes its port")
    parser.add_argument("--peers", action="store_true",
                        help="nginx, hyper, Go, Node, Hummingbird and FastAPI too, as far as they can be built here")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it all runs")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is exceeded")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args(arguments)
    if options.quick:
        options.rounds = options.seconds = 1
    if min(options.rounds, options.seconds, options.connections) < 1:
        parser.error("rounds, seconds and connections are at least 1")
    options.livetalk = None if options.livetalk == "none" else pathlib.Path(options.livetalk).resolve()
    if options.livetalk and not os.access(options.livetalk, os.X_OK):
        parser.error(f"no binary at {options.livetalk}: build it, or give --livetalk PATH or --livetalk none")
    return options


def main() -> int:
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    (ROOT / ".build").mkdir(exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="benchmarks-", dir=ROOT / ".build"))
    try:
        cores = Cores.choose()
        if cores.server == cores.client:
            say("only one core: server and client share it, and the ratios come out too small")
        bench = Bench(options, folder, cores)
        bench.run()
    except (Failure, client.LoadError, OSError) as error:
        say(f"bench: {error}")
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        Server.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
    print(bench.report.table())
    if options.json:
        options.json.write_text(json.dumps(bench.report.json(), indent=2) + "\n")
    exceeded = bench.report.exceeded()
    for sentence in exceeded:
        say(f"over the bound: {sentence}")
    return 1 if options.check and exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
