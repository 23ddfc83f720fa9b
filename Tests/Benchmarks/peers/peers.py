"""The peers that a reader knows: built from the sources beside this file with Debian's and PyPI's packages, one thread each."""

import dataclasses
import os
import pathlib
import shlex
import shutil
import sqlite3
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent.parent
BUILT = ROOT / ".build" / "peers"
DATABASE = "peers.db"
# Where Debian puts the sources of Rust's and Go's packages.
RUST, GO = pathlib.Path("/usr/share/cargo/registry"), pathlib.Path("/usr/share/gocode")


# "comment" is /comments/{id} from a database of SQLite.
ALL = ("plaintext", "pipelined", "comment")


class Unavailable(Exception):
    """A peer cannot be built here; the message says why."""


@dataclasses.dataclass(frozen=True)
class Peer:
    """One server: `{port}` in its command becomes its port, and DATABASE lies in the folder that it runs in."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    works: tuple[str, ...] = ("plaintext", "pipelined")
    # Its instructions can be counted: no code that is made while it runs.
    counts: bool = True


def built(*command: object, folder: pathlib.Path, **environment: str) -> None:
    """Runs a build, whose output is shown only when it fails."""
    parts = [str(part) for part in command]
    run = subprocess.run(
        parts, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode:
        raise Unavailable(f"{' '.join(parts)}: {run.stdout[-800:].strip()}")


def need(what: str, package: str, there: bool) -> None:
    if not there:
        raise Unavailable(f"no {what}: apt-get install {package}")


def nginx(workers: int = 0) -> Peer:
    """In one process, or as a master with workers."""
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    need("nginx", "nginx-light", os.access(binary, os.X_OK))
    settings = shlex.quote(str(FOLDER / "nginx.conf"))
    master = f"master_process on; worker_processes {workers};" if workers else "master_process off;"
    own = f"nginx-{workers}.conf"
    run = f"sed 's/@port@/{{port}}/g; s/@master@/{master}/' {settings} > {own} && exec {binary} -p . -c {own}"
    return Peer("nginx", ("/bin/sh", "-c", run))


def hyper() -> Peer:
    need("cargo", "cargo", bool(shutil.which("cargo")))
    packages = "librust-hyper-dev librust-tokio-dev librust-rusqlite-dev librust-serde-json-dev librust-serde-derive-dev"
    need("hyper", packages, any(RUST.glob("hyper-0.14*")))
    built(
        "cargo", "build", "--quiet", "--release", "--offline", "--target-dir", BUILT / "hyper",
        "--config", "source.crates-io.replace-with='debian'", "--config", f"source.debian.directory='{RUST}'",
        folder=copied("hyper"))
    return Peer("hyper", (str(BUILT / "hyper/release/peer"), "{port}", DATABASE), works=ALL)


def go() -> Peer:
    need("Go", "golang-go", bool(shutil.which("go")))
    need("go-sqlite3", "golang-github-mattn-go-sqlite3-dev", (GO / "src/github.com/mattn/go-sqlite3").is_dir())
    output = BUILT / "go"
    built("go", "build", "-tags", "libsqlite3", "-o", output, "main.go", folder=FOLDER / "go",
          GO111MODULE="off", GOPATH=str(GO), GOCACHE=str(BUILT / "go-cache"), GOFLAGS="-p=1")
    return Peer("Go", (str(output), "{port}", DATABASE), {"GOMAXPROCS": "1"}, works=ALL, counts=False)


def node() -> Peer:
    need("Node", "nodejs", bool(shutil.which("node")))
    return Peer("Node", (shutil.which("node"), str(FOLDER / "node/main.js"), "{port}"), counts=False)


def hummingbird() -> Peer:
    need("Swift", "Swift 6.3 from swift.org", bool(shutil.which("swift")))
    # Without symbols: valgrind cannot read those of all that is linked here.
    built("swift", "build", "-c", "release", "--static-swift-stdlib", "-Xlinker", "-s",
          "--scratch-path", BUILT / "hummingbird", folder=copied("hummingbird"))
    return Peer("Hummingbird", (str(BUILT / "hummingbird/release/Peer"), "{port}"))


def fastapi() -> Peer:
    made = subprocess.run([FOLDER.parent.parent / "Conformance/venv.sh"], stdout=subprocess.PIPE, text=True)
    if made.returncode:
        raise Unavailable("FastAPI comes from PyPI, which cannot be reached")
    command = (made.stdout.strip(), str(FOLDER / "fastapi/main.py"), "{port}", DATABASE)
    return Peer("FastAPI", command, {"PYTHONDONTWRITEBYTECODE": "1"}, works=ALL)


def copied(name: str) -> pathlib.Path:
    """A copy of the sources: a build's lock files do not lie beside ours, and no package has the name of its dependency."""
    return pathlib.Path(shutil.copytree(FOLDER / name, BUILT / f"{name}-peer", dirs_exist_ok=True))


def available() -> list[Peer]:
    """All that can be built here, slowest to build last; what cannot is named on standard error."""
    BUILT.mkdir(parents=True, exist_ok=True)
    found = []
    for make in (nginx, hyper, go, node, fastapi, hummingbird):
        print(f"building {make.__name__}", file=sys.stderr, flush=True)
        try:
            found.append(make())
        except (Unavailable, OSError) as error:
            print(f"without {make.__name__}: {error}", file=sys.stderr, flush=True)
    return found


def fill(folder: pathlib.Path, rows: int) -> None:
    """The comments that LiveTalk would have; times are texts already, which spares the peers making them."""
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE comments (id INTEGER PRIMARY KEY, talk_id INTEGER NOT NULL, user_ip TEXT NOT NULL,"
            " comment_text TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)")
        time = "2026-01-01T12:00:00.000000Z"
        text = "A question from the room: how does this behave under load?"
        database.executemany(
            "INSERT INTO comments VALUES (?, 1, '192.168.100.100', ?, ?, ?)",
            ((number, text, time, time) for number in range(1, rows + 1)))
    database.close()
