#!/bin/bash
# Counts the lines of `unsafe` code in each module and fails where there are more than unsafe.txt allows. Fewer are told: the number
# is lowered with the change that took them away. Outside the modules marked `*` each such line also has its reason in a comment above
# it, with no empty line between: unsafe.sh [--root DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/../.."
allowed=$PWD/Tests/Lint/unsafe.txt
if [ "${1:-}" = --root ]; then cd "$2"; allowed=$PWD/unsafe.txt; fi
mapfile -t files < <(find Sources -name '*.swift' | LC_ALL=C sort)
awk -v allowed="$allowed" '
    BEGIN {
        while ((getline line < allowed) > 0) {
            if (line ~ /^#/ || split(line, word, " ") < 2) continue
            bound[word[1]] = word[2]
            hasOwnRules[word[1]] = word[3] == "*"
        }
    }
    FNR == 1 { split(FILENAME, folder, "/"); module = folder[2]; hasReason = 0; if (!(module in count)) count[module] = 0 }
    /^[ \t]*$/ { hasReason = 0; next }
    /^[ \t]*\/\// { hasReason = 1; next }
    # Neither `nonisolated(unsafe)` nor the attribute `@unsafe`, which take no memory in hand.
    {
        code = $0
        sub(/[ \t]\/\/.*/, "", code)
    }
    code ~ /(^|[^A-Za-z0-9_@])unsafe / {
        count[module]++
        if (hasReason || hasOwnRules[module]) next
        print FILENAME ":" FNR ": unsafe without a comment above it that says why it may be" > "/dev/stderr"
        failed = 1
    }
    END {
        for (module in count) {
            if (count[module] > bound[module] + 0) {
                print module " has " count[module] " lines of unsafe code, and Tests/Lint/unsafe.txt allows " bound[module] + 0 \
                    ": do without, or raise the number and say why in the commit" > "/dev/stderr"
                failed = 1
            } else if (count[module] < bound[module])
                print module " has " count[module] " lines of unsafe code: lower its " bound[module] " in Tests/Lint/unsafe.txt"
        }
        for (module in bound)
            if (!(module in count)) { print module " in Tests/Lint/unsafe.txt is no module" > "/dev/stderr"; failed = 1 }
        exit failed
    }' "${files[@]}"
