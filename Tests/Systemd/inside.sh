#!/bin/bash
# Runs inside the container, under its systemd: installs LiveTalk as an operator does and tries what may happen to it.
set -uo pipefail
cd /opt/livetalk
failures=0

ok() { echo "ok    $1"; }
bad() {
    echo "FAIL  $1"
    failures=$((failures + 1))
}
# check TEXT COMMAND...: the command must succeed.
check() {
    local text=$1
    shift
    if "$@"; then ok "$text"; else bad "$text"; fi
}
# eventually COMMAND...: the command must succeed within 30 seconds.
eventually() {
    local end=$((SECONDS + 30))
    until "$@" > /dev/null; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}
property() { systemctl show -p "$2" --value "$1"; }
is() { [ "$(property "$1" "$2")" = "$3" ]; }
status() { curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$@"; }
answers() {
    local wanted=$1
    shift
    local got
    got=$(status "$@")
    [ "$got" = "$wanted" ] || { echo "      $* gave $got"; return 1; }
}
# journal PATTERN [PRIORITY]: the service has logged it, with this priority.
journal() { journalctl --sync; journalctl -u livetalk -o cat ${2:+-p "$2..$2"} | grep -q -- "$1"; }
url=http://127.0.0.1:8000

echo "# install"
check "make install" make --silent install BINARY=/opt/livetalk/livetalk
check "systemd-analyze verify has nothing to say" \
    test -z "$(systemd-analyze verify livetalk.service livetalk.socket 2>&1)"
exposure=$(systemd-analyze security --offline=true --no-pager \
    /usr/local/lib/systemd/system/livetalk.service | awk '/Overall exposure/ {print $(NF-2)}')
check "systemd-analyze security: exposure $exposure" awk "BEGIN {exit !($exposure <= 1.5)}"
systemctl daemon-reload

echo "# start"
check "systemctl start waits for READY" systemctl start livetalk
check "active" is livetalk ActiveState active
check "STATUS names the address: $(property livetalk StatusText)" \
    is livetalk StatusText "Answering on 127.0.0.1:8000"
check "the first answer comes at once" answers 200 "$url/"
check "ready" answers 200 "$url/readyz"
check "a foreign host is refused" answers 400 -H 'Host: evil.example' "$url/"
check "health is told to anybody" answers 200 -H 'Host: 10.1.2.3' "$url/healthz"
check "livetalk health says so" /usr/local/bin/livetalk health
check "the rate limit is on" grep -q 'q=300;w=60' <(curl --silent --include "$url/")
check "a comment is kept" answers 200 -H 'Content-Type: application/json' \
    -d '{"talk_id":1,"user_ip":"::1","comment_text":"kept"}' "$url/comments/"
settings=(--env-file /etc/livetalk/livetalk.env)
check "a moderator is added while it runs" livetalk user add ada --moderator "${settings[@]}" <<< 'correct horse'
moderator="Authorization: Bearer $(livetalk user token ada "${settings[@]}")"
change=(-X PUT -H 'Content-Type: application/json')
check "nobody changes another's comment" \
    answers 403 "${change[@]}" -d '{"comment_text":"mine"}' "$url/comments/1"
check "the database is in the state directory, and private" \
    test "$(stat -c %a /var/lib/private/livetalk/comments.db)" = 600
pid=$(property livetalk MainPID)
check "it runs as a user of its own" test "$(stat -c %U "/proc/$pid")" = livetalk
check "it has no capability" grep -q '^CapBnd:.*0000000000000000$' "/proc/$pid/status"
check "every loop is a thread with a name" grep -qx loop-0 "/proc/$pid/task/"*/comm

echo "# reload"
sed -i 's|^LIVETALK_RATE_LIMIT=.*|LIVETALK_RATE_LIMIT=100000/60|; s|^LIVETALK_PORT=.*|LIVETALK_PORT=8001|' \
    /etc/livetalk/livetalk.env
check "systemctl reload" systemctl reload livetalk
check "says what it did" eventually journal \
    'reloaded; changed LIVETALK_RATE_LIMIT; needs a restart: LIVETALK_PORT' notice
check "the new limit counts" grep -q 'q=100000;w=60' <(curl --silent --include "$url/")
check "in the same process" is livetalk MainPID "$pid"
sed -i 's|^LIVETALK_PORT=.*|LIVETALK_PORT=eighty|' /etc/livetalk/livetalk.env
systemctl reload livetalk
check "a mistake is named and changes nothing" eventually journal 'not reloaded: LIVETALK_PORT=.*eighty' err
check "and the service goes on" answers 200 "$url/"
sed -i 's|^LIVETALK_PORT=.*|LIVETALK_PORT=8000|' /etc/livetalk/livetalk.env

echo "# a full disk"
state=/var/lib/private/livetalk
systemctl stop livetalk
mount -t tmpfs -o size=2m tmpfs $state
systemctl start livetalk
check "a comment is kept" answers 200 -H 'Content-Type: application/json' \
    -d '{"talk_id":1,"user_ip":"::1","comment_text":"small"}' "$url/comments/"
dd if=/dev/zero of=$state/full bs=4k status=none 2> /dev/null
check "not ready when the database cannot be written" eventually answers 503 "$url/readyz"
check "alive all the same" answers 200 "$url/healthz"
check "and reads are answered" answers 200 "$url/comments/1"
rm $state/full
check "ready again when there is room" eventually answers 200 "$url/readyz"
systemctl stop livetalk
umount $state
systemctl start livetalk
pid=$(property livetalk MainPID)
restarts=$(property livetalk NRestarts)

echo "# kill -9"
kill -9 "$pid"
check "systemd starts it again" eventually is livetalk NRestarts $((restarts + 1))
check "it answers again" eventually answers 200 "$url/comments/1"

echo "# a stuck loop"
mkdir -p /run/systemd/system/livetalk.service.d
printf '[Service]\nWatchdogSec=3\n' > /run/systemd/system/livetalk.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart livetalk
pid=$(property livetalk MainPID)
restarts=$(property livetalk NRestarts)
last=$(cat "/proc/$pid/task/"*/comm | grep '^loop-' | sort | tail -n 1)
python3 Systemd/stall.py "$pid" "$last" &
check "the watchdog sees that $last of $(grep -h '^loop-' "/proc/$pid/task/"*/comm | wc -l) is stuck" \
    eventually journal 'Watchdog timeout' ''
check "and systemd starts it again" eventually is livetalk NRestarts $((restarts + 1))
check "it answers again" eventually answers 200 "$url/comments/1"
rm -r /run/systemd/system/livetalk.service.d
systemctl daemon-reload

echo "# backup"
backup=/var/backups/comments.db
database=(--database-url sqlite:////var/lib/livetalk/comments.db)
check "livetalk backup, beside the service" livetalk backup "${database[@]}" $backup
check "a moderator changes a comment" \
    answers 200 "${change[@]}" -H "$moderator" -d '{"comment_text":"later"}' "$url/comments/1"
systemctl stop livetalk
check "livetalk restore" livetalk restore --replace "${database[@]}" $backup
chown --reference=/var/lib/livetalk/ /var/lib/livetalk/comments.db
systemctl start livetalk
check "the comment is as it was" grep -q '"comment_text":"kept"' <(curl --silent "$url/comments/1")
check "and can be written" \
    answers 200 "${change[@]}" -H "$moderator" -d '{"comment_text":"kept"}' "$url/comments/1"

echo "# stop"
check "systemctl stop" systemctl stop livetalk
check "ended well" is livetalk Result success
check "with status 0" is livetalk ExecMainStatus 0
check "the write-ahead log is in the file" test ! -s /var/lib/private/livetalk/comments.db-wal

echo "# stop under load"
sed -i -E 's/^(LIVETALK_(RATE_LIMIT|NETWORK_RATE|PARTICIPANT_RATE))=.*/\1=off/' /etc/livetalk/livetalk.env
systemctl start livetalk
python3 Systemd/load.py 32 200 > /run/load &
client=$!
check "32 clients and 200 WebSockets are busy" eventually grep busy /run/load
sleep 2
began=$(date +%s%N)
systemctl stop livetalk
took=$((($(date +%s%N) - began) / 1000000))
wait $client
status=$?
check "every request is answered, every WebSocket closed with its code: $(tail -n +2 /run/load)" test $status = 0
check "within the deadline: $took ms" test $took -lt 10000
check "ended well" is livetalk Result success
check "with status 0" is livetalk ExecMainStatus 0

echo "# socket activation"
check "systemctl enable --now livetalk.socket" systemctl enable --quiet --now livetalk.socket
check "nothing runs yet" is livetalk ActiveState inactive
check "the first connection starts it" answers 200 "$url/comments/1"
check "IPv6" answers 200 'http://[::1]:8000/comments/1'
check "Unix" answers 200 --unix-socket /run/livetalk/livetalk.sock http://localhost/comments/1
check "STATUS names all three: $(property livetalk StatusText)" is livetalk StatusText \
    "Answering on 127.0.0.1:8000, [::1]:8000, unix:/run/livetalk/livetalk.sock"
mark=/run/livetalk-restarting
touch $mark
(
    count=0
    while [ -e $mark ]; do
        answers 200 "$url/" || exit 1
        count=$((count + 1))
    done
    echo "      $count requests"
) &
client=$!
for _ in 1 2 3; do systemctl restart livetalk; done
rm $mark
check "no request is refused while it restarts three times" wait $client
systemctl stop livetalk.socket livetalk
check "Unix socket removed" test ! -e /run/livetalk/livetalk.sock

echo "# the journal"
check "requests have priority 6" journal ' - GET - /comments/1 - 200 completed' info
# Swift's worker threads may say, by syslog, that they could not change their niceness.
check "every line of the service has a priority" test -z "$(
    journalctl -u livetalk -o cat _COMM=livetalk | grep -v 'set thread priority for worker' | grep -i 'failed to')"
check "lines have no time of their own" test -z "$(
    journalctl -u livetalk -o cat _COMM=livetalk | grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2}T|^<[0-7]>')"
