#!/usr/bin/env bash
# Generates a Python client from /openapi.json and calls a LiveTalk of its own with it: python_client.sh [BINARY]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/venv.sh")
exec "$python" "$here/python_client.py" "${1:-$here/../../.build/release/livetalk}"
