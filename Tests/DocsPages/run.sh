#!/usr/bin/env bash
# Tests /docs and /redoc in headless Chromium (Debian's package chromium).
#   run.sh                        the pages from the sources, in front of the reference application
#   run.sh --livetalk BINARY      the pages as that binary serves them, and it behind them
#   run.sh --pictures DIRECTORY   only takes pictures of the pages
#   run.sh --hashes               only writes the hashes of the pages' policies anew
# A test's name may follow, as for unittest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" = --hashes ]; then
    exec python3 -B -c "import sys; sys.path.insert(0, '$here'); import pages; pages.write_hashes()"
fi
command -v chromium >/dev/null || { echo "run.sh: the Debian package chromium is needed" >&2; exit 1; }
python=$("$here/../Conformance/venv.sh")
exec "$python" -B "$here/check.py" "$@"
