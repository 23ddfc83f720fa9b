#!/usr/bin/env python3
"""CPU time a request with one loop and with two, on two cores that the client shares: see README.md, "Two loops".

    python3 Tests/Benchmarks/loops.py [--livetalk PATH] [--seconds 2] [--rounds 9] [--check]

Beside LiveTalk: the C servers as two processes on one port, and nginx with two workers. Exit status 1 with --check where
two loops of LiveTalk take more than 1.1 times the CPU time of one.
"""

import argparse
import dataclasses
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

import bench
import client
import servers
import work
from peers import peers
from servers import Cores, Failure, Program, Server

CONNECTIONS = 64
BOUND = 1.1
ALLOWED = os.sched_getaffinity(0)
EVERY_CORE = ",".join(map(str, sorted(ALLOWED)))


@dataclasses.dataclass(frozen=True)
class Contender:
    """A server with one loop or with two: the programs that share a port, or one that divides its own work."""

    work: str
    name: str
    loops: int
    programs: tuple[Program, ...]
    request: client.Request
    script: tuple[str, ...] = ()


class Group:
    """Servers on one port, free to run on every core."""

    def __init__(self, contender: Contender, cores: Cores, folder: pathlib.Path):
        self.servers: list[Server] = []
        for program in contender.programs:
            anywhere = dataclasses.replace(program, command=("taskset", "-c", EVERY_CORE, *program.command))
            server = Server(anywhere, cores, folder, port=self.port if self.servers else None)
            server.wait_until_ready()
            self.servers.append(server)

    @property
    def port(self) -> int:
        return self.servers[0].port

    def cpu_seconds(self) -> float:
        return sum(server.cpu_seconds() + children_seconds(server.pid) for server in self.servers)

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


def children_seconds(pid: int) -> float:
    """CPU time of the workers of a server that has such."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(servers.cpu_seconds(int(child)) for child in children)


def contenders(folder: pathlib.Path, livetalk: pathlib.Path) -> list[Contender]:
    programs = work.programs(folder, livetalk)
    random = work.script("comment.lua", servers.ROWS)

    def floor(number: int) -> Program:
        command = (str(folder / "limit-sqlite"), "{port}", str(folder / f"floor-{number}.db"), str(servers.ROWS))
        return Program(f"{work.FLOOR}-{number}", command, ready="/comments/1")

    def service(kind: str, loops: int) -> tuple[Program, ...]:
        """With a database of its own."""
        command = list(programs[work.LIVETALK].command)
        command[command.index("--workers") + 1] = str(loops)
        command[command.index("--database-url") + 1] = f"sqlite:///{folder}/{kind}-{loops}.db"
        return (dataclasses.replace(programs[work.LIVETALK], command=tuple(command)),)

    found = []
    for loops in (1, 2):
        found += [
            Contender("plaintext", "C", loops, (programs[work.LIMIT],) * loops, work.PLAINTEXT),
            Contender("plaintext", "LiveTalk", loops, service("plaintext", loops), work.PLAINTEXT),
            Contender("comment", "C with SQLite", loops, tuple(floor(number) for number in range(loops)), work.ONE, random),
            Contender("comment", "LiveTalk", loops, service("comment", loops), work.ONE, random),
        ]
        try:
            command = peers.nginx(workers=loops).command
            found.append(Contender("plaintext", "nginx", loops, (Program(f"nginx-{loops}", command),), work.PLAINTEXT))
        except peers.Unavailable as error:
            bench.say(f"without nginx: {error}")
    return found


def measure(contender: Contender, group: Group, seconds: int) -> tuple[float, float]:
    """CPU time in microseconds a request, and requests a second."""
    url = f"http://127.0.0.1:{group.port}{contender.request.path}"
    before = group.cpu_seconds()
    load = client.wrk(url, seconds, CONNECTIONS, contender.script, (), threads=2)
    return (group.cpu_seconds() - before) * 1e6 / load.requests, load.per_second


def run(options: argparse.Namespace, folder: pathlib.Path) -> bool:
    servers.build(folder)
    cores = Cores.choose()
    all_contenders = contenders(folder, options.livetalk)
    groups = [Group(contender, cores, folder) for contender in all_contenders]
    os.sched_setaffinity(0, ALLOWED)  # for wrk
    for contender, group in zip(all_contenders, groups):
        if contender.name == work.LIVETALK and contender.work == "comment":
            bench.fill(group.servers[0])
    figures: dict[tuple[str, str, int], list[tuple[float, float]]] = {}
    for number in range(options.rounds):
        bench.say(f"round {number + 1} of {options.rounds}")
        pairs = list(zip(all_contenders, groups))
        for contender, group in pairs if number % 2 == 0 else reversed(pairs):
            key = (contender.work, contender.name, contender.loops)
            figures.setdefault(key, []).append(measure(contender, group, options.seconds))
    print(f"{'work':<11}{'server':<15}{'CPU us, 1 loop':>15}{'2 loops':>9}{'ratio':>7}{'req/s, 1 loop':>15}{'2 loops':>10}")
    is_kept = True
    for name in dict.fromkeys((contender.work, contender.name) for contender in all_contenders):
        one, two = figures[(*name, 1)], figures[(*name, 2)]
        ratio = statistics.median(b[0] / a[0] for a, b in zip(one, two))
        middle = [statistics.median(run[column] for run in runs) for column in (0, 1) for runs in (one, two)]
        print(f"{name[0]:<11}{name[1]:<15}{middle[0]:>15.2f}{middle[1]:>9.2f}{ratio:>7.2f}{middle[2]:>15,.0f}{middle[3]:>10,.0f}")
        is_kept = is_kept and (name[1] != work.LIVETALK or ratio <= BOUND)
    return is_kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", type=pathlib.Path, default=bench.ROOT / ".build/release/livetalk")
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    options.livetalk = options.livetalk.resolve()
    if len(ALLOWED) < 2:
        parser.error("two loops want two cores")
    if not os.access(options.livetalk, os.X_OK):
        parser.error(f"no binary at {options.livetalk}: build it, or give --livetalk PATH")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="loops-", dir=bench.ROOT / ".build"))
    try:
        is_kept = run(options, folder)
    except (Failure, client.LoadError, OSError) as error:
        bench.say(f"loops: {error}")
        return 2
    finally:
        Server.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if options.check and not is_kept else 0


if __name__ == "__main__":
    sys.exit(main())
