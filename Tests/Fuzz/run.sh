#!/bin/sh
# Builds the fuzz targets with libFuzzer and the address sanitizer and runs them.
#   run.sh SECONDS   search from the kept corpus; what is found goes to .build/fuzz
#   run.sh merge     keep from .build/fuzz what reaches code that the corpus does not
#   run.sh FILE...   run single inputs
set -eu
cd "$(dirname "$0")/../.."
build=.build/fuzz
types=.build/checkouts/swift-http-types/Sources/HTTPTypes
[ -d "$types" ] || swift package resolve
mkdir -p "$build/wire"

flags="-swift-version 6 -O -package-name livetalk -I $build -sanitize=fuzzer,address -parse-as-library
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature NonisolatedNonsendingByDefault
    -enable-upcoming-feature MemberImportVisibility"
newest() { [ -n "$(find "$@" -name '*.swift' -newer "$build/wire-fuzz" 2>/dev/null | head -1)" ]; }
if [ ! -x "$build/wire-fuzz" ] \
    || newest Sources/CraneSystem Sources/CraneHTTP Sources/CraneRESP Tests/CraneHTTPTests Tests/CraneRESPTests Tests/Fuzz; then
    # shellcheck disable=SC2046,SC2086 # flags and paths are words
    {
        swiftc $flags -wmo -emit-module -emit-module-path "$build/HTTPTypes.swiftmodule" -module-name HTTPTypes \
            -emit-object -o "$build/HTTPTypes.o" "$types"/*.swift
        for module in CraneSystem CraneHTTP CraneRESP; do
            swiftc $flags -wmo -enable-testing -emit-module -emit-module-path "$build/$module.swiftmodule" \
                -module-name $module -emit-object -o "$build/$module.o" $(find Sources/$module -name "*.swift")
        done
        checks=Tests/CraneHTTPTests
        swiftc $flags -wmo -module-name WireFuzz -o "$build/wire-fuzz" "$build/HTTPTypes.o" "$build/CraneSystem.o" \
            "$build/CraneHTTP.o" "$build/CraneRESP.o" $checks/Parsing.swift $checks/Decoding.swift \
            $checks/WireInvariants.swift $checks/WireInvariants+Frames.swift Tests/CraneRESPTests/RESPInvariants.swift \
            Tests/Fuzz/WireFuzz.swift
    }
fi

kept=$build/corpus
rm -rf "$kept"
Tests/Fuzz/corpus.py unpack Tests/Fuzz/wire.txt "$kept"

options="-max_len=2048 -timeout=5 -artifact_prefix=$build/"
# shellcheck disable=SC2086
case "${1:-60}" in
merge)
    "$build/wire-fuzz" $options -use_counters=0 -set_cover_merge=1 "$kept" "$build/wire"
    Tests/Fuzz/corpus.py pack "$kept" Tests/Fuzz/wire.txt
    ;;
[0-9]*) "$build/wire-fuzz" $options -max_total_time="${1:-60}" -dict=Tests/Fuzz/wire.dict -use_value_profile=1 \
    -print_final_stats=1 "$build/wire" "$kept" ;;
*) "$build/wire-fuzz" $options "$@" ;;
esac
