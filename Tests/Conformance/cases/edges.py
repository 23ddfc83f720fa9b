"""What middleware decides: CORS, trusted hosts, and what the wire itself brings."""

from __future__ import annotations

import itertools

from .base import JSON, Cases, get, json_body, send

ORIGIN = ("Origin", "http://a.b")
COOKIE = ("Cookie", "a=b")
WANTED = "Access-Control-Request-Method"
WANTED_HEADERS = "Access-Control-Request-Headers"


def cors() -> Cases:
    cases = Cases("cors")
    cases.add("seed", json_body("POST", "/comments/", '{"talk_id":1,"user_ip":"a","comment_text":"b"}'))
    _simple(cases)
    _preflight(cases)
    return cases


def _simple(cases: Cases) -> None:
    requests = {
        "the root": get("/"),
        "a list": get("/comments/?limit=1"),
        "a comment": get("/comments/1"),
        "a 404 path": get("/nope"),
        "a 404 comment": get("/comments/99"),
        "a 405": send("PATCH", "/comments/"),
        "a 405 of the root": send("DELETE", "/"),
        "a 422 path": get("/comments/x"),
        "a 422 query": get("/comments/?limit=0"),
        "a 422 body": json_body("POST", "/comments/", "{}"),
        "broken JSON": json_body("POST", "/comments/", "{"),
        "bad bytes": json_body("POST", "/comments/", b'"\xff"'),
        "a redirect": get("/comments?x=1"),
        "a 401": get("/auth/oauth2"),
        "a 401 of basic": get("/auth/basic"),
        "a 403": get("/auth/me"),
        "a 200 with a token": get("/auth/me", ("Authorization", "Bearer test-token")),
        "an update": json_body("PUT", "/comments/1", '{"comment_text":"b"}'),
        "a ping": get("/perfect-ping"),
        "a process": send("POST", "/process?data=cors"),
        "the schema": get("/openapi.json"),
        "the docs": get("/docs"),
    }
    for name, request in requests.items():
        tags = ["page"] if name in ("the schema", "the docs") else []
        for shown, extra in {
            "no origin": (),
            "origin": (ORIGIN,),
            "origin, cookie": (ORIGIN, COOKIE),
            "cookie": (COOKIE,),
        }.items():
            pairs = tuple((key, value.encode()) for key, value in extra)
            cases.add(f"{name}, {shown}", request.with_(headers=pairs + request.headers), tags=tags)
    for origin in (
        "null",
        "",
        "*",
        "http://127.0.0.1",
        "https://a.b:8443",
        "http://a.b http://c.d",
        "a",
        "HTTP://A.B",
        "http://a.b/",
        "file://",
        "http://é",
    ):
        value = origin.encode()
        cases.add(f"origin {origin!r}", get("/", ("Origin", value)))
        cases.add(f"origin {origin!r}, cookie", get("/", ("Origin", value), COOKIE))
        cases.add(f"origin {origin!r}, preflight", send("OPTIONS", "/", ("Origin", value), (WANTED, "GET")))
    for cookie in ("", "a", "a=b; c=d", "=", ";"):
        cases.add(f"cookie {cookie!r}", get("/", ORIGIN, ("Cookie", cookie)))
    cases.add("two origins", get("/", ORIGIN, ("Origin", "http://c.d")))
    cases.add("two origins, cookie", get("/", ORIGIN, ("Origin", "http://c.d"), COOKIE))
    cases.add("two cookies", get("/", ORIGIN, COOKIE, COOKIE))
    cases.add("names in lower case", get("/", ("origin", "http://a.b"), ("cookie", "a=b")))
    cases.add("a GET with a wanted method is simple", get("/", ORIGIN, (WANTED, "GET")))
    cases.add(
        "a POST with a wanted method is simple", send("POST", "/process?data=x", ORIGIN, (WANTED, "GET"))
    )
    cases.add("a request that wants headers is simple", get("/", ORIGIN, (WANTED_HEADERS, "x")))
    too_large = [("int_parsing_size", ("path", "comment_id"))]
    cases.add("an id past 64 bits", get("/comments/9223372036854775808", ORIGIN), faults=too_large)
    cases.add(
        "an id past 64 bits, cookie", get("/comments/9223372036854775808", ORIGIN, COOKIE), faults=too_large
    )


