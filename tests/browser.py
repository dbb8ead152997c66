"""A headless Chromium, asked by its own protocol over a pipe: no driver and no library beside it.

What does not belong here: what a test asks of a page.
"""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
MISSING = "no Chromium on this machine (Debian: apt-get install chromium): what a reader's browser does with the pages was not tried"


class Browser:
    """One tab, its size, and every address that it asked for."""

    def __init__(self, folder: Path):
        (read_theirs, self._write), (self._read, write_theirs) = os.pipe(), os.pipe()
        # the browser speaks on the descriptors 3 and 4
        command = f'exec 3<&{read_theirs} 4>&{write_theirs}; exec "$@"'
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run", f"--user-data-dir={folder}")
        self.process = subprocess.Popen(
            ["bash", "-c", command, "bash", str(PROGRAM), *options, "about:blank"],
            pass_fds=(read_theirs, write_theirs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(read_theirs), os.close(write_theirs)
        self.asked: list[str] = []  # addresses
        self.said: list[str] = []  # what the page's console has: refused by policy, errors
        self._count, self._rest, self._session = 0, b"", ""
        target = next(t for t in self.do("Target.getTargets")["targetInfos"] if t["type"] == "page")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.do("Emulation.setScrollbarsHidden", hidden=True)
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of the protocol and its answer; what is told meanwhile is kept."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params} | ({"sessionId": self._session} if self._session else {})
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer.get("result", {})

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._read, 65536)
            assert more, "the browser ended"
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        told = json.loads(text)
        if told.get("method") == "Network.requestWillBeSent":
            self.asked.append(told["params"]["request"]["url"])
        if told.get("method") == "Log.entryAdded":
            self.said.append(told["params"]["entry"]["text"])
        return told

    def _until_loaded(self) -> None:
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def open(self, address: str) -> None:
        self.do("Page.navigate", url=address)
        self._until_loaded()

    def size(self, width: int, height: int) -> None:
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def ask(self, script: str) -> Any:
        """The value of an expression on the page."""
        found = self.do("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def click(self, selector: str) -> None:
        """Follow a link, as its reader does."""
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")
        self._until_loaded()

    def picture(self, file: Path, is_whole: bool = False) -> None:
        """What is on the screen, or the whole page."""
        file.write_bytes(base64.b64decode(self.do("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)["data"]))

    def end(self) -> None:
        with contextlib.suppress(OSError, AssertionError):
            self._session = ""
            self.do("Browser.close")
        self.process.wait(20)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        own = Browser(Path(folder))
        try:
            yield own
        finally:
            own.end()
