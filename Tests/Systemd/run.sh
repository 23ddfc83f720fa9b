#!/bin/bash
# Boots a real systemd in a container over this machine's root file system and runs inside.sh in it.
#
# run.sh BINARY: the built livetalk. Needs root and the package systemd-container; this machine's files stay as they are.
set -euo pipefail
binary=$(realpath "${1:?run.sh BINARY}")
source=$(realpath "$(dirname "$0")/../..")
[ "$(id -u)" = 0 ] || { echo "a container needs root: sudo make test-systemd" >&2; exit 1; }

work=$(mktemp -d /var/tmp/livetalk-systemd.XXXXXX)
finish() {
    mountpoint -q "$work/root" && umount "$work/root"
    rm -rf "$work"
}
trap finish EXIT
mkdir "$work"/{upper,scratch,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/scratch" "$work/root"

container=(systemd-nspawn --quiet --directory="$work/root" --register=no --keep-unit --link-journal=no)

# The proxies that this machine does not have are installed into the container alone.
proxies=$(for proxy in nginx caddy; do command -v "$proxy" > /dev/null || echo "$proxy"; done)
if [ -n "$proxies" ]; then
    # shellcheck disable=SC2016,SC2086 # the container's shell expands it; the names are words
    "${container[@]}" --pipe sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" < /dev/null' \
        sh $proxies > "$work/packages" 2>&1 || { tail -n 20 "$work/packages" >&2; exit 1; }
fi

units=$work/root/etc/systemd/system
mkdir -p "$units/multi-user.target.wants" "$work/root/opt/livetalk"
cp "$binary" "$work/root/opt/livetalk/livetalk"
cp -r "$source"/{Makefile,config,Docs,Tests/Systemd} "$work/root/opt/livetalk/"
cat > "$units/livetalk-test.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /opt/livetalk/Systemd/inside.sh
StandardOutput=file:/opt/livetalk/output
StandardError=inherit
TimeoutStartSec=300
# The container ends with this test's status.
ExecStopPost=/bin/sh -c 'systemctl --no-block exit $EXIT_STATUS'
UNIT
ln -s ../livetalk-test.service "$units/multi-user.target.wants/"
# Nothing else of this machine is wanted there.
for unit in nginx caddy ssh cron networking systemd-networkd systemd-resolved systemd-timesyncd; do
    ln -sf /dev/null "$units/$unit.service"
done
# A machine that began as a container has none; a journal needs one.
systemd-id128 new > "$work/root/etc/machine-id"

status=0
timeout 400 "${container[@]}" --boot --private-network --console=pipe > "$work/console" 2>&1 < /dev/null || status=$?
cat "$work/upper/opt/livetalk/output" || status=1
if [ "$status" != 0 ]; then
    tail -n 40 "$work/console" >&2
    echo "test-systemd failed: $status" >&2
fi
exit "$status"