def _preflight(cases: Cases) -> None:
    wanted = [
        "GET",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "FOO",
        "get",
        "",
        "GET,POST",
        "GET, POST",
        "*",
        "QUERY",
    ]
    asked = [None, "content-type", "X-A, x-b", "Authorization,Content-Type"]
    for method, fields, cookie in itertools.product(wanted, asked, (False, True)):
        pairs = [ORIGIN, (WANTED, method)]
        pairs += [(WANTED_HEADERS, fields)] if fields is not None else []
        pairs += [COOKIE] if cookie else []
        shown = f"{method!r}, {fields!r}{', cookie' if cookie else ''}"
        cases.add(f"preflight {shown}", send("OPTIONS", "/comments/", *pairs))
    for fields in ("", "*", "a,,b", ",", "a b", "x\ty", "X-É", "a" * 1000, "a;b", "Origin", "x: y"):
        cases.add(
            f"preflight of headers {fields!r}",
            send("OPTIONS", "/", ORIGIN, (WANTED, "GET"), (WANTED_HEADERS, fields)),
        )
    for target in (
        "/",
        "/nope",
        "/comments",
        "/comments/1",
        "/comments/x",
        "/auth/token",
        "/docs",
        "/openapi.json",
        "/chat",
        "//",
        "/%FF",
        "/perfect-ping",
        "/process",
    ):
        cases.add(f"preflight of {target}", send("OPTIONS", target, ORIGIN, (WANTED, "POST")))
        cases.add(f"preflight of {target}, disallowed", send("OPTIONS", target, ORIGIN, (WANTED, "BREW")))
    cases.add("preflight with a body", json_body("OPTIONS", "/comments/", "{", ORIGIN, (WANTED, "POST")))
    cases.add(
        "preflight for a private network",
        send("OPTIONS", "/", ORIGIN, (WANTED, "GET"), ("Access-Control-Request-Private-Network", "true")),
    )
    cases.add(
        "two wanted methods, the first good", send("OPTIONS", "/", ORIGIN, (WANTED, "GET"), (WANTED, "BREW"))
    )
    cases.add(
        "two wanted methods, the first bad", send("OPTIONS", "/", ORIGIN, (WANTED, "BREW"), (WANTED, "GET"))
    )
    cases.add(
        "two lists of headers",
        send("OPTIONS", "/", ORIGIN, (WANTED, "GET"), (WANTED_HEADERS, "a"), (WANTED_HEADERS, "b")),
    )
    cases.add(
        "two origins, preflight", send("OPTIONS", "/", ORIGIN, ("Origin", "http://c.d"), (WANTED, "GET"))
    )


def hosts() -> Cases:
    cases = Cases("trusted-host")
    good = ["localhost", "127.0.0.1", "yourapp.com", "0.0.0.0", "testserver"]
    bad = """
        evil.com evil.com:80 www.yourapp.com sub.yourapp.com yourapp.com. localhost.evil.com
        www.localhost www.evil.com 127.0.0.1. 127.0.0.2 user@localhost localhost/ localhost/x . *
        *.yourapp.com localhost,evil.com localhost;x local localhostx xlocalhost ::1 [::1 ::1] [::2]
        [::2]:80 [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] evil.com,localhost localhost%00 a_b
        yourapp.co yourapp.comm .yourapp.com yourapp..com %6cocalhost 2130706433 0 -
    """.split()
    for host in good:
        for port in ("", ":80", ":8000", ":65536"):
            cases.add(f"host {host + port}", get("/", host=host + port))
        cases.add(f"host {host}, a 404", get("/nope", host=host))
        for other in sorted({host.upper(), host.capitalize()} - {host}):
            cases.add(f"host {other}", get("/", host=other))
            cases.add(f"host {other} with a port", get("/comments/?limit=1", host=other + ":8000"))
    for host in ("localhost:", "localhost:abc", "localhost:80:90", "yourapp.com:80x"):
        cases.add(f"host {host}", get("/", host=host))
    for host in ("[::1]", "[::1]:8000", "[::1]:80"):
        cases.add(f"host {host}", get("/", host=host))
        cases.add(f"host {host}, a 404", get("/nope", host=host))
    for host in bad:
        cases.add(f"host {host}", get("/", host=host))
    for host in ("evil.com", "www.yourapp.com"):
        for name, request in {
            "a list": get("/comments/"),
            "a 404": get("/nope"),
            "a redirect": get("/comments"),
            "a 405": send("PATCH", "/"),
            "a good POST": json_body("POST", "/comments/", '{"talk_id":1,"user_ip":"a","comment_text":"b"}'),
            "broken JSON": json_body("POST", "/comments/", "{"),
            "HEAD": send("HEAD", "/"),
            "OPTIONS": send("OPTIONS", "/"),
            "an origin": get("/", ORIGIN),
            "an origin and a cookie": get("/", ORIGIN, COOKIE),
            "an origin on a 404": get("/nope", ORIGIN),
            "a preflight": send("OPTIONS", "/", ORIGIN, (WANTED, "GET")),
            "a preflight with headers": send("OPTIONS", "/", ORIGIN, (WANTED, "GET"), (WANTED_HEADERS, "x")),
            "the docs": get("/docs"),
        }.items():
            cases.add(f"{name} for {host}", request.with_(host=host))
    cases.add("nothing was stored", get("/comments/"))
    return cases


