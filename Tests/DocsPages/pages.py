"""Builds the pages without the rest of Crane, and writes the hashes that their policies name."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPENAPI = HERE.parents[1] / "Sources" / "Crane" / "OpenAPI"
SOURCES = sorted(OPENAPI.glob("DocsPages*.swift"))
FILES = sorted((OPENAPI / "Pages").iterdir())
HASHES = OPENAPI / "DocsPages+Hashes.swift"
HASHED = ["interactiveScript", "interactiveStyle", "readingScript", "readingStyle", "redirectScript"]


def resources() -> str:
    """The files as the package manager puts them into the code (`embedInCode`)."""
    lines = [
        f"    static let {re.sub(r'[^A-Za-z0-9]', '_', path.name)}: [UInt8] = "
        f"Array({json.dumps(path.read_text(), ensure_ascii=False)}.utf8)"
        for path in FILES
    ]
    return "enum PackageResources {\n" + "\n".join(lines) + "\n}\n"


def printed() -> dict[str, str]:
    """The pages and their parts, by name."""
    with tempfile.TemporaryDirectory(prefix="docs-pages-") as directory:
        program = os.path.join(directory, "print-pages")
        embedded = Path(directory) / "PackageResources.swift"
        embedded.write_text(resources())
        sources = [str(path) for path in SOURCES + [embedded, HERE / "PrintPages.swift"]]
        subprocess.run(
            ["swiftc", "-swift-version", "6", "-package-name", "livetalk", "-parse-as-library", "-o", program]
            + sources,
            check=True,
        )
        subprocess.run([program, directory], check=True)
        return {
            path.name: path.read_text()
            for path in Path(directory).iterdir()
            if path.name not in ("print-pages", embedded.name)
        }


def hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def write_hashes() -> None:
    parts = printed()
    lines = [f'    static let {name}Hash = "{hash_of(parts[name])}"' for name in HASHED]
    head = HASHES.read_text().split("extension DocsPages {")[0]
    HASHES.write_text(head + "extension DocsPages {\n" + "\n".join(lines) + "\n}\n")
