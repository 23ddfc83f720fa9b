"""Builds the reference of Crane's modules with DocC, the guide among it, and fails on a warning.

reference.py [--output DIRECTORY] [--modules DIRECTORY]

The catalogue is `Crane.docc` with the chapters of `Guide` beside its page; DocC comes with the Swift toolchain, and the symbols from the
modules that `swift build` has made, or from those of a directory.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
MODULES = [
    "Crane", "CraneCelery", "CraneClient", "CraneFoundation", "CraneHTTP", "CraneJobs", "CraneMetrics", "CranePasswords", "CranePostgres",
    "CranePostgresJobs", "CraneRedis", "CraneSchema", "CraneServer", "CraneService", "CraneServiceLifecycle", "CraneSQLite",
    "CraneTemplates", "CraneTesting", "CraneTracing", "CraneWebhooks",
]
# As Package.swift leaves it out.
if os.environ.get("LIVETALK_POSTGRES") == "0":
    MODULES = [module for module in MODULES if not module.startswith("CranePostgres")]
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")


def run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print(done.stdout, end="")
        sys.exit(f"{command[0]} {command[1]} failed")
    return done.stdout


def article(text: str, chapters: set[str]) -> str:
    """A chapter's text with DocC's links to other chapters; what is not among them is named by its path."""

    def link(match: re.Match[str]) -> str:
        words, target = match.groups()
        path = target.partition("#")[0]
        if "://" in target:
            return match.group(0)
        if path in chapters:
            return f"[{words}](doc:{article_name(path)})"
        # From the top of the repository: a reader of the reference does not stand in the guide.
        return f"{words} (`{(DOCS / 'Guide' / path).resolve().relative_to(ROOT)}`)"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in parts)


def article_name(file: str) -> str:
    # A chapter may have the name of a type.
    return "Guide" if file == "README.md" else "Guide-" + file.removesuffix(".md")


def write_catalogue(catalogue: Path) -> None:
    shutil.rmtree(catalogue, ignore_errors=True)
    shutil.copytree(DOCS / "Crane.docc", catalogue)
    chapters = {path.name for path in (DOCS / "Guide").glob("*.md")}
    for name in chapters:
        text = (DOCS / "Guide" / name).read_text()
        (catalogue / (article_name(name) + ".md")).write_text(article(text, chapters))


def told(findings: Path) -> list[str]:
    """DocC's warnings."""
    lines = []
    for finding in json.loads(findings.read_text())["diagnostics"]:
        if finding["severity"] in ("warning", "error"):
            lines.append(f"{finding.get('source', '')}: {finding['summary']}")
    return lines


def build_modules() -> Path:
    for module in MODULES:
        run("swift", "build", "--target", module)
    return Path(run("swift", "build", "--show-bin-path").strip()) / "Modules"


def target_triple() -> str:
    info = json.loads(run("swiftc", "-print-target-info"))
    return info["target"]["unversionedTriple"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / ".build" / "reference")
    parser.add_argument("--modules", type=Path)
    options = parser.parse_args()
    modules = options.modules or build_modules()
    output: Path = options.output.resolve()
    shutil.rmtree(output, ignore_errors=True)
    catalogue = output / "catalogue" / "Crane.docc"
    write_catalogue(catalogue)
    triple = target_triple()
    system = [word for path in sorted((ROOT / "Sources").glob("C*/module.modulemap")) for word in ("-I", path.parent)]
    archives = []
    warnings: list[str] = []
    for module in MODULES:
        symbols = output / "symbols" / module
        symbols.mkdir(parents=True)
        run(
            "swift-symbolgraph-extract", "-module-name", module, "-I", modules, *system, "-target", triple,
            "-output-dir", symbols, "-minimum-access-level", "public", "-skip-synthesized-members",
        )  # fmt: skip
        archive = output / f"{module}.doccarchive"
        findings = output / f"{module}.json"
        run(
            "docc", "convert", *([catalogue] if module == "Crane" else []), "--additional-symbol-graph-dir", symbols,
            "--output-dir", archive, "--fallback-display-name", module, "--fallback-bundle-identifier", module,
            "--diagnostics-file", findings,
        )  # fmt: skip
        warnings += told(findings)
        archives.append(archive)
    if warnings:
        sys.exit("\n".join(warnings))
    site = output / "site"
    run("docc", "merge", *archives, "--output-path", site)
    print(f"the reference: {site}")


if __name__ == "__main__":
    main()
