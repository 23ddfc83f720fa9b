"""Paths and methods: what is found, what is not, what is sent elsewhere."""

from __future__ import annotations

import itertools

from .base import FORM, Cases, get, json_body, send

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]
SEED = '{"talk_id":1,"user_ip":"a","comment_text":"b"}'

# Every path of the service with the methods that its routes take. The limiter has its own group.
ROUTES: dict[str, list[str]] = {
    "/": ["GET"],
    "/comments/": ["GET", "POST"],
    "/comments/1": ["GET", "PUT", "DELETE"],
    "/comments/abc": ["GET", "PUT", "DELETE"],
    "/auth/token": ["POST"],
    "/auth/me": ["GET"],
    "/auth/oauth2": ["GET"],
    "/auth/basic": ["GET"],
    "/auth/api-key": ["GET"],
    "/terrible-ping": ["GET"],
    "/good-ping": ["GET"],
    "/perfect-ping": ["GET"],
    "/process": ["POST"],
    "/docs": ["GET", "HEAD"],
    "/redoc": ["GET", "HEAD"],
    "/docs/oauth2-redirect": ["GET", "HEAD"],
    "/openapi.json": ["GET", "HEAD"],
}
PAGES = {"/docs", "/redoc", "/docs/oauth2-redirect", "/openapi.json"}


def root() -> Cases:
    cases = Cases("root")
    for target in ("/", "/?", "/?x=1", "/?x=%FF&&=", "/#", "/?a=b?c=d", "/?" + "x" * 3000):
        cases.add(f"GET {target}", get(target), tags=["fragment"] if "#" in target else [])
    cases.add("with a body", get("/", body=b"{"))
    cases.add("with an Accept", get("/", ("Accept", "text/html")))
    for version in ("1.0", "1.1"):
        cases.add(f"HTTP/{version}", get("/", version=version))
    return cases


def not_found() -> Cases:
    cases = Cases("not-found")
    cases.add("seed", json_body("POST", "/comments/", SEED))
    for target in """
        /nope /nope/ /comments/1/x /comments/1/x/ /comments/1/2 /comments/1/2/ //comments/ /comments//1
        /comments// // /./comments/ /x/../comments/ /Comments/ /COMMENTS/1 /comment /commentss/ /auth
        /auth/ /auth/nope /auth/token/x /robots.txt /favicon.ico /%FF /% /%zz /%00 /%2F /%2e /. /..
        /chat /chat/ /index.html /limited/x /process/x /docs/x /openapi.yaml /openapi.json/x /redoc/x
        /comments%2F1 /comments%2f /comments%2F /%63omments/ /%63omments/1 /%43omments/1 /comments/%2F
        /comments/%2F1 /comments/1%2F2 /comments/a%2Fb /a%20b /é /comments;x=1/ /comments/;x
        /comments/1;v=2 /comments/?/ /comments%3Flimit=1 /comments/%3Flimit=1 /comments/%23
        /terrible-ping/x /terrible_ping /TERRIBLE-PING /comments/1%0D%0Ax:y /%0d%0a /~ /- /_ /* /null
        /undefined /__proto__ /.env /.git/config /wp-login.php
    """.split():
        if target == "/é":
            continue
        cases.add(f"GET {target}", get(target))
        cases.add(f"DELETE {target}", send("DELETE", target + "?x=1"))
        cases.add(f"POST {target}", json_body("POST", target, "{"))
    for method in METHODS:
        cases.add(f"{method} /nope", send(method, "/nope"))
        cases.add(f"{method} /chat", send(method, "/chat"))
    cases.add("a long path", get("/" + "a/" * 1000))
    cases.add("a long segment", get("/" + "a" * 3000))
    return cases


def methods() -> Cases:
    """Every method on every path; where the method exists, only the bare request is sent."""
    cases = Cases("method-not-allowed")
    cases.add("seed", json_body("POST", "/comments/", SEED))
    for path, method in itertools.product(ROUTES, METHODS):
        if method in ROUTES[path] or method in ("HEAD", "OPTIONS"):
            continue
        cases.add(f"{method} {path}", send(method, path))
        cases.add(f"{method} {path} with a query", send(method, path + "?x=1"))
        cases.add(f"{method} {path} with broken JSON", json_body(method, path, "{"))
    for path in ("/comments/1", "/auth/me", "/process"):
        cases.add(
            f"PATCH {path} with credentials", send("PATCH", path, ("Authorization", "Bearer test-token"))
        )
    return cases


