#!/bin/bash
# Builds the README's application and those of Examples as packages of their own, which have nothing of this one but its path,
# and asks each: run.sh [greeter|hello|todo|chat|links]...
#
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
        [ -z "$address" ] || return 0
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

[ $# -gt 0 ] || set -- greeter hello todo chat links
for example in "$@"; do
    case $example in
    greeter | hello | todo | chat | links) "$example" ;;
    *) echo "there is no example $example" >&2 && exit 1 ;;
    esac
done
