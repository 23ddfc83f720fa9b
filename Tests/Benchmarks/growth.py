#!/usr/bin/env python3
"""Counts what a request takes as the service grows: with routes, talks, comments and connections, by instructions.py's way.

    python3 Tests/Benchmarks/growth.py [--livetalk PATH] [--routes PATH] [--only KIND]... [--largest N] [--svg FILE]

One table line for each kind of request: the instructions at each size, and how many times as many the largest takes as the smallest.
`--routes` is the program growth-routes, which `make bench-growth` builds. `--largest` bounds the comments, of which a million take some
minutes. `--svg` draws the lines.
"""

import argparse
import contextlib
import json
import math
import os
import pathlib
import resource
import shutil
import sqlite3
import subprocess
import tempfile

import instructions

SIZES = {
    "routes": [10, 100, 1000],
    "talks": [1, 10, 100],
    "comments": [1000, 10_000, 100_000, 1_000_000],
    "connections": [64, 1000, 10_000],
}
TEXT = "a comment of ordinary length for the talk, number"


def rows(count, talks=100):
    """Comments, of which talk 7 has a quarter of the first thousand."""
    for number in range(count):
        talk = 7 if number % 4 == 0 and number < 1000 else number % talks + 8
        yield {
            "id": number + 1, "talk_id": talk, "user_ip": "10.0.0.1", "comment_text": f"{TEXT} {number}",
            "created_at": "2026-11-22T10:27:46.435673Z", "updated_at": "2026-11-22T10:27:46.435673Z",
        }


def imported(livetalk, folder, count):
    """A folder with a database of so many comments."""
    folder.mkdir()
    source = folder / "comments.ndjson"
    with source.open("w") as file:
        for row in rows(count):
            file.write(json.dumps(row) + "\n")
    command = [livetalk, "import", "--database-url", "sqlite:///counted.db", str(source)]
    environment = {"PATH": os.environ["PATH"]}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    source.unlink()
    return folder


def measure(command, work, folder, others=0):
    """Instructions a request on a copy of the folder, with so many other connections open."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as base:
        copy = pathlib.Path(base, "copy")
        shutil.copytree(folder, copy)
        return instructions.count(command, work, copy, others=others)


class Growth:
    def __init__(self, options, base):
        self.livetalk = os.path.abspath(options.livetalk)
        self.routes_program = os.path.abspath(options.routes)
        self.largest = options.largest
        self.base = base
        self.command = [self.livetalk, "serve", "--host", "127.0.0.1", "--port", "{port}"]
        self.lines = {}

    def note(self, name, size, figure):
        self.lines.setdefault(name, []).append((size, figure))
        print(f"{name}, {size:,}: {figure:,.0f}", flush=True)

    def empty(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.base))

    def routes(self, sizes):
        for size in sizes:
            def request(number, size=size):
                route = number * 7919 % size
                return instructions.get(f"/group-{route // 10}/item-{route}/{number % 1000}")

            figure = measure([self.routes_program, str(size), "{port}"], instructions.Work(request, {}), self.empty())
            self.note("a route among", size, figure)

    def talks(self, sizes):
        for size in sizes:
            folder = imported(self.livetalk, self.base / f"talks-{size}", 1000)
            with contextlib.closing(sqlite3.connect(folder / "counted.db")) as database, database:
                database.executemany(
                    "INSERT INTO talk (id, slug, title, state, moderation, created_at, updated_at)"
                    " VALUES (?1, 'talk-' || ?1, 'A talk', 'open', 'after', 0, 0)",
                    [(8 + talk,) for talk in range(size)])
            post = instructions.Work(lambda number, size=size: instructions.post(TEXT, 8 + number % size))
            self.note("a post, talks", size, measure(self.command, post, folder))

    def comments(self, sizes):
        for size in sizes:
            if size > self.largest:
                continue
            folder = imported(self.livetalk, self.base / f"comments-{size}", size)
            read = instructions.Work(lambda number, size=size: instructions.get(f"/comments/{number * 7919 % size + 1}"))
            self.note("a comment by id, comments", size, measure(self.command, read, folder))
            page = instructions.Work(
                lambda number, size=size: instructions.get(f"/comments/?limit=10&offset={number * 7919 % max(1, size - 10)}"))
            self.note("ten comments from anywhere, comments", size, measure(self.command, page, folder))
            self.note("a page of a talk, comments", size, measure(self.command, instructions.WORKS["list"], folder))
            self.note("a post, comments", size, measure(self.command, instructions.WORKS["post"], folder))
            shutil.rmtree(folder)

    def connections(self, sizes):
        for size in sizes:
            others = size - instructions.CONNECTIONS
            figure = measure(self.command, instructions.WORKS["plaintext"], self.empty(), others)
            self.note("plaintext, connections", size, figure)


def svg(lines):
    """The lines as a drawing: sizes and costs in powers of ten, a cost being that of the smallest size times so many."""
    width, height, margin = 720, 360, 46
    most = max(size for points in lines.values() for size, _ in points)
    highest = max(2, *(figure / points[0][1] for points in lines.values() for _, figure in points))
    colours = ["#1668c4", "#b1431c", "#2f7d3a", "#7a3fa0", "#a07b10", "#008080", "#c2185b", "#555555"]

    def place(size, factor):
        x = margin + (width - 2 * margin) * math.log10(size) / math.log10(most)
        y = height - margin - (height - 2 * margin) * (factor - 0.5) / (highest - 0.5)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 22 * len(lines)}" font-family="sans-serif"'
        ' font-size="13">',
        "<title>Instructions a request, against that of the smallest size</title>",
        f'<rect width="{width}" height="{height + 22 * len(lines)}" fill="#fff"/>',
    ]
    for power in range(int(math.log10(most)) + 1):
        x = place(10**power, 1).split(",")[0]
        parts.append(f'<text x="{x}" y="{height - 14}" text-anchor="middle">{10**power:,}</text>')
        parts.append(f'<path d="M{x} {margin}V{height - margin}" stroke="#ddd"/>')
    for factor in range(1, int(highest) + 1):
        y = place(1, factor).split(",")[1]
        parts.append(f'<text x="8" y="{float(y) + 4:.1f}">{factor} ×</text>')
        parts.append(f'<path d="M{margin} {y}H{width - margin}" stroke="#ddd"/>')
    for index, (name, points) in enumerate(lines.items()):
        colour = colours[index % len(colours)]
        path = " ".join(place(size, figure / points[0][1]) for size, figure in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = height + 22 * index
        parts.append(f'<path d="M{margin} {y}h24" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{margin + 32}" y="{y + 5}">{name}: {points[0][1]:,.0f} at {points[0][0]:,}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", default=str(instructions.ROOT / ".build/release/livetalk"))
    parser.add_argument("--routes", default=str(instructions.ROOT / ".build/release/growth-routes"))
    parser.add_argument("--only", action="append", choices=list(SIZES), default=[])
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--svg")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as base:
        growth = Growth(options, pathlib.Path(base))
        for kind in options.only or SIZES:
            getattr(growth, kind)(SIZES[kind])
    print()
    for name, points in growth.lines.items():
        figures = ", ".join(f"{size:,}: {figure:,.0f}" for size, figure in points)
        print(f"{name}: {figures}; {points[-1][1] / points[0][1]:.2f} times")
    if options.svg:
        pathlib.Path(options.svg).write_text(svg(growth.lines))


if __name__ == "__main__":
    main()
