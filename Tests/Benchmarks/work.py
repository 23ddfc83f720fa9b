"""What is measured on which server, and the bounds that `--check` holds LiveTalk to."""

import dataclasses
import pathlib
import shlex

from client import Request
from servers import FOLDER, ROWS, Failure, Program, websockets_python

DEPTH = 16
WRITES = 1000
COMMENT = (
    b'{"talk_id":1,"user_ip":"192.168.100.100",'
    b'"comment_text":"A question from the room: how does this behave under load?"}'
)
PLAINTEXT = Request("/plaintext", b"Hello, World!")
ONE = Request(f"/comments/{ROWS // 2}", b'"id":%d,' % (ROWS // 2))
LIST = Request("/comments/?limit=100", b'"id":100,')
INSERT = Request("/comments/", b'"talk_id":1,', COMMENT)

LIMIT = "C"
FLOOR, FLOOR_EACH, FLOOR_TURN = "C+SQLite", "C+SQLite, a commit each", "C+SQLite, a commit a turn"
LIVETALK, LIVETALK_CHAIN, LIVETALK_INSERT = "LiveTalk", "LiveTalk, middleware", "LiveTalk, inserts"
LIVETALK_WRITES = "LiveTalk, reads beside writes"
ECHO_LIMIT, ECHO_LWS, ECHO_PYTHON = "C echo", "C, libwebsockets", "Python, websockets"
ECHO_PATH, ECHO_BYTES = "/echo", 32
FILLED = (LIVETALK, LIVETALK_WRITES)

# Ratios of CPU time a request, LiveTalk to the C server.
RATIO_BOUNDS = {
    "plaintext": 1.12, "middleware": 1.27, "comment": 1.5, "comment-writes": 2.0, "insert": 5.0, "pipelined": 2.5,
}
# A task's own four allocations and two more.
MALLOC_BOUNDS = {"plaintext": 6.0}
START_BOUND_MS = 25.0
IDLE_BOUND_KIB = 1.5


@dataclasses.dataclass(frozen=True)
class Entry:
    """One line of the table: a request that one program is loaded with."""

    label: str
    program: str
    request: Request
    script: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    # So many comments a second are posted meanwhile, at an even pace.
    writes: int = 0


@dataclasses.dataclass(frozen=True)
class Work:
    """One kind of work; every entry's ratio is taken to the first."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    # wrk records one latency a batch but takes percentiles over all requests (wg/wrk#236).
    pipelined: bool = False
    # Texts over WebSockets instead of requests.
    echo: bool = False


def script(name: str, *arguments: object) -> tuple[str, ...]:
    return (str(FOLDER / name), *map(str, arguments))


def works(peers: dict[str, Request], readers: list[str]) -> list[Work]:
    """All kinds of work, in the order in which a round measures them; readers are the peers that have comments."""
    base = Entry(LIMIT, LIMIT, PLAINTEXT)
    random, insert, batch = script("comment.lua", ROWS), script("insert.lua"), script("pipelined.lua", DEPTH)
    return [
        Work("plaintext", "GET /plaintext, bare", (
            base,
            Entry(LIVETALK, LIVETALK, PLAINTEXT),
            *(Entry(name, name, request) for name, request in peers.items()),
        )),
        Work("middleware", "GET /plaintext, four middleware", (
            base,
            Entry(LIVETALK, LIVETALK_CHAIN, PLAINTEXT),
            Entry("LiveTalk, cross-origin", LIVETALK_CHAIN, PLAINTEXT,
                  headers=("Origin: http://talks.example",)),
        )),
        Work("comment", f"GET /comments/ID of {ROWS:,}", (
            base,
            Entry(FLOOR, FLOOR, ONE, random),
            Entry(LIVETALK, LIVETALK, ONE, random),
            *(Entry(name, name, ONE, random) for name in readers),
        )),
        Work("comment-writes", f"GET /comments/ID beside {WRITES:,} posts a second", (
            base,
            Entry(LIVETALK, LIVETALK_WRITES, ONE, random, writes=WRITES),
        )),
        Work("list", "GET /comments/?limit=100", (
            base,
            Entry(FLOOR, FLOOR, LIST),
            Entry(LIVETALK, LIVETALK, LIST),
        )),
        Work("insert", "POST /comments/", (
            base,
            Entry(FLOOR_EACH, FLOOR_EACH, INSERT, insert),
            Entry(FLOOR_TURN, FLOOR_TURN, INSERT, insert),
            Entry(LIVETALK, LIVETALK_INSERT, INSERT, insert),
        )),
        Work("pipelined", f"GET /plaintext, {DEPTH} a write", (
            Entry(LIMIT, LIMIT, PLAINTEXT, batch),
            Entry(LIVETALK, LIVETALK, PLAINTEXT, batch),
            *(Entry(name, name, request, batch) for name, request in peers.items()),
        ), pipelined=True),
        Work("echo", f"WebSocket echo of {ECHO_BYTES} bytes", tuple(
            Entry(program, program, PLAINTEXT)
            for program in (ECHO_LIMIT, LIVETALK, ECHO_LWS, ECHO_PYTHON)
        ), echo=True),
    ]


def programs(folder: pathlib.Path, livetalk: pathlib.Path | None) -> dict[str, Program]:
    """The programs by name, LiveTalk's only where there is a binary."""
    limit, floor = str(folder / "limit"), str(folder / "limit-sqlite")

    def floor_program(name: str, database: str, *mode: str) -> Program:
        command = (floor, "{port}", str(folder / database), str(ROWS), *mode)
        return Program(name, command, ready="/comments/1", preloads=True)

    all_programs = [
        Program(LIMIT, (limit, "{port}"), preloads=True),
        floor_program(FLOOR, "floor.db"),
        floor_program(FLOOR_EACH, "floor-each.db"),
        floor_program(FLOOR_TURN, "floor-turn.db", "turn"),
    ]
    if livetalk:
        all_programs += livetalk_programs(folder, livetalk)
    all_programs += [
        Program(ECHO_LIMIT, (str(folder / "echo-limit"), "{port}")),
        Program(ECHO_LWS, (str(folder / "echo-lws"), "{port}")),
    ]
    if python := websockets_python():
        all_programs.append(Program(ECHO_PYTHON, (python, str(FOLDER / "echo.py"), "{port}")))
    return {program.name: program for program in all_programs}


def livetalk_programs(folder: pathlib.Path, binary: pathlib.Path) -> list[Program]:
    """LiveTalk bare, behind its middleware, and with a database of its own that the inserts fill."""
    bare = {
        "LIVETALK_BENCHMARK_ROUTES": "true",
        "LIVETALK_ACCESS_LOG": "off",
        "LIVETALK_CORS_ALLOW_ORIGINS": "",
        "LIVETALK_ALLOWED_HOSTS": "*",
        "LIVETALK_RATE_LIMIT": "off",
        "LIVETALK_REQUEST_METRICS": "false",
    }
    chain = {
        "LIVETALK_BENCHMARK_ROUTES": "true",
        "LIVETALK_ACCESS_LOG": str(folder / "access.log"),
        "LIVETALK_RATE_LIMIT": "100000000/60",
        "LIVETALK_REQUEST_METRICS": "false",
    }

    def program(name: str, database: str, environment: dict[str, str]) -> Program:
        command = (
            str(binary), "serve", "--host", "127.0.0.1", "--port", "{port}", "--workers", "1",
            "--database-url", f"sqlite:///{folder / database}",
        )
        return Program(name, command, environment=environment, preloads=True)

    return [
        program(LIVETALK, "livetalk.db", bare),
        program(LIVETALK_CHAIN, "livetalk-chain.db", chain),
        program(LIVETALK_INSERT, "livetalk-inserts.db", bare),
        program(LIVETALK_WRITES, "livetalk-writes.db", bare),
    ]


def peer(option: str) -> tuple[Program, Request]:
    """`NAME=COMMAND` or `NAME:/PATH=COMMAND`; the command contains `{port}`."""
    name, _, command = option.partition("=")
    name, _, path = name.partition(":")
    if not name or "{port}" not in command or (path and not path.startswith("/")):
        raise Failure(f"--peer {option}: write NAME=COMMAND or NAME:/PATH=COMMAND, with {{port}} in COMMAND")
    request = Request(path or PLAINTEXT.path, b"")
    return Program(name, tuple(shlex.split(command)), ready=request.path), request
