#!/usr/bin/env bash
# Compares LiveTalk with the reference application: parity.sh [--only GROUPS] [--livetalk PATH] ...
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/venv.sh")
exec "$python" "$here/parity.py" "$@"
