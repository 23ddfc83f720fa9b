"""POST /comments/: what is good, what is not, in whose words, and what counts as a body at all."""

from __future__ import annotations

import itertools
import json

from .base import FORM, JSON, Cases, headers, json_body, rows, send
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
    return (
        "{" + ",".join(f'"{key}":{value if key == name else text(item)}' for key, item in GOOD.items()) + "}"
    )


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
    values = [
        ABSENT,
        None,
        True,
        False,
        0,
        1,
        -1,
        1.0,
        1.5,
        "",
        "a",
        " 12 ",
        "12",
        [],
        [1],
        {},
        {"a": 1},
        ["a", None],
        10**25,
    ]
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
    every = "".join(f"\\u{code:04x}" for code in range(32))
    every += '\\"\\\\\\/\\b\\f\\n\\r\\t\\u007f\\ud83d\\ude00\\uD83D\\uDE00'
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
        post(
            f"{count} arrays deep under an unknown key", good[:-1] + ',"x":' + "[" * count + "]" * count + "}"
        )
        post(
            f"{count} objects deep under an unknown key",
            good[:-1] + ',"x":' + '{"a":' * count + "1" + "}" * (count + 1),
        )
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
            post(
                f"{name} lone surrogate {value}",
                raw_field(name, value),
                faults=[("string_unicode", ("body", name))],
            )
    missing = [("missing", ("body", name)) for name in GOOD]
    post("a lone surrogate echoed", '{"x":"\\ud800"}', faults=missing)
    post("a lone surrogate in an echoed key", '{"\\ud800":1}', faults=missing)
    post("a lone surrogate as the body", '"\\ud800"', faults=[("model_attributes_type", ("body",))])
    post("a lone surrogate ignored", text(GOOD)[:-1] + ',"x":"\\ud800","\\udfff":1}')
    post(
        "user_ip of 50 lone surrogates",
        raw_field("user_ip", '"' + "\\ud800" * 50 + '"'),
        faults=[("string_unicode", ("body", "user_ip"))],
    )


def bodies() -> Cases:
    """What counts as a body at all: kinds, content types, encodings, broken JSON."""
    cases = Cases("comments-bodies")
    good = text(GOOD)

    def post(name: str, body: str | bytes, **more) -> None:
        cases.add(name, json_body("POST", PATH, body), **more)

    for body in (
        "null",
        "true",
        "false",
        "0",
        "1",
        "1.5",
        '"x"',
        '""',
        "[]",
        "[1]",
        '[{"talk_id":1}]',
        "[" + good + "]",
        " {} ",
        "\n{}\n",
        "[null]",
    ):
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
    for kind in rows(
        """
        application/json|application/json; charset=utf-8|application/json;charset=latin1
        APPLICATION/JSON|Application/Json|application/problem+json|application/vnd.api+json
        application/foo+JSON|text/json|text/plain|text/html|application/x-www-form-urlencoded
        multipart/form-data; boundary=x|multipart/form-data|application/octet-stream|json
        application/jsonx|application/json ; x|application|application/x+json; q|text/x+json|garbage/
        /json|application/json, text/plain|application/+json|application/json+xml|application/xml
        application/ld+json|image/json|*/*|application/*|application/json;|;|application/jsön
        application/json-patch+json
        """
    ):
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
    cases.add(
        "a content type in lower case", send("POST", PATH, ("content-type", "text/plain"), body=good.encode())
    )
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
