#!/bin/bash
# Builds the README's application and those of Examples as packages of their own, which have nothing of this one but its path,
# and asks each; a package that `crane new` has made, with its tests, and one under `crane dev`: run.sh [greeter|hello|todo|chat|links|Bookmarks|new|dev]...
#
# With DOCUMENTS, a folder, in the environment each one's OpenAPI document is put there.
# The first run builds every dependency anew, for some minutes; what it built stays in .build-example.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d "${TMPDIR:-/tmp}/example.XXXXXX")
server=
finish() {
    [ -z "$server" ] || kill "$server" 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# start PACKAGE PROGRAM [ARGUMENTS...]: builds a copy of the package in a folder and starts its program on a port of its own, in a
# folder of its own.
start() {
    local package=$work/$1 program=$2 run=$work/$1-run log=$work/$1-log
    sed -i "s|path: \"[^\"]*\"|path: \"$root\"|" "$package/Package.swift"
    sed -i 's/port: 8000/port: 0/' "$package/Sources/$program/main.swift"
    ${SWIFT:-swift} build --package-path "$package" --scratch-path "$root/.build-example"
    mkdir "$run"
    : > "$log"
    shift 2
    (cd "$run" && exec "$root/.build-example/debug/$program" "$@") > "$log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        address=$(sed -n 's/.*\(listening on\|Address \) *\(http:[^ ]*\).*/\2/p' "$log")
        if [ -n "$address" ]; then
            [ -z "${DOCUMENTS:-}" ] || curl --silent --show-error --max-time 10 "$address/openapi.json" > "$DOCUMENTS/$program.json"
            return 0
        fi
        kill -0 "$server" || break
        sleep 0.1
    done
    cat "$log" >&2
    return 1
}
stop() {
    kill "$server"
    wait "$server" || { echo "the server ended with $?" >&2; exit 1; }
    server=
}
# expect PATH PART [FLAGS OF CURL...]
expect() {
    local path=$1 part=$2 answer
    shift 2
    answer=$(curl --silent --show-error --max-time 10 "$@" "$address$path") || exit 1
    [[ $answer == *"$part"* ]] || { echo "$path answers $answer and not $part" >&2; exit 1; }
    echo "ok  $path  $part"
}

greeter() {
    mkdir -p "$work/greeter/Sources/Greeter"
    cp "$root/Tests/GuideTests/Programs/Package.swift" "$work/greeter/Package.swift"
    cp "$root/Tests/GuideTests/Programs/Greeter.swift" "$work/greeter/Sources/Greeter/main.swift"
    start greeter Greeter
    expect '/hello/ada?times=3' '{"name":"ada","times":3}'
    expect '/hello/ada?times=9' '"type":"less_than_equal"'
    expect /openapi.json '"/greetings"'
    expect /docs '<html'
    stop
}
hello() {
    cp -r "$root/Examples/hello" "$work/hello"
    start hello Hello
    expect '/hello/ada?times=2' '{"message":"Hello, ada! Hello, ada!"}'
    stop
}
todo() {
    cp -r "$root/Examples/todo" "$work/todo"
    start todo Todo
    expect /todos/ '{"id":1,"title":"Talk","done":false}' --json '{"title": "Talk"}'
    expect /todos/1 '"done":true' --request PUT --json '{"done": true}'
    expect '/todos/?done=false' '[]'
    stop
}
chat() {
    cp -r "$root/Examples/chat" "$work/chat"
    start chat Chat
    expect / 'new WebSocket(url)'
    expect /rooms '{}'
    stop
}
links() {
    cp -r "$root/Examples/links" "$work/links"
    start links Links --port 0
    expect /links '{"code":"1","url":"https://www.swift.org/"}' --json '{"url": "https://www.swift.org/"}'
    expect /1 'Location: https://www.swift.org/' --head
    expect /metrics 'links_writes_total 1'
    stop
}

Bookmarks() {
    cp -r "$root/Examples/Bookmarks" "$work/Bookmarks"
    start Bookmarks Bookmarks --port 0 --resources "$work/Bookmarks/Resources"
    expect /account/login '"type":"missing"' --json '{}'
    expect / '<h1>Shared bookmarks</h1>'
    expect /static/style.css 'font:'
    stop
    ${SWIFT:-swift} test --package-path "$work/Bookmarks" --scratch-path "$root/.build-example"
}
# built_crane: builds the command and says where it is.
built_crane() {
    ${SWIFT:-swift} build --package-path "$root" --product crane > /dev/null
    crane=$(${SWIFT:-swift} build --package-path "$root" --show-bin-path)/crane
}
new() {
    built_crane
    (cd "$work" && "$crane" new Starter)
    start Starter Starter --port 0
    expect /greetings/ada '{"message":"Hello, ada!"}'
    stop
    ${SWIFT:-swift} test --package-path "$work/Starter" --scratch-path "$root/.build-example"
}
dev() {
    built_crane
    cp -r "$root/Examples/hello" "$work/dev"
    local main=$work/dev/Sources/Hello/main.swift log=$work/dev-log
    sed -i "s|path: \"[^\"]*\"|path: \"$root\"|" "$work/dev/Package.swift"
    sed -i 's/port: 8000/port: 0/' "$main"
    "$crane" dev --package-path "$work/dev" --scratch-path "$root/.build-example" 2> "$log" &
    server=$!
    heard 1 'listening on'
    expect '/hello/ada' '{"message":"Hello, ada!"}'
    sed -i 's/Hello, /Welcome, /' "$main"
    heard 2 'listening on'
    expect '/hello/ada' '{"message":"Welcome, ada!"}'
    echo 'let mistake: Int = "text"' >> "$main"
    heard 1 'not built'
    expect /hello/ada 'let mistake: Int = "text"' --retry 10 --retry-connrefused --retry-max-time 1
    sed -i '$d' "$main"
    heard 3 'listening on'
    expect '/hello/ada' '{"message":"Welcome, ada!"}'
    stop
    ! curl --silent --output /dev/null "$address/hello/ada" || { echo "the program goes on without crane dev" >&2; exit 1; }
}
# heard COUNT WORDS: waits until crane dev has said so that many times, and takes the newest address.
heard() {
    until [ "$(grep -c "$2" "$work/dev-log")" -ge "$1" ]; do
        kill -0 "$server" || { cat "$work/dev-log" >&2; exit 1; }
        sleep 0.1
    done
    address=$(sed -n 's/.*listening on *\(http:[^ ]*\).*/\1/p' "$work/dev-log" | tail -n 1)
}

[ $# -gt 0 ] || set -- greeter hello todo chat links Bookmarks new dev
for example in "$@"; do
    case $example in
    greeter | hello | todo | chat | links | Bookmarks | new | dev) "$example" ;;
    *) echo "there is no example $example" >&2 && exit 1 ;;
    esac
done
