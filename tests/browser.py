"""A real browser without a window, told what to do through a pipe (Chrome's DevTools protocol): pages opened, clicked, read and pictured, and every
request that they made, written down. What does not belong here: any page of ours.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LONGEST = 300  # seconds until a page is taken for hung: no machine is that slow
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium on this machine (Debian: apt-get install chromium): what a reader's browser does was not tried"


def program() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One browser with one page."""

    def __init__(self, process: subprocess.Popen, to: int, back: int):
        self.process, self.to, self.back = process, to, back
        self.asked, self.left, self.session = 0, b"", ""
        self.requests: dict[str, str] = {}  # by their ids: addresses
        self.answers: dict[str, int] = {}  # statuses
        self.blocked: dict[str, str] = {}  # why some were not sent
        self.said: list[str] = []  # errors in the page's console
        self.refused: list[str] = []  # what else stands there: what its own policy forbade
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.tell(f"{domain}.enable")

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """One command, and its answer."""
        self.asked += 1
        own = self.asked
        message = {"id": own, "method": method, "params": params} | ({"sessionId": self.session} if self.session else {})
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == own:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self.left:
            some = os.read(self.back, 1 << 20)
            if not some:
                raise RuntimeError("the browser has ended")
            self.left += some
        message, self.left = self.left.split(b"\0", 1)
        read = json.loads(message)
        self._note(read.get("method", ""), read.get("params", {}))
        return read

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests[params["requestId"]] = params["request"]["url"]
        elif method == "Network.responseReceived":
            self.answers[params["requestId"]] = params["response"]["status"]
        elif method == "Network.loadingFailed" and params.get("blockedReason"):
            self.blocked[params["requestId"]] = params["blockedReason"]
        elif method == "Runtime.exceptionThrown":
            self.said.append(str(params["exceptionDetails"].get("text")))
        elif method == "Log.entryAdded":
            self.refused.append(params["entry"]["text"])

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    def open(self, url: str) -> None:
        self.tell("Page.navigate", url=url)

    def visit(self, url: str) -> None:
        """Open a page without a server, and wait until all of it is there."""
        self._until_another(lambda: self.open(url))

    def follow(self, selector: str) -> None:
        """A link, as its reader does."""
        self._until_another(lambda: self.run(f"document.querySelector({json.dumps(selector)}).click()"))

    def _until_another(self, do: Callable[[], object]) -> None:
        self.run("window.isLeft = true")
        do()
        self.wait("!window.isLeft && document.readyState === 'complete'", every=0.02)

    def run(self, script: str) -> Any:
        """What an expression is in the page."""
        result = self.tell("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"].get("description", script))
        return result["result"].get("value")

    def wait(self, script: str, seconds: float = LONGEST, every: float = 0.2) -> Any:
        """Until an expression is something; what it is."""
        until = time.monotonic() + seconds
        while True:
            try:
                if found := self.run(script):
                    return found
            except RuntimeError as error:  # the page is being changed for another one
                if "ended" in str(error):
                    raise
            if time.monotonic() > until:
                raise TimeoutError(f"not within {seconds} s: {script}")
            time.sleep(every)

    def click(self, script: str) -> None:
        """On what an expression finds, as a mouse does."""
        self.wait(f"!!({script})")
        x, y = self.run(
            f"(() => {{ const e = {script}; e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] }})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text: str) -> None:
        self.tell("Input.insertText", text=text)

    def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            more = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.tell("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **more)

    def text(self) -> str:
        return str(self.run("document.body.innerText"))

    def size(self, width: int, height: int) -> None:
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def picture(self, file: Path) -> None:
        """What the window shows."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(self.tell("Page.captureScreenshot", format="png")["data"]))

    def elsewhere(self, here: str) -> list[str]:
        """Addresses outside of this one to which a request was sent: those that the page's own rules stopped were not."""
        return [
            url
            for key, url in self.requests.items()
            if not url.startswith((here, "data:", "blob:", "about:", "chrome")) and self.blocked.get(key) != "csp"
        ]


@contextmanager
def browser(width: int = 1440, height: int = 900) -> Iterator[Browser]:
    """A browser of one's own, with a new profile; it finds no other machine."""
    profile = Path(tempfile.mkdtemp(prefix="browser"))
    (read_in, to), (back, write_out) = os.pipe(), os.pipe()

    def pipes() -> None:
        os.dup2(read_in, 50), os.dup2(write_out, 51)
        os.dup2(50, 3), os.dup2(51, 4)

    options = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    options += ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=vi"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}", f"--window-size={width},{height}"]
    process = subprocess.Popen(
        [str(program()), *options, "about:blank"], preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(read_in), os.close(write_out)
    try:
        own = Browser(process, to, back)
        own.size(width, height)
        yield own
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(to), os.close(back)
        shutil.rmtree(profile, ignore_errors=True)
