#!/usr/bin/env bash
# Has a validator and two generators of clients read the OpenAPI documents of LiveTalk and of all examples: documents.sh [BINARY]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/venv.sh" documents)
folder=$(mktemp -d "${TMPDIR:-/tmp}/documents.XXXXXX")
trap 'rm -rf "$folder"' EXIT
"${1:-$here/../../.build/release/livetalk}" openapi > "$folder/LiveTalk.json"
DOCUMENTS=$folder "$here/../Example/run.sh" greeter hello todo chat links Bookmarks
"$python" "$here/documents.py" "$folder"/*.json
