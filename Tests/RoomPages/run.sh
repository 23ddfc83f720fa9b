#!/usr/bin/env bash
# Tests the pages of the talks in headless Chromium (Debian's package chromium), each test on a room of its own server.
#   run.sh BINARY                        all of it
#   run.sh BINARY --short                what takes half a minute
#   run.sh BINARY --pictures DIRECTORY   keeps the pictures that the tests take there (.build/room-pages otherwise)
#   run.sh BINARY --screenshots DIRECTORY   only takes the pictures of README and guide
#   run.sh BINARY --sources              with the styles and scripts of the sources in the place of the binary's own
# A test's name may follow, as for unittest. Fonts: Noto, where the machine has it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v chromium >/dev/null; then
    # A machine that only builds and tests need not have a browser.
    case " $* " in *" --short "*) echo "the pages are not looked at: there is no chromium here" >&2; exit 0 ;; esac
    echo "run.sh: the Debian package chromium is needed" >&2
    exit 1
fi
if [ "${2:-}" = --screenshots ]; then exec python3 -B "$here/screenshots.py" "$1" "$3"; fi
case " $* " in
*" --short "*) ;;
*) command -v zbarimg >/dev/null || { echo "run.sh: the Debian package zbar-tools is needed" >&2; exit 1; } ;;
esac
exec python3 -B "$here/check.py" "$@"
