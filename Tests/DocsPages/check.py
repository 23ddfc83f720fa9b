"""Tests the documentation pages in headless Chromium; run.sh starts it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Conformance")]

import servers  # noqa: E402
from browser import Browser  # noqa: E402
from hostile import DOCUMENT, MARKUP, PATTERNS, TOKEN, Answers  # noqa: E402
from pages import HASHED, hash_of, printed  # noqa: E402
from proxy import Proxy, forwarding  # noqa: E402

LIMIT = 60_000
PICTURE_PORT = 8000
EXAMPLE = """{
  "talk_id": 7,
  "user_ip": "203.0.113.9",
  "comment_text": "What does one loop cost?"
}"""
READY = "document.getElementById('main').getAttribute('aria-busy') === 'false'"
LEAST_CONTRAST = """(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => channels(color).slice(0, 3).map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0.99) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = [21, ''];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    if (element.closest('.skip, .unseen, script')) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < least[0]) least = [ratio, node.data.slice(0, 40)];
  }
  return least;
})()"""
UNNAMED = """[...document.querySelectorAll('input, select, textarea, button')]
  .filter((each) => each.checkVisibility())
  .filter((each) => ![each.ariaLabel, each.labels?.[0]?.textContent,
    each.localName === 'button' && each.textContent].some((name) => name && name.trim()))
  .map((each) => each.outerHTML)"""
REPEATED_IDS = """(() => { const all = [...document.querySelectorAll('[id]')].map((each) => each.id);
  return all.filter((id, at) => all.indexOf(id) !== at); })()"""


class PageTests(unittest.TestCase):
    """The steps that the tests share: a page of one of the two sites, and its controls."""

    browser: Browser
    live: str  # in front of a real application
    hostile: str  # in front of the document of markup
    answers: Answers

    def show(self, url: str, **window) -> None:
        self.browser.open(url, **window)
        self.browser.wait(READY)

    def tearDown(self) -> None:
        self.assertEqual(self.browser.problems(), [])
        for url in self.browser.requested():
            self.assertTrue(url.startswith((self.live, self.hostile, "data:", "blob:")), url)

    def run_in(self, anchor: str, script: str):
        """Runs with `one` as the opened operation."""
        found = f"const one = document.getElementById({json.dumps(anchor)}); one.open?.();"
        return self.browser.run(f"(() => {{ {found} {script} }})()")

    def enter(self, anchor: str, name: str, value: str) -> None:
        self.run_in(anchor, f"""
            const control = one.querySelector('[data-name="' + CSS.escape({json.dumps(name)}) + '"]');
            control.value = {json.dumps(value)};
            control.dispatchEvent(new Event('input', {{ bubbles: true }}));""")

    def send(self, anchor: str) -> tuple[str, str]:
        """The status line and the shown body."""
        self.run_in(anchor, "one.querySelector('button.main').click();")
        element = f"document.getElementById({json.dumps(anchor)})"
        self.browser.wait(f"{element}.querySelector('.main').textContent === 'Send'"
                          f" && / ms, /.test({element}.querySelector('[role=status].row').textContent)")
        return tuple(self.run_in(anchor, """return [one.querySelector('.response .status').textContent,
            one.querySelector('.response pre')?.textContent ?? ''];"""))

    def curl(self, anchor: str) -> str:
        """What the shown curl line gets from the same application."""
        line = self.run_in(anchor, "return one.querySelector('.curl pre').textContent;")
        return subprocess.run(["bash", "-c", line + " --silent --max-time 20"], check=True,
                              capture_output=True, text=True).stdout


class InteractiveTests(PageTests):
    def test_it_lists_every_operation_of_the_document_by_tag(self):
        self.show(self.live + "/docs")
        listed = self.browser.run("""fetch('/openapi.json').then((answer) => answer.json()).then((api) => {
            const wanted = Object.entries(api.paths).flatMap(([path, item]) => Object.entries(item).map(
                ([method, one]) => `${one.tags?.[0] ?? 'default'} ${method.toUpperCase()} ${path}`));
            const shown = [...document.querySelectorAll('.operation')].map((one) =>
                [one.parentElement.querySelector('h2'), ...one.querySelectorAll('.title .method, .path')]
                    .map((each) => each.textContent).join(' '));
            return [wanted.sort(), shown.sort()];
        })""")
        self.assertGreater(len(listed[0]), 10)
        self.assertEqual(listed[0], listed[1])

    def test_a_request_is_sent_as_its_curl_line_says(self):
        create, read = "op-create_comment_comments__post", "op-read_comment_comments__comment_id__get"
        self.show(self.live + "/docs#" + create)
        status, body = self.send(create)
        self.assertEqual(status, "200 OK")
        made = json.loads(body)
        again = json.loads(self.curl(create))
        self.assertEqual(again["comment_text"], made["comment_text"])
        self.enter(read, "comment_id", str(made["id"]))
        status, body = self.send(read)
        self.assertEqual((status, json.loads(body)), ("200 OK", made))
        self.assertEqual(json.loads(self.curl(read)), made)
        self.assertTrue(self.run_in(read, "return one.querySelector('.response dl').textContent;")
                        .startswith("content-"))

    def test_what_the_server_refuses_is_shown(self):
        listed, create = "op-read_comments_by_talk_comments__get", "op-create_comment_comments__post"
        self.show(self.live + "/docs")
        self.enter(listed, "limit", "none")
        status, body = self.send(listed)
        self.assertEqual((status[:3], json.loads(body)["detail"][0]["loc"]), ("422", ["query", "limit"]))
        self.run_in(create, """const area = one.querySelector('textarea.body'); area.value = "{it's";
            area.dispatchEvent(new Event('input', { bubbles: true }));""")
        words = self.run_in(create, "return one.querySelector('.problem').textContent;")
        self.assertIn("Not JSON yet", words)
        status, body = self.send(create)
        self.assertEqual((status[:3], json.loads(body)["detail"][0]["type"]), ("422", "json_invalid"))
        self.assertEqual(json.loads(self.curl(create)), json.loads(body))

    def test_an_example_fits_its_pattern_and_bounds(self):
        self.show(self.hostile + "/docs#op-patterns")
        made = json.loads(self.run_in("op-patterns", "return one.querySelector('textarea.body').value;"))
        for name, schema in PATTERNS.items():
            with self.subTest(name, made=made[name]):
                self.assertRegex(made[name], schema.get("pattern", ".").replace("\\p{L}", "[a-zA-Z]"))
                self.assertGreaterEqual(len(made[name]), schema.get("minLength", 0))
                self.assertLessEqual(len(made[name]), schema.get("maxLength", 99))

    def test_the_pages_lead_to_each_other_and_deprecated_operations_are_folded(self):
        self.show(self.live + "/docs")
        href = "[...document.querySelectorAll('.opening a')].map((each) => new URL(each.href).pathname)"
        self.assertIn("/redoc", self.browser.run(href))
        self.show(self.live + "/redoc")
        self.assertIn("/docs", self.browser.run(href))
        self.show(self.hostile + "/docs")
        folded = self.browser.run("""[...document.querySelectorAll('nav details')].map((each) =>
            [each.open, each.querySelector('.old').checkVisibility()])""")
        self.assertEqual(folded, [[False, False]] * 2)  # under each of its tags
        self.browser.run("""(() => { const filter = document.getElementById('filter'); filter.value = 'markup';
            filter.dispatchEvent(new Event('input')); })()""")
        self.assertTrue(self.browser.run("document.querySelector('nav details .old').checkVisibility()"))

    def test_a_path_without_its_value_is_not_sent(self):
        read = "op-read_comment_comments__comment_id__get"
        self.show(self.live + "/docs#" + read)
        self.run_in(read, "one.querySelector('button.main').click();")
        shown = self.run_in(read, "return one.querySelector('.response').textContent;")
        self.assertIn("The path needs comment_id", shown)
        self.assertEqual(self.browser.run("document.activeElement.dataset.name"), "comment_id")

    def test_each_scheme_of_authorization_opens_its_route(self):
        self.show(self.live + "/docs")
        for name, route, values in [
            ("TokenBearer", "op-read_me_auth_me_get", ["test-token"]),
            ("HTTPBasic", "op-read_basic_auth_basic_get", ["testuser", "testpass"]),
            ("APIKeyHeader", "op-read_api_key_auth_api_key_get", ["test-token"]),
            ("OAuth2PasswordBearer", "op-read_oauth2_auth_oauth2_get", ["testuser", "testpass", "", ""]),
        ]:
            with self.subTest(name):
                self.assertIn(self.send(route)[0][:3], ("401", "403"))
                self.assertIn("Used from now on", self.authorize(name, values))
                status, body = self.send(route)
                self.assertEqual((status, json.loads(body)["name"]), ("200 OK", "testuser"))
                self.assertEqual(json.loads(self.curl(route)), json.loads(body))

    def authorize(self, name: str, values: list[str]) -> str:
        find = f"document.querySelector('dialog section[aria-label=\"{name}\"]')"
        self.browser.run(f"""(() => {{ document.getElementById('authorize').click();
            const inputs = {find}.querySelectorAll('input:not([type=checkbox])');
            {json.dumps(values)}.forEach((value, at) => {{ inputs[at].value = value; }});
            {find}.querySelector('form button').click(); }})()""")
        self.browser.wait(f"!/^(Asking.*)?$/.test({find}.querySelector('[role=status]').textContent)")
        words = self.browser.run(f"{find}.querySelector('[role=status]').textContent")
        self.browser.run("document.querySelector('dialog').close()")
        return words

    def test_a_wrong_password_is_told_in_the_dialog(self):
        self.show(self.live + "/docs")
        words = self.authorize("OAuth2PasswordBearer", ["testuser", "wrong", "", ""])
        self.assertIn("401: Incorrect username or password", words)

    def test_an_authorization_code_comes_back_through_the_redirect_page(self):
        self.show(self.hostile + "/docs")
        self.assertEqual(self.send("op-secret")[0][:3], "401")
        self.assertIn("Used from now on", self.authorize("Code", ["me", ""]))
        self.assertEqual(self.send("op-secret")[0], "200 OK")
        self.assertEqual(self.answers.asked["/secret"].headers["authorization"], f"Bearer {TOKEN}")

    def test_parameters_travel_as_the_document_says(self):
        self.show(self.hostile + "/docs#op-shapes")
        for name, value in [("color", "green"), ("flag", "true"), ("many", "1\n2"), ("joined", "a\nb"),
                            ("X-Tag", "it's"), ("shared", "all")]:
            self.enter("op-shapes", name, value)
        self.send("op-shapes")
        asked = self.answers.asked["/shapes"]
        self.curl("op-shapes")
        for each in (asked, self.answers.asked["/shapes"]):
            self.assertEqual(each.query, [("color", "green"), ("flag", "true"), ("many", "1"), ("many", "2"),
                                          ("joined", "a,b")])
            self.assertEqual((each.headers["x-tag"], each.headers["shared"]), ("it's", "all"))

    def test_a_form_sends_files_and_fields(self):
        self.show(self.hostile + "/docs#op-form")
        self.enter("op-form", "note", "@not a file")
        self.enter("op-form", "tags", "one\ntwo")
        root = self.browser.call("DOM.getDocument")["root"]["nodeId"]
        chooser = self.browser.call("DOM.querySelector", nodeId=root, selector="[data-name=file]")["nodeId"]
        self.browser.call("DOM.setFileInputFiles", nodeId=chooser, files=[str(HERE / "run.sh")])
        self.assertEqual(self.send("op-form")[0], "200 OK")
        asked = self.answers.asked["/form"]
        self.assertRegex(asked.headers["content-type"], "^multipart/form-data; boundary=")
        for part in (b'name="file"; filename="run.sh"', b"@not a file", b"one", b"two", b"set -euo pipefail"):
            self.assertIn(part, asked.body)
        line = self.run_in("op-form", "return one.querySelector('.curl pre').textContent;")
        self.assertIn("""-F 'file=@"run.sh"'""", line)
        self.assertIn("--form-string 'note=@not a file'", line)

    def test_a_body_is_shown_as_it_came(self):
        self.show(self.hostile + "/docs#op-big")
        shown = '{\n  "whole": 9007199254740993,\n  "e": [],\n  "t": "[{}"\n}'
        self.assertEqual(self.send("op-big")[1], shown)
        self.assertEqual(self.send("op-text")[1], MARKUP)


class BothPagesTests(PageTests):
    def test_markup_in_the_document_stays_text(self):
        for page in ("/docs", "/redoc"):
            self.show(self.hostile + page)
            self.browser.run("""(() => {
                for (const one of document.querySelectorAll('.operation')) one.open?.();
                for (const one of document.querySelectorAll('details')) one.open = true;
                document.getElementById('authorize')?.click(); })()""")
            self.assertEqual(self.browser.run("""[window.hacked, document.title,
                document.querySelectorAll('main img, main script, main iframe').length,
                [...document.querySelectorAll('a')].map((each) => each.protocol)
                    .filter((each) => !/^(https?|mailto):$/.test(each)).length,
                document.querySelector('h1').firstChild.data, Object.prototype.type ?? null]"""),
                [None, MARKUP, 0, 0, MARKUP, None])
            self.assertEqual(self.browser.run(REPEATED_IDS), [])
            self.assertEqual(self.browser.run(
                "[...document.querySelectorAll('.prose strong, .prose em')].map((each) => each.textContent)"),
                ["strong", "soft"])

    def test_the_slash_goes_to_the_filter_and_escape_empties_it(self):
        for page in ("/docs", "/redoc"):
            self.show(self.live + page)
            self.browser.press("/")
            self.assertEqual(self.browser.run("document.activeElement.id"), "filter")
            self.browser.type("post comment")
            shown = "[...document.querySelectorAll('%s')].filter((each) => each.checkVisibility()).length"
            self.assertEqual(self.browser.run(f"[{shown % '.operation'}, {shown % 'nav li'}]"), [1, 1])
            self.assertRegex(self.browser.run("document.getElementById('found').textContent"), r"^1 of \d+")
            self.browser.press("Enter")
            self.browser.wait("location.hash === '#op-create_comment_comments__post'")
            self.browser.run("document.getElementById('filter').focus()")
            self.browser.press("Escape")
            self.assertGreater(self.browser.run(shown % ".operation"), 10)

    def test_the_keyboard_reaches_everything_and_the_focus_is_seen(self):
        for page in ("/docs", "/redoc"):
            self.show(self.live + page)
            seen = []
            for _ in range(24):
                self.browser.press("Tab")
                seen.append(self.browser.run("""(() => { const one = document.activeElement;
                    const { outlineStyle, outlineWidth } = getComputedStyle(one);
                    return [one.id || one.className || one.localName,
                        outlineStyle !== 'none' && parseFloat(outlineWidth) > 1];
                })()"""))
            self.assertEqual([name for name, outlined in seen if not outlined], [])
            self.assertEqual([name for name, _ in seen[:3]], ["skip", "home", "filter"])

    def test_escape_closes_the_operation_and_the_dialog(self):
        self.show(self.live + "/docs")
        self.browser.run("document.getElementById('authorize').focus()")
        self.browser.press("Enter")
        self.browser.wait("document.querySelector('dialog').open")
        self.browser.press("Escape")
        self.browser.wait("!document.querySelector('dialog').open"
                          " && document.activeElement.id === 'authorize'")
        self.browser.run("document.querySelector('.title').focus()")
        self.browser.press("Enter")
        self.browser.wait("document.querySelector('.title').ariaExpanded === 'true'")
        self.browser.press("Tab")
        self.browser.press("Escape")
        self.browser.wait("document.querySelector('.title').ariaExpanded === 'false'"
                          " && document.activeElement.className === 'title'")

    def test_controls_have_names_and_colours_have_contrast(self):
        for page in ("/docs", "/redoc"):
            for dark in (False, True):
                self.show(self.live + page, dark=dark)
                self.browser.run("for (const one of document.querySelectorAll('.operation')) one.open?.()")
                ratio, words = self.browser.run(LEAST_CONTRAST)
                self.assertGreaterEqual(ratio, 4.5, words)
                self.assertEqual(self.browser.run(UNNAMED), [])
                self.assertEqual(self.browser.run(REPEATED_IDS), [])
                back = self.browser.run("getComputedStyle(document.body).backgroundColor")
                self.assertEqual(back, "rgb(21, 24, 27)" if dark else "rgb(251, 250, 248)")

    def test_a_phone_shows_one_column_and_folds_the_contents(self):
        for page in ("/docs", "/redoc"):
            self.show(self.live + page, width=360, height=740)
            self.browser.run("for (const one of document.querySelectorAll('.operation')) one.open?.()")
            self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), 360)
            visible = "document.getElementById('nav').checkVisibility()"
            self.assertFalse(self.browser.run(visible))
            self.browser.run("document.getElementById('menu').click()")
            self.assertTrue(self.browser.run(visible))
            self.browser.press("Escape")
            self.assertFalse(self.browser.run(visible))

    def test_the_reading_page_unfolds_schemas_and_gives_examples(self):
        self.show(self.live + "/redoc#op-create_comment_comments__post")
        shown = self.run_in("op-create_comment_comments__post", """return [
            [...one.querySelectorAll('.text .name')].filter((each) => each.checkVisibility())
                .map((each) => each.textContent), one.querySelector('.examples pre').textContent];""")
        for name in ("talk_id", "user_ip", "comment_text", "created_at"):
            self.assertIn(name, shown[0])
        self.assertIn("--data-raw", shown[1])
        marked = "document.querySelector('nav [aria-current]')?.textContent"
        self.browser.wait(f"{marked}.includes('Create Comment')")

    def test_a_description_that_cannot_be_read_is_told(self):
        self.show(self.hostile + "/lost")
        words = self.browser.run("document.querySelector('[role=alert]').textContent")
        self.assertIn("could not be read", words)

    def test_the_redirect_page_explains_itself_when_nothing_is_waiting(self):
        self.browser.open(self.live + "/docs/oauth2-redirect?code=1&state=2")
        self.browser.wait("document.getElementById('message').textContent.includes('nothing to do here')")


class SourceTests(unittest.TestCase):
    parts: dict[str, str]

    def test_the_hashes_of_the_policies_are_those_of_the_texts(self):
        pages = self.parts["docs.html"] + self.parts["redoc.html"] + self.parts["redirect.html"]
        for name in HASHED:
            self.assertIn(hash_of(self.parts[name]), pages, f"{name} changed: run.sh --hashes")

    def test_each_page_is_small(self):
        for name in ("docs.html", "redoc.html", "redirect.html"):
            self.assertLess(len(self.parts[name].encode()), LIMIT)


def take_pictures(browser: Browser, base: str, directory: Path) -> None:
    for name, path, dark in [
        ("docs", "/docs#op-create_comment_comments__post", False),
        ("redoc", "/redoc#op-create_comment_comments__post", False),
        ("docs-dark", "/docs#op-create_comment_comments__post", True),
        ("redoc-dark", "/redoc#op-create_comment_comments__post", True),
    ]:
        browser.open(base + path, width=1280, height=800, dark=dark)
        browser.wait(READY)
        browser.run("document.activeElement.blur()")
        if name.startswith("docs"):
            browser.run(f"""(() => {{ const area = document.querySelector('textarea.body');
                area.value = {json.dumps(EXAMPLE)};
                area.dispatchEvent(new Event('input', {{ bubbles: true }}));
                area.form.requestSubmit(); }})()""")
            browser.wait("/ ms, /.test(document.querySelector('.columns:has(.body)').textContent)")
        browser.picture(str(directory / f"{name}.png"))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--livetalk", type=Path)
    parser.add_argument("--pictures", type=Path)
    options, names = parser.parse_known_args()
    parts = SourceTests.parts = printed()
    pages = {"/docs": parts["docs.html"], "/redoc": parts["redoc.html"],
             "/docs/oauth2-redirect": parts["redirect.html"]}
    markup = _escaped(MARKUP)
    strange = {path: page.replace("LiveTalk API V1", markup) for path, page in pages.items()}
    lost = parts["docs.html"].replace('data-openapi="/openapi.json"', 'data-openapi="/lost.json"')
    if options.pictures:
        servers.free_port = lambda: PICTURE_PORT
    server = (servers.livetalk(options.livetalk) if options.livetalk else servers.reference()).ready()
    answers = Answers()
    live = Proxy(pages, forwarding(server.port))
    base = f"http://127.0.0.1:{server.port}" if options.livetalk else live.base
    hostile = Proxy(strange | {"/lost": lost}, answers)
    try:
        with Browser() as browser:
            if options.pictures:
                take_pictures(browser, base, options.pictures)
                return 0
            PageTests.browser, PageTests.answers = browser, answers
            PageTests.live, PageTests.hostile = base, hostile.base
            ran = unittest.main(argv=[sys.argv[0], *names], exit=False, verbosity=2)
            return 0 if ran.result.wasSuccessful() else 1
    finally:
        for each in (live, hostile, server):
            each.stop()


def _escaped(words: str) -> str:
    for character, name in {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}.items():
        words = words.replace(character, name)
    return words


if __name__ == "__main__":
    sys.exit(main())
