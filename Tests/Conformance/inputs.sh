#!/usr/bin/env bash
# Compares every kind of input in Crane with FastAPI's by random requests: inputs.sh BINARY [COUNT] [SEED]
# BINARY is `typed-inputs`: CONFORMANCE=1 swift build -c release --product typed-inputs
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/venv.sh")
exec "$python" "$here/inputs.py" "$@"
