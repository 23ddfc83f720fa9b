"""What the tests of the pages have in common."""

from __future__ import annotations

import unittest
from pathlib import Path

from room import Room
from tabs import Tab, Tabs

LIVE = "document.body.dataset.link === 'live'"
NUMBER = 0


class PageTests(unittest.TestCase):
    """The steps that the tests share: a talk of their own in a room, and people who look at it."""

    binary: Path
    browser: Tabs
    shared: Room
    pictures: Path

    def setUp(self) -> None:
        self.room = self.shared
        self.others: list[Room] = []

    def tearDown(self) -> None:
        problems = [problem for tab in self.browser.tabs for problem in tab.problems()]
        foreign = [url for tab in self.browser.tabs for url in tab.requested()
                   if not url.startswith((*(room.base for room in [self.room, *self.others]), "data:"))]
        self.browser.close_tabs()
        for room in self.others:
            room.stop()
        self.assertEqual(problems, [])
        self.assertEqual(foreign, [])

    def own_room(self, **settings: str) -> Room:
        """A server that the test may kill."""
        self.room = Room(self.binary, **settings)
        self.others.append(self.room)
        return self.room

    def talk(self, *texts: str, **members) -> int:
        global NUMBER
        NUMBER += 1
        self.slug = f"talk-{NUMBER}"
        talk = self.room.talk(self.slug, **members)
        self.ids = [self.room.post(talk, text) for text in texts]
        return talk

    def look(self, query: str = "", live: bool = True, **window) -> Tab:
        tab = self.browser.tab(f"{self.room.base}/t/{self.slug}{query}", **window)
        if live:
            tab.wait(LIVE)
        return tab

    def ask(self, tab: Tab, text: str) -> None:
        tab.write("#text", text)
        tab.click(".ask .main")
        tab.wait("document.querySelector('#text').value === ''")

    def talk_id(self) -> int:
        return next(talk["id"] for talk in self.room.send("GET", "/talks/") if talk["slug"] == self.slug)

    def picture(self, tab: Tab, name: str, whole: bool = False) -> None:
        tab.picture(self.pictures / f"{name}.png", whole)
