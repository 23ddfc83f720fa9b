#!/bin/bash
# Times the debug build of Examples/hello as a package of its own, with its dependencies: from nothing, after a change of its file (the
# median of five), and after none; the seconds that pass, and those of processor time, which are much the same on a busy machine:
# times.sh [-c release]
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d "${TMPDIR:-/tmp}/times.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp -r "$root/Examples/hello" "$work/hello"
rm -rf "$work/hello/.build"
sed -i "s|path: \"[^\"]*\"|path: \"$root\"|" "$work/hello/Package.swift"
TIMEFORMAT='%1R %1U %1S'
# timed: the seconds of a build.
timed() {
    { time ${SWIFT:-swift} build --package-path "$work/hello" "$@" > "$work/log" 2>&1; } 2> "$work/time" || { cat "$work/log" >&2; exit 1; }
    awk '{ printf "%5.1f s, %5.1f s of processor time\n", $1, $2 + $3 }' "$work/time"
}
first=$(timed "$@")
echo "from nothing:   $first"
for number in 1 2 3 4 5; do
    echo "let change$number = $number" >> "$work/hello/Sources/Hello/main.swift"
    timed "$@"
done > "$work/changes"
echo "after a change: $(sort -n "$work/changes" | sed -n 3p)"
last=$(timed "$@")
echo "after none:     $last"
