"""The page of the jobs, on a room whose webhooks go nowhere."""

from __future__ import annotations

from case import LIVE, PageTests
from looks import faults
from tabs import Tab

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class JobsTests(PageTests):
    """What an operator sees and does."""

    def setUp(self) -> None:
        super().setUp()
        # A port that nobody listens on: discard(9).
        self.own_room(LIVETALK_WEBHOOKS=f"http://127.0.0.1:9/hook#{SECRET}", LIVETALK_WEBHOOK_NETWORKS="127.0.0.0/8")

    def log_in(self, **window) -> Tab:
        tab = self.browser.tab(f"{self.room.base}/jobs", **window)
        tab.write("[name=username]", "moderator")
        tab.write("[name=password]", "a long enough password")
        tab.click(".login .main")
        # With its style: what is hidden is so by that.
        tab.wait("document.querySelector('.nums') && document.readyState === 'complete'")
        return tab

    def test_what_happens_is_seen_and_a_job_is_cancelled_and_retried(self):
        tab = self.log_in()
        tab.wait(LIVE)
        self.assertEqual(tab.run("document.querySelectorAll('tbody tr').length"), 0)
        self.talk("Is anybody told?")
        tab.wait("document.querySelector('tbody .dot.retrying')")
        tab.wait("/in \\d+ s/.test(document.querySelector('tbody time.due').textContent)")
        self.assertEqual(tab.run("document.querySelector('.nums .waiting').nextSibling.textContent"), "1")
        tab.wait("document.querySelector('.chart rect.bad')")
        tab.click("tbody .link")
        tab.wait("document.querySelector('.drawer pre.bad')")
        self.assertIn("couldNotConnect", tab.text(".drawer pre.bad"))
        self.assertIn('"endpoint":"http://127.0.0.1:9#', tab.text(".drawer"))
        self.assertNotIn("/hook", tab.text("body"))
        self.assertEqual(faults(tab), [])
        self.picture(tab, "jobs-1280-drawer")
        tab.click(".drawer [value=cancel]")
        tab.wait("document.querySelector('.drawer .dot.cancelled')")
        tab.press("Escape")
        tab.wait("!document.querySelector('.drawer') && document.readyState === 'complete'")
        tab.click("tbody [value=retry]")
        tab.wait("document.querySelector('tbody .dot.retrying')")

    def test_it_works_without_scripts(self):
        self.talk("Is anybody told?")
        tab = self.log_in(scripts=False)
        self.assertFalse(tab.run("document.querySelector('.state').checkVisibility()"))
        tab.click(".nums .waiting")
        tab.wait("location.search === '?state=waiting' && document.readyState === 'complete'")
        tab.write("[type=search]", "webhook")
        tab.click(".find button")
        tab.wait("location.search.includes('q=webhook') && document.readyState === 'complete'")
        self.assertEqual(tab.run("document.querySelectorAll('tbody tr').length"), 1)
        self.assertIn("state=waiting", tab.run("location.search"))
        tab.click("tbody [value=cancel]")
        tab.wait("document.readyState === 'complete' && !document.querySelector('tbody tr')")
        tab.click("footer button")
        tab.wait("document.querySelector('.login')")

    def test_it_is_sound_in_every_width_and_light(self):
        self.talk("One?", "Two?", "Three?")
        for width, dark in [(1280, False), (1280, True), (390, False), (390, True)]:
            tab = self.log_in(width=width, dark=dark)
            tab.wait("document.querySelectorAll('tbody tr').length === 3")
            self.assertEqual(faults(tab), [], f"{width} {dark}")
            self.picture(tab, f"jobs-{width}-{'dark' if dark else 'light'}")
            self.browser.close_tabs()
