"""Builds the pages without the rest of Crane, and writes the hashes that their policies name."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "Sources" / "Crane" / "Docs"
HASHES = DOCS / "DocsPages+Hashes.swift"
HASHED = ["interactiveScript", "interactiveStyle", "readingScript", "readingStyle", "redirectScript"]


def printed() -> dict[str, str]:
    """The pages and their parts, by name."""
    with tempfile.TemporaryDirectory(prefix="docs-pages-") as directory:
        program = os.path.join(directory, "print-pages")
        sources = [str(path) for path in sorted(DOCS.glob("*.swift"))] + [str(HERE / "PrintPages.swift")]
        subprocess.run(
            ["swiftc", "-swift-version", "6", "-package-name", "livetalk", "-parse-as-library", "-o", program]
            + sources,
            check=True,
        )
        subprocess.run([program, directory], check=True)
        return {
            path.name: path.read_text() for path in Path(directory).iterdir() if path.name != "print-pages"
        }


def hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def write_hashes() -> None:
    parts = printed()
    lines = [f'    static let {name}Hash = "{hash_of(parts[name])}"' for name in HASHED]
    head = HASHES.read_text().split("extension DocsPages {")[0]
    HASHES.write_text(head + "extension DocsPages {\n" + "\n".join(lines) + "\n}\n")
