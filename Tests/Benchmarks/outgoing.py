#!/usr/bin/env python3
"""Counts the instructions that a request of CraneClient takes in user space, beside libcurl driven from C.

    python3 Tests/Benchmarks/outgoing.py [--client PATH] [--at-once 1,16]

Each program asks limit.c over kept connections, twice: with some requests and with three times as many, and what the longer run takes
more is divided by what it has asked more. Needs Debian's packages valgrind, libuv1-dev and libcurl4-openssl-dev.
"""

import argparse
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from instructions import collected

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COUNTS = (400, 1200)


def build(folder):
    for source, library in [("limit.c", "uv"), ("client-curl.c", "curl")]:
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", folder / source[:-2], HERE / source, f"-l{library}"], check=True)


def start(program):
    """The server, once it listens, and its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([program, str(port)], stdout=subprocess.DEVNULL)
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server, f"http://127.0.0.1:{port}/"
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{program} has ended")


def per_request(command, folder):
    """`command` makes the words of a run of so many requests."""
    log = folder / "callgrind.log"
    figures = []
    for count in COUNTS:
        words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}", *command(str(count))]
        subprocess.run(words, check=True, timeout=600)
        figures.append(collected(log))
    return (figures[1] - figures[0]) / (COUNTS[1] - COUNTS[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", default=str(ROOT / ".build/release/client-requests"))
    parser.add_argument("--at-once", default="1,16")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("there is no valgrind: apt-get install valgrind")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build(folder)
        server, url = start(folder / "limit")
        try:
            easy = per_request(lambda count: [folder / "client-curl", "easy", url, count], folder)
            print(f"libcurl's easy interface, one handle: {easy:,.0f} instructions a request", flush=True)
            for at_once in options.at_once.split(","):
                multi = per_request(lambda count: [folder / "client-curl", "multi", url, count, at_once], folder)
                ours = per_request(lambda count: [os.path.abspath(options.client), url, count, at_once], folder)
                print(f"{at_once} at once: CraneClient {ours:,.0f}, libcurl's multi interface {multi:,.0f}; {ours / multi:.2f}", flush=True)
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
