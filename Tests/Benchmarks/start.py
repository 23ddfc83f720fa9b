#!/usr/bin/env python3
"""Counts the instructions that `livetalk serve` spends from exec until it listens, on a database that is there, under callgrind.

    python3 Tests/Benchmarks/start.py [--livetalk PATH] [--at-most N] [--profile FILE]

The count is the same on a busy machine as on a quiet one; above the bound the status is 1. Needs Debian's package valgrind.
callgrind_annotate reads the profile.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# What was measured last, and 3 % more.
BOUND = 20_200_000
ARGUMENTS = ["--host", "127.0.0.1", "--database-url", "sqlite:///start.db", "--access-log", "off"]


def serve(command, folder):
    """Starts the service and returns it once it has answered a connection."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"]}
    service = subprocess.Popen(
        [*command, "serve", *ARGUMENTS, "--port", str(port)], cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    while service.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return service
        except OSError:
            time.sleep(0.02)
    sys.exit(f"{command[-1]} has ended with {service.returncode}")


def stop(service):
    service.send_signal(signal.SIGTERM)
    service.wait(60)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", default=str(ROOT / ".build/release/livetalk"))
    parser.add_argument("--at-most", type=int, default=BOUND)
    parser.add_argument("--profile")
    options = parser.parse_args()
    binary = os.path.abspath(options.livetalk)
    with tempfile.TemporaryDirectory() as folder:
        stop(serve([binary], folder))
        profile = pathlib.Path(folder, "profile")
        service = serve(["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={profile}", binary], folder)
        # What stopping costs is not in the first part.
        subprocess.run(["callgrind_control", "--dump", str(service.pid)], capture_output=True, check=True)
        part = pathlib.Path(folder, "profile.1")
        found = None
        for _ in range(600):
            found = part.exists() and re.search(r"^totals: (\d+)", part.read_text(), re.MULTILINE)
            if found:
                break
            time.sleep(0.1)
        stop(service)
        if not found:
            sys.exit("callgrind has written no profile")
        count = int(found.group(1))
        if options.profile:
            shutil.copy(part, options.profile)
    print(f"a start: {count:,} instructions, at most {options.at_most:,}")
    sys.exit(count > options.at_most)


if __name__ == "__main__":
    main()
