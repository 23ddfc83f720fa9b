#!/usr/bin/env bash
# Makes .venv beside this file, with what requirements.txt pins, unless it is there; prints its Python.
# The interpreter decides the wording of broken JSON: 3.13 changed it, so an older one is looked for first.
#   venv.sh websocket   the same with .venv-websocket and requirements-websocket.txt, which any Python runs
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
suffix=${1:+-$1}
venv=$here/.venv$suffix
wanted=("$here/requirements$suffix.txt")
newest=99
[ -n "$suffix" ] || { wanted+=("$here/reference/requirements.txt"); newest=13; }
if ! cmp -s "$venv/installed.txt" <(cat "${wanted[@]}"); then
    python=
    for name in ${PYTHON:-} python3.11 python3.12 python3; do
        if "$name" -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, $newest))" 2>/dev/null; then
            python=$name
            break
        fi
    done
    [ -n "$python" ] || { echo "venv.sh: Python 3.11 or 3.12 is needed (PYTHON names one)" >&2; exit 1; }
    rm -rf "$venv"
    "$python" -m venv "$venv" >&2 || { echo "venv.sh: is the Debian package python3-venv there?" >&2; exit 1; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 -r "${wanted[0]}" >&2
    cat "${wanted[@]}" >"$venv/installed.txt"
fi
echo "$venv/bin/python"
