"""Pages beside each other in one Chromium, each driven as a hand would: by clicks, keys and typing."""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "DocsPages"))

from browser import Browser  # noqa: E402

CODES = {"Tab": 9, "Enter": 13, "Escape": 27, "/": 191, " ": 32, "j": 74, "k": 75, "?": 191}


class Tabs(Browser):
    """A browser whose pages all count as seen, and whose timers run in each."""

    ARGUMENTS = ("--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
                 "--disable-renderer-backgrounding", "--font-render-hinting=none")

    def __init__(self, seconds: float = 20.0):
        super().__init__(seconds, self.ARGUMENTS)
        self.tabs: list[Tab] = []
        #: Files that are served in the place of the server's own, by the end of their address.
        self.replaced: dict[str, bytes] = {}

    def tab(self, url: str | None = None, **window) -> Tab:
        tab = Tab(self, **window)
        self.tabs.append(tab)
        if url:
            tab.go(url)
        return tab

    def close_tabs(self) -> None:
        for tab in self.tabs:
            self.call("Target.closeTarget", targetId=tab.target)
        for context in {tab.context for tab in self.tabs if tab.context}:
            self.call("Target.disposeBrowserContext", browserContextId=context)
        self.tabs.clear()
        self.events.clear()
        self.session = None


class Tab:
    """One page. Those of one `context` share their cookies."""

    def __init__(self, browser: Tabs, width: int = 1280, height: int = 800, dark: bool = False, scale: int = 1,
                 scripts: bool = True, calm: bool = False, context: str | None = None, before: str = ""):
        self.browser = browser
        self.context = context or browser.call("Target.createBrowserContext")["browserContextId"]
        self.target = browser.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=width < 600)
        if width < 600:
            self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"},
            *([{"name": "hover", "value": "none"}, {"name": "pointer", "value": "coarse"}] if width < 600 else [])])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        if before:
            self.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        if browser.replaced:
            self.call("Fetch.enable", patterns=[{"urlPattern": "*/static/*"}])
        self.scripts = scripts

    def call(self, method: str, **params) -> dict:
        self.browser.session = self.session
        return self.browser.call(method, **params)

    def events(self, method: str) -> list[dict]:
        return [event["params"] for event in self.browser.events
                if event.get("method") == method and event.get("sessionId") == self.session]

    def serve(self) -> None:
        """Answers the requests for files that are replaced."""
        for event in self.browser.events:
            if event.get("method") != "Fetch.requestPaused" or event.get("answered"):
                continue
            event["answered"] = True
            self.browser.session = event["sessionId"]
            request = event["params"]
            name = request["request"]["url"].rsplit("/", 1)[-1]
            if name in self.browser.replaced and "responseStatusCode" not in request:
                kind = "text/css" if name.endswith(".css") else "text/javascript"
                self.browser.call("Fetch.fulfillRequest", requestId=request["requestId"], responseCode=200,
                                  responseHeaders=[{"name": "content-type", "value": kind}],
                                  body=base64.b64encode(self.browser.replaced[name]).decode())
            else:
                self.browser.call("Fetch.continueRequest", requestId=request["requestId"])

    def go(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.loaded()

    def loaded(self) -> None:
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str):
        """The value of an expression, which may be a promise."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{script}: {json.dumps(result['exceptionDetails'])[:600]}")
        return result["result"].get("value")

    def wait(self, condition: str, seconds: float | None = None) -> None:
        """Waits until an expression holds; what it throws counts as not holding."""
        end = time.monotonic() + (seconds or self.browser.seconds)
        while True:
            self.serve()
            try:
                if self.run(f"(() => {{ try {{ return !!({condition}); }} catch {{ return false; }} }})()"):
                    return
            except (RuntimeError, AssertionError):
                # The page is being loaded anew.
                pass
            if time.monotonic() > end:
                raise AssertionError(f"never held: {condition}\n{self.text()[:2000]}")
            time.sleep(0.01)

    def text(self, selector: str = "body") -> str:
        return self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def texts(self, selector: str = "#list .text") -> list[str]:
        return self.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((each) => each.textContent)")

    def middle(self, selector: str) -> tuple[float, float]:
        place = None
        while True:
            before = place
            place = self.run(f"""(() => {{ const one = document.querySelector({json.dumps(selector)});
                one.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                const box = one.getBoundingClientRect();
                return [box.left + box.width / 2, box.top + box.height / 2]; }})()""")
            # Behind what is still moving there.
            if place == before:
                return place[0], place[1]
            time.sleep(0.06)

    def point(self, selector: str) -> None:
        x, y = self.middle(selector)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector: str) -> None:
        """A click in the middle of what the selector finds; fails where something else lies above it."""
        end = time.monotonic() + 2
        while True:
            x, y = self.middle(selector)
            above = self.run(f"""(() => {{ const one = document.querySelector({json.dumps(selector)});
                const hit = document.elementFromPoint({x}, {y});
                return one.contains(hit) || hit?.contains(one) ? '' : hit?.outerHTML.slice(0, 200) ?? 'nothing'; }})()""")
            if not above:
                break
            # A row may just be on its way.
            if time.monotonic() > end:
                raise AssertionError(f"{selector} lies under {above}")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def answer(self, selector: str, is_sure: bool) -> str:
        """Clicks on what asks a question, and answers it; the question."""
        # Not by the pointer: a click is over when it is answered.
        self.run(f"void setTimeout(() => document.querySelector({json.dumps(selector)}).click())")
        end = time.monotonic() + self.browser.seconds
        while True:
            try:
                self.call("Page.handleJavaScriptDialog", accept=is_sure)
                return self.events("Page.javascriptDialogOpening")[-1]["message"]
            except RuntimeError:
                # It is not there yet.
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def away(self) -> None:
        """Takes the pointer off the list."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)

    def press(self, key: str, shift: bool = False, control: bool = False) -> None:
        text = {"text": "\r" if key == "Enter" else key} if (len(key) == 1 or key == "Enter") and not control else {}
        code = {"/": "Slash", " ": "Space", "?": "Slash"}.get(key, f"Key{key.upper()}" if len(key) == 1 else key)
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code,
                      modifiers=(8 if shift else 0) + (2 if control else 0), windowsVirtualKeyCode=CODES.get(key) or ord(key.upper()),
                      **(text if kind == "keyDown" else {}))

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def write(self, selector: str, text: str) -> None:
        self.click(selector)
        self.type(text)

    def picture(self, path: Path, whole: bool = False) -> None:
        self.run("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 500)))")
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def problems(self) -> list[str]:
        """What the console, the policy and uncaught errors said, but for connections that the test has cut."""
        self.run("0")
        said = [json.dumps(params["exceptionDetails"])[:400] for params in self.events("Runtime.exceptionThrown")]
        for params in self.events("Log.entryAdded"):
            entry = params["entry"]
            if entry["level"] == "error" and entry["source"] != "network":
                said.append(f"{entry['text']} {entry.get('url', '')}")
        for params in self.events("Runtime.consoleAPICalled"):
            if params["type"] in ("error", "warning"):
                said.append(json.dumps(params["args"])[:400])
        return said

    def requested(self) -> list[str]:
        return [params["request"]["url"] for params in self.events("Network.requestWillBeSent")]

    def received(self) -> int:
        """The bytes of all answers as they came over the wire."""
        return sum(int(params["encodedDataLength"]) for params in self.events("Network.loadingFinished"))
