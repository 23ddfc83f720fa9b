"""Takes the README's pictures: the demo's stage and the page of a phone in its audience; run.sh --screenshots starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tabs import Tabs

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Conformance"))

from servers import free_port  # noqa: E402

HOST = "talk.example"


class NamedTabs(Tabs):
    """A browser for which a host name leads to a port of this machine."""

    def __init__(self, port: int):
        self.ARGUMENTS = (*Tabs.ARGUMENTS, f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{port}")
        super().__init__()


def take(binary: Path, directory: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVETALK_")}
    demo = subprocess.Popen([str(binary), "demo", "--port", str(port), "--rate", "0", "--seed", "1"],
                            env=environment | {"LIVETALK_ALLOWED_HOSTS": HOST}, stderr=subprocess.PIPE, text=True)
    try:
        for line in demo.stderr:
            if re.search("Ctrl-C", line):
                break
        with NamedTabs(port) as browser:
            for name, path, window in [
                ("stage", "/t/demo/stage", {"width": 1280, "height": 720}),
                ("phone", "/t/demo", {"width": 390, "height": 844, "scale": 2}),
            ]:
                tab = browser.tab(f"http://{HOST}{path}?lang=en", **window)
                tab.wait("document.body.dataset.link === 'live'")
                tab.picture(directory / f"{name}.png")
                print(directory / f"{name}.png")
    finally:
        demo.terminate()
        demo.wait(20)


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
