#!/usr/bin/env python3
"""Counts what a request takes as the service grows: with routes, talks, comments and connections, by instructions.py's way.

    python3 Tests/Benchmarks/growth.py [--livetalk PATH] [--routes PATH] [--only KIND]... [--largest N] [--svg FILE]
    python3 Tests/Benchmarks/growth.py --only comments --profile FOLDER

A table for each kind: the instructions of a request at each size, and how many times as many the largest takes as the smallest. A
line that in the end grows faster than the logarithm of its size, and has no reason given here, is named, and the status is then 1.
`--routes` is the program growth-routes, which `make bench-growth` builds. `--largest` bounds the comments, of which ten million take
some minutes and 4 GB below TMPDIR for a while. `--svg` draws the lines; `--profile` keeps what callgrind_annotate reads.
"""

import argparse
import contextlib
import itertools
import os
import pathlib
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import growth_plot
import instructions
from growth_line import Line

SIZES = {
    "routes": [10, 100, 1000],
    "talks": [1, 10, 100],
    "comments": [1000, 10_000, 100_000, 1_000_000, 10_000_000],
    "connections": [1, 64, 1000, 10_000, 20_000],
}
TEXT = "a comment of ordinary length for the talk, number"
#: The comments beside talk 7's are shared among so many talks, from talk 8 on; this one has ten of a thousand.
TALKS = 100
TALK = "talk_id=9"
#: Where a process may have no more descriptors: those that are the service's own, or kept for others than connections.
SPARED = 200
#: What must grow is counted up to so many comments.
LONG_READS = 1_000_000


def row(number):
    """A comment as JSON; talk 7 has a quarter of the first thousand."""
    talk = 7 if number % 4 == 0 and number < 1000 else number % TALKS + 8
    time = "2026-11-22T10:27:46.435673Z"
    return (
        f'{{"id":{number + 1},"talk_id":{talk},"user_ip":"10.0.0.1","comment_text":"{TEXT} {number}",'
        f'"created_at":"{time}","updated_at":"{time}"}}\n'
    )