def head_options() -> Cases:
    """HEAD and OPTIONS, where LiveTalk is better on purpose."""
    cases = Cases("head-options")
    cases.add("seed", json_body("POST", "/comments/", SEED))
    for path in ROUTES:
        tags = ["page"] if path in PAGES else []
        cases.add(f"HEAD {path}", send("HEAD", path), tags=tags)
        cases.add(f"OPTIONS {path}", send("OPTIONS", path))
        cases.add(f"OPTIONS {path} with a query", send("OPTIONS", path + "?a=b"))
    for target in (
        "/comments/2",
        "/comments/x",
        "/comments/?limit=0",
        "/comments/?limit=1",
        "/comments/+1",
        "/?x",
        "/nope",
        "/comments",
        "/comments/1/",
        "/comments/1/x",
    ):
        cases.add(f"HEAD {target}", send("HEAD", target))
        cases.add(f"OPTIONS {target}", send("OPTIONS", target))
    cases.add(
        "HEAD of an id past 64 bits",
        send("HEAD", "/comments/9223372036854775808"),
        faults=[("int_parsing_size", ("path", "comment_id"))],
    )
    cases.add("HEAD with a token", send("HEAD", "/auth/me", ("Authorization", "Bearer test-token")))
    cases.add("HEAD with a bad token", send("HEAD", "/auth/me", ("Authorization", "Bearer bad")))
    cases.add("HEAD of basic without credentials", send("HEAD", "/auth/basic"))
    cases.add("HEAD with a body", send("HEAD", "/", body=b"x"))
    cases.add("OPTIONS with a body", json_body("OPTIONS", "/comments/", "{"))
    cases.add(
        "OPTIONS with a requested method, no origin",
        send("OPTIONS", "/", ("Access-Control-Request-Method", "GET")),
    )
    cases.add("OPTIONS with an origin only", send("OPTIONS", "/comments/", ("Origin", "http://a.b")))
    cases.add(
        "OPTIONS with an origin and a cookie",
        send("OPTIONS", "/comments/1", ("Origin", "http://a.b"), ("Cookie", "a=b")),
    )
    cases.add("OPTIONS of nothing with an origin", send("OPTIONS", "/nope", ("Origin", "http://a.b")))
    cases.add("HEAD with an origin", send("HEAD", "/", ("Origin", "http://a.b")))
    cases.add(
        "HEAD with an origin and a cookie",
        send("HEAD", "/comments/2", ("Origin", "http://a.b"), ("Cookie", "")),
    )
    return cases


def slash() -> Cases:
    cases = Cases("slash-redirect")
    for path in list(ROUTES) + ["/limited"]:
        if path == "/":
            continue
        other = path[:-1] if path.endswith("/") else path + "/"
        for method in METHODS:
            cases.add(f"{method} {other}", send(method, other))
        cases.add(f"GET {other} with a query", get(other + "?x=1&y=%20a&&z"))
        cases.add(f"POST {other} with a body", json_body("POST", other, "{"))
    for target in """
        /comments? /comments?x /comments?x=a/b?c /comments?%FF /comments?x=%zz /comments/1//
        /comments/1/// /limited// /comments/a%20b/ /comments/%C3%A9/ /comments/%FF/ /comments/a%2Fb/
        /comments/%41/ /comments/%25/ /comments/%zz/ /comments/a+b/ /comments/a:b/ /comments/a@b/
        /comments/(1)/ /comments/'1'/ /comments/~1/ /comments/a,b/ /comments/a;b/ /comments/$1/
        /comments/a!/ /comments/a*b/ /comments/a=b/ /comments/a&b/ /comments/%7B1%7D/ /comments/%22/
        /comments/%3C%3E/ /comments/%5C/ /comments/%5E/ /comments/%60/ /comments/%7C/ /comments/[1]/
        /%63omments /comments/1%2F /comments%2F1/ /comments%2F1%2F /auth/me//?a=b /comments/./
        /comments/../ /comments/%2e%2e/
    """.split():
        cases.add(f"GET {target}", get(target))
    for target in ("/comments/%3F/", "/comments/%23/?q", "/comments/a%3Fb=c/?d=e", "/comments/%23x/"):
        cases.add(f"GET {target}", get(target), tags=["reserved in path"])
    for target in (
        "/nope/",
        "/chat/",
        "/comments/1/x/",
        "//comments",
        "//evil.com/",
        "//evil.com/comments",
        "//evil.com//",
        "/\\evil.com/",
        "/%2Fevil.com/",
        "/%5Cevil.com/",
    ):
        cases.add(f"GET {target}", get(target))
    for host in (
        "localhost",
        "localhost:1234",
        "testserver",
        "yourapp.com:80",
        "yourapp.com:443",
        "0.0.0.0:1",
    ):
        cases.add(f"host {host}", get("/comments?a=b", host=host))
    cases.add("with an origin", get("/comments", ("Origin", "http://a.b")))
    cases.add("with an origin and a cookie", get("/comments", ("Origin", "http://a.b"), ("Cookie", "a=b")))
    cases.add("with a forwarded scheme", get("/comments", ("X-Forwarded-Proto", "https")))
    cases.add("with a form", send("POST", "/auth/token/", *FORM, body=b"username=a"))
    return cases
