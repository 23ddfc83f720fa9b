"""The signed list: where LiveTalk's answer differs from the reference's on purpose, and what it is then.

Every entry carries its number in the list of decided differences (10, endpoints of our own, needs no entry:
no case asks for them). The entries under "strict" are the parser's: where servers disagree about the wire it
takes the strict side. An entry looks at the case and at the reference's answer, and turns the expectation
into what LiveTalk answers. Nothing else may differ.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from cases.base import Case
from checks import (
    Expected,
    anything,
    empty,
    json_size,
    matching,
    same,
    same_body,
    same_members,
    seconds,
    shortened,
    something,
    usual_error,
    without_input,
)
from wire import Answer, ask

HOSTS = {"localhost", "127.0.0.1", "yourapp.com", "0.0.0.0", "testserver", "[::1]"}
HOST_SYNTAX = r"(\[[0-9A-Fa-f:.]+\]|([A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)(:[0-9]*)?"
EXPOSED = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Comment-Token, X-Request-ID"
INVALID = b"Invalid HTTP request received."
METHODS = [
    (r"/", ["GET"]),
    (r"/comments/", ["GET", "POST"]),
    (r"/comments/[^/]+", ["GET", "PUT", "DELETE"]),
    (r"/auth/token", ["POST"]),
    (r"/auth/(me|oauth2|basic|api-key)", ["GET"]),
    (r"/(limited|terrible-ping|good-ping|perfect-ping)", ["GET"]),
    (r"/process", ["POST"]),
    (r"/(docs|redoc|docs/oauth2-redirect|openapi\.json)", ["GET"]),
]
# What a page may not have: something that its reader's browser would fetch from another host.
FOREIGN = re.compile(
    rb"""\bsrc\s*=\s*["']?\s*(?:https?:)?//|<link\b[^>]*\bhref\s*=\s*["']?\s*(?:https?:)?//"""
    rb"""|@import|url\(\s*["']?(?:https?:)?//|\bimport\b[^\n;]*["'](?:https?:)?//""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Situation:
    """One case with the reference's answer; `again` asks the reference something else."""

    case: Case
    answer: Answer
    port: int

    def again(self, case: Case) -> Situation:
        return Situation(case, ask(self.port, case.request), self.port)

    @property
    def path(self) -> str:
        target = re.sub(r"^https?://[^/]*", "", self.case.request.target)
        return unquote(re.split("[?#]", target)[0])

    @property
    def is_preflight(self) -> bool:
        request = self.case.request
        wanted = request.header("Access-Control-Request-Method")
        return request.method == "OPTIONS" and request.header("Origin") is not None and wanted is not None

    def methods(self) -> list[str]:
        return next((methods for pattern, methods in METHODS if re.fullmatch(pattern, self.path)), [])

    def allow(self) -> str:
        """Every method of the path: HEAD works wherever GET does, OPTIONS everywhere."""
        methods = self.methods()
        return ", ".join(methods + (["HEAD"] if "GET" in methods else []) + ["OPTIONS"])

    @property
    def is_handshake(self) -> bool:
        upgrade = (self.case.request.header("Upgrade") or b"").lower()
        switches = "upgrade" in (self.case.request.connection or "").lower()
        return self.case.request.method == "GET" and switches and b"websocket" in upgrade

    def cors(self) -> dict:
        """The headers of a simple answer: by the Fetch standard, as both allow credentials (difference 11)."""
        headers = {"vary": same_members("Origin")}
        origin = self.case.request.header("Origin")
        if origin is None or self.is_preflight:
            return headers
        return headers | {
            "access-control-allow-credentials": same("true"),
            "access-control-allow-origin": same(origin.decode("latin-1").strip()),
            "access-control-expose-headers": same_members(EXPOSED),
        }


def _one_line(at: Situation, expected: Expected) -> Expected:
    """The reference writes what was sent with its line feeds: data that is one line's is one line here."""
    lines = at.answer.body.split(b"\n")
    for line in (b"Processed: a", b"b", b"Processed: \r", b"", b"Processed: \0"):
        lines.remove(line)
    lines += [rb"Processed: a\nb", rb"Processed: \r\n", rb"Processed: \0"]
    return expected.with_(body=same_body(b"\n".join(sorted(lines))))


@dataclass(frozen=True)
class Difference:
    """One signed entry."""

    number: int | str
    title: str
    applies: Callable[[Situation], bool]
    answer: Callable[[Situation, Expected], Expected]


def _is(status: int) -> Callable[[Situation], bool]:
    return lambda at: at.answer.status == status


def _refused_head(at: Situation) -> bool:
    return at.case.request.method == "HEAD" and at.answer.status == 405 and "GET" in at.methods()


def _head_like_get(at: Situation, _: Expected) -> Expected:
    twin = at.again(replace(at.case, request=at.case.request.with_(method="GET")))
    expected, _ = expect(twin)
    ours = twin.answer.status == 500 or "page" in at.case.tags
    length = something if ours else same(str(len(twin.answer.body)))
    return expected.with_(body=empty, content_length=length)


def _options(at: Situation, _: Expected) -> Expected:
    expected = Expected(frozenset([204]), at.cors(), empty)
    return expected.with_(allow=same_members(at.allow()))


def _no_500(at: Situation, _: Expected) -> Expected:
    headers = at.cors() | {"content-type": same("application/json")}
    return Expected(frozenset([400, 422]), headers, usual_error(at.case.faults))


def _relative(at: Situation, expected: Expected) -> Expected:
    return expected.with_(location=same(re.sub(r"^https?://[^/]*", "", at.answer.header("location") or "")))


def _as_sent(at: Situation, expected: Expected) -> Expected:
    target = re.sub(r"^https?://[^/?]*", "", at.case.request.target)
    path, _, query = target.partition("?")
    ends = re.search(r"(/|%2f)+$", path, re.IGNORECASE)
    path = path[: ends.start()] if ends else path + "/"
    return expected.with_(location=same(path + ("?" + query if query else "")))


def _condition(at: Situation) -> bool:
    names = ("If-Match", "If-None-Match") if at.case.request.method != "GET" else ("If-Match",)
    asked = any(at.case.request.header(name) not in (None, b"*") for name in names)
    return asked and at.answer.status == 200 and re.fullmatch(r"/comments/\d+", at.path) is not None


def _basic(at: Situation) -> bool:
    return (at.answer.header("www-authenticate") or "").lower().startswith("basic")


def _credentials(at: Situation) -> tuple[str, bytes]:
    field = at.case.request.header("Authorization") or b""
    scheme, _, rest = field.partition(b" ")
    return scheme.decode("latin-1").lower(), rest


def _spaced(at: Situation) -> bool:
    field = at.case.request.header("Authorization") or b""
    return re.match(rb"[^ ]+ {2,}[^ ]", field) is not None and at.path.startswith("/auth/")


def _without_spaces(at: Situation, _: Expected) -> Expected:
    request = at.case.request
    once = re.sub(rb"^([^ ]+) +", rb"\1 ", request.header("Authorization") or b"")
    fields, done = [], False
    for name, value in request.headers:
        first = name.lower() == "authorization" and not done
        fields.append((name, once if first else value))
        done = done or first
    expected, _ = expect(at.again(replace(at.case, request=request.with_(headers=tuple(fields)))))
    return expected


def _utf8_basic(at: Situation) -> bool:
    if not _basic(at) or b"Invalid authentication credentials" not in at.answer.body:
        return False
    try:
        text = base64.b64decode(_credentials(at)[1]).decode("utf-8")
    except ValueError:
        return False
    return not text.isascii() and ":" in text


def _bad_host(at: Situation) -> bool:
    return at.answer.status == 400 and at.answer.body == b"Invalid host header"


def _host(at: Situation) -> str:
    host = (at.case.request.host or "").lower()
    return host[: host.find("]") + 1] if host.startswith("[") else host.split(":")[0]


def _other_spelling(at: Situation) -> bool:
    return _bad_host(at) and _host(at) in HOSTS and not _blank_after(at) and not _two_hosts(at)


def _same_host(at: Situation, _: Expected) -> Expected:
    host = at.case.request.host or ""
    plain = "localhost" if host.startswith("[") else host.lower()
    expected, _ = expect(at.again(replace(at.case, request=at.case.request.with_(host=plain))))
    return expected


def _limited(at: Situation, expected: Expected) -> Expected:
    return expected.with_(
        retry_after=seconds(1, 60),
        ratelimit=matching(r'"[^"]+";\s*r=0(;.*)?'),
        ratelimit_policy=matching(r'"[^"]+";\s*q=5;\s*w=60(;.*)?'),
    )


def _is_page(at: Situation) -> bool:
    html = b"<html" in at.answer.body.lower()
    return html and "page" in at.case.tags and at.case.request.method == "GET"


def _offline(at: Situation, expected: Expected) -> Expected:
    body = replace(something, shown="a page that fetches nothing from another host")
    return expected.with_(body=replace(body, holds=lambda found: bool(found) and not FOREIGN.search(found)))


def _keeps_alive(at: Situation) -> bool:
    request = at.case.request
    return "connection" in at.case.tags and request.version == "1.0" and request.connection == "keep-alive"


def _next_id(at: Situation, expected: Expected) -> Expected:
    body = re.sub(rb'"id":(\d+)', lambda found: b'"id":%d' % (int(found[1]) + 1), at.answer.body)
    return expected.with_(body=same_body(body))


def _on_bad_host(at: Situation, expected: Expected) -> Expected:
    if not at.is_preflight:
        return replace(expected, headers=expected.headers | at.cors())
    # Refused as well, and the browser may read it; which of the preflight's other headers come along is free.
    names = ("allow-methods", "allow-headers", "allow-credentials", "expose-headers", "max-age")
    free = {f"access-control-{name}": anything for name in names} | {"vary": anything}
    return replace(expected, headers=expected.headers | free | {"access-control-allow-origin": something})


def _bad_syntax(at: Situation) -> bool:
    host = at.case.request.host
    return host is not None and re.fullmatch(HOST_SYNTAX, host.strip(" \t")) is None


ECHO = 1 << 10


def _long_input(at: Situation) -> bool:
    if at.answer.status != 422 or len(at.answer.body) <= ECHO:
        return False
    return any(json_size(error.get("input")) > ECHO for error in json.loads(at.answer.body)["detail"])


def _form_fields(at: Situation) -> list[str]:
    return (at.case.request.body or b"").decode("latin-1").split("&")


def _empty_grant(at: Situation) -> bool:
    request = at.case.request
    kind = (request.header("Content-Type") or b"").decode("latin-1")
    grants = [field for field in _form_fields(at) if field.startswith("grant_type")]
    return at.path == "/auth/token" and "urlencoded" in kind.lower() and grants[-1:] == ["grant_type="]


def _without_empty_grant(at: Situation, _: Expected) -> Expected:
    fields = [field for field in _form_fields(at) if not field.startswith("grant_type")]
    request = at.case.request.with_(body="&".join(fields).encode("latin-1"))
    expected, _ = expect(at.again(replace(at.case, request=request)))
    return expected


def _broken_off(at: Situation) -> bool:
    request = at.case.request
    kind = (request.header("Content-Type") or b"").decode("latin-1").lower()
    found = re.search('boundary="?([^";]+)', kind, re.IGNORECASE)
    if at.path != "/auth/token" or "multipart/form-data" not in kind or not found or not request.body:
        return False
    return f"--{found[1]}--".lower() not in request.body.decode("latin-1").lower()


def _parsing_failed(at: Situation, expected: Expected) -> Expected:
    if at.answer.status == 400:
        return expected
    failed = same_body(b'{"detail":"There was an error parsing the body"}')
    return expected.with_(400, body=failed)


def _unknown_method(at: Situation) -> bool:
    return at.answer.status == 400 and at.answer.body == INVALID and at.case.request.target.isascii()


def _as_any_method(at: Situation, expected: Expected) -> Expected:
    twin, _ = expect(at.again(replace(at.case, request=at.case.request.with_(method="PATCH"))))
    body = expected.body | twin.body
    kind = same("text/plain; charset=utf-8") | twin.headers["content-type"]
    allow = twin.headers.get("allow", same(None)) | same(None)
    vary = twin.headers.get("vary", same(None)) | same(None)
    return Expected(expected.status | twin.status, {"content-type": kind, "allow": allow, "vary": vary}, body)


def _two_hosts(at: Situation) -> bool:
    return at.case.request.host is not None and at.case.request.header("Host") is not None


def _refused(at: Situation, _: Expected) -> Expected:
    return Expected(frozenset([400]), {"content-type": something}, anything)


def _blank_after(at: Situation) -> bool:
    return "blank after a value" in at.case.tags


def _trimmed(at: Situation, _: Expected) -> Expected:
    request = at.case.request
    fields = tuple((name, value.rstrip(b" \t")) for name, value in request.headers)
    host = None if request.host is None else request.host.rstrip(" \t")
    clean = replace(at.case, request=request.with_(headers=fields, host=host), tags=frozenset())
    expected, _ = expect(at.again(clean))
    return expected


SIGNED = [
    Difference(
        1,
        "HEAD works wherever GET does",
        _refused_head,
        _head_like_get,
    ),
    Difference(
        1,
        "OPTIONS without CORS headers answers 204 with Allow",
        lambda at: at.case.request.method == "OPTIONS" and at.answer.status == 405,
        _options,
    ),
    Difference(
        1,
        "OPTIONS * answers 204 with Allow",
        lambda at: at.case.request.method == "OPTIONS" and at.path == "*" and at.answer.status == 404,
        lambda at, _: Expected(frozenset([204]), {"allow": something} | at.cors(), empty),
    ),
    Difference(
        1,
        "every Allow is complete",
        lambda at: at.answer.status == 405 and at.case.request.method != "OPTIONS" and not _refused_head(at),
        lambda at, expected: expected.with_(allow=same_members(at.allow())),
    ),
    Difference(2, "nothing a client sends gives 500", _is(500), _no_500),
    Difference(
        3,
        "CORS headers are on the answer to a bad host",
        lambda at: _bad_host(at) and at.case.request.header("Origin") is not None,
        _on_bad_host,
    ),
    Difference(4, "the slash redirect's Location is relative", _is(307), _relative),
    Difference(5, "429 carries Retry-After and the RateLimit fields", _is(429), _limited),
    Difference(
        6,
        "the pages fetch nothing from another host",
        _is_page,
        _offline,
    ),
    Difference(
        7,
        "HTTP/1.0 keep-alive is honoured",
        _keeps_alive,
        lambda at, expected: expected.with_(connection=matching("(?i)keep-alive")),
    ),
    Difference(
        8,
        "host names compare without case, and bracketed IPv6 hosts work",
        _other_spelling,
        _same_host,
    ),
    Difference(
        14,
        "an empty optional field of a form is absent",
        _empty_grant,
        _without_empty_grant,
    ),
    Difference(14, "a multipart body without its last boundary is 400", _broken_off, _parsing_failed),
    Difference(
        15,
        "an input of more than 1 KiB is told by a part of it",
        _long_input,
        lambda at, expected: expected.with_(body=shortened(at.answer.body, ECHO)),
    ),
    Difference(12, "the slash redirect keeps the path as it was sent", _is(307), _as_sent),
    Difference(
        13,
        "HTTP Basic is UTF-8",
        _utf8_basic,
        lambda at, expected: expected.with_(
            body=same_body(b'{"detail":"Incorrect username or password"}')
        ),
    ),
    Difference(
        13,
        "the challenge of HTTP Basic asks for UTF-8",
        _basic,
        lambda at, expected: expected.with_(www_authenticate=same('Basic charset="UTF-8"')),
    ),
    Difference(13, "several spaces behind an auth scheme are one", _spaced, _without_spaces),
    Difference(
        16,
        "a precondition that fails is 412",
        _condition,
        lambda at, expected: expected.with_(412, body=same_body(b'{"detail":"The comment has changed"}')),
    ),
    Difference(
        11,
        "CORS follows the Fetch standard",
        lambda at: at.answer.headers and not at.is_handshake and (at.answer.body != INVALID or _unknown_method(at)),
        lambda at, expected: replace(expected, headers=expected.headers | at.cors()),
    ),
    Difference(9, "the database id is never reused", lambda at: "reused id" in at.case.tags, _next_id),
    Difference(
        17,
        "control characters of /process's data do not leave their line",
        lambda at: at.case.name == "what the tasks wrote",
        _one_line,
    ),
    Difference("strict", "two Host lines are refused (RFC 9112 3.2)", _two_hosts, _refused),
    Difference("strict", "a Host of bad syntax is refused (RFC 9112 3.2)", _bad_syntax, _refused),
    Difference(
        "strict",
        "a method that nobody knows may be answered as any other (RFC 9110 9.1)",
        _unknown_method,
        _as_any_method,
    ),
    Difference(
        "strict",
        "a missing Host is refused (RFC 9112 3.2)",
        lambda at: at.case.request.host is None and at.case.request.version == "1.1",
        _refused,
    ),
    Difference(
        "strict",
        "a fragment in the target is refused (RFC 9112 3.2)",
        lambda at: "fragment" in at.case.tags,
        _refused,
    ),
    Difference(
        "strict",
        "blanks after a field's value are no part of it (RFC 9110 5.5)",
        _blank_after,
        _trimmed,
    ),
]


def expect(at: Situation, signed: bool = True) -> tuple[Expected, list[Difference]]:
    """What LiveTalk must answer, and the differences that say so."""
    expected = _alike(at)
    applied = [difference for difference in SIGNED if difference.applies(at)] if signed else []
    for difference in applied:
        expected = difference.answer(at, expected)
    return expected, applied


def _alike(at: Situation) -> Expected:
    """The reference's own answer, with what the case does not compare left free."""
    expected = Expected.like(at.answer)
    if "page" in at.case.tags:
        expected = expected.with_(body=something if at.case.request.method == "GET" else empty)
    if "without input" in at.case.tags:
        expected = expected.with_(body=without_input(at.answer.body))
    if "connection" in at.case.tags:
        expected = expected.with_(connection=same(at.answer.header("connection")))
    if "handshake" in at.case.tags:
        expected = _handshake(at, expected)
    return expected


def _handshake(at: Situation, expected: Expected) -> Expected:
    if at.answer.status != 101:
        # The words of a refused handshake are those of the reference's WebSocket library.
        free = at.answer.status == 400 and at.answer.body != b"Invalid host header"
        return expected.with_(body=anything, content_type=anything) if free else expected
    names = ("sec-websocket-accept", "sec-websocket-protocol")
    exact = {name: same(at.answer.header(name)) for name in names}
    offered = something if at.answer.header("sec-websocket-extensions") else same(None)
    return replace(expected, headers=expected.headers | exact | {"sec-websocket-extensions": offered})
