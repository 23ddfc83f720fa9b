"""What a case is, and the short words that the groups build theirs with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wire import Answer, Request, ask

JSON = (("Content-Type", b"application/json"),)
FORM = (("Content-Type", b"application/x-www-form-urlencoded"),)

# One error of a 422 body, for the answers that the reference cannot give: its type and its place.
Fault = tuple[str, tuple[str | int, ...]]


@dataclass(frozen=True)
class Case:
    """One request, played to both servers in the same order."""

    group: str
    name: str
    request: Request
    # What LiveTalk's 422 lists where the reference dies with 500 (difference 2); None: any 400 or 422.
    faults: tuple[Fault, ...] | None = None
    # Words that a difference or the comparison looks for.
    tags: frozenset[str] = frozenset()

    def play(self, server) -> Answer:
        return ask(server.port, self.request)


def headers(*pairs: tuple[str, str | bytes]) -> tuple[tuple[str, bytes], ...]:
    return tuple(
        (name, value if isinstance(value, bytes) else value.encode("latin-1")) for name, value in pairs
    )


def get(target: str, *pairs: tuple[str, str | bytes], **more) -> Request:
    return Request("GET", target, headers(*pairs), **more)


def send(method: str, target: str, *pairs: tuple[str, str | bytes], **more) -> Request:
    return Request(method, target, headers(*pairs), **more)


def json_body(method: str, target: str, body: bytes | str, *pairs: tuple[str, str | bytes]) -> Request:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return Request(method, target, JSON + headers(*pairs), data)


def rows(text: str) -> list[str]:
    """The items of a text that bars and line ends part."""
    return [item for line in text.split("\n") for item in line.strip().split("|") if item]


class Cases:
    """Collects the cases of one group and keeps their names apart."""

    def __init__(self, group: str):
        self.group = group
        self.all: list[Case] = []
        self.names: dict[str, int] = {}

    def add(
        self, name: str, request: Request, faults: Iterable[Fault] | None = None, tags: Iterable[str] = ()
    ) -> None:
        listed = None if faults is None else tuple(faults)
        self.put(Case(self.group, self.unique(name), request, listed, frozenset(tags)))

    def put(self, case: Case) -> None:
        self.all.append(case)

    def unique(self, name: str) -> str:
        short = name if len(name) <= 90 else f"{name[:80]}…({len(name)})"
        self.names[short] = self.names.get(short, 0) + 1
        return short if self.names[short] == 1 else f"{short} #{self.names[short]}"

    def __iter__(self) -> Iterator[Case]:
        return iter(self.all)