def import_rows(livetalk, folder, numbers):
    """Has the database of the folder hold these comments too."""
    command = [livetalk, "import", "--database-url", "sqlite:///counted.db", "--format", "ndjson", "-"]
    process = subprocess.Popen(
        command, cwd=folder, env={"PATH": os.environ["PATH"]}, stdin=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.stdin.writelines(map(row, numbers))
    process.stdin.close()
    if process.wait() != 0:
        sys.exit(f"the import has ended with {process.returncode}")


class Growth:
    def __init__(self, options, base):
        self.livetalk = os.path.abspath(options.livetalk)
        self.routes_program = os.path.abspath(options.routes)
        self.largest = options.largest
        self.profiles = options.profile and pathlib.Path(options.profile)
        self.base = base
        self.command = [self.livetalk, "serve", "--host", "127.0.0.1", "--port", "{port}"]
        self.lines = []

    def line(self, kind, name, *must):
        """A line of the table, for the figures to come; why it must grow, if it must."""
        line = Line(kind, name, *must)
        self.lines.append(line)
        return line

    def note(self, line, size, request, command=None, folder=None, **how):
        """Counts a request among so many, and tells the figure."""
        folder = folder or pathlib.Path(tempfile.mkdtemp(dir=self.base))
        profile = None
        if self.profiles:
            name = "-".join(re.findall(r"\w+", line.name))
            profile = self.profiles / f"{line.kind}-{name}-{size}"
        figure = instructions.count(command or self.command, instructions.Work(request), folder, profile, **how)
        line.add(size, figure)
        print(f"{line.kind}, {line.name}, {size:,}: {figure:,.0f}", flush=True)

    def routes(self, sizes):
        line = self.line("routes", "a route with a number in its path")
        for size in sizes:
            def request(number, size=size):
                route = number * 7919 % size
                return instructions.get(f"/group-{route // 10}/item-{route}/{number % 1000}")

            self.note(line, size, request, [self.routes_program, str(size), "{port}"])

    def talks(self, sizes):
        line = self.line("talks", "a post to each in turn")
        for size in sizes:
            folder = pathlib.Path(tempfile.mkdtemp(dir=self.base))
            import_rows(self.livetalk, folder, range(1000))
            with contextlib.closing(sqlite3.connect(folder / "counted.db")) as database, database:
                database.executemany(
                    "INSERT INTO talk (id, slug, title, state, moderation, created_at, updated_at)"
                    " VALUES (?1, 'talk-' || ?1, 'A talk', 'open', 'after', 0, 0)",
                    [(8 + talk,) for talk in range(size)])
            self.note(line, size, lambda number, size=size: instructions.post(TEXT, 8 + number % size), folder=folder)

    def comments(self, sizes):
        def line(name, *must):
            return self.line("comments", name, *must)

        def place(number, size):
            """Anywhere among so many, another place each time."""
            return number * 7919 % max(1, size)

        get = instructions.get
        short = [
            (line("one by its id"), lambda number, size: get(f"/comments/{place(number, size) + 1}")),
            (line("ten from anywhere, after an id"),
             lambda number, size: get(f"/comments/?limit=10&after={place(number, size - 10)}")),
            (line("ten from anywhere, by offset"),
             lambda number, size: get(f"/comments/?limit=10&offset={place(number, size - 10)}")),
            (line("100 of a talk"), lambda number, size: get("/comments/?talk_id=7&limit=100")),
            (line("the newest ten of a talk"), lambda number, size: get(f"/comments/?{TALK}&sort=newest&limit=10")),
        ]
        # These have places for few at a time, and two seconds, which under callgrind are soon over.
        long = [
            (line("a search for a word of one comment"),
             lambda number, size: get(f"/search/comments?q={place(number, size)}")),
            (line("ten of a talk, by offset", "an offset passes what is before it"),
             lambda number, size: get(f"/comments/?{TALK}&limit=10&offset={place(number, size // TALKS - 10)}")),
            (line("the ten of a talk with most votes", "all of the talk are sorted"),
             lambda number, size: get(f"/comments/?{TALK}&sort=top&limit=10")),
        ]
        posts = line("a post")
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.base))
        for before, size in itertools.pairwise([0, *sizes]):
            if size > self.largest:
                break
            import_rows(self.livetalk, folder, range(before, size))
            for reads, how in ((short, {}), (long, {"connections": 4, "turns": (8, 64)})):
                for read, request in reads:
                    if not read.must or size <= LONG_READS:
                        self.note(read, size, lambda number, size=size: request(number, size), folder=folder, **how)
            # Those of a post are not to be imported over.
            with tempfile.TemporaryDirectory(dir=self.base) as copy:
                posted = pathlib.Path(copy, "posted")
                shutil.copytree(folder, posted)
                self.note(posts, size, instructions.WORKS["post"].request, folder=posted)
        shutil.rmtree(folder)

    def connections(self, sizes):
        """Those beside which 64 take turns, and those that all take turns."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        sizes = [min(size, hard - SPARED) for size in sizes]
        plaintext = instructions.WORKS["plaintext"].request
        idle = self.line("connections", "plaintext of 64, the others idle")
        for size in sizes:
            if size >= instructions.CONNECTIONS:
                # What becomes due while they are open, deadlines above all, is not a request's: it is shared among more.
                self.note(idle, size, plaintext, others=size - instructions.CONNECTIONS, turns=(8, 256))
        busy = self.line("connections", "plaintext of all in each turn of the loop")
        for size in sizes:
            # As many requests of one as of 64; of many the turns are long.
            turns = (64, 1024) if size == 1 else instructions.TURNS if size <= 1000 else (2, 4)
            self.note(busy, size, plaintext, connections=size, turns=turns)
        posts = self.line("connections", "a post of each in each turn")
        for size in sizes:
            # 4,096 writes may wait.
            if size <= 4096:
                turns = (64, 1024) if size == 1 else instructions.TURNS
                self.note(posts, size, instructions.WORKS["post"].request, connections=size, turns=turns)


def tables(lines):
    """The lines as Markdown, a table for each kind."""
    parts = []
    for kind, group in itertools.groupby(lines, key=lambda line: line.kind):
        group = list(group)
        sizes = sorted({size for line in group for size in line.figures})
        parts.append(f"| {kind} | " + " | ".join(f"{size:,}" for size in sizes) + " | times |")
        parts.append("|---|" + "---|" * (len(sizes) + 1))
        for line in group:
            cells = [f"{line.figures[size]:,.0f}" if size in line.figures else "" for size in sizes]
            parts.append(f"| {line.name} | " + " | ".join(cells) + f" | {line.times:.2f} |")
        parts.append("")
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", default=str(instructions.ROOT / ".build/release/livetalk"))
    parser.add_argument("--routes", default=str(instructions.ROOT / ".build/release/growth-routes"))
    parser.add_argument("--only", action="append", choices=list(SIZES), default=[])
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--svg")
    parser.add_argument("--profile", metavar="FOLDER")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if options.profile:
        pathlib.Path(options.profile).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as base:
        growth = Growth(options, pathlib.Path(base))
        for kind in options.only or SIZES:
            getattr(growth, kind)(SIZES[kind])
    print()
    print(tables(growth.lines))
    if options.svg:
        pathlib.Path(options.svg).write_text(growth_plot.svg(growth.lines))
    unexpected = [line for line in growth.lines if line.is_steep and not line.must]
    for line in unexpected:
        print(f"grows faster than its logarithm: {line.kind}, {line.name}")
    sys.exit(1 if unexpected else 0)


if __name__ == "__main__":
    main()
