#!/usr/bin/env python3
"""What people do to a live room who mean no good, against a service of its own on real sockets.

    hostile.py --livetalk BINARY            20,000 subscribers, thousands of forged requests
    hostile.py --livetalk BINARY --short    the same with some hundreds, for make test

Prints what each part has come to; the status is 1 where one is not as it should be.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import resource
import select
import socket
import struct
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "RoomPages"))

from room import Room  # noqa: E402

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
SECRET = "the words that nobody may read"
PATIENCE = 120.0
SHORT = False
BINARY = Path()


def wait(condition, what: str):
    """The first true value of a condition."""
    end = time.monotonic() + PATIENCE
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"never came: {what}")
        time.sleep(0.02)
    return value


def raise_limit(count: int) -> int:
    """Lets this process and its children have so many descriptors, where it may; how many they have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (max(count, hard), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return wanted
        except (OSError, ValueError):
            continue
    return soft


class Peer:
    """A socket that asks for a feed, from an address of the loopback network's own choice."""

    def __init__(self, port: int, request: bytes, number: int = 0):
        self.socket = socket.socket()
        # IP_BIND_ADDRESS_NO_PORT (ip(7)): the port is chosen at connect, so that an address may have many.
        self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)
        self.socket.bind((f"127.0.{1 + number // 250 % 250}.{1 + number % 250}", 0))
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(request)
        self.bytes = b""

    def read(self, until: bytes) -> bytes:
        """All that has come, once that is in it or the connection has ended."""
        while until not in self.bytes:
            part = self.socket.recv(1 << 16)
            if not part:
                break
            self.bytes += part
        return self.bytes

    @property
    def status(self) -> int:
        return int(self.read(b"\r\n\r\n").split(b" ", 2)[1])

    def slam(self) -> None:
        """Ends with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()


class HostileTests(unittest.TestCase):
    room: Room

    def start(self, **settings: str) -> Room:
        self.room = Room(BINARY, **settings)
        self.addCleanup(self.end)
        return self.room

    def end(self) -> None:
        """Whatever was done to it, the service is well, ends as it should, and its database is whole."""
        status = self.ask("GET", "/healthz")[0]
        fresh = self.room.post(999, "as ever")
        kept = self.ask("GET", f"/comments/{fresh}")[1]
        self.room.process.terminate()
        code = self.room.process.wait(30)
        checked = self.room.command("check") if code == 0 else ""
        said = (self.room.directory / "server.log").read_text("utf-8", "replace")
        self.room.stop()
        self.assertEqual((status, code), (200, 0), said[-2000:])
        self.assertIn(b"as ever", kept)
        self.assertNotIn("Fatal", said)
        self.assertEqual(checked or said, "no problems\n")

    def ask(self, method: str, target: str, value=None, **fields: str) -> tuple[int, bytes]:
        status, _, body = self.answer(method, target, value, **fields)
        return status, body

    def answer(self, method: str, target: str, value=None, **fields: str) -> tuple[int, dict, bytes]:
        headers = {name.replace("_", "-"): text for name, text in fields.items()}
        body = value
        if isinstance(value, (dict, list)):
            body = json.dumps(value)
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.room.port, timeout=PATIENCE)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def number(self, name: str) -> int:
        """A figure of /metrics."""
        lines = self.ask("GET", "/metrics")[1].decode().splitlines()
        return int(float(next(line.split()[1] for line in lines if line.startswith(name + " "))))

    def memory(self) -> int:
        """The service's resident memory in KiB (proc(5))."""
        status = Path(f"/proc/{self.room.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))

    def request(self, target: str, *fields: str, is_socket: bool = True) -> bytes:
        lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{self.room.port}", *fields]
        if is_socket:
            lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"]
        return "\r\n".join([*lines, "", ""]).encode()

    # MARK: Many

    def test_a_crowd_is_told_everything_and_one_more_is_refused(self):
        wanted = 300 if SHORT else 20_000
        # Where a process may not have so many descriptors, as many as it may.
        count = min(wanted, raise_limit(wanted + 2000) - 2000)
        room = self.start(LIVETALK_FEED_SUBSCRIBERS=str(count), LIVETALK_CONNECTIONS_PER_ADDRESS="30000")
        talk = room.talk("crowd")
        before = self.memory()
        crowd: list[Peer] = []
        began = last = time.monotonic()
        while len(crowd) < count:
            number = len(crowd)
            self.assertLess(time.monotonic() - last, PATIENCE, f"{number} are in, and no more are let in: {peer.bytes if crowd else b''}")
            kind = ("events", "live")[number % 2]
            peer = Peer(room.port, self.request(f"/talks/{talk}/{kind}?after=0", is_socket=kind == "live"), number)
            if peer.status == 503:
                # Faster than the service lets them in: it says when to come back.
                self.assertIn(b"retry-after: ", peer.bytes.lower())
                peer.close()
                time.sleep(0.2)
                continue
            self.assertIn(peer.status, (101, 200))
            peer.socket.setblocking(False)
            crowd.append(peer)
            last = time.monotonic()
        joined = time.monotonic() - began
        self.assertEqual(self.number("livetalk_feed_subscribers"), count)
        held = self.memory() - before
        late = Peer(room.port, self.request(f"/talks/{talk}/live"))
        self.assertEqual(late.status, 503)
        self.assertIn(b"retry-after: ", late.bytes.lower())
        late.close()
        texts = [f"told to all, number {number}" for number in range(3)]
        for text in texts:
            room.post(talk, text)
        poll, left = select.epoll(), {peer.socket.fileno(): peer for peer in crowd}
        for descriptor in left:
            poll.register(descriptor, select.EPOLLIN)
        end = time.monotonic() + PATIENCE
        while left and time.monotonic() < end:
            for descriptor, _ in poll.poll(1):
                peer = left[descriptor]
                part = peer.socket.recv(1 << 16)
                self.assertTrue(part, "a subscriber was cut off")
                peer.bytes += part
                if texts[-1].encode() in peer.bytes:
                    poll.unregister(descriptor)
                    del left[descriptor]
        self.assertEqual(len(left), 0, "subscribers were not told")
        for peer in crowd:
            places = [peer.bytes.find(text.encode()) for text in texts]
            self.assertTrue(0 <= places[0] < places[1] < places[2])
            self.assertEqual([peer.bytes.count(text.encode()) for text in texts], [1, 1, 1])
        self.assertEqual(self.ask("GET", "/talks/")[0], 200)
        for peer in crowd:
            peer.slam()
        wait(lambda: self.number("livetalk_feed_subscribers") == 0, "the end of all subscriptions")
        print(f"{count:,} subscribers, let in within {joined:.0f} s, all told, {held / count:.1f} KiB of each")

    def test_a_flood_of_subscriptions_leaves_nothing_behind(self):
        count = 300 if SHORT else 5000
        room = self.start(LIVETALK_CONNECTIONS_PER_ADDRESS="30000")
        talk = room.talk("flood")
        room.post(talk, "a")
        chance = random.Random(1)
        targets = [
            f"/talks/{talk}/live?after=0", f"/talks/{talk}/events", f"/talks/{talk}/live?after=99999999999999999999",
            f"/talks/{talk}/events?after=-1", f"/talks/{talk}/live?after=%00", f"/talks/{talk}/events?after={'9' * 4000}",
            f"/talks/{talk}/live?role=moderator", f"/talks/{talk}/live?after=e-e-e", "/talks/4711/live", "/talks/-1/events",
            f"/talks/{2**63}/live", f"/talks/{talk}/changes?after=0&wait=25&limit=1000000",
        ]
        halves = []
        for number in range(count):
            target = chance.choice(targets)
            request = self.request(target, is_socket="live" in target)
            kind = number % 4
            # Half a handshake, one that is slammed shut, one that is read, and garbage behind a handshake.
            if kind == 0:
                halves.append(Peer(room.port, request[:-chance.randrange(1, len(request))], number))
            elif kind == 1:
                Peer(room.port, request, number).slam()
            elif kind == 2:
                peer = Peer(room.port, request.replace(b"wait=25", b"wait=0"), number)
                self.assertIn(peer.status, (101, 200, 401, 403, 404, 422, 503), target)
                peer.close()
            else:
                peer = Peer(room.port, request + chance.randbytes(200), number)
                peer.close()
            if number % 100 == 0:
                self.assertEqual(self.ask("GET", "/healthz")[0], 200)
        for peer in halves:
            peer.slam()
        wait(lambda: self.number("livetalk_feed_subscribers") == 0, "the end of all subscriptions")
        peer = Peer(room.port, self.request(f"/talks/{talk}/live?after=0"))
        room.post(talk, "after the flood")
        self.assertIn(b"after the flood", peer.read(b"after the flood"))
        peer.close()
        print(f"{count:,} subscriptions that were broken off, cut, forged or followed by garbage: none is left")

    # MARK: Forged

    def test_votes_cannot_be_forged(self):
        room = self.start(LIVETALK_NETWORK_RATE="50/600")
        talk = room.talk("votes")
        comment, hidden = room.post(talk, "a"), room.post(talk, "b")
        room.moderate(hidden, state="hidden")
        token = "one-voter-of-sixteen-characters"
        for _ in range(20):
            self.assertEqual(self.ask("PUT", f"/comments/{comment}/vote", X_Voter_Token=token)[0], 200)
        listed = lambda: room.comments(talk)[0]["votes"]  # noqa: E731
        self.assertEqual(listed(), 1)
        # What is no token is refused, or somebody new, who gets one in a cookie.
        news = 0
        for forged in ("", "short", "x" * 129, "with blanks in the token", "naïve-token-of-many-letters", token.upper()):
            status, fields, _ = self.answer("PUT", f"/comments/{comment}/vote", X_Voter_Token=forged)
            self.assertIn(status, (200, 400, 422), forged)
            news += status == 200
        before = listed()
        self.assertEqual(before, 1 + news)
        for target in (hidden, 4711, 0, -1, 2**63, "1e3", "1%00"):
            self.assertIn(self.ask("PUT", f"/comments/{target}/vote", X_Voter_Token=token)[0], (404, 422), target)
        # Another's vote is taken back by nobody who does not know the token.
        self.assertEqual(self.ask("DELETE", f"/comments/{comment}/vote", X_Voter_Token="somebody-else-entirely")[0], 200)
        self.assertEqual(listed(), before)
        statuses = [self.ask("PUT", f"/comments/{comment}/vote", X_Voter_Token=f"stuffing-the-ballot-{number:06}")[0]
                    for number in range(100 if SHORT else 1000)]
        self.assertEqual(set(statuses), {200, 429})
        self.assertEqual(listed(), before + statuses.count(200))
        self.assertLessEqual(statuses.count(200), 50)
        self.assertNotIn(token.encode(), self.ask("GET", f"/talks/{talk}/comments")[1] + self.ask("GET", f"/comments/{comment}")[1])
        print(f"{len(statuses):,} votes with a new token each from one network: {statuses.count(200)} counted, the others 429")
        # The posts of the end come from nowhere else.
        room.environment["LIVETALK_NETWORK_RATE"] = "off"
        room.process.terminate()
        room.process.wait(30)
        room.start()

    def test_tokens_cannot_be_forged(self):
        room = self.start(LIVETALK_WRITES="owner")
        talk = room.talk("tokens")

        def post(text: str) -> tuple[int, str]:
            comment = {"talk_id": talk, "user_ip": "203.0.113.9", "comment_text": text}
            status, fields, body = self.answer("POST", "/comments/", comment)
            self.assertEqual(status, 200)
            return json.loads(body)["id"], {name.lower(): value for name, value in fields.items()}["x-comment-token"]

        (comment, token), (other, another) = post("mine"), post("another's")
        chance = random.Random(2)
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="
        forged = [another, "", "x", token[:-1], token + "A", token * 50, token.lower(), token.upper(), token[::-1], "null", "0" * len(token)]
        for place in range(len(token)):
            changed = chance.choice([letter for letter in letters if letter != token[place]])
            forged.append(token[:place] + changed + token[place + 1:])
        accepted = [text for text in forged
                    if self.ask("PUT", f"/comments/{comment}", {"comment_text": "taken over"}, X_Comment_Token=text)[0] < 400
                    or self.ask("DELETE", f"/comments/{comment}", X_Comment_Token=text)[0] < 400]
        # The last letter of Base64 may carry bits that stand for nothing; a token must be spelt in one way all the same.
        self.assertEqual(accepted, [])
        self.assertIn(b'"mine"', self.ask("GET", f"/comments/{comment}")[1])
        bearer = room.token
        for text in ["", "x", bearer[:-1], bearer + "A", bearer[::-1], bearer.swapcase(), "A" * 10_000,
                     *(bearer[:place] + ("A" if bearer[place] != "A" else "B") + bearer[place + 1:] for place in range(len(bearer)))]:
            for fields in ({"Authorization": f"Bearer {text}"}, {"Cookie": f"livetalk_session={text}"}):
                for method, target, value in [("PUT", f"/comments/{comment}/state", {"state": "hidden"}), ("DELETE", f"/talks/{talk}", None)]:
                    self.assertIn(self.ask(method, target, value, **fields)[0], (400, 401, 403, 431), (method, target, text[:60]))
        self.assertEqual(self.ask("PUT", f"/comments/{comment}", {"comment_text": "my own"}, X_Comment_Token=token)[0], 200)
        self.assertEqual(self.ask("DELETE", f"/comments/{other}", X_Comment_Token=another)[0], 200)
        print(f"{len(forged)} forged comment tokens and as many sessions as a token has letters: none let in")

    # MARK: Other sites

    def test_another_sites_page_can_do_nothing_with_a_session(self):
        room = self.start()
        talk = room.talk("sites", moderation="before")
        comment = room.post(talk, SECRET)
        own = f"http://127.0.0.1:{room.port}"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, fields, _ = self.answer(
            "POST", "/t/sites/moderate", "username=moderator&password=a+long+enough+password", **form, Origin=own)
        self.assertEqual(status, 303)
        cookie = {name.lower(): value for name, value in fields.items()}["set-cookie"].split(";")[0]
        self.assertEqual(self.ask("GET", f"/talks/{talk}/comments?state=waiting", Cookie=cookie)[0], 200)
        for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}, {"Origin": own + "0"}):
            for method, target, body, more in [
                ("POST", "/t/sites/moderate", "logout=1", form), ("POST", "/live/new", "title=x&slug=x&moderation=after", form),
                ("POST", "/t/sites", "text=x", form), ("POST", "/t/sites", f"vote={comment}", form), ("POST", "/jobs", "pause=", form),
                ("PUT", f"/comments/{comment}/state", '{"state":"shown"}', {"Content-Type": "application/json"}),
                # What a page may send without being asked (Fetch, "CORS-safelisted request-header").
                ("PUT", f"/comments/{comment}/state", '{"state":"shown"}', {"Content-Type": "text/plain"}),
                ("DELETE", f"/talks/{talk}", None, {}), ("GET", f"/talks/{talk}/comments?state=waiting", None, {}),
                ("GET", f"/talks/{talk}/changes?after=0&wait=0&role=moderator", None, {}),
            ]:
                status, content = self.ask(method, target, body, Cookie=cookie, **more, **foreign)
                self.assertIn(status, (401, 403, 404, 422), (method, target, foreign))
                self.assertNotIn(SECRET.encode(), content)
            lines = [f"{name}: {value}" for name, value in foreign.items()]
            peer = Peer(room.port, self.request(f"/talks/{talk}/live?after=0&role=moderator", f"Cookie: {cookie}", *lines))
            self.assertIn(peer.status, (401, 403), foreign)
            peer.close()
        self.assertEqual([each["slug"] for each in room.send("GET", "/talks/")], ["sites"])
        self.assertEqual(room.comments(talk), [])
        print("with a moderator's session another site's pages can neither act nor read, over WebSockets neither")

    # MARK: What was hidden

    def test_a_hidden_text_is_told_by_no_position(self):
        room = self.start()
        talk = room.talk("secrets")
        room.send("PUT", f"/talks/{talk}/words", {"words": ["held"]}, moderates=True)
        for number in range(5):
            room.post(talk, f"open {number}")
        hidden, edited, deleted = (room.post(talk, f"{SECRET} {number}") for number in range(3))
        waiting = room.post(talk, f"held {SECRET}")
        self.assertEqual(self.ask("GET", f"/comments/{waiting}")[0], 404)
        watcher = Peer(room.port, self.request(f"/talks/{talk}/live?after=0"))
        self.assertIn(SECRET.encode(), watcher.read(b"open 4"))
        room.moderate(hidden, state="hidden")
        room.send("PUT", f"/comments/{edited}", {"comment_text": "as it should be"}, moderates=True)
        room.send("DELETE", f"/comments/{deleted}", moderates=True)
        hello = json.loads(self.ask("GET", f"/talks/{talk}/changes?wait=0")[1])[0]
        epoch, head = hello["epoch"], hello["head"]
        positions = ["", "after=0", f"after={head}", f"after={head + 1}", f"after={2**62}", "after=0-0", f"after={epoch}-{head + 1}",
                     *(f"after={epoch}-{position}" for position in range(head + 1)), *(f"after={position}" for position in range(head + 1))]
        for position in positions:
            status, content = self.ask("GET", f"/talks/{talk}/changes?wait=0&{position}")
            self.assertEqual(status, 200, position)
            self.assertNotIn(SECRET.encode(), content, position)
        for number, position in enumerate(positions if not SHORT else positions[::3]):
            for kind in ("live", "events"):
                peer = Peer(room.port, self.request(f"/talks/{talk}/{kind}?{position}", is_socket=kind == "live"), number)
                marker = f"said to {kind} {number}"
                self.assertIn(peer.status, (101, 200))
                peer.read(b"head")
                room.post(talk, marker)
                content = peer.read(marker.encode())
                self.assertIn(marker.encode(), content)
                self.assertNotIn(SECRET.encode(), content, (kind, position))
                peer.close()
        peer = Peer(room.port, self.request(f"/talks/{talk}/events", f"Last-Event-ID: {epoch}-0", is_socket=False))
        self.assertNotIn(SECRET.encode(), peer.read(marker.encode()))
        peer.close()
        for target in ("/comments/?limit=100", f"/comments/?talk_id={talk}&sort=top", f"/talks/{talk}/comments", f"/talks/{talk}/feed.atom",
                       "/comments/search?q=nobody", f"/t/secrets", "/t/secrets?sort=newest", "/t/secrets/stage", f"/comments/{hidden}",
                       f"/comments/{deleted}", f"/comments/{edited}", f"/talks/{talk}/export", f"/talks/{talk}/comments?state=hidden"):
            self.assertNotIn(SECRET.encode(), self.ask("GET", target)[1], target)
        watcher.close()
        print(f"what was hidden, edited away, deleted or held is told at none of {len(positions)} positions, by no route")


def main() -> int:
    global SHORT, BINARY
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--livetalk", type=Path, default=HERE.parents[1] / ".build/debug/livetalk")
    parser.add_argument("--short", action="store_true")
    options, names = parser.parse_known_args()
    SHORT, BINARY = options.short, options.livetalk
    ran = unittest.main(argv=[sys.argv[0], *names], exit=False, verbosity=1)
    return 0 if ran.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
