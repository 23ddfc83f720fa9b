"""The other comment routes: one comment, the list, the update, the deletion."""

from __future__ import annotations

import itertools
from urllib.parse import quote

from .base import JSON, Cases, get, json_body, rows, send
from .creation import GOOD, PATH, text
from .values import HUGE_INT_STRINGS, INT_STRINGS


def _seed(cases: Cases, count: int = 12) -> None:
    for index in range(count):
        body = {"talk_id": index % 3, "user_ip": f"10.0.0.{index}", "comment_text": f"comment {index} é"}
        cases.add(f"seed {index + 1}", json_body("POST", PATH, text(body)))


def read() -> Cases:
    cases = Cases("comments-read")
    _seed(cases)
    for value in INT_STRINGS:
        if value not in ("", "0" * 4400 + "1", "1" * 4301, "1" + "0" * 4300):
            cases.add(f"id {value!r}", get(PATH + quote(value, safe="")))
    for value in HUGE_INT_STRINGS[:-2]:
        cases.add(
            f"id huge {value!r}",
            get(PATH + quote(value, safe="")),
            faults=[("int_parsing_size", ("path", "comment_id"))],
        )
    for value in """
        1 +1 1.0 1_0 %31 1? 1?x=1 1?comment_id=2 1;a 1,0 . .. %2B1 1%2E0 1%5F0 ~1 "1" '1' (1) 1!
        $1 1* 1= 1&2 1@ %00 1%00 %FF 1%FF %C3 %c3%a9 %C3%A9 1%25 %25 %zz 1% %1 %E2%80%831 1%C2%A0
        {comment_id} %7B1%7D [1] |1 1^ `1`
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 12 13 999999999
    """.split():
        cases.add(f"path {value}", get(PATH + value))
    cases.add("with a body", get(PATH + "1", *JSON, body=b"{"))
    cases.add("with an unacceptable Accept", get(PATH + "1", ("Accept", "text/html;q=0.1")))
    # Only what changes nothing: after another answer the two would no longer hold the same.
    for condition in ('"x"', 'W/"x"', '"x", "y"'):
        cases.add(f"If-Match: {condition}", get(PATH + "1", ("If-Match", condition)))
    cases.add("If-Match: *", get(PATH + "1", ("If-Match", "*")))
    return cases


def listing() -> Cases:
    cases = Cases("comments-list")
    cases.add("nothing there yet", get(PATH))
    _seed(cases)

    def ask(query: str, **more) -> None:
        cases.add(f"?{query}", get(f"{PATH}?{query}"), **more)

    options = {
        "talk_id": [None, "1", "abc", ""],
        "offset": [None, "2", "-1", "x"],
        "limit": [None, "3", "0", "101", ""],
    }
    for values in itertools.product(*options.values()):
        given = zip(options, values, strict=True)
        ask("&".join(f"{name}={value}" for name, value in given if value is not None))
    for value in INT_STRINGS:
        if len(value) < 4000:
            ask(f"limit={quote(value, safe='')}")
    for value in INT_STRINGS[:60]:
        ask(f"talk_id={quote(value, safe='')}&limit=2")
        ask(f"limit=2&offset={quote(value, safe='')}")
    for name in ("talk_id", "offset"):
        for value in HUGE_INT_STRINGS[:-2]:
            if name == "offset" and value.startswith("-"):
                continue
            ask(f"{name}={quote(value, safe='')}", faults=[("int_parsing_size", ("query", name))])
    ask("talk_id=99999999999999999999&offset=-1&limit=0")
    ask("offset=-99999999999999999999")
    ask("limit=99999999999999999999")
    ask("limit=-99999999999999999999")
    for query in rows(
        """
        limit=100&talk_id=777|limit=100|limit=101|limit=1&offset=9223372036854775807|talk_id=1&talk_id=2
        talk_id=x&talk_id=2|talk_id=2&talk_id=x|limit=0&limit=1|limit=1&limit=0|limit=2&limit|limit
        limit==1|limit=1&&&|&limit=1|&&|&|=|=1|limit=1&=2|limit=1;offset=1|Talk_id=a&limit=1|LIMIT=0
        talk_id[]=a&limit=1|talk_id[0]=1|limit=%31|%6cimit=1|lim%69t=0|limit=1+|limit=+1|limit=%2B1
        limit=1%20|limit=%201|limit=%FF|limit=%E2%82|limit=%zz|limit=1&offset=%|limit=%|limit=%0
        limit=%C3%A9|talk_id=%00|limit=1%00|talk_id=a%26b|talk_id=a%3Db|x=y&limit=1|x[]=1&y&z=|limit=1?
        ?limit=1|limit=1?offset=1|limit="1"|talk_id=a"b<>'|talk_id=-1|talk_id=%2D1|limit=1/|talk_id=a/b
        limit=1:|limit=1@|talk_id=(1)|talk_id=%F0%9F%98%80|talk_id=%ED%A0%80|talk_id=%C0%80
        limit=1&limit=%F0%9F|limit=1&foo=%FF|offset=1&limit=1|offset=11&limit=5|offset=12
        offset=0&limit=12|talk_id=0|talk_id=1|talk_id=2&offset=1&limit=2|talk_id=3|talk_id=0&offset=4
        limit=5&offset=5&talk_id=&x
        """
    ):
        ask(query)
    ask("&".join(f"k{index}=v" for index in range(500)) + "&limit=1")
    ask("limit=1" + "0" * 4300)
    ask("limit=" + "0" * 3000 + "2")
    return cases


