#!/usr/bin/env bash
# Runs the Autobahn cases (by kosoku) and the client of `websockets` against a LiveTalk of its own.
#   websocket.sh [--short] [BINARY]
# The short form leaves out the cases that send much: 9, and most of 12 and 13; where PyPI cannot be reached it does
# nothing and says so. A case that is not strictly right fails the run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
selection=()
if [ "${1:-}" = --short ]; then
    shift
    for case in '1.*' '2.*' '3.*' '4.*' '5.*' '6.*' '7.*' '10.*' 12.1.1 12.2.4 12.4.11 13.{1..7}.4; do
        selection+=(-i "$case")
    done
fi
binary=$(realpath -m "${1:-$here/../../.build/release/livetalk}")
if ! python=$("$here/venv.sh" websocket); then
    [ ${#selection[@]} -gt 0 ] || exit 1
    echo "websocket.sh: skipped: kosoku and websockets cannot be had from PyPI" >&2
    exit 0
fi
state=$(mktemp -d)
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd "$state" && LIVETALK_BENCHMARK_ROUTES=true LIVETALK_ACCESS_LOG=off exec "$binary" serve --host 127.0.0.1 \
    --port "$port" --database-url "sqlite://" >"$state/log" 2>&1) &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$state"' EXIT
"$python" "$here/websocket_client.py" "$port"
# kosoku writes its report beside its cases and ends with 1 when one fails: the report is what is judged.
"$(dirname "$python")/kosoku" "ws://127.0.0.1:$port/echo" "${selection[@]}" -o "$state/report" >"$state/cases" || true
"$python" - "$state/report/index.json" <<'JUDGE'
import json
import sys
from collections import Counter

(cases,) = json.load(open(sys.argv[1])).values()
verdicts = Counter(verdict for case in cases.values() for verdict in (case["behavior"], case["behaviorClose"]))
wrong = [
    f"{name}: {case['behavior']}, close {case['behaviorClose']}"
    for name, case in cases.items()
    if not {case["behavior"], case["behaviorClose"]} <= {"OK", "INFORMATIONAL"}
]
print(f"{len(cases)} cases:", ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
print(*wrong, sep="\n", end="\n" if wrong else "")
sys.exit(bool(wrong))
JUDGE
kill -0 "$server" 2>/dev/null || { echo "the server ended:"; tail -20 "$state/log"; exit 1; }