def wire() -> Cases:
    """Below the contract: where the reference's server is lax, the parser takes the strict side."""
    cases = Cases("wire")
    for method in ("FOO", "get", "Get", "G", "BREW"):
        cases.add(f"method {method}", send(method, "/"))
        cases.add(f"method {method} of nothing", send(method, "/nope"))
    for method in ("PROPFIND", "LOCK", "PURGE", "SEARCH", "LINK", "REPORT"):
        cases.add(f"method {method}", send(method, "/"))
        cases.add(f"method {method} of nothing", send(method, "/nope"))
    cases.add("raw UTF-8 in the path", get("/é"))
    cases.add("raw UTF-8 in the query", get("/comments/?limit=é"))
    cases.add("a fragment", get("/comments/?limit=1#frag"), tags=["fragment"])
    cases.add("absolute form", get("http://127.0.0.1/comments/?limit=1"))
    cases.add("absolute form, redirected", get("http://127.0.0.1/comments"))
    cases.add("OPTIONS *", send("OPTIONS", "*"))
    cases.add("OPTIONS *, preflight", send("OPTIONS", "*", ORIGIN, (WANTED, "GET")))
    cases.add("no host", get("/", host=None))
    cases.add("no host, HTTP/1.0", get("/", host=None, version="1.0"))
    cases.add("an empty host", get("/", host=""))
    cases.add("two hosts, the first good", get("/", ("Host", "evil.com")))
    cases.add("two hosts, the first bad", get("/", ("Host", "localhost"), host="evil.com"))
    cases.add("two equal hosts", get("/", ("Host", "127.0.0.1")))
    cases.add("HTTP/1.0 keeps alive", get("/", version="1.0", connection="keep-alive"), tags=["connection"])
    cases.add("HTTP/1.0 closes", get("/", version="1.0", connection=None), tags=["connection"])
    cases.add("HTTP/1.1 closes when asked", get("/"), tags=["connection"])
    for name, request in {
        "a host": get("/", host="localhost "),
        "a bearer token": get("/auth/me", ("Authorization", "Bearer test-token ")),
        "an OAuth2 token": get("/auth/oauth2", ("Authorization", "Bearer test-token\t")),
        "only a scheme": get("/auth/me", ("Authorization", "Bearer ")),
        "an API key": get("/auth/api-key", ("X-API-Key", "test-token ")),
        "a blank API key": get("/auth/api-key", ("X-API-Key", " ")),
        "a wanted method": send("OPTIONS", "/", ORIGIN, (WANTED, "GET ")),
        "wanted headers": send("OPTIONS", "/", ORIGIN, (WANTED, "GET"), (WANTED_HEADERS, "x ")),
        "an origin, echoed": get("/", ("Origin", "http://a.b "), COOKIE),
        "a content type": send("POST", "/comments/", ("Content-Type", "application/json "), body=b"{"),
    }.items():
        cases.add(f"a blank after {name}", request, tags=["blank after a value"])
    cases.add("a blank before a value", get("/auth/me", ("Authorization", "  Bearer test-token")))
    cases.add("a body that is not JSON with JSON's length", send("POST", "/comments/", *JSON, body=b"\r\n"))
    return cases
