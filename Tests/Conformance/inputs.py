"""Sends random requests to every kind of input in FastAPI and in Crane, and compares the answers and the documents.

    inputs.py BINARY [COUNT] [SEED]

BINARY is `typed-inputs`, made of inputs/Crane. What the decided differences free is left out: numbers past 64 bits,
infinities and NaN, and what the reference answers with 500.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import substance
from servers import HERE, Server
from wire import Answer, Request, ask

SHOWN = 10
TEXTS = (
    "1|0|-1|100|101|abc||true|1.0|1.5| 2 |+3|1_0|é|%41|a b|null|1e3|no|off|yes|2|ab|abcd|abcde|aé|small|large|Small|"
    + "x" * 300
    + '|"q"|a=b|a;b'
).split("|")
TYPES = (
    [None]
    + ["application/json"] * 3
    + ["text/plain", "application/vnd.x+json", "application/x-www-form-urlencoded", ""]
    + ["APPLICATION/JSON; charset=utf-8", "json"]
)
COOKIES = (
    'session=abc|n=4|session="a\\"b"; n=x|n=5; n=6|session|=x; session=|a=b;session=c d ;n=7|n=;session="q|session=a=b'
).split("|")
CREDENTIALS = (
    "Bearer x|bearer  y|Basic YTpi|basic Yg==|Basic !!|Bearer||Digest x|Basic YTpi=|Basic YTp"
).split("|")
BROKEN = [b"{", b"\xff", b"[1,]", b"null", b"hello", b'"x"', b" ", b'{"a":\x01}']
# A file that stands for a text is echoed in the words of the reference's own class.
FILE = re.compile(rb'"input":(?:\{"filename".*?_max_mem_size":1048576\}|\{"filename".*?"size":\d+\})')


class Draw(random.Random):
    """Draws requests; the same ones for the same seed."""

    def query(self, *names: str) -> str:
        parts = []
        for name in self.sample(names, self.randint(0, len(names))):
            for _ in range(self.choice([1, 1, 1, 2, 3])):
                spelled = name if self.random() < 0.8 else "%%%02x" % ord(name[0]) + name[1:]
                coded = self.choice([quote, quote_plus])(self.choice(TEXTS))
                parts.append(spelled + ("" if self.random() < 0.05 else "=" + coded))
        self.shuffle(parts)
        return "?" + "&".join(parts) + ("&&=x&" if self.random() < 0.05 else "")

    def fields(self, *names: str) -> list[tuple[str, str]]:
        values = ["1", "2", "abc", "", "x y", "0", "-5", "1.0"]
        drawn = [name for name in names if self.random() < 0.7]
        return [(name, self.choice(values)) for name in drawn for _ in range(self.choice([1, 1, 2]))]

    def path(self, prefix: str, *values: str) -> str:
        return prefix + quote(self.choice(values), safe="")

    def value(self, depth: int = 0):
        deep = ["a", 1] if depth < 2 else []
        return self.choice(
            [1, "a", "", "abcdef", "12", None, True, 2.5, 0, -3, [], deep, {}, {"name": "ab", "price": 1}]
        )

    def item(self) -> dict:
        names, prices = ["ab", "abc", "", 1, None, "abcdefg"], [1, 2.5, "3", "x", 0, -1, None, True]
        item = {"name": self.choice(names) if self.random() < 0.5 else "ab"}
        item["price"] = self.choice(prices) if self.random() < 0.5 else 1.5
        item |= {key: self.value() for key in ("count", "tags", "note", "extra") if self.random() < 0.4}
        return {key: value for key, value in item.items() if self.random() < 0.9}

    def json(self) -> tuple[list[tuple[str, str]], bytes]:
        kind = self.choice(TYPES)
        whole = json.dumps(self.item()).encode()
        body = self.choice(
            [whole] * 6
            + [json.dumps(self.value()).encode(), b"", json.dumps([self.value() for _ in range(3)]).encode()]
            + [whole[: -self.randint(1, 5)], self.choice(BROKEN)]
        )
        return [] if kind is None else [("content-type", kind)], body

    def form(self, *names: str) -> tuple[list[tuple[str, str]], bytes]:
        kinds = ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"]
        kind = self.choice(kinds + ["APPLICATION/x-www-form-urlencoded", "text/plain"])
        pairs = [f"{self.choice(names)}={quote_plus(self.choice(TEXTS))}" for _ in range(self.randint(0, 5))]
        return [("content-type", kind)], "&".join(pairs).encode()

    def multipart(self, *names: str) -> tuple[list[tuple[str, str]], bytes]:
        body = b""
        for _ in range(self.randint(0, 4)):
            files = ["", '; filename="n.txt"', '; filename=""', "; filename=plain", '; filename="a;b\\"c"']
            body += f'--BB\r\nContent-Disposition: form-data; name="{self.choice(names)}"{self.choice(files)}\r\n'.encode()
            body += (
                self.choice([b"", b"Content-Type: text/plain\r\n", b"content-type:image/png\r\n"]) + b"\r\n"
            )
            body += self.choice([b"", b"hello", b"\r\n--B", b"\r\n\r\n", "é".encode(), b"--BB"]) + b"\r\n"
        body += self.choice([b"--BB--\r\n", b"--BB--", b"--BB--\r\nepilogue", b""])
        kinds = ["multipart/form-data; boundary=BB", 'multipart/form-data; boundary="BB"']
        return [
            ("content-type", self.choice(kinds + ["Multipart/Form-Data; charset=utf-8; boundary=BB"]))
        ], body

    def maybe(self, name: str, values: list[str]) -> list[tuple[str, str]]:
        return [(name, self.choice(values))] if self.random() < 0.75 else []

    def request(self) -> Request:
        method, target, fields, body = self.choice(KINDS)(self)
        encoded = tuple((name, value.encode()) for name, value in fields)
        return Request(method, target, encoded, body if method != "GET" else None)


def _items(draw: Draw):
    names = ("q", "limit", "tags", "flag", "ratio", "nums")
    return "GET", draw.path("/items/", "1", "x", "1.0", " 5", "é") + draw.query(*names), [], b""


def _headers(draw: Draw):
    return "GET", "/headers", draw.fields("x-token", "X-Num", "tags") + draw.maybe("Cookie", COOKIES), b""


def _fields(draw: Draw):
    target = "/fields" + draw.query("q", "limit", "tags", "flag", "ratio")
    return "GET", target, draw.fields("X-Num", "tags") + draw.maybe("Cookie", COOKIES), b""


def _update(draw: Draw):
    fields, body = draw.json()
    return "PUT", draw.path("/items/", "1", "x") + draw.query("q"), draw.fields("x-token") + fields, body


def _form(draw: Draw):
    form = draw.form("a", "a", "b", "c", "d") if draw.random() < 0.5 else draw.multipart("a", "c", "b")
    return "POST", "/form", *form


def _upload(draw: Draw):
    return "POST", draw.choice(["/upload", "/uploads"]), *draw.multipart("f", "f", "note", "a", "other")


def _depends(draw: Draw):
    target = draw.path("/depends/", "1", "x") + draw.query("offset", "key", "z", "own")
    return "GET", target, draw.fields("x-page"), b""


def _guarded(draw: Draw):
    return "POST", "/guarded" + draw.query("key", "own"), *draw.json()


def _credentials(draw: Draw):
    return "GET", "/any-credentials" + draw.query("k"), draw.maybe("authorization", CREDENTIALS), b""


def _key(draw: Draw):
    fields = draw.maybe("cookie", ["ck=1", "ck=", "x=1"]) + draw.maybe("authorization", CREDENTIALS)
    return "GET", "/key", fields, b""


def _bodies(draw: Draw):
    return "POST", draw.choice(["/maybe", "/list", "/text"]), *draw.json()


def _kinds(draw: Draw):
    return "GET", draw.path("/kind/", "small", "large", "Small", "x", "é") + draw.query("other"), [], b""


def _files(draw: Draw):
    return "GET", "/files/" + draw.choice(["a", "a/b", "a%2Fb", "", "%C3%A9", "a//b"]), [], b""


def _texts(draw: Draw):
    return "GET", draw.path("/text/", "ab", "abcde", "a", "xx", "aé", "aéé", "abcd"), [], b""


KINDS: list[Callable] = [
    _items, _headers, _fields, _update, _form, _upload, _upload, _depends, _guarded, _credentials, _key,
    _bodies, _bodies, _bodies, _kinds, _files, _texts,
]  # fmt: skip


def compared(answer: Answer) -> tuple:
    try:
        body = json.loads(FILE.sub(b'"input":"a file"', answer.body))
    except ValueError:
        body = answer.body
    # Ours says how it reads a name and a password, by the decided difference 13.
    challenge = re.sub(r',? charset="UTF-8"$', "", answer.header("www-authenticate") or "")
    return answer.status, answer.header("content-type"), challenge, body


# A part for an input in which no file was chosen.
NO_FILE = re.compile(
    rb'--BB\r\nContent-Disposition: form-data; name="\w+"; filename=""\r\n(?:content-type: ?[\w/]+\r\n)?\r\n\r\n(?=--BB)',
    re.IGNORECASE,
)


def signed(request: Request) -> Request | None:
    """What the reference must be asked instead, by the decided differences 13 and 14; `None` for a form that is refused."""
    request = request.with_(
        headers=tuple(
            (name, re.sub(rb"^(\S+) +", rb"\1 ", value) if name == "authorization" else value)
            for name, value in request.headers
        )
    )
    kind, body = (request.header("content-type") or b"").lower(), request.body or b""
    if kind.startswith(b"multipart/form-data"):
        return None if body and b"\r\n--BB--" not in b"\r\n" + body else request.with_(body=NO_FILE.sub(b"", body))
    pairs = body.split(b"&")
    optional = [pair for pair in pairs if pair.startswith(b"d=")]
    if request.target == "/form" and optional[-1:] == [b"d="]:
        return request.with_(body=b"&".join(pair for pair in pairs if pair not in optional))
    return request


def play(reference: Server, ours: Server, count: int, seed: int) -> int:
    draw, wrong = Draw(seed), 0
    for _ in range(count):
        request = draw.request()
        alike = signed(request)
        theirs = ask(reference.port, alike or request)
        if theirs.status == 500:
            continue
        answer = ask(ours.port, request)
        if compared(answer) != compared(theirs) if alike else answer.status != 400:
            wrong += 1
            if wrong <= SHOWN:
                print(f"{request.method} {request.target} {request.headers} {request.body}")
                print(
                    f"  reference {theirs.status} {theirs.body[:600]}\n  ours      {answer.status} {answer.body[:600]}"
                )
    return wrong


def documents(reference: Server, ours: Server) -> list[str]:
    """The paths and the components; whatever Crane says beyond the reference's is its own."""
    theirs, mine = (
        json.loads(ask(each.port, Request("GET", "/openapi.json")).body) for each in (reference, ours)
    )
    return [
        line for key in ("paths", "components") for line in substance.problems(theirs[key], mine[key], key)
    ]


def main() -> int:
    binary = Path(sys.argv[1]).resolve()
    count, seed = (int(text) for text in (sys.argv[2:4] + ["5000", "1"][len(sys.argv) - 2 :]))
    uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", str(HERE / "inputs"), "reference:app"]
    quiet = ["--log-level", "error", "--no-access-log", "--no-server-header", "--port"]
    reference = Server("reference", lambda port, _: [*uvicorn, *quiet, str(port)], dict(os.environ))
    ours = Server("typed-inputs", lambda port, _: [str(binary), str(port)], dict(os.environ))
    try:
        reference.ready(), ours.ready()
        lines = documents(reference, ours)
        print(*lines, sep="\n", end="\n" if lines else "")
        wrong = play(reference, ours, count, seed)
    finally:
        reference.stop()
        ours.stop()
    print(f"inputs: {count} requests with seed {seed}, {wrong} differ; documents: {len(lines)} differences")
    return 1 if wrong or lines else 0


sys.exit(main())