sed -i 's|^LIVETALK_PORT=.*|LIVETALK_PORT=eighty|' /etc/livetalk/livetalk.env
check "a service that cannot start says why" bash -c '! systemctl start livetalk 2>/dev/null'
check "as an error" journal 'livetalk: LIVETALK_PORT="eighty"' err
systemctl stop livetalk
systemctl reset-failed livetalk
sed -i 's|^LIVETALK_PORT=.*|LIVETALK_PORT=8000|' /etc/livetalk/livetalk.env

# proxied URL: what must hold behind any proxy; `site` are curl's options.
proxied() {
    check "an answer comes through" eventually answers 200 "${site[@]}" "$1/"
    check "HTTP/2 in front of it" grep -q '^HTTP/2 200' <(curl --silent --include "${site[@]}" "$1/")
    for path in healthz readyz metrics; do
        check "/$path stays inside" answers 404 "${site[@]}" "$1/$path"
    done
    check "a comment is kept" answers 200 "${site[@]}" -H 'Content-Type: application/json' \
        -d '{"talk_id":2,"user_ip":"::1","comment_text":"through a proxy"}' "$1/comments/"
    answers 200 "${site[@]}" -H 'X-Forwarded-For: 203.0.113.9' "$1/comments/2"
    check "a client does not choose its address" eventually journal '127.0.0.1:[0-9]* - GET - /comments/2' info
    check "a WebSocket through it" python3 Systemd/websocket.py "${1#https://}"
}
for proxy in nginx caddy; do
    . Systemd/$proxy.sh
done

check "no unit has failed" test -z "$(systemctl list-units --failed --no-legend 'livetalk*')"

echo "# uninstall"
systemctl disable --quiet --now livetalk.socket livetalk
check "make uninstall" make --silent uninstall
check "nothing is left but settings and data" test -z "$(find /usr/local -path '*livetalk*')"
check "which are" test -e /etc/livetalk/livetalk.env -a -e /var/lib/private/livetalk/comments.db

echo
if [ "$failures" != 0 ]; then
    echo "$failures failed; the service's journal:"
    journalctl -u livetalk -u livetalk.socket --no-pager | tail -n 100
    exit 1
fi
echo "all passed"
