"""The security schemes: bearer, OAuth2, basic, API key, and the password form."""

from __future__ import annotations

from base64 import b64encode

from .base import FORM, Cases, Request, get, headers, json_body, rows, send

TOKEN = "/auth/token"


def auth() -> Cases:
    cases = Cases("auth")
    _forms(cases)
    _multipart(cases)
    _bearer(cases)
    _basic(cases)
    _key(cases)
    return cases


def _form(body: str | bytes, kind: str | None = None) -> Request:
    data = body.encode() if isinstance(body, str) else body
    return Request("POST", TOKEN, headers(("Content-Type", kind)) if kind else FORM, data)


def _forms(cases: Cases) -> None:
    good = "username=testuser&password=testpass"
    for body in rows(
        f"""
        {good}|grant_type=password&{good}|grant_type=&{good}|grant_type=x&{good}
        grant_type=password&grant_type=x&{good}|grant_type=x&grant_type=password&{good}
        grant_type=PASSWORD&{good}|grant_type=password%0A&{good}|grant_type=+password&{good}
        grant_type=password+&{good}|grant_type=passwordx|grant_type=refresh_token&{good}
        username=testuser&password=bad|username=nobody&password=testpass
        username=TESTUSER&password=testpass|username=testuser&password=TESTPASS|username=testuser
        password=x|username=|password=|username=&password=|username=testuser&password=
        username=&password=testpass|username|password|username&password|scope=|scope=a+b&{good}
        scope=+a++b+&{good}|scope=a+b&client_id=c&client_secret=d&{good}
        client_id=&client_secret=&{good}|client_id=x&client_id=y&{good}
        username=a&username=testuser&password=testpass|username=testuser&username=a&password=testpass
        username=test%75ser&password=testpass|user%6eame=testuser&password=testpass
        username=%FF&password=a|username=%zz&password=a|username=t%C3%A9st&password=%F0%9F%98%80
        username=testuser+&password=testpass|username=+testuser&password=testpass
        username=testuser&password=testpass+|{good}&|&{good}|&&{good}&&
        username=testuser;password=testpass|USERNAME=testuser&PASSWORD=testpass
        Username=testuser&Password=testpass|username[]=testuser&password=testpass|{good}&x=1&y|=|&|a=b|%
        %FF=1|username=testuser%00&password=testpass|username=%00&password=%00
        username=a%26b&password=c%3Dd|username=a=b&password=c=d|grant_type=x&username=
        grant_type=&scope=&username=&password=
        """
    ):
        cases.add(f"form {body}", _form(body))
    cases.add("an empty form", _form(""))
    cases.add("a form of raw UTF-8", _form("username=é&password=ü"))
    cases.add("a form of bad bytes", _form(b"username=\xff\xfe&password=\x00"))
    cases.add("a long password", _form("username=testuser&password=" + "x" * 5000))
    cases.add("a long user name", _form("username=" + "x" * 5000 + "&password=x"))
    cases.add("no body", send("POST", TOKEN))
    cases.add("in chunks", _form(good).with_(chunks=(1, 5)))
    for kind in (
        "application/x-www-form-urlencoded; charset=utf-8",
        "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/x-www-form-urlencoded;",
        "text/plain",
        "application/json",
        "application/x-www-form-urlencodedx",
        "x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=B",
    ):
        cases.add(f"form as {kind}", _form(good, kind))
    cases.add("form without a type", Request("POST", TOKEN, (), good.encode()))
    cases.add(
        "JSON instead of a form", json_body("POST", TOKEN, '{"username":"testuser","password":"testpass"}')
    )
    cases.add("broken JSON instead of a form", json_body("POST", TOKEN, "{"))
    cases.add("in the query", send("POST", TOKEN + "?" + good))
    cases.add(
        "basic instead of a form", send("POST", TOKEN, ("Authorization", "Basic dGVzdHVzZXI6dGVzdHBhc3M="))
    )


def _part(name: str, value: str, more: str = "", boundary: str = "B") -> str:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


def _multipart(cases: Cases) -> None:
    kind = "multipart/form-data; boundary=B"
    user, word, end = _part("username", "testuser"), _part("password", "testpass"), "--B--\r\n"
    for name, body in {
        "good": user + word + end,
        "turned round": word + user + end,
        "without the last line end": user + word + "--B--",
        "with a preamble's line end": "\r\n" + user + word + end,
        "a part with a type": _part("username", "testuser").replace(
            "\r\n\r\n", "\r\nContent-Type: text/plain\r\n\r\n", 1
        )
        + word
        + end,
        "an unquoted name": user.replace('"username"', "username") + word + end,
        "names in another case": user.replace("Content-Disposition", "CONTENT-disposition") + word + end,
        "twice": _part("username", "a") + user + word + end,
        "a bad grant": _part("grant_type", "x") + user + word + end,
        "one field": user + end,
        "an empty field": _part("username", "") + word + end,
        "wrong password": user + _part("password", "bad") + end,
        "only the end": end,
        "empty": "",
        "garbage": "garbage",
        "cut": (user + word)[:60],
        "no end": user + word,
        "no name": "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n",
        "no disposition": "--B\r\nX: y\r\n\r\nx\r\n--B--\r\n",
        "another boundary": _part("username", "testuser", boundary="C") + "--C--\r\n",
    }.items():
        cases.add(f"multipart, {name}", _form(body, kind))
    cases.add("multipart, quoted boundary", _form(user + word + end, 'multipart/form-data; boundary="B"'))
    cases.add("multipart, kind in upper case", _form(user + word + end, "MULTIPART/FORM-DATA; boundary=B"))
    cases.add(
        "multipart, more parameters",
        _form(user + word + end, "multipart/form-data; charset=utf-8; boundary=B"),
    )
    # The reference echoes the innards of its temporary file here: only the errors' kinds are compared.
    file = _part("username", "testuser", '; filename="a.txt"')
    cases.add("multipart, a file as the user name", _form(file + word + end, kind), tags=["without input"])


