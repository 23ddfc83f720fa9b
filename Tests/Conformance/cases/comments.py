"""The five comment routes: what is good, what is not, and in whose words."""

from __future__ import annotations

import itertools
import json
from urllib.parse import quote

from .base import FORM, JSON, Cases, get, headers, json_body, send
from .values import (
    BROKEN,
    ECHOED_NUMBERS,
    GOOD,
    HUGE_INT_NUMBERS,
    HUGE_INT_STRINGS,
    INT_NUMBERS,
    INT_STRINGS,
    NOT_FINITE,
    ODD_STRINGS,
    Documents,
    mutations,
)

PATH = "/comments/"
ABSENT = object()


def text(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def with_field(name: str, value) -> str:
    fields = GOOD | {name: value}
    return text({key: item for key, item in fields.items() if item is not ABSENT})


def raw_field(name: str, value: str) -> str:
    return "{" + ",".join(f'"{key}":{value if key == name else text(item)}' for key, item in GOOD.items()) + "}"


def create() -> Cases:
    cases = Cases("comments-create")

    def post(name: str, body: str | bytes, **more) -> None:
        cases.add(name, json_body("POST", PATH, body), **more)

    post("a good comment", text(GOOD))
    _fields(post)
    _numbers(post)
    _strings(post)
    _objects(post)
    _random(post)
    _surrogates(post)
    return cases


def _fields(post) -> None:
    values = [ABSENT, None, True, False, 0, 1, -1, 1.0, 1.5, "", "a", " 12 ", "12", [], [1], {}, {"a": 1}, ["a", None], 10**25]
    for name in GOOD:
        for value in values:
            if name == "talk_id" and value == 10**25:
                continue
            shown = "absent" if value is ABSENT else repr(value)
            post(f"{name} {shown}", with_field(name, value))
    for first, second, third in itertools.product([1, "x", ABSENT], ["a", 5, ABSENT], ["b", "", ABSENT]):
        fields = {"talk_id": first, "user_ip": second, "comment_text": third}
        kept = {key: value for key, value in fields.items() if value is not ABSENT}
        post(f"together {text(kept)}", text(kept))
        post(f"together, turned round {text(kept)}", text(dict(reversed(kept.items()))))


def _numbers(post) -> None:
    for value in INT_STRINGS:
        post(f"talk_id string {value!r}", with_field("talk_id", value))
    for value in INT_NUMBERS:
        post(f"talk_id number {value}", raw_field("talk_id", value))
    too_large = [("int_parsing_size", ("body", "talk_id"))]
    for value in HUGE_INT_STRINGS:
        post(f"talk_id huge string {value!r}", with_field("talk_id", value), faults=too_large)
    for value in HUGE_INT_NUMBERS:
        post(f"talk_id huge number {value}", raw_field("talk_id", value), faults=too_large)
    post("talk_id number of 4301 digits", raw_field("talk_id", "1" * 4301))
    for value in NOT_FINITE:
        post(f"talk_id {value}", raw_field("talk_id", value), faults=[("finite_number", ("body", "talk_id"))])
        for name in ("user_ip", "comment_text"):
            post(f"{name} {value}", raw_field(name, value), faults=[("string_type", ("body", name))])
        missing = [("missing", ("body", name)) for name in GOOD]
        post(f"{value} echoed", f'{{"x":{value}}}', faults=missing)
        post(f"{value} under an unknown key", text(GOOD)[:-1] + f',"x":[{value}]}}')
        post(f"{value} as the body", value, faults=[("model_attributes_type", ("body",))])
    for value in ECHOED_NUMBERS:
        post(f"number echoed {value}", f'{{"x":[{value}]}}')
        post(f"number echoed as user_ip {value}", raw_field("user_ip", value))


def _strings(post) -> None:
    for letter in "aé😀":
        for count in (44, 45, 46, 90, 200):
            post(f"user_ip {letter} times {count}", with_field("user_ip", letter * count))
    post("user_ip with combining marks, 46 code points", with_field("user_ip", "e\u0301" * 23))
    post("user_ip with combining marks, 45 code points", with_field("user_ip", "e\u0301" * 22 + "e"))
    post("user_ip with CR LF counted as two", with_field("user_ip", "\r\n" * 23))
    for value in ODD_STRINGS:
        post(f"comment_text {value[:30]!r}", with_field("comment_text", value))
        post(f"user_ip {value[:30]!r}", with_field("user_ip", value))
        post(f"talk_id {value[:30]!r}", with_field("talk_id", value))
        post(f"comment_text escaped {value[:30]!r}", json.dumps(GOOD | {"comment_text": value}))
    post("comment_text of 100,000", with_field("comment_text", "x" * 100_000))
    every = "".join(f"\\u{code:04x}" for code in range(32)) + '\\"\\\\\\/\\b\\f\\n\\r\\t\\u007f\\ud83d\\ude00\\uD83D\\uDE00'
    post("every escape", raw_field("comment_text", f'"{every}"'))
    post("every escape echoed", f'{{"x":"{every}"}}')


def _objects(post) -> None:
    good = text(GOOD)
    for name, body in {
        "empty object": "{}",
        "an unknown key first": '{"x":[1,{"y":null}],"user_ip":"a","comment_text":"b"}',
        "a duplicate key, the last wins": '{"talk_id":1,"talk_id":7,"user_ip":"a","comment_text":"b"}',
        "a duplicate key, the last bad": '{"talk_id":1,"talk_id":"z","user_ip":"a","comment_text":"b"}',
        "a duplicate key, the first bad": '{"talk_id":"z","talk_id":1,"user_ip":"a","comment_text":"b"}',
        "duplicates echoed in the first one's place": '{"x":1,"y":2,"x":3}',
        "duplicates by escape": '{"x":1,"\\u0078":3,"z":{"a":1,"a":[2]}}',
        "keys of the answer": good[:-1] + ',"id":99,"created_at":"x","updated_at":1}',
        "a key by escape": '{"\\u0074alk_id":1,"user_ip":"a","comment_text":"b"}',
        "keys in another case": '{"Talk_id":1,"USER_IP":"a","comment_text":"b"}',
        "keys with blanks": '{" talk_id":1,"user_ip ":"a","comment_text":"b"}',
        "camel case keys": '{"talkId":1,"userIp":"a","commentText":"b"}',
        "an empty key": good[:-1] + ',"":1}',
        "blanks everywhere": ' \n\r\t{ "talk_id" :\n1 ,\t"user_ip"\r: "a" , "comment_text" : "b" } \n',
        "embedded": '{"comment":{"talk_id":1,"user_ip":"a","comment_text":"b"}}',
        "nested echo": '{"x":{"a":[true,false,null,{}],"b":""},"x2":[[],[[]],{"":{}}]}',
    }.items():
        post(name, body)
    for count in (100, 300, 500, 900):
        post(f"{count} arrays deep under an unknown key", good[:-1] + ',"x":' + "[" * count + "]" * count + "}")
        post(f"{count} objects deep under an unknown key", good[:-1] + ',"x":' + '{"a":' * count + "1" + "}" * (count + 1))
        post(f"{count} arrays deep, echoed", '{"x":' + "[" * count + "]" * count + "}")
    for count in (1000, 2000, 5000, 100_000):
        post(f"{count} arrays deep", "[" * count + "]" * count)
        post(f"{count} objects deep", '{"a":' * count + "1" + "}" * count)
        post(f"{count} arrays left open", "[" * count)
    post("2,000 unknown keys", good[:-1] + "".join(f',"k{index}":{index}' for index in range(2000)) + "}")
    post("an array of 5,000 echoed", "[" + ",".join(str(index) for index in range(5000)) + "]")


def _random(post) -> None:
    documents = Documents(20251122)
    for index in range(150):
        post(f"random object {index}", documents.text(documents.comment()))
    for index in range(60):
        post(f"random value {index}", documents.text(documents.value()))


def _surrogates(post) -> None:
    for name in GOOD:
        for value in ('"\\ud800"', '"a\\udc00b"', '"\\udc00\\ud800"', '"\\ud800\\ud800\\udc00"'):
            post(f"{name} lone surrogate {value}", raw_field(name, value), faults=[("string_unicode", ("body", name))])
    missing = [("missing", ("body", name)) for name in GOOD]
    post("a lone surrogate echoed", '{"x":"\\ud800"}', faults=missing)
    post("a lone surrogate in an echoed key", '{"\\ud800":1}', faults=missing)
    post("a lone surrogate as the body", '"\\ud800"', faults=[("model_attributes_type", ("body",))])
    post("a lone surrogate ignored", text(GOOD)[:-1] + ',"x":"\\ud800","\\udfff":1}')
    post("user_ip of 50 lone surrogates", raw_field("user_ip", '"' + "\\ud800" * 50 + '"'), faults=[("string_unicode", ("body", "user_ip"))])


def bodies() -> Cases:
    """What counts as a body at all: kinds, content types, encodings, broken JSON."""
    cases = Cases("comments-bodies")
    good = text(GOOD)

    def post(name: str, body: str | bytes, **more) -> None:
        cases.add(name, json_body("POST", PATH, body), **more)

    for body in ("null", "true", "false", "0", "1", "1.5", '"x"', '""', "[]", "[1]", '[{"talk_id":1}]', "[" + good + "]", " {} ", "\n{}\n", "[null]"):
        post(f"body {body}", body)
        cases.add(f"update body {body}", json_body("PUT", "/comments/1", body))
    post("an empty body", "")
    cases.add("no body", send("POST", PATH, *JSON))
    cases.add("no body, no type", send("POST", PATH))
    cases.add("an empty body, no type", send("POST", PATH, body=b""))
    cases.add("an empty body as text", send("POST", PATH, ("Content-Type", "text/plain"), body=b""))
    cases.add("an empty body as a form", send("POST", PATH, *FORM, body=b""))
    cases.add("in chunks", send("POST", PATH, *JSON, body=good.encode(), chunks=(1, 7, 3)))
    cases.add("in one chunk", send("POST", PATH, *JSON, body=good.encode(), chunks=(1000,)))
    cases.add("an empty chunked body", send("POST", PATH, *JSON, body=b"", chunks=(1,)))
    cases.add("broken, in chunks", send("POST", PATH, *JSON, body=b'{"a":1,}', chunks=(2,)))
    _types(cases, good)
    _encodings(cases, good)
    for body in BROKEN:
        post(f"broken {body!r}", body)
    for name, body in mutations():
        post(f"mutated, {name}", body)
    post("5,000 blanks", " " * 5000)
    post("far into a long body", '{"x":"' + "é" * 20_000 + '",}')
    return cases


def _types(cases: Cases, good: str) -> None:
    for kind in """application/json|application/json; charset=utf-8|application/json;charset=latin1|APPLICATION/JSON|Application/Json|application/problem+json
application/vnd.api+json|application/foo+JSON|text/json|text/plain|text/html|application/x-www-form-urlencoded|multipart/form-data; boundary=x|multipart/form-data
application/octet-stream|json|application/jsonx|application/json ; x|application|application/x+json; q|text/x+json|garbage/|/json|application/json, text/plain
application/+json|application/json+xml|application/xml|application/ld+json|image/json|*/*|application/*|application/json;|;|application/jsön|application/json-patch+json""".replace("\n", "|").split("|"):
        cases.add(f"type {kind}", send("POST", PATH, ("Content-Type", kind), body=good.encode()))
        cases.add(f"type {kind} with broken JSON", send("POST", PATH, ("Content-Type", kind), body=b'{"a'))
    cases.add("no type", send("POST", PATH, body=good.encode()))
    cases.add("an empty type", send("POST", PATH, ("Content-Type", ""), body=good.encode()))
    cases.add("no type, broken", send("POST", PATH, body=b"{"))
    cases.add("no type, update", send("PUT", "/comments/1", body=b'{"comment_text":"without a type"}'))
    plain = headers(("Content-Type", "text/plain"))
    cases.add("text with é", send("POST", PATH, *plain, body='{"é\\u00e9😀\t":1}'.encode()))
    cases.add("text on update", send("PUT", "/comments/1", *plain, body=b"new text"))
    cases.add("text on update of a bad id", send("PUT", "/comments/x", *plain, body=b"new text"))
    cases.add("text that is not UTF-8", send("POST", PATH, *plain, body=b"\xff\xfe"))
    cases.add("a form", send("POST", PATH, *FORM, body=b"talk_id=1&user_ip=a&comment_text=b"))
    two = headers(("Content-Type", "text/plain"), ("Content-Type", "application/json"))
    cases.add("two types, text first", send("POST", PATH, *two, body=good.encode()))
    cases.add("two types, JSON first", send("POST", PATH, *reversed(two), body=good.encode()))
    cases.add("a content type in lower case", send("POST", PATH, ("content-type", "text/plain"), body=good.encode()))
    cases.add("an Accept that we cannot serve", json_body("POST", PATH, good, ("Accept", "application/xml")))


def _encodings(cases: Cases, good: str) -> None:
    def post(name: str, body: bytes) -> None:
        cases.add(name, json_body("POST", PATH, body))

    accented = text(GOOD | {"comment_text": "é日😀"})
    post("UTF-8 with a mark", b"\xef\xbb\xbf" + accented.encode())
    post("UTF-8 with a mark, broken", b'\xef\xbb\xbf{"a":}')
    post("only a mark", b"\xef\xbb\xbf")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        post(encoding, accented.encode(encoding))
        post(f"{encoding}, broken", '{"é":}'.encode(encoding))
        post(f"{encoding}, one character", "1".encode(encoding))
        post(f"{encoding}, cut", accented.encode(encoding)[:-1])
    for name, body in {
        "not UTF-8 in a string": b'{"talk_id":1,"user_ip":"a","comment_text":"\xff"}',
        "overlong": b'{"x":"\xc0\x80"}',
        "cut inside a character": b'{"x":"\xe2\x82"}',
        "over U+10FFFF": b'{"x":"\xf4\x90\x80\x80"}',
        "a stray continuation": b'{"x":"\x80"}',
        "Latin-1": b'{"x":"\xe9"}',
        "compressed bytes": b"\x1f\x8b\x08\x00",
        "one NUL": b"\x00",
        "two NULs": b"\x00\x00",
        "an object opened, then NUL": b"{\x00",
        "not UTF-8 and broken": b"{\xff",
        "surrogates as UTF-8": b'{"x":"\xed\xa0\x80"}',
        "a surrogate pair as UTF-8": b'{"x":"\xed\xa0\xbd\xed\xb8\x80"}',
        "every byte": bytes(range(256)),
    }.items():
        post(name, body)


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
        cases.add(f"id huge {value!r}", get(PATH + quote(value, safe="")), faults=[("int_parsing_size", ("path", "comment_id"))])
    for value in ("1", "+1", "1.0", "1_0", "%31", "1?", "1?x=1", "1?comment_id=2", "1;a", "1,0", ".", "..", "%2B1", "1%2E0", "1%5F0", "~1",
                  '"1"', "'1'", "(1)", "1!", "$1", "1*", "1=", "1&2", "1@", "%00", "1%00", "%FF", "1%FF", "%C3", "%c3%a9", "%C3%A9", "1%25", "%25", "%zz",
                  "1%", "%1", "%E2%80%831", "1%C2%A0", "{comment_id}", "%7B1%7D", "[1]", "|1", "1^", "`1`", "a" * 60, "12", "13", "999999999"):
        cases.add(f"path {value}", get(PATH + value))
    cases.add("with a body", get(PATH + "1", *JSON, body=b"{"))
    cases.add("with an unacceptable Accept", get(PATH + "1", ("Accept", "text/html;q=0.1")))
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
        query = "&".join(f"{name}={value}" for name, value in zip(options, values) if value is not None)
        ask(query)
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
    for query in """limit=100&talk_id=777|limit=100|limit=101|limit=1&offset=9223372036854775807|talk_id=1&talk_id=2|talk_id=x&talk_id=2|talk_id=2&talk_id=x|limit=0&limit=1
limit=1&limit=0|limit=2&limit|limit|limit==1|limit=1&&&|&limit=1|&&|&|=|=1|limit=1&=2|limit=1;offset=1|Talk_id=a&limit=1|LIMIT=0|talk_id[]=a&limit=1|talk_id[0]=1
limit=%31|%6cimit=1|lim%69t=0|limit=1+|limit=+1|limit=%2B1|limit=1%20|limit=%201|limit=%FF|limit=%E2%82|limit=%zz|limit=1&offset=%|limit=%|limit=%0|limit=%C3%A9
talk_id=%00|limit=1%00|talk_id=a%26b|talk_id=a%3Db|x=y&limit=1|x[]=1&y&z=|limit=1?|?limit=1|limit=1?offset=1|limit="1"|talk_id=a"b<>'|talk_id=-1|talk_id=%2D1
limit=1/|talk_id=a/b|limit=1:|limit=1@|talk_id=(1)|talk_id=%F0%9F%98%80|talk_id=%ED%A0%80|talk_id=%C0%80|limit=1&limit=%F0%9F|limit=1&foo=%FF|offset=1&limit=1
offset=11&limit=5|offset=12|offset=0&limit=12|talk_id=0|talk_id=1|talk_id=2&offset=1&limit=2|talk_id=3|talk_id=0&offset=4|limit=5&offset=5&talk_id=&x""".replace("\n", "|").split("|"):
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

    bodies = ['{"comment_text":"new %d"}', '{"comment_text":""}', "{}", '{"comment_text":5}', '{"comment_text":null,"talk_id":"x"}', "[]", "", "{", "null",
              '{"comment_text":"é😀"}', '{"comment_text":" "}', '{"Comment_text":"x"}', '{"comment_text":["x"]}', '{"comment_text":"a","comment_text":"b"}',
              '{"comment_text":"a","id":7,"talk_id":9,"user_ip":"z","created_at":"2000-01-01T00:00:00Z"}', '{"comment_text":true}']
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
    put(PATH + "x", '{"comment_text":"\\ud800"}', faults=[("int_parsing", ("path", "comment_id")), ("string_unicode", ("body", "comment_text"))])
    put(PATH + "5", '{"comment_text":NaN}', faults=[("string_type", ("body", "comment_text"))])
    put(PATH + "5?x=1&comment_id=2", '{"comment_text":"with a query"}')
    cases.add("no body", send("PUT", PATH + "1"))
    cases.add("all of them at the end", get(PATH))
    return cases


def delete() -> Cases:
    cases = Cases("comments-delete")
    _seed(cases, 8)
    for target in ("2", "2", "+3", "3", "4.0", "0_5", "%206", "abc", "", "0", "-1", "999", "1.5", "1e0", "x/1", "9223372036854775807", "%FF", "1%00", "7?x=1"):
        cases.add(f"DELETE {target}", send("DELETE", PATH + target))
    for value in ("9223372036854775808", "-9223372036854775809", "9" * 60):
        cases.add(f"DELETE {value}", send("DELETE", PATH + value), faults=[("int_parsing_size", ("path", "comment_id"))])
    cases.add("read what is gone", get(PATH + "2"))
    cases.add("update what is gone", json_body("PUT", PATH + "2", '{"comment_text":"a"}'))
    cases.add("with a broken body", json_body("DELETE", PATH + "1", "{"))
    cases.add("what is left", get(PATH))
    body = text(GOOD)
    cases.add("the newest, made", json_body("POST", PATH, body))
    cases.add("the newest, deleted", send("DELETE", PATH + "9"))
    cases.add("an id that was in use", json_body("POST", PATH, body), tags=["reused id"])
    return cases
