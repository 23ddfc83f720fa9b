#!/bin/bash
# Builds the tests with a sanitizer and runs them, one at a time: run.sh thread|address [swift test's arguments]
#
# What is known to be none of ours is named in thread.supp and leak.supp, each with its reason. Reports, also those of the
# services that tests start, are shown at the end and fail the run.
set -euo pipefail
cd "$(dirname "$0")/../.."
sanitizer=${1:?run.sh thread|address}
shift
build=.build-${sanitizer:0:1}san
swift build --build-tests --sanitize "$sanitizer" --scratch-path "$build"

here=$PWD/Tests/Sanitizers
reports=$PWD/$build/reports
rm -rf "$reports"
mkdir "$reports"
preload=
case $sanitizer in
thread)
    # Swift's calling convention is clang's alone: the one that comes with Swift.
    toolchain=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath" *: *"\(.*\)/lib/swift".*|\1|p')
    preload=$PWD/$build/mutex.so
    "$toolchain/bin/clang" -O2 -Wall -Wextra -Werror -shared -fPIC "$here/mutex.c" -o "$preload"
    # The sanitizer's search for deadlocks fails a check of its own at times (sanitizer_deadlock_detector1.cpp, isHeld).
    export TSAN_OPTIONS="suppressions=$here/thread.supp log_path=$reports/thread detect_deadlocks=0 history_size=4"
    ;;
address)
    export ASAN_OPTIONS="log_path=$reports/address"
    export LSAN_OPTIONS="suppressions=$here/leak.supp print_suppressions=0"
    ;;
esac
status=0
env LD_PRELOAD="$preload" swift test --skip-build --no-parallel --sanitize "$sanitizer" --scratch-path "$build" "$@" ||
    status=$?
if [ -n "$(ls "$reports")" ]; then
    cat "$reports"/*
    echo "the $sanitizer sanitizer has reported" >&2
    exit 1
fi
exit "$status"
