#!/usr/bin/env bash
# Runs schemathesis with all checks against a LiveTalk of its own: fuzz_api.sh [BINARY]
# SECONDS_TO_RUN (60) bounds it, SEED repeats a run. TARGET=reference runs it against the reference, and DECIDED=no without
# schemathesis.toml and its hooks, which say what is decided against its opinion.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath -m "${1:-$here/../../.build/release/livetalk}")
python=$("$here/venv.sh")
state=$(mktemp -d)
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
if [ "${TARGET:-livetalk}" = reference ]; then
    PYTHON=$python UVICORN_LOG=critical "$here/reference/run.sh" "$port" "$state" >"$state/log" 2>&1 &
else
    (cd "$state" && LIVETALK_DEMO_USER=true LIVETALK_FAILED_LOGINS=off LIVETALK_ACCESS_LOG=off exec "$binary" serve --host 127.0.0.1 \
        --port "$port" --database-url "sqlite:///$state/comments.db" >"$state/log" 2>&1) &
fi
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$state"' EXIT
# The command line's choice of checks would outrank the configuration's.
decided=() checks=(--checks all)
[ "${DECIDED:-yes}" = no ] || { decided=(--config-file "$here/schemathesis.toml"); checks=(); }
cd "$state"
PYTHONPATH=$here "$(dirname "$python")/schemathesis" "${decided[@]}" run "http://127.0.0.1:$port/openapi.json" \
    "${checks[@]}" --max-time "${SECONDS_TO_RUN:-60}" --wait-for-schema 20 --continue-on-failure \
    ${SEED:+--seed "$SEED"} | tee "$state/report" && status=0 || status=$?
# On a busy machine the time can end before the first request, which schemathesis does not count as a failure.
if grep -q "No test cases were generated" "$state/report"; then
    echo "nothing was tested within ${SECONDS_TO_RUN:-60} s"
    status=1
fi
kill -0 "$server" 2>/dev/null || { echo "the server ended:"; tail -20 "$state/log"; status=1; }
exit "$status"
