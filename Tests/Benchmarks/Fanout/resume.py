#!/usr/bin/env python3
"""Subscribers over WebSocket and server-sent events, dropped at random, while the server is killed (-9) and started again.

    python3 Tests/Benchmarks/Fanout/resume.py --livetalk .build/release/livetalk --kills 5 --seconds 60
    python3 Tests/Benchmarks/Fanout/resume.py --livetalk .build/release/livetalk --kills 1 --subscribers 5000 --churn 0    # a storm

What was answered may be missing nowhere, nothing may come twice or out of order; a post whose answer was lost may have reached all or
nobody. A server whose history is in memory alone, such as the hub of this folder, is measured with --kills 0.
"""

import argparse
import json
import pathlib
import random
import shlex
import subprocess
import sys
import tempfile
import time

from run import LIVETALK, build, livetalk_command, servers


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", help="the built livetalk, in the place of a command and where its feed is")
    parser.add_argument("--command", default=".build/release/fanout-hub {port}", help="with {port} and {folder}")
    parser.add_argument("--publish", default="/pub")
    parser.add_argument("--web-socket", default="/ws")
    parser.add_argument("--events", default="/sse")
    parser.add_argument("--body", default='"%"')
    parser.add_argument("--subscribers", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--churn", type=float, default=50, help="subscribers dropped a second")
    parser.add_argument("--kills", type=int, default=0)
    options = parser.parse_args()
    if options.livetalk:
        options.command = livetalk_command(options.livetalk) + " keep"
        vars(options).update(LIVETALK)
    return options


def main() -> int:
    options = parse()
    servers.raise_descriptor_limit()
    cores = servers.Cores.choose()
    with tempfile.TemporaryDirectory(prefix="resume-") as name:
        folder = pathlib.Path(name)
        build(folder)
        port = servers.free_port()
        parts = [part.replace("{port}", str(port)).replace("{folder}", str(folder)) for part in shlex.split(options.command)]
        parts[0] = str(pathlib.Path(parts[0]).resolve())

        def start() -> subprocess.Popen:
            with open(folder / "log", "ab") as log:
                return subprocess.Popen(["taskset", "-c", str(cores.server), *parts], cwd=folder, stdout=log, stderr=log)

        server = start()
        try:
            time.sleep(1.5)
            base = f"127.0.0.1:{port}"
            load = subprocess.Popen(
                ["taskset", "-c", str(cores.client), str(folder / "fanload"), "--sub", f"ws://{base}{options.web_socket}",
                 "--sub2", f"http://{base}{options.events}", "--pub", f"http://{base}{options.publish}", "--body", options.body,
                 "-n", str(options.subscribers), "--rate", str(options.rate), "--seconds", str(options.seconds),
                 "--churn", str(options.churn), "--linger", "15", "--label", "resume"], stdout=subprocess.PIPE, text=True)
            time.sleep(3)
            for _ in range(options.kills):
                time.sleep(random.uniform(0.5, 1) * options.seconds / (options.kills + 1))
                server.kill()
                server.wait()
                time.sleep(random.uniform(0.1, 1))
                server = start()
            output, _ = load.communicate(timeout=options.seconds + 120)
        finally:
            server.terminate()
            server.wait()
        run = json.loads(output)
        print(f"{run['published']} posts answered, {run['drops']} drops, {options.kills} kills, {run['returns']} returns, "
              f"{run['resets']} resets, away for {run['longest_away_ms']} ms at most: {run['missing']} missing, {run['twice']} twice, {run['reordered']} out of order")
        return 1 if run["missing"] or run["twice"] or run["reordered"] or run["resets"] else 0


if __name__ == "__main__":
    sys.exit(main())
