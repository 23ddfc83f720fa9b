"""The talk's one-off routes: the limiter, the pings, the background task."""

from __future__ import annotations

import time
from dataclasses import dataclass

from wire import Answer

from .base import JSON, Case, Cases, get, rows, send

WRITE_SECONDS = 10.0


def limited() -> Cases:
    cases = Cases("limited")
    cases.add("POST is not counted", send("POST", "/limited"))
    cases.add("the redirect is not counted", get("/limited/"))
    cases.add("OPTIONS is not counted", send("OPTIONS", "/limited"))
    for turn in range(1, 5):
        cases.add(f"turn {turn}", get(f"/limited?turn={turn}"))
    cases.add("turn 5, of another origin", get("/limited", ("Origin", "http://a.b")))
    cases.add("turn 6", get("/limited"))
    cases.add("with an origin", get("/limited", ("Origin", "http://a.b")))
    cases.add("with an origin and a cookie", get("/limited", ("Origin", "http://a.b"), ("Cookie", "a=b")))
    cases.add("with another user agent", get("/limited", ("User-Agent", "x")))
    cases.add("with a token", get("/limited", ("Authorization", "Bearer test-token")))
    cases.add(
        "preflight over the limit",
        send("OPTIONS", "/limited", ("Origin", "http://a.b"), ("Access-Control-Request-Method", "GET")),
    )
    cases.add("DELETE over the limit", send("DELETE", "/limited"))
    cases.add("the redirect over the limit", get("/limited/"))
    cases.add("the root over the limit", get("/"))
    cases.add("again", get("/limited"))
    return cases


def pings() -> Cases:
    cases = Cases("pings")
    for path in ("/terrible-ping", "/good-ping", "/perfect-ping"):
        cases.add(f"GET {path}", get(path))
        cases.add(f"GET {path} with a query", get(path + "?seconds=0"))
        cases.add(f"GET {path} with a body", get(path, body=b"x"))
        cases.add(f"GET {path} with an origin", get(path, ("Origin", "http://a.b")))
        cases.add(f"GET {path} of a bad host", get(path, host="evil.com"))
    return cases


@dataclass(frozen=True)
class WrittenCase(Case):
    """Waits until the background tasks have written `lines`, and compares the file; their order is free."""

    lines: int = 0

    def play(self, server) -> Answer:
        deadline = time.monotonic() + WRITE_SECONDS
        while server.processed.count(b"Processed: ") < self.lines and time.monotonic() < deadline:
            time.sleep(0.02)
        return Answer(200, body=b"\n".join(sorted(server.processed.split(b"\n"))))


def process() -> Cases:
    cases = Cases("process")
    written = 0
    for query in rows(
        """
        ?data=x|?data=|?data|?data=a&data=b|?data=b&x=1|?data=%C3%A9|?data=%FF|?data=%ED%A0%80|?data=1
        ?data=true|?data=%20a%20|?data=a+b|?data=a%2Bb|?data=%00|?data=a%0Ab|?data=%0D%0A
        ?data=%F0%9F%98%80|?data=%zz|?%64ata=y|?data=a=b|?data==|?data=a;data=b|?data=%26|?&data=z&
        ?data=../../x|?data=%22quoted%22|?data=null
        """
    ):
        cases.add(f"POST {query}", send("POST", "/process" + query))
        written += 1
    for query in (
        "",
        "?",
        "?Data=x",
        "?DATA=x",
        "?x=y",
        "?=data",
        "?data[]=x",
        "?&&",
        "?dat=x",
        "?data%00=x",
    ):
        cases.add(f"POST {query or 'nothing'}", send("POST", "/process" + query))
    cases.add("the data in a JSON body", send("POST", "/process", *JSON, body=b'{"data":"x"}'))
    cases.add(
        "the data in a form",
        send("POST", "/process", ("Content-Type", "application/x-www-form-urlencoded"), body=b"data=x"),
    )
    cases.add("broken JSON beside the query", send("POST", "/process?data=broken", *JSON, body=b"{"))
    cases.add("a body beside the query", send("POST", "/process?data=bytes", body=b"\xff\x00"))
    cases.add("in chunks beside the query", send("POST", "/process?data=chunks", body=b"abc", chunks=(1,)))
    cases.add("with an origin", send("POST", "/process?data=origin", ("Origin", "http://a.b")))
    cases.add("5,000 characters", send("POST", "/process?data=" + "x" * 5000))
    written += 5
    cases.put(WrittenCase(cases.group, "what the tasks wrote", get("/process"), lines=written))
    return cases
