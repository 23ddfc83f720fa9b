#!/usr/bin/env python3
"""The fuzzer's corpus as text: an input a line, sorted, ASCII as it is and other bytes as \\r, \\n, \\t and \\xNN.

corpus.py unpack wire.txt FOLDER   a file an input, as libFuzzer wants it
corpus.py pack FOLDER wire.txt     the other way round
"""
import hashlib
import pathlib
import re
import sys

NAMES = {0x5C: "\\\\", 0x0D: "\\r", 0x0A: "\\n", 0x09: "\\t"}
BYTES = {name[1]: byte for byte, name in NAMES.items()}


def escaped(data):
    return "".join(NAMES.get(b) or (chr(b) if 0x20 <= b < 0x7F else f"\\x{b:02x}") for b in data)


def unescaped(line):
    def byte(match):
        code = match[1]
        return chr(int(code[1:], 16) if code[0] == "x" else BYTES[code])

    return re.sub(r"\\(x[0-9a-f]{2}|[\\rnt])", byte, line).encode("latin-1")


def main():
    match sys.argv[1:]:
        case ["unpack", file, folder]:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            for line in pathlib.Path(file).read_text("ascii").splitlines():
                data = unescaped(line)
                (pathlib.Path(folder) / hashlib.sha1(data).hexdigest()).write_bytes(data)
        case ["pack", folder, file]:
            inputs = {path.read_bytes() for path in pathlib.Path(folder).iterdir()} - {b""}
            pathlib.Path(file).write_text("".join(escaped(data) + "\n" for data in sorted(inputs)), "ascii")
        case _:
            sys.exit(__doc__)


main()