def _bearer(cases: Cases) -> None:
    values = [
        "Bearer test-token",
        "bearer test-token",
        "BEARER test-token",
        "bEaReR test-token",
        "Bearer  test-token",
        "Bearer bad",
        "Bearer TEST-TOKEN",
        "Bearer",
        "Basic dGVzdA==",
        "test-token",
        "Token test-token",
        "",
        "Bearer\ttest-token",
        "Bearer test-token x",
        "Bearer,test-token",
        "Bearer:test-token",
        "Bearer test-token,",
        "Bearertest-token",
        "Digest x",
        "Bearer \ttest-token",
        "Bearer test-token=",
        "Bearer test%2Dtoken",
        'Bearer "test-token"',
        "Bearer é",
        "Bearer x" + "y" * 3000,
        "JWT test-token",
        "Bearer null",
    ]
    for path in ("/auth/me", "/auth/oauth2"):
        cases.add(f"{path} without credentials", get(path))
        for value in values:
            cases.add(f"{path} {value!r}", get(path, ("Authorization", value)))
        cases.add(
            f"{path} two, the first bad",
            get(path, ("Authorization", "Bearer bad"), ("Authorization", "Bearer test-token")),
        )
        cases.add(
            f"{path} two, the first good",
            get(path, ("Authorization", "Bearer test-token"), ("Authorization", "Bearer bad")),
        )
        cases.add(f"{path} in the query", get(path + "?access_token=test-token"))
        cases.add(f"{path} in a cookie", get(path, ("Cookie", "Authorization=Bearer test-token")))
        cases.add(f"{path} as X-API-Key", get(path, ("X-API-Key", "test-token")))
        cases.add(f"{path} with a lower-case name", get(path, ("authorization", "Bearer test-token")))
        cases.add(f"{path} raw UTF-8", get(path, ("Authorization", "Bearer é".encode())))


def _basic(cases: Cases) -> None:
    def encoded(text: str | bytes) -> str:
        return b64encode(text.encode() if isinstance(text, str) else text).decode()

    good = encoded("testuser:testpass")
    path = "/auth/basic"
    cases.add("basic without credentials", get(path))
    for value in [
        f"Basic {good}",
        f"basic {good}",
        f"BASIC {good}",
        f"Basic  {good}",
        f"Basic {good}=",
        f"Basic {good}==",
        f"Basic {good.rstrip('=')}",
        f"Basic {good[:5]}*{good[5:]}",
        f"Basic {good[:5]} {good[5:]}",
        f"Basic {good} x",
        f"Basic\t{good}",
        good,
        f"Token {good}",
        "Bearer test-token",
        "Basic",
        "Basic !!!",
        "Basic abc",
        "Basic abcd",
        "Basic ====",
        "Basic =",
        "",
    ]:
        cases.add(f"basic {value!r}", get(path, ("Authorization", value)))
    for text in [
        "testuser:bad",
        "nobody:testpass",
        "testuser",
        "testuser:",
        ":testpass",
        ":",
        "",
        "::",
        "testuser:testpass:",
        "testuser:test:pass",
        "TESTUSER:testpass",
        " testuser:testpass",
        "testuser:testpass ",
        "testuser:testpass\n",
        "testuser\x00:testpass",
        "é:é",
        b"\xff:\xff",
        b"testuser:\xe9",
        "a" * 3000 + ":b",
        "testuser;testpass",
    ]:
        cases.add(f"basic of {text!r}", get(path, ("Authorization", "Basic " + encoded(text))))
    cases.add("basic in the URL-safe alphabet", get(path, ("Authorization", "Basic Pz8_Pj4-Og==")))
    cases.add(
        "basic, two, the first bad",
        get(path, ("Authorization", "Basic x"), ("Authorization", f"Basic {good}")),
    )


def _key(cases: Cases) -> None:
    path = "/auth/api-key"
    cases.add("key absent", get(path))
    for value in (
        "test-token",
        "bad",
        "",
        "Bearer test-token",
        "TEST-TOKEN",
        "test-token,",
        "test-token, x",
        '"test-token"',
        "é",
        "x" * 3000,
        "0",
    ):
        cases.add(f"key {value!r}", get(path, ("X-API-Key", value)))
    cases.add("key with a lower-case name", get(path, ("x-api-key", "test-token")))
    cases.add("key, two, the first bad", get(path, ("X-API-Key", "bad"), ("X-API-Key", "test-token")))
    cases.add("key, two, the first good", get(path, ("X-API-Key", "test-token"), ("X-API-Key", "bad")))
    cases.add("key in the query", get(path + "?X-API-Key=test-token"))
    cases.add("key as a bearer token", get(path, ("Authorization", "Bearer test-token")))
    cases.add("key as X_API_KEY", get(path, ("X_API_KEY", "test-token")))
    cases.add("key in raw UTF-8", get(path, ("X-API-Key", "é".encode())))
