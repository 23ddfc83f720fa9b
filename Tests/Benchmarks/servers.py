"""Building, starting, observing and ending the servers that are measured."""

import dataclasses
import mmap
import os
import pathlib
import resource
import shlex
import socket
import subprocess
import time

import client

FOLDER = pathlib.Path(__file__).resolve().parent
ROWS = 10_000
START_LIMIT = 30.0
STOP_LIMIT = 5.0


class Failure(Exception):
    """Something could not be run; the message says what."""


def build(folder: pathlib.Path) -> None:
    """Compiles the C programs into the folder."""
    flags = ["cc", "-O2", "-Wall", "-Wextra"]
    for source, output, options in (
        ("limit.c", "limit", ["-luv"]),
        ("limit-sqlite.c", "limit-sqlite", ["-luv", "-lsqlite3"]),
        ("echo-limit.c", "echo-limit", ["-luv"]),
        ("echo-lws.c", "echo-lws", ["-lwebsockets"]),
        ("echo-load.c", "echo-load", []),
        ("steady-load.c", "steady-load", []),
        ("malloc_counter.c", "malloc_counter.so", ["-shared", "-fPIC"]),
    ):
        command = [*flags, "-o", str(folder / output), str(FOLDER / source), *options]
        if subprocess.run(command).returncode:
            raise Failure(f"cannot build {source}: {shlex.join(command)}")


def websockets_python() -> str | None:
    """A Python that has the package `websockets`, made by the conformance tests; None where PyPI is out of reach."""
    made = subprocess.run(
        [str(FOLDER.parent / "Conformance" / "venv.sh"), "websocket"], stdout=subprocess.PIPE, text=True)
    return None if made.returncode else made.stdout.strip()


def raise_descriptor_limit() -> int:
    """Raises the limit on open files as far as allowed; the servers inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of a process, the ended ones included.

    This is utime + stime of /proc/PID/stat, read from the process's CPU clock, which counts nanoseconds
    where the file counts ticks of 10 ms.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Cores:
    """One core for the server under load, another for what loads it."""

    server: int
    client: int

    @staticmethod
    def choose() -> "Cores":
        allowed = sorted(os.sched_getaffinity(0))
        return Cores(server=allowed[0], client=allowed[-1])


@dataclasses.dataclass(frozen=True)
class Program:
    """How to start one server; `{port}` in the command becomes its port."""

    name: str
    command: tuple[str, ...]
    ready: str = "/plaintext"
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    preloads: bool = False


class Server:
    """A running server, pinned to its core and ended by process id."""

    running: list["Server"] = []

    def __init__(
        self, program: Program, cores: Cores, folder: pathlib.Path, port: int | None = None, **environment: str
    ):
        self.program = program
        self.port = port or free_port()
        command = [part.replace("{port}", str(self.port)) for part in program.command]
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.log = folder / f"{program.name}.log"
        os.sched_setaffinity(0, {cores.server})  # a child starts on its parent's cores
        try:
            with open(self.log, "ab") as log:
                self.started = time.perf_counter()
                self.process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env={**inherited, **program.environment, **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        except OSError as error:
            raise Failure(f"cannot start {program.name}: {error}") from None
        finally:
            os.sched_setaffinity(0, {cores.client})
        Server.running.append(self)

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until_ready(self, path: str | None = None) -> float:
        """Seconds from the start to the first whole 200 answer."""
        while True:
            if self.process.poll() is not None:
                raise Failure(f"{self.program.name} ended with {self.process.returncode}: {self.tail()}")
            if time.perf_counter() - self.started > START_LIMIT:
                raise Failure(f"{self.program.name} did not answer in {START_LIMIT:.0f} s: {self.tail()}")
            try:
                with client.Connection(self.port) as connection:
                    status, _ = connection.get(path or self.program.ready)
            except ConnectionError:
                time.sleep(0.0002)
                continue
            if status == 200:
                return time.perf_counter() - self.started
            raise Failure(f"{self.program.name} answers {status} to {path or self.program.ready}")

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-500:].strip() or "(it printed nothing)"

    def cpu_seconds(self) -> float:
        """User and system time of all its threads, the ended ones included."""
        return cpu_seconds(self.pid)

    def thread_cpu_seconds(self, name: str) -> float:
        """User and system time of its thread of this name, to the nanosecond (proc(5), schedstat)."""
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            if (task / "comm").read_text().strip() == name:
                return int((task / "schedstat").read_text().split()[0]) / 1e9
        raise Failure(f"{self.program.name} has no thread {name}")

    def resident_kib(self) -> int:
        for line in pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                return int(line.split()[1])
        raise Failure(f"no resident size for {self.program.name}")

    def stop(self) -> None:
        """SIGTERM, then SIGKILL for one that does not end in time."""
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self in Server.running:
            Server.running.remove(self)

    @staticmethod
    def stop_all() -> None:
        for server in list(Server.running):
            server.process.terminate()
        for server in list(Server.running):
            server.stop()


class AllocationCount:
    """The file in which malloc_counter.so counts, and the environment that puts it to work."""

    def __init__(self, folder: pathlib.Path):
        self.path = folder / "mallocs"
        self.path.write_bytes(bytes(mmap.PAGESIZE))
        self.environment = {
            "LD_PRELOAD": str(folder / "malloc_counter.so"),
            "MALLOC_COUNTER_FILE": str(self.path),
        }

    def read(self) -> int:
        return int.from_bytes(self.path.read_bytes()[:8], "little")

    def bytes_in_use(self) -> int:
        return int.from_bytes(self.path.read_bytes()[8:16], "little")
