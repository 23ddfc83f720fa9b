"""Namespaces of the network, one for each node, joined by a bridge: so that one can be cut off from all others.

The test itself runs in a namespace of its own, which has the bridge. None has a name: all end with their last process, and each of these
with the test, however that ends. Needs root, util-linux and iproute2.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

INSIDE = "CRANE_TEST_NETWORK"
# Documentation's own addresses (RFC 5737): the bridge has those of the servers, and each node one.
NETWORK = "192.0.2"


def enter() -> bool:
    """Runs the program anew within a namespace, where the machine allows it; whether it is in one."""
    if os.environ.get(INSIDE):
        return True
    probe = "ip link set lo up && ip link add probe type bridge && ip link add one type veth peer name other"
    try:
        is_possible = os.getuid() == 0 and subprocess.run(["unshare", "--net", "sh", "-c", probe], stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        is_possible = False
    if not is_possible:
        return False
    os.execvpe("unshare", ["unshare", "--net", sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


def ip(*words: str, within: int | None = None) -> None:
    prefix = ["nsenter", f"--target={within}", "--net"] if within else []
    subprocess.run([*prefix, "ip", *words], check=True)


class Network:
    """The bridge, in the test's namespace."""

    def __init__(self, servers: int) -> None:
        ip("link", "set", "lo", "up")
        ip("link", "add", "bridge", "type", "bridge")
        for number in range(servers):
            ip("address", "add", f"{self.server(number)}/24", "dev", "bridge")
        ip("link", "set", "bridge", "up")
        self.places: list[Place] = []

    @staticmethod
    def server(number: int) -> str:
        return f"{NETWORK}.{number + 1}"

    def place(self) -> Place:
        self.places.append(Place(len(self.places)))
        return self.places[-1]

    def close(self) -> None:
        for place in self.places:
            place.close()


class Place:
    """A node's namespace, with an address of its own."""

    def __init__(self, number: int) -> None:
        self.link, self.host = f"node{number}", f"{NETWORK}.{number + 100}"
        # It holds the namespace while the node is away, and is killed when the test ends in whichever way.
        self.holder = subprocess.Popen(["setpriv", "--pdeathsig=KILL", "unshare", "--net", "sleep", "infinity"])
        own = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{self.holder.pid}/ns/net").readlink() == own:
            time.sleep(0.01)
        ip("link", "add", self.link, "type", "veth", "peer", "name", "wire", "netns", str(self.holder.pid))
        ip("link", "set", self.link, "master", "bridge", "up")
        ip("address", "add", f"{self.host}/24", "dev", "wire", within=self.holder.pid)
        for name in ["lo", "wire"]:
            ip("link", "set", name, "up", within=self.holder.pid)

    @property
    def prefix(self) -> list[str]:
        """What runs a command in it, in the same process."""
        return ["setpriv", "--pdeathsig=KILL", "nsenter", f"--target={self.holder.pid}", "--net"]

    def cut_off(self, seconds: float) -> None:
        """Nothing comes to it nor from it for so long."""
        ip("link", "set", self.link, "down")
        time.sleep(seconds)
        ip("link", "set", self.link, "up")

    def close(self) -> None:
        self.holder.kill()
        self.holder.wait()
