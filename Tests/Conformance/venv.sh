#!/usr/bin/env bash
# Makes .venv beside this file, with what requirements.txt pins, unless it is there; prints its Python.
# The interpreter decides the wording of broken JSON: 3.13 changed it, so an older one is looked for first.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/.venv
if ! cmp -s "$venv/installed.txt" <(cat "$here/requirements.txt" "$here/reference/requirements.txt"); then
    python=
    for name in ${PYTHON:-} python3.11 python3.12 python3; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
            python=$name
            break
        fi
    done
    [ -n "$python" ] || { echo "venv.sh: Python 3.11 or 3.12 is needed (PYTHON names one)" >&2; exit 1; }
    rm -rf "$venv"
    "$python" -m venv "$venv" || { echo "venv.sh: is the Debian package python3-venv there?" >&2; exit 1; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
    cat "$here/requirements.txt" "$here/reference/requirements.txt" >"$venv/installed.txt"
fi
echo "$venv/bin/python"
