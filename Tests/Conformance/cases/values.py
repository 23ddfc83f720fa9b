"""The values that many groups share: integers as strings, numbers as JSON, broken documents."""

from __future__ import annotations

import json
import random

from .base import rows

GOOD = {"talk_id": 1, "user_ip": "1.2.3.4", "comment_text": "hi"}
DOCUMENT = '{"talk_id": 1, "user_ip": "é😀", "comment_text": "a\\n\\u00e9", "x": [true, null, -1.5e3]}'

# Strings that pydantic reads, or does not, as an integer.
INT_STRINGS = rows(
    """
    1|12|+12|-3|1_0|1__0|_1|1_|01|00|-01|0x10|1.0|1.|1.5|.0|1e3|1.0e0|abc|12.00000|true|null|None|NaN
    inf|+|-|+-1|++1|--1|1a|1;a|1,000|0_1|-_1|+_1|1_000|1_0.0|1_000.00|1._0|1.0_0|0_0|1_0_0|-1_0|+0|+0.0
    0000|-0|-0.0|00.0|-00.5|1.0.0|0b1|1L|1.0f|~1|9223372036854775807|-9223372036854775808
    9223372036854775807.00|1.000000000000000000001|1.0000000000000000
    """
) + [
    "", " ", " 1", "1 ", " 12 ", "- 1", "+ 1", "1 2", "1 .0", " 1.0 ", "\t1", "1\n", "\n1\n", "\x0b1",
    "\x0c1", "\r1", "\x1c1", "\x1f1", "\x851", "\xa01", "1\u1680", "\u180e1", "\u20031", "1\u2028",
    "1\u202f", "\u205f1", "1\u3000", "1\u200b", "\ufeff1", "１２", "٣", "1.٠", "−1", "é",
    "\x00", "1\x00", '"1"', "[1]", "{}", "<1>", "1%", "😀",
    "0" * 50 + "7", "0" * 4400 + "1", "1" * 4301, "1" + "0" * 4300, "1" * 30 + "a",
    "0" * 30 + "9223372036854775807",
]

# Integers past 64 bits: good for pydantic, death in the reference's database.
HUGE_INT_STRINGS = [
    "9223372036854775808", "-9223372036854775809", "+9223372036854775808", "9223372036854775808.0",
    "9999999999999999999999", "1" * 100, "-" + "9" * 300, "1" * 4300, "9_223_372_036_854_775_808",
    " 18446744073709551616 ",
]

# JSON numbers for talk_id that are read the same way by both.
INT_NUMBERS = """
    0 1 -1 12 12.0 12.5 -0 -0.0 0.0 1e3 1E2 1e0 1.5e1 1.25e1 12.000 1.0000000000000001
    9007199254740993.0 1e15 1e17 1e18 1e19 -1e19 1e308 9223372036854775807 -9223372036854775808
    9223372036854775807.0 9223372036854774784.0 -9223372036854775808.0 -9223372036854777856.0 1e-400
    1e-5 0.1 -0.5 5e-324 0e0 0e10
""".split()

HUGE_INT_NUMBERS = ["9223372036854775808", "-9223372036854775809", "1" + "0" * 30, "1" * 4300]
NOT_FINITE = ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1" + "0" * 400 + ".0"]

# Numbers whose echo follows Python's repr.
ECHOED_NUMBERS = """
    1.0 1e5 1e16 1e15 9999999999999998.0 123456789012345680 1e22 1e21 1.5e-7 0.0001 0.00001 0.00012345
    123456789.123 -0.0 -0 5e-324 1E+2 100000000000000000000 0.1e1 1e-5 3.0e10 1.7976931348623157e308
    0.30000000000000004 2.5 12345678901234567.0 1e17 9007199254740993 1.10 0e0 0e10 -1e-10 4.35 1e100
    123e-20 99999999999999990000.0 2.2250738585072014e-308 1.1 -2.50 1e1 6.02214076e23 0.1 0.2 0.7 100.0
    1e-4 9.999e-5 9.9999999e15 1e-320 4.9e-324 8.41e21 2e-7 123456.7e-3 -123456789012345678901234567890
""".split()

ODD_STRINGS = [
    " ", "  x  ", "\u0000", "a\nb", "\t", "\r\n", "\b\f", "\x1f", "\x7f", "\x80", "\u2028", "\u2029",
    "\ufeff", "\ufffd", "\uffff", "<script>alert('x')</script>", "a/b", "\\", '"', "é",
    "e\u0301", "日本語", "😀", "👩‍👩‍👧‍👦", "\U0010ffff", "𝒳",
    "'; DROP TABLE comment; --", "%00%41", "{}", "null", "\u202e abc", "ß", "ﬃ", "a" * 1000, "é" * 10000,
]

