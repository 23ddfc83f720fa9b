#!/usr/bin/env bash
# Talks to /chat of a LiveTalk of its own from headless Chromium (Debian's package chromium): websocket_browser.sh [BINARY]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command -v chromium >/dev/null || { echo "websocket_browser.sh: the Debian package chromium is needed" >&2; exit 1; }
exec python3 -B "$here/websocket_browser.py" "${1:-$here/../../.build/release/livetalk}"
