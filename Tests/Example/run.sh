#!/bin/bash
# Builds the README's application as a package of its own, which depends on this one by its path alone, and asks it.
#
# The first run builds every dependency anew, for some minutes; what it built stays in .build-example.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
programs=$root/Tests/GuideTests/Programs
work=$(mktemp -d "${TMPDIR:-/tmp}/greeter.XXXXXX")
finish() {
    [ -z "${server:-}" ] || kill "$server" 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

mkdir -p "$work/greeter/Sources/Greeter"
# The package is expected beside its user, under its own name.
ln -s "$root" "$work/livetalk"
cp "$programs/Package.swift" "$work/greeter/Package.swift"
sed 's/port: 8000/port: 0/' "$programs/Greeter.swift" > "$work/greeter/Sources/Greeter/main.swift"
cd "$work/greeter"
${SWIFT:-swift} build --scratch-path "$root/.build-example"

"$root/.build-example/debug/Greeter" > "$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/.*listening on \(http:[^ ]*\).*/\1/p' "$work/log")
    [ -z "$address" ] || break
    kill -0 "$server" || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
done
expect() {
    local answer
    answer=$(curl --silent --max-time 10 "$address$1")
    [[ $answer == *"$2"* ]] || { echo "$1 answers $answer and not $2" >&2; exit 1; }
    echo "ok  $1  $2"
}
expect '/hello/ada?times=3' '{"name":"ada","times":3}'
expect '/hello/ada?times=9' '"type":"less_than_equal"'
expect /openapi.json '"/greetings"'
expect /docs '<html'
