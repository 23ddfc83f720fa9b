#!/usr/bin/env python3
"""Sends the same requests to the reference application and to LiveTalk, and compares every answer."""

from __future__ import annotations

import argparse
import atexit
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "Postgres"))

import servers
import substance
from cases import GROUPS
from cases.base import Case, json_body
from checks import show, strict_json
from differences import SIGNED, Difference, Situation, expect
from server import Postgres
from stamps import Stamps
from wire import Answer, ask

SILENT_LIMIT = 20
FILLER = json_body("POST", "/comments/", '{"talk_id":0,"user_ip":"","comment_text":"filler"}')
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Tally:
    """How a group, or all of them, went."""

    passed: int = 0
    failed: int = 0
    differences: Counter = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.differences += other.differences

    def line(self, name: str) -> str:
        return f"{name}: {self.passed} passed, {self.failed} failed"


class Comparison:
    """Plays groups of cases to two servers."""

    def __init__(self, start_ours, signed: bool, verbose: bool):
        self.start_ours = start_ours
        self.signed = signed
        self.verbose = verbose

    def group(self, cases: Iterable[Case]) -> Tally:
        """Both servers are new for each group, so that a group means the same alone as among others."""
        started: list[servers.Server] = []
        try:
            started.append(servers.reference())
            started.append(self.start_ours())
            reference, ours = (server.ready() for server in started)
            return self._play(cases, reference, ours)
        finally:
            for server in started:
                server.stop()

    def _play(self, cases: Iterable[Case], reference: servers.Server, ours: servers.Server) -> Tally:
        tally, silent = Tally(), 0
        stamps = Stamps(), Stamps()
        for case in cases:
            answer, other = case.play(reference), case.play(ours)
            problems, applied = self._compare(case, answer, other, reference.port)
            problems += stamps[1].problems(case.request, other)
            if words := stamps[0].problems(case.request, answer):
                problems.append(f"THE REFERENCE BREAKS A RULE: {words}")
            self._level(case, answer, other, reference.port, ours.port)
            if not answer.status:
                problems.append("THE REFERENCE GAVE NO ANSWER")
            tally.differences.update(difference.title for difference in applied)
            if problems:
                tally.failed += 1
                self._report(case, answer, other, problems, applied)
            else:
                tally.passed += 1
                if self.verbose:
                    print(f"pass {case.group}: {case.name}")
            silent += not other.status
            if not ours.alive or silent > SILENT_LIMIT:
                tally.failed += 1
                state = "is silent" if ours.alive else "ended"
                print(f"FAIL {case.group}: {ours.name} {state} after {case.name!r}:\n{ours.words()}")
                break
        return tally

    def _level(self, case: Case, answer: Answer, other: Answer, port: int, our_port: int) -> None:
        """Where only one server stored a comment, the other gets a filler, so that later ids still match."""
        stored = [found.status == 200 and b'"created_at"' in found.body for found in (answer, other)]
        if case.request.method == "POST" and stored[0] != stored[1]:
            ask(our_port if stored[0] else port, FILLER)

    def _compare(
        self, case: Case, answer: Answer, other: Answer, port: int
    ) -> tuple[list[str], list[Difference]]:
        if "document" in case.tags:
            return self._document(answer, other), []
        at = Situation(case, answer, port)
        expected, applied = expect(at)
        if self.signed:
            return expected.problems(other), applied
        # The reference against itself: an entry counts where it can tell LiveTalk from the reference.
        telling = applied if expected.problems(other) else []
        alike, _ = expect(at, signed=False)
        return alike.problems(other), telling

    def _document(self, answer: Answer, other: Answer) -> list[str]:
        keys = answer.facts["keys"]
        try:
            parts = [substance.part(strict_json(body), keys) for body in (answer.body, other.body)]
        except ValueError as error:
            return [f"status {other.status}, not a document: {error}"]
        return substance.problems(*parts, "/".join(keys))

    def _report(
        self, case: Case, answer: Answer, other: Answer, problems: list[str], applied: list[Difference]
    ) -> None:
        sent = case.request.encoded().replace(b"\r\n", b" | ")
        print(f"FAIL {case.group}: {case.name}")
        print(f"     sent      {show(sent, 300)}")
        if "document" not in case.tags:
            print(f"     reference {line(answer)}")
            print(f"     livetalk  {line(other)}")
        for difference in applied:
            print(f"     by difference {difference.number}: {difference.title}")
        for problem in problems:
            print(f"     -> {problem}")


def line(answer: Answer) -> str:
    hidden = ("date", "server", "content-length", "connection")
    fields = " | ".join(f"{name}: {value}" for name, value in answer.headers if name not in hidden)
    return f"{answer.status} [{fields}] {show(answer.body)}"


def chosen(only: str | None) -> list[str]:
    """The groups that `--only` names, by whole name or by the first word of it."""
    if not only:
        return list(GROUPS)
    names = []
    for word in only.split(","):
        found = [name for name in GROUPS if name == word or name.startswith(word + "-")]
        if not found:
            raise SystemExit(f"no group {word!r}; there are: {', '.join(GROUPS)}")
        names += found
    return [name for name in GROUPS if name in names]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--livetalk", type=Path, default=ROOT / ".build/release/livetalk", help="the binary")
    parser.add_argument("--only", metavar="GROUPS", help=f"a comma list of: {', '.join(GROUPS)}")
    parser.add_argument("--postgres", action="store_true", help="LiveTalk on a PostgreSQL of its own")
    parser.add_argument("--reference-only", action="store_true", help="compare the reference with itself")
    parser.add_argument(
        "--list", action="store_true", help="list the groups and their sizes, and the differences"
    )
    parser.add_argument("--verbose", action="store_true", help="a line for every case that passes, too")
    return parser.parse_args()


def listing(names: list[str]) -> None:
    for name in names:
        print(f"{name}: {len(list(GROUPS[name]()))} cases")
    for difference in SIGNED:
        print(f"difference {difference.number}: {difference.title}")


def main() -> int:
    options = arguments()
    names = chosen(options.only)
    if options.list:
        listing(names)
        return 0
    alone = options.reference_only
    binary = options.livetalk.resolve()
    if not alone and not binary.is_file():
        raise SystemExit(f"no {binary}: build it with `swift build -c release --product livetalk`")
    postgres = Postgres() if options.postgres else None
    if postgres:
        atexit.register(postgres.close)

    def start() -> servers.Server:
        if alone:
            return servers.reference("second reference")
        return servers.livetalk(binary, postgres.url(postgres.database()) if postgres else None)

    comparison = Comparison(start, signed=not alone, verbose=options.verbose)
    began, total, lines = time.monotonic(), Tally(), []
    for name in names:
        tally = comparison.group(GROUPS[name]())
        lines.append(tally.line(name))
        total.add(tally)
        sys.stdout.flush()
    print("\n".join(lines))
    for difference in SIGNED:
        if count := total.differences[difference.title]:
            print(f"difference {difference.number}: {difference.title}: asserted {count} times")
        elif alone and not options.only and difference.number != "strict":
            total.failed += 1
            print(f"FAIL difference {difference.number}: {difference.title}: no case tells it")
    print(f"{total.line('total')} in {time.monotonic() - began:.0f} s")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
