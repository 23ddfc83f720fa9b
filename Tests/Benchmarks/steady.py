#!/usr/bin/env python3
"""Latency at a constant rate of half of what each server can do: see README.md, "Steadiness".

    python3 Tests/Benchmarks/steady.py [--livetalk PATH] [--seconds 20] [--rounds 3] [--peers]
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import bench
import client
import servers
import work
from peers import peers
from servers import Cores, Failure, Program, Server

CONNECTIONS = 64
POSTS = 1000
HEADINGS = ("server", "requests a second", "p50 us", "p99 us", "p99.9 us", "longest us", "client late us")


def capacity(server: Server) -> float:
    url = f"http://127.0.0.1:{server.port}{work.ONE.path}"
    return client.wrk(url, 3, CONNECTIONS, work.script("comment.lua", servers.ROWS), ()).per_second


def steady(program: pathlib.Path, server: Server, seconds: int, rate: float, posts: int) -> list[list[float]]:
    """The figures of the reads, and of the posts beside them."""
    arguments = [server.port, seconds, CONNECTIONS, servers.ROWS, int(rate), *([posts] if posts else [])]
    run = subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True)
    if run.returncode:
        raise Failure(f"{server.program.name} at {rate:,.0f} a second: {run.stderr.strip()}")
    return [[float(part) for part in line.split()] for line in run.stdout.splitlines()]


def measured(folder: pathlib.Path, options: argparse.Namespace) -> list[tuple[str, Program, int]]:
    """What is measured: a label, a server and the posts beside."""
    programs = work.programs(folder, options.livetalk)
    entries = [
        ("C with SQLite", programs[work.FLOOR], 0),
        ("LiveTalk", programs[work.LIVETALK], 0),
        (f"LiveTalk beside {POSTS:,} posts a second", programs[work.LIVETALK_WRITES], POSTS),
    ]
    for peer in peers.available() if options.peers else []:
        if "comment" in peer.works:
            entries.append((peer.name, Program(peer.name, peer.command, environment=peer.environment), 0))
    peers.fill(folder, servers.ROWS)
    return entries


def run(options: argparse.Namespace, folder: pathlib.Path) -> list[list[str]]:
    servers.build(folder)
    cores = Cores.choose()
    entries = measured(folder, options)
    figures: dict[str, list[list[float]]] = {}
    rates: dict[str, float] = {}
    for number in range(options.rounds):
        for label, program, posts in entries:
            bench.say(f"round {number + 1} of {options.rounds}: {label}")
            server = Server(program, cores, folder)
            server.wait_until_ready()
            if program.name in work.FILLED:
                bench.fill(server)
            rate = rates.setdefault(label, capacity(server) / 2)
            kinds = steady(folder / "steady-load", server, options.seconds, rate, posts)
            for name, kind in zip((label, "those posts"), kinds):
                figures.setdefault(name, []).append(kind)
            server.stop()
    rows = []
    for label, runs in figures.items():
        middle = [statistics.median(run[column] for run in runs) for column in range(1, 6)]
        longest = max(run[4] for run in runs)
        rows.append([label, f"{rates.get(label, POSTS):,.0f}", *(f"{value:,.0f}" for value in middle[:3]),
                     f"{longest:,.0f}", f"{max(run[5] for run in runs):,.0f}"])
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", type=pathlib.Path, default=bench.ROOT / ".build/release/livetalk")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true", help="hyper, Go and FastAPI too, as far as they can be built here")
    options = parser.parse_args()
    options.livetalk = options.livetalk.resolve()
    if not os.access(options.livetalk, os.X_OK):
        parser.error(f"no binary at {options.livetalk}: build it, or give --livetalk PATH")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="steady-", dir=bench.ROOT / ".build"))
    try:
        rows = [list(HEADINGS), *run(options, folder)]
    except (Failure, client.LoadError, OSError) as error:
        bench.say(f"steady: {error}")
        return 2
    finally:
        Server.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        print("  ".join(cell.ljust(size) if not column else cell.rjust(size)
                        for column, (cell, size) in enumerate(zip(row, widths))).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
