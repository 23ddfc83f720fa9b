"""Has openapi-spec-validator, openapi-python-client and OpenAPI Generator read documents: documents.py DOCUMENT...

The first generator may not warn, and what the second has made must be modules that Python can import, with a class for each
component. Exits with 1 where any of them is not content, after all documents were tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

BESIDE = Path(sys.executable).parent
# The first generator knows none of these, and takes no plain text as a body: they are bytes to it. It warns of any other.
TEXTS = ("application/x-ndjson", "application/atom+xml", "application/jsonl", "text/csv", "text/plain")
IMPORT = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
package = importlib.import_module("generated")
names = [module.name for module in pkgutil.walk_packages(package.__path__, "generated.")]
for name in names: importlib.import_module(name)
print(len(names))
"""


class Refused(Exception):
    """What a reader of a document says."""


def run(*command: str | Path, folder: Path) -> str:
    environment = os.environ | {"PATH": f"{BESIDE}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
    )
    if done.returncode:
        raise Refused(done.stdout[-4000:])
    return done.stdout


def validator(document: Path, folder: Path) -> str:
    mistakes = [error.message for error in OpenAPIV31SpecValidator(json.loads(document.read_text())).iter_errors()]
    if mistakes:
        raise Refused("\n".join(mistakes))
    return "valid"


def python_client(document: Path, folder: Path) -> str:
    settings = folder / "client.yaml"
    settings.write_text("content_type_overrides:\n" + "".join(f"  {text}: application/octet-stream\n" for text in TEXTS))
    run(BESIDE / "openapi-python-client", "generate", "--config", settings, "--path", document, "--meta", "none",
        "--fail-on-warning", "--output-path", folder / "generated", folder=folder)
    return imported(folder)


def openapi_generator(document: Path, folder: Path) -> str:
    output = run(
        BESIDE / "openapi-generator-cli", "generate", "--input-spec", document, "--generator-name", "python",
        "--package-name", "generated", "--output", folder, folder=folder)
    errors = [line for line in output.splitlines() if " ERROR " in line or "Exception" in line]
    if errors:
        raise Refused("\n".join(errors))
    return imported(folder)


def imported(folder: Path) -> str:
    return f"{run(sys.executable, '-W', 'error', '-c', IMPORT, folder, folder=folder).strip()} modules"


READERS = {
    "openapi-spec-validator": validator, "openapi-python-client": python_client,
    "OpenAPI Generator, python": openapi_generator,
}


def main() -> int:
    status = 0
    for document in map(Path, sys.argv[1:]):
        for name, read in READERS.items():
            with tempfile.TemporaryDirectory() as folder:
                try:
                    print(f"{document.stem}: {name}: {read(document.resolve(), Path(folder))}", flush=True)
                except (Refused, subprocess.TimeoutExpired) as error:
                    print(f"{document.stem}: {name} refuses it:\n{error}", file=sys.stderr, flush=True)
                    status = 1
    return status


sys.exit(main())
