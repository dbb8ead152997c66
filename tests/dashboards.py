"""Dashboards as a person sees them: Superset of a home, served; a browser signed in; figures read off the page. What does not belong here: expectations."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser import Browser, browser, program

from pipeline.paths import Home
from pipeline.surfaces.dashboards import server

IS_HERE = (server.environment() / "ready").exists() and program() is not None
needs_superset = pytest.mark.skipif(
    not IS_HERE, reason="dashboards are not tested: they need Superset (`make .venv/bi/ready`) and chromium"
)
CHARTS = "[...document.querySelectorAll('.dashboard-component-chart-holder')]"
READY = f"""(() => {{ const charts = {CHARTS}; const text = document.body.innerText;
return charts.length > 0 && !text.includes('Đang chờ') && !document.querySelector('.loading, [aria-label="Loading"], [data-test="loading-indicator"]') }})()"""


@contextmanager
def served(home: Home, database: str = "") -> Iterator[str]:
    """Superset of a home on a port of its own; where. `database`: the address of a PostgreSQL that it asks instead of the file."""
    with socket.socket() as free, pytest.MonkeyPatch.context() as patch:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        patch.setenv("PERSONNEL_DASHBOARDS_PORT", str(port))
        patch.setenv("PERSONNEL_DASHBOARDS_DATABASE", database)
        try:
            yield server.start(home)
        finally:
            server.stop(home)


@contextmanager
def signed_in(home: Home, where: str) -> Iterator["Seen"]:
    """A browser in which the administrator has signed in."""
    with browser(1440, 2600) as own:
        seen = Seen(own, where)
        password = (home.dashboards / "admin.password").read_text("utf-8").strip()
        while not _signs_in(own, where, {"username": server.ADMIN, "password": password}):
            pass  # the page was not ready for what was typed, on a busy machine
        yield seen


def _signs_in(own: Browser, where: str, words: dict[str, str]) -> bool:
    own.open(f"{where}login/")
    fields = {name: f"document.querySelector('input[name={name}], #{name}')" for name in words}
    for name, field in fields.items():
        own.click(field)
        own.type(words[name])
    if [own.run(f"{field}?.value") for field in fields.values()] != [*words.values()]:
        return False
    own.click("document.querySelector('button[type=submit]')")
    try:
        return bool(own.wait("!location.pathname.startsWith('/login')", seconds=30))
    except TimeoutError:
        return False


class Seen:
    """What somebody who signed in sees."""

    def __init__(self, own: Browser, where: str):
        self.browser, self.where = own, where

    def dashboard(self, slug: str, charts: int = 1) -> str:
        """Opened and drawn; its text."""
        self.browser.open(f"{self.where}superset/dashboard/{slug}/")
        self.browser.wait(f"location.pathname.includes('/{slug}') && {CHARTS}.length >= {charts}")
        return self.drawn()

    def drawn(self) -> str:
        """All of it, once nothing changes any more."""
        text, before = "", None
        while text != before or not text:
            before = text
            self.browser.wait(READY)
            self.browser.run("new Promise(done => setTimeout(done, 700))")
            text = self.browser.text()
        return text

    def chart(self, title: str) -> str:
        """The text of a chart whose title begins so."""
        return str(
            self.browser.run(f"({CHARTS}.map(one => one.innerText.trim()).find(text => text.startsWith({json.dumps(title)})) || '')")
        )

    def figure(self, title: str) -> tuple[str, str]:
        """The number of a chart, and what stands below it."""
        lines = [line.strip() for line in self.chart(title).splitlines() if line.strip()]
        return lines[1], lines[2] if len(lines) > 2 else ""

    def table(self, title: str) -> list[list[str]]:
        """The rows of a chart that is a table, cell by cell."""
        rows = f"[...{CHARTS}.find(one => one.innerText.trim().startsWith({json.dumps(title)})).querySelectorAll('tbody tr')]"
        return list(self.browser.run(f"{rows}.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText.trim()))"))

    def offered(self, filter_no: int) -> int:
        """How many values a filter says that it offers."""
        return int(
            self.browser.wait(
                f"(/^(\\d+) lựa chọn/.exec(document.querySelectorAll('.ant-select-selector')[{filter_no}].innerText) || [])[1]"
            )
        )

    def choose(self, filter_no: int, words: str) -> None:
        """A value of a filter, as typed; seen by what `apply` does."""
        field = f"document.querySelectorAll('.ant-select-selector')[{filter_no}]"
        self.browser.click(field)
        self.browser.type(words)
        self.browser.wait(
            f"[...document.querySelectorAll('.ant-select-item-option-active')].some(one => one.innerText.includes({json.dumps(words)}))"
        )
        self.browser.press("Enter", 13)
        self.browser.wait(f"{field}.innerText.includes({json.dumps(words)})")

    def apply(self) -> str:
        """What was chosen comes into force, and all that it changes is drawn."""
        button = "document.querySelector('[data-test=\"filter-bar__apply-button\"]')"
        self.browser.wait(f"!{button}.disabled")
        self.browser.click(button)
        self.browser.wait(f"{button}.disabled")
        return self.drawn()

    def ask(self, method: str, path: str, body: dict) -> tuple[int, dict]:
        """What the page's own programs could ask of Superset."""
        script = f"""(async () => {{
          const token = (await (await fetch('/api/v1/security/csrf_token/')).json()).result;
          const answer = await fetch({json.dumps(path)}, {{method: '{method}', headers: {{'Content-Type': 'application/json', 'X-CSRFToken': token}},
            body: JSON.stringify({json.dumps(body)})}});
          return [answer.status, await answer.json()] }})()"""
        status, answer = self.browser.run(script)
        return status, answer

    def ask_for(self, path: str) -> tuple[int, dict]:
        status, answer = self.browser.run(
            f"(async () => {{ const a = await fetch({json.dumps(path)}); return [a.status, await a.json()] }})()"
        )
        return status, answer


def password_is_nobodys_else(home: Home) -> bool:
    """Only its owner can read it."""
    return all(os.stat(home.dashboards / name).st_mode & 0o077 == 0 for name in ("admin.password", "secret.key")) and (
        home.dashboards.stat().st_mode & 0o077 == 0
    )