def update() -> Cases:
    cases = Cases("comments-update")
    _seed(cases, 5)

    def put(target: str, body: str | bytes, name: str = "", **more) -> None:
        shown = body if isinstance(body, str) else repr(body)
        cases.add(f"{name or shown[:50]} to {target[:40]}", json_body("PUT", target, body), **more)

    bodies = [
        '{"comment_text":"new %d"}',
        '{"comment_text":""}',
        "{}",
        '{"comment_text":5}',
        '{"comment_text":null,"talk_id":"x"}',
        "[]",
        "",
        "{",
        "null",
        '{"comment_text":"é😀"}',
        '{"comment_text":" "}',
        '{"Comment_text":"x"}',
        '{"comment_text":["x"]}',
        '{"comment_text":"a","comment_text":"b"}',
        '{"comment_text":"a","id":7,"talk_id":9,"user_ip":"z","created_at":"2000-01-01T00:00:00Z"}',
        '{"comment_text":true}',
    ]
    targets = ["1", "+2", "3.0", "0", "-1", "999", "x", "1.5", "%20", "9223372036854775807"]
    for index, (target, body) in enumerate(itertools.product(targets, bodies)):
        put(PATH + target, body.replace("%d", str(index)))
    for value in ("9223372036854775808", "-9223372036854775809", "9" * 60):
        too_large = ("int_parsing_size", ("path", "comment_id"))
        put(PATH + value, '{"comment_text":"a"}', faults=[too_large])
        put(PATH + value, "{}")
        put(PATH + value, '{"comment_text":')
    put(PATH + "4", '{"comment_text":"the same"}', "a changed text")
    put(PATH + "4", '{"comment_text":"the same"}', "the same text again")
    cases.add("read after the same text", get(PATH + "4"))
    put(PATH + "4", '{"comment_text":"the same "}', "changed by a blank")
    put(PATH + "5", '{"comment_text":"e\\u0301"}', "decomposed")
    put(PATH + "5", '{"comment_text":"é"}', "composed: another text")
    put(PATH + "5", '{"comment_text":"\\ud800"}', faults=[("string_unicode", ("body", "comment_text"))])
    put(
        PATH + "x",
        '{"comment_text":"\\ud800"}',
        faults=[("int_parsing", ("path", "comment_id")), ("string_unicode", ("body", "comment_text"))],
    )
    put(PATH + "5", '{"comment_text":NaN}', faults=[("string_type", ("body", "comment_text"))])
    put(PATH + "5?x=1&comment_id=2", '{"comment_text":"with a query"}')
    cases.add("no body", send("PUT", PATH + "1"))
    cases.add("all of them at the end", get(PATH))
    return cases


def delete() -> Cases:
    cases = Cases("comments-delete")
    _seed(cases, 8)
    for target in (
        "2",
        "2",
        "+3",
        "3",
        "4.0",
        "0_5",
        "%206",
        "abc",
        "",
        "0",
        "-1",
        "999",
        "1.5",
        "1e0",
        "x/1",
        "9223372036854775807",
        "%FF",
        "1%00",
        "7?x=1",
    ):
        cases.add(f"DELETE {target}", send("DELETE", PATH + target))
    for value in ("9223372036854775808", "-9223372036854775809", "9" * 60):
        cases.add(
            f"DELETE {value}",
            send("DELETE", PATH + value),
            faults=[("int_parsing_size", ("path", "comment_id"))],
        )
    cases.add("read what is gone", get(PATH + "2"))
    cases.add("update what is gone", json_body("PUT", PATH + "2", '{"comment_text":"a"}'))
    cases.add("with a broken body", json_body("DELETE", PATH + "1", "{"))
    cases.add("what is left", get(PATH))
    body = text(GOOD)
    cases.add("the newest, made", json_body("POST", PATH, body))
    cases.add("the newest, deleted", send("DELETE", PATH + "9"))
    cases.add("an id that was in use", json_body("POST", PATH, body), tags=["reused id"])
    return cases
