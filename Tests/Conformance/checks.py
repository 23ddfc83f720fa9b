"""What LiveTalk's answer must be: checks on its status, the headers that matter, and its body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from wire import Answer

STAMP = re.compile(rb'"(created_at|updated_at)":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z"')
NAMES = {"content-type", "location", "allow", "www-authenticate", "retry-after", "vary"}
SETS = {"allow", "vary"}
PARSING_FAILED = {"detail": "There was an error parsing the body"}

# pydantic's words for the faults that the reference cannot report because it dies of echoing them.
MESSAGES = {
    "int_parsing": "Input should be a valid integer, unable to parse string as an integer",
    "int_parsing_size": "Unable to parse input string as an integer, exceeded maximum size",
    "finite_number": "Input should be a finite number",
    "string_type": "Input should be a valid string",
    "string_unicode": "Input should be a valid string, unable to parse raw data as a unicode string",
    "missing": "Field required",
    "model_attributes_type": "Input should be a valid dictionary or object to extract fields from",
}


@dataclass(frozen=True)
class Check:
    """A condition on a header's value (None: absent) or on a body, and how it is shown."""

    shown: str
    holds: Callable

    def __or__(self, other: Check) -> Check:
        return Check(f"{self.shown} or {other.shown}", lambda value: self.holds(value) or other.holds(value))


def same(value) -> Check:
    return Check(repr(value), lambda found: found == value)


def matching(pattern: str) -> Check:
    return Check(f"/{pattern}/", lambda found: found is not None and re.fullmatch(pattern, found) is not None)


def members(text: str | None) -> set[str]:
    return {part.strip().lower() for part in (text or "").split(",") if part.strip()}


def same_members(text: str) -> Check:
    wanted = members(text)
    return Check(f"the members of {text!r}", lambda found: found is not None and members(found) == wanted)


def seconds(low: int, high: int) -> Check:
    return Check(
        f"{low}...{high}", lambda found: found is not None and found.isdigit() and low <= int(found) <= high
    )


anything = Check("anything", lambda found: True)
something = Check("something", lambda found: bool(found))
empty = same(b"")


def strict_json(body: bytes):
    """The JSON value of a body; raises ValueError for bad UTF-8, NaN, and for what is not JSON."""

    def refuse(token: str):
        raise ValueError(f"{token} is not JSON")

    return json.loads(body.decode("utf-8"), parse_constant=refuse)


def plain(body: bytes) -> bytes:
    """The body with its time stamps taken out."""
    return STAMP.sub(rb'"\1":"T"', body)


def same_body(body: bytes) -> Check:
    wanted = plain(body)
    return Check(show(wanted), lambda found: plain(found) == wanted)


def without_input(body: bytes) -> Check:
    """The same errors, whatever their `input` says."""

    def kinds(data: bytes) -> list:
        return [{key: error[key] for key in ("type", "loc", "msg")} for error in strict_json(data)["detail"]]

    def holds(found: bytes) -> bool:
        try:
            return kinds(found) == kinds(body)
        except (ValueError, KeyError, TypeError):
            return False

    return Check(f"the errors {kinds(body)}", holds)


def json_size(value) -> int:
    """What the value takes as compact JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def shortened(body: bytes, limit: int) -> Check:
    """The same errors, where an `input` of more than `limit` bytes of JSON is told by a part of it."""

    def alike(found: dict, wanted: dict) -> bool:
        if json_size(wanted.get("input")) <= limit:
            return found == wanted
        rest = {key: value for key, value in wanted.items() if key != "input"}
        short = found.get("input")
        same = {key: value for key, value in found.items() if key != "input"} == rest
        return same and json_size(short) <= limit * 1.1 and "..." in json.dumps(short)

    def holds(found: bytes) -> bool:
        try:
            ours, wanted = strict_json(found)["detail"], strict_json(body)["detail"]
            return len(ours) == len(wanted) and all(map(alike, ours, wanted))
        except (ValueError, KeyError, TypeError, AttributeError):
            return False

    return Check(f"the errors {plain(body)[:400]!r} with long inputs cut", holds)


def usual_error(faults: Iterable[tuple] | None) -> Check:
    """A 422 or 400 body as every other: these faults, or any where none are named."""
    wanted = None if faults is None else [(kind, list(place), MESSAGES[kind]) for kind, place in faults]

    def holds(found: bytes) -> bool:
        try:
            body = strict_json(found)
            if body == PARSING_FAILED:
                return True
            errors = body["detail"]
            known = all(set(error) <= {"type", "loc", "msg", "input", "ctx"} for error in errors)
            listed = [(error["type"], error["loc"], error["msg"]) for error in errors]
        except (ValueError, KeyError, TypeError):
            return False
        return known and (listed == wanted if wanted is not None else bool(listed))

    return Check(f"errors {wanted if wanted is not None else 'of the usual form'}", holds)


def matters(name: str) -> bool:
    return name in NAMES or name.startswith("access-control-")


@dataclass(frozen=True)
class Expected:
    """LiveTalk's answer; a header that matters and is not named must be absent."""

    status: frozenset[int]
    headers: dict[str, Check]
    body: Check

    @classmethod
    def like(cls, answer: Answer) -> Expected:
        names = dict.fromkeys(name for name, _ in answer.headers if matters(name))
        headers = {}
        for name in names:
            value = answer.header(name) or ""
            headers[name] = same_members(value) if name in SETS else same(value)
        return cls(frozenset([answer.status]), headers, same_body(answer.body))

    def with_(self, *status: int, body: Check | None = None, **headers: Check | None) -> Expected:
        """The same with other checks; a header of None must be absent; `_` stands for `-` in names."""
        named = {name.replace("_", "-"): check for name, check in headers.items()}
        merged = {name: check for name, check in (self.headers | named).items() if check is not None}
        changed = frozenset(status) if status else self.status
        return replace(self, status=changed, headers=merged, body=body or self.body)

    def problems(self, answer: Answer) -> list[str]:
        found = []
        if answer.status not in self.status:
            found.append(f"status {answer.status}, not {' or '.join(map(str, sorted(self.status)))}")
        names = {name for name, _ in answer.headers if matters(name)} | set(self.headers)
        for name in sorted(names):
            value, check = answer.header(name), self.headers.get(name, same(None))
            if not check.holds(value):
                found.append(f"{name}: {value!r}, not {check.shown}")
        if not self.body.holds(answer.body):
            found.append(f"body {show(plain(answer.body))}, not {self.body.shown}")
        return found


def show(body: bytes, limit: int = 400) -> str:
    text = body.decode("utf-8", "backslashreplace")
    return text if len(text) <= limit else f"{text[: limit // 2]}…({len(body)} bytes)…{text[-limit // 2 :]}"
