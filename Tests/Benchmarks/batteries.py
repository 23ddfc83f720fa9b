#!/usr/bin/env python3
"""What compression, sessions and metrics cost a request, in Crane, nginx and Go: see README.md, "Batteries".

    python3 Tests/Benchmarks/batteries.py [--batteries PATH] [--seconds 1] [--rounds 9] [--only BATTERY]... [--no-counts]

Each server is measured with the battery and without it, in turn, on one core with 64 connections. The first table has the CPU time,
the second the instructions in user space, where callgrind can count them. A server that cannot be built here is left out.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import random
import shlex
import statistics
import sys
import tempfile

import bench
import client
import instructions
import servers
from peers import peers
from servers import Cores, Failure, Program, Server

FOLDER = servers.FOLDER / "Batteries"
CONNECTIONS = 64
GO_PACKAGES = "golang-github-prometheus-client-golang-dev"


@dataclasses.dataclass(frozen=True)
class Battery:
    """What is asked with it and without it."""

    name: str
    path: str
    field: str = ""


BATTERIES = [
    Battery("compression", "/document", "Accept-Encoding: gzip"), Battery("sessions", "/visit"),
    Battery("metrics", "/plaintext"),
]


def document(file: pathlib.Path) -> None:
    """A list of comments of about ten kilobytes, the same each time."""
    words = "the talk was good and what about memory under load when a room of people asks at once how does it behave".split()
    chance = random.Random(7)
    comments = [
        {
            "id": number, "talk_id": 7, "user_ip": f"192.0.2.{chance.randrange(256)}",
            "comment_text": " ".join(chance.choices(words, k=chance.randrange(6, 20))),
            "created_at": f"2026-01-01T12:{number:02}:{chance.randrange(60):02}.{chance.randrange(1000000):06}Z",
        }
        for number in range(50)
    ]
    file.write_text(json.dumps(comments, separators=(",", ":")))


def crane(binary: pathlib.Path, file: pathlib.Path):
    return lambda mode: (str(binary), "{port}", str(file), mode)


def go(file: pathlib.Path):
    there = (peers.GO / "src/github.com/prometheus/client_golang").is_dir()
    peers.need("client_golang", GO_PACKAGES, there)
    output = peers.BUILT / "go-batteries"
    peers.built("go", "build", "-o", output, "main.go", folder=FOLDER / "go",
                GO111MODULE="off", GOPATH=str(peers.GO), GOCACHE=str(peers.BUILT / "go-cache"), GOFLAGS="-p=1")
    return lambda mode: (str(output), "{port}", str(file), mode)


def nginx(file: pathlib.Path):
    """With nothing but its compression: it has no counterpart of the others."""
    binary = peers.nginx().command and "nginx"
    settings = shlex.quote(str(FOLDER / "nginx.conf"))

    def command(mode: str):
        own, gzip = f"nginx-{mode}.conf", "on" if mode == "compression" else "off"
        fill = f"sed 's/@port@/{{port}}/g; s/@gzip@/{gzip}/; s|@document@|{file}|' {settings} > {own}"
        return ("/bin/sh", "-c", f"{fill} && PATH=$PATH:/usr/sbin exec {binary} -p . -c {own}")

    return command


def cookie(program: Program, cores: Cores, folder: pathlib.Path) -> str:
    """The field of somebody who has logged in."""
    server = Server(program, cores, folder)
    server.wait_until_ready()
    with client.Connection(server.port) as connection:
        connection.socket.sendall(b"GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := connection.socket.recv(65536):
            answer += part
    server.stop()
    lines = [line for line in answer.decode().split("\r\n") if line.lower().startswith("set-cookie:")]
    return "Cookie: " + lines[0].split(":", 1)[1].split(";", 1)[0].strip()


def measure(server: Server, battery: Battery, field: str, seconds: int) -> float:
    """CPU microseconds a request."""
    url = f"http://127.0.0.1:{server.port}{battery.path}"
    before = server.cpu_seconds()
    load = client.wrk(url, seconds, CONNECTIONS, (), (field,) if field else ())
    return (server.cpu_seconds() - before) * 1e6 / load.requests


def run(options: argparse.Namespace, folder: pathlib.Path) -> None:
    cores = Cores.choose()
    file = folder / "document.json"
    document(file)
    peers.BUILT.mkdir(parents=True, exist_ok=True)
    commands = {"Crane": crane(options.batteries.resolve(), file)}
    for name, make in (("nginx", nginx), ("Go", go)):
        try:
            commands[name] = make(file)
        except (peers.Unavailable, OSError) as error:
            bench.say(f"without {name}: {error}")
    environment = {"GOMAXPROCS": "1"}
    titles = f"{'battery':<13}{'server':<8}{'without, us':>12}{'with':>8}{'more':>8}{'ratio':>7}"
    print(titles + ("" if options.no_counts else f"{'instructions without':>22}{'with':>10}{'more':>10}"))
    for battery in (battery for battery in BATTERIES if not options.only or battery.name in options.only):
        for name, command in commands.items():
            if name == "nginx" and battery.name != "compression":
                continue
            programs = [
                Program(f"{name}-{mode}", command(mode), environment=environment) for mode in ("none", battery.name)
            ]
            field = battery.field
            if battery.name == "sessions":
                field = cookie(programs[1], cores, folder)
            pairs = rounds(programs, battery, field, options, cores, folder)
            without, with_it = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
            ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
            counts = ""
            if name != "Go" and not options.no_counts:
                few, many = (count(program, battery, field) for program in programs)
                counts = f"{few:>22,.0f}{many:>10,.0f}{many - few:>10,.0f}"
            print(f"{battery.name:<13}{name:<8}{without:>12.2f}{with_it:>8.2f}{with_it - without:>8.2f}{ratio:>7.2f}{counts}", flush=True)


def rounds(programs, battery, field, options, cores, folder) -> list[list[float]]:
    running = [Server(program, cores, folder) for program in programs]
    for server in running:
        server.wait_until_ready()
        measure(server, battery, field, 1)
    pairs = []
    for number in range(options.rounds):
        bench.say(f"{battery.name}, {programs[0].name}: round {number + 1} of {options.rounds}")
        pair = [0.0, 0.0]
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            pair[place] = measure(running[place], battery, field, options.seconds)
        pairs.append(pair)
    for server in running:
        server.stop()
    return pairs


def count(program: Program, battery: Battery, field: str) -> float:
    request = instructions.get(battery.path, field + "\r\n" if field else "")
    return instructions.per_request(list(program.command), instructions.Work(lambda number: request, {}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batteries", type=pathlib.Path, default=bench.ROOT / ".build/release/batteries")
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", action="append", choices=[battery.name for battery in BATTERIES], default=[])
    parser.add_argument("--no-counts", action="store_true", help="CPU time alone")
    options = parser.parse_args()
    if not os.access(options.batteries, os.X_OK):
        parser.error(f"no binary at {options.batteries}: make bench-batteries builds it")
    try:
        with tempfile.TemporaryDirectory(prefix="batteries-", dir=bench.ROOT / ".build") as folder:
            run(options, pathlib.Path(folder))
    except (Failure, client.LoadError, OSError) as error:
        bench.say(f"batteries: {error}")
        return 2
    finally:
        Server.stop_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