BROKEN = [
    "{", "[", "}", "]", '"', '{"', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{,}", '{"a" 1}',
    '{"a"::1}',
    "{a:1}", "{'a':1}", "{1:2}", '{"a":1 "b":2}', '{"a":1,,}', "[1,]", "[1 2]", "[1,2", "[,1]", "[1,", "nul",
    "tru", "fals", "True",
    "None", "undefined", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1.e1", "0x1", "1_000", "-Inf",
    "Infinit", "-Infinit",
    "NaNa", "-NaN", "Na", "N", "I", "--1", "{} x", "{}{}", "[] ]", "1 1", "null null", '"a', '"a\n"', '"\t"',
    '"\x00"', '"\\"', '"\\x"', '"\\',
    '"\\u"', '"\\u', '"\\u1', '"\\u12"', '"\\u123"', '"\\u1234', '"\\u12G4"', '"\\ud800\\u"', '"\\u 123"',
    '"\\u-123"', '"\\u+123"',
    '"\\u0x12"', '"\\u1_23"', '"\\ud83d\\ude0"', '"\\ud83d\\', '"\\ud83d', '"\\ud83dx', '"\\U0041"', '"\\\n"',
    '"\\é"', "//c\n1", "/*c*/1", "#1",
    '{"a":"b\n"}', '{"a":tru}', "[tru]", '{"a":nul}', " ", "\n", "\r\n", "   \n\t ", "\x0b1", "\x0c1",
    "\u00a01", "\u20281", "\u0085", "1\u00a0",
    '{"a":\n\n}', "[1,\n2,\n,]", '{"a":1;}', "[1;2]", '{"a":[1,{"b":}]}', '"a" "b"', '"\x1f"', '{"a":1,"b"}',
    '{"a":1,b:2}', '{"a":1,\n}',
    "[\n]x", "\ttrue\t,", "<xml/>", "a=b", "1,2", "-a", "[-]", "[1.]", "[1.5.5]", "[1e5e]", '{"a":-}',
    '"\\u00zz"', '["\\q"]', '{"\\q":1}',
    '{"a\n":1}', '[""', "[{}", '{"a":{}', '{"a":[]', "[[[[", '{"a":1}}', "[1]]", "{}\x00", "123abc",
    "truefalse", '"abc"def', "nullx",
    '{"é😀":}', '"é" x', '{"😀" 1}', '["😀😀", tru]', '{"a":"é', "{ }}", '{"a" : 1 , }', '{"a":1,  "b" }',
    "[ , ]", "[1 , ]", "{ , }",
    '{"": }', '{:1}', '{"a":}', '{"a":,"b":1}', "[[],]", "[{},]", '{"a":{},}', "\ufeff\ufeff{}", "{}\ufeff",
    "[1]é", "é", "😀", "(1)", "1)", "`1`",
    '{"talk_id":1,"user_ip":"a","comment_text":"b",}', '{"talk_id":1,"user_ip":"a","comment_text":"b"',
    "{\x00}", "[\x00]", "1\x00", "\x001",
]


def mutations() -> list[tuple[str, str]]:
    """One document cut at every offset, with one character dropped, and with one replaced."""
    made = []
    for at in range(len(DOCUMENT)):
        made.append((f"cut at {at}", DOCUMENT[:at]))
        made.append((f"without the character at {at}", DOCUMENT[:at] + DOCUMENT[at + 1 :]))
        other = ',:"{}[]x0\\ \x01é'[at % 13]
        made.append((f"{other!r} at {at}", DOCUMENT[:at] + other + DOCUMENT[at + 1 :]))
    return made


class Documents:
    """Random JSON values from a fixed seed."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def scalar(self):
        pick = self.random.randrange(9)
        if pick == 0:
            return self.random.choice([None, True, False])
        if pick == 1:
            return self.random.randint(-10, 10)
        if pick == 2:
            return self.random.randint(-(10**25), 10**25)
        if pick == 3:
            return self.random.uniform(-1, 1) * 10 ** self.random.randint(-12, 25)
        if pick == 4:
            return float(self.random.randint(-1000, 1000))
        if pick == 5:
            return self.random.choice(INT_STRINGS[:80])
        letters = "abé日😀\"\\/\n\t\x00\x1f\x7f <&>'\u2028"
        return "".join(self.random.choice(letters) for _ in range(self.random.randrange(8)))

    def value(self, depth: int = 3):
        pick = self.random.randrange(6) if depth else 5
        if pick == 0:
            return [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        if pick == 1:
            return {self.key(): self.value(depth - 1) for _ in range(self.random.randrange(4))}
        return self.scalar()

    def key(self) -> str:
        return self.random.choice(["a", "b", "é", "", " ", "talk_id", "user_ip", 'q"', "\\", "😀"])

    def comment(self) -> dict:
        """An object with each known field good, bad or absent, and unknown ones among them."""
        made: dict = {}
        for name in self.random.sample(["talk_id", "user_ip", "comment_text", "x", "y"], 5):
            turn = self.random.randrange(4)
            if turn == 0 and name in GOOD:
                made[name] = GOOD[name]
            elif turn in (1, 2):
                made[name] = self.value()
        return made

    def text(self, value) -> str:
        """The value as JSON, sometimes with escapes, sometimes with blanks."""
        blanks = self.random.choice([(",", ":"), (", ", ": "), (" ,\n", "\t:\r\n ")])
        return json.dumps(value, ensure_ascii=self.random.random() < 0.5, separators=blanks)
