"""Notices: after each load once, to real servers; what fails is told and tried again, fails no load, and nothing is sent twice; nobody and no secret in them."""

import email
import email.policy
import json
import logging
import os
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from conftest import AS_OF, City, load, pipeline, rating, ratings
from mail_server import Mails, certificate, mail_server

from pipeline.definitions import build_defs
from pipeline.gate import published_load
from pipeline.metrics import Metric
from pipeline.paths import Home
from pipeline.surfaces import notices, notices_ways
from pipeline.surfaces.notices_addresses import MAIL, WEBHOOK, NoWay, parse
from pipeline.surfaces.notices_changed import NEVER, OF_UNITS, RESTS, Figures, changed_of
from pipeline.surfaces.notices_said import _loaded, compared
from pipeline.surfaces.notices_time import TimeUp, within
from pipeline.surfaces.notices_ways import Mail, Webhook

FROM_TO = "?from=kho@example.vn&to=a@example.vn,b@example.vn"


@dataclass
class Hook:
    """A receiver of documents: what it answers, and what came."""

    port: int = 0
    answer: int = 204  # 0: it takes everything and ends without a word
    came: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, key

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/SECRET?token=ALSO"


@pytest.fixture
def hook() -> Iterator[Hook]:
    own = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            own.asked.append((self.path, self.headers["Idempotency-Key"]))
            if own.answer and own.answer < 300:
                own.came.append(json.loads(body))
            if own.answer:
                self.send_response(own.answer)
                self.send_header("Location", f"http://127.0.0.1:{own.port}/elsewhere")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        own.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield own
        server.shutdown()


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mails(pems: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    monkeypatch.setenv("SSL_CERT_FILE", str(pems[0]))
    with mail_server(pems[1]) as own:
        yield own


@pytest.fixture
def waits(tmp_path: Path) -> Home:
    """A home of which two loads were published and told nobody."""
    home = Home(tmp_path / "data")
    home.warehouse.mkdir(parents=True)
    entries = [
        {"load_id": n, "notice": {"id": f"c-load-{n}", "load_id": n, "subject": f"Lần nạp {n}: đã công bố", "text": f"Được nhận {n} bản.\n.\n"},
         "figures": {}, "sent": {WEBHOOK: "waiting", MAIL: "waiting"}}
        for n in (1, 2)
    ]  # fmt: skip
    home.notices.write_text(json.dumps({"loads": entries}), "utf-8")
    return home


@contextmanager
def turned_on(**given: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in notices.SETTINGS:
            patch.delenv(name, raising=False)
        for name, value in given.items():
            patch.setenv(name, value)
        yield


def city_of(excellent: int, good: int) -> list[list[Any]]:
    return [rating(n, "HTXSNV" if n <= excellent else "HTTNV") for n in range(1, excellent + good + 1)]


# ── a load ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_load_sends_what_it_brought_once_and_fails_for_no_notice(city: City, hook: Hook) -> None:
    name, number = "Hoàng Yến Canary", "092807700001"
    city.put(
        f"2021/Q01.002/{name}.csv",
        [["XẾP LOẠI"], *ratings([*city_of(6, 6), [13, name, number, None, "giỏi", None]], title=False)],
    )
    city.put("2021/Q01.003/ratings.csv", b"%PDF")
    hook.answer = 503
    first = pipeline(city.home, "load", **{WEBHOOK: hook.address})
    assert first.returncode == 0 and published_load(city.home) == 1, first.stderr
    sentence = "The notice of load 1 was not sent: webhook 127.0.0.1 answered 503. The next load, or `pipeline notify`, tries again."
    assert sentence in first.stderr and len(hook.asked) == 1

    hook.answer = 200
    quiet = load(city.home, **{WEBHOOK: hook.address})  # nothing new was sent
    assert "Nothing new" in quiet and "The notice of load 1 was sent: webhook 127.0.0.1." in quiet
    (told,) = hook.came
    assert told["load_id"] == 1 and told["as_of"] == AS_OF and told["id"].endswith("-load-1")
    parts = {"rows_in_figures": None, "rows_kept_out": None, "rows_set_aside": None}  # one row was set aside
    by_dataset = [{"dataset_code": "ratings", "submissions": 1, "rows_read": 13}]
    assert told["loaded"] == {"submissions": 1, "rows_read": 13, "by_dataset": by_dataset} | parts
    assert "Được nhận: 1 bản; 13 dòng.\n" in told["text"]
    assert told["refused"]["submissions"] == 1 and told["refused"]["first"][0]["unit_code"] == "Q01.003"
    assert told["closed"] == {"findings_mended": 0, "findings_new": told["closed"]["findings_new"]} and told["closed"]["findings_new"] > 0
    assert told["changed"] == {"figures": 0, "is_compared": False, "first": []} and told["late"]["overdue"] == 0
    assert hook.asked[-1] == ("/hooks/SECRET?token=ALSO", told["id"])

    (city.home.raw / "2021/Q01.003/ratings.csv").unlink()
    city.put("2021/Q01.003/ratings.csv", ratings([rating(n, "HTXSNV") for n in range(21, 27)]))
    said = load(city.home, PERSONNEL_AS_OF="2022-01-05", **{WEBHOOK: hook.address})
    (_, later) = hook.came
    assert later["load_id"] == 2 and later["late"]["came_late"] == 1 and later["late"]["overdue"] == 4 and "thiếu" in later["text"]
    assert (later["loaded"]["submissions"], later["loaded"]["rows_read"], later["loaded"]["rows_in_figures"]) == (1, 6, 6)
    changed = {(one["metric"], one["year"]): (one["before"], one["after"]) for one in later["changed"]["first"]}
    assert changed["excellent", 2021] == ("6", "12") and changed["excellent_share_of_good", 2021] == ("50,00%", "66,67%")
    share = next(one for one in later["changed"]["first"] if one["metric"] == "excellent_share_of_good")
    assert share["denominator"] == "Hoàn thành tốt, gồm cả xuất sắc" and "(mẫu số: hoàn thành tốt, gồm cả xuất sắc)" in later["text"]

    city.put(f"2021/Q01.002/{name}.csv", [["XẾP LOẠI"], *ratings(city_of(7, 6), title=False)])
    load(city.home, PERSONNEL_AS_OF="2022-01-05", **{WEBHOOK: hook.address})  # of the same day, and nothing of it is late
    few = hook.came[-1]
    assert few["load_id"] == 3 and few["late"]["came_late"] == 0 and few["closed"]["findings_mended"] > 0
    assert {"excellent", "rated", "excellent_share_of_good"} <= {one["metric"] for one in few["changed"]["first"] if one["is_withheld"]}
    assert all(one["before"] is None is one["after"] for one in few["changed"]["first"] if one["is_withheld"])
    assert "có thay đổi, không nêu số\n" in few["text"] and "→" not in few["text"] and "dưới 5 người" in few["text"]
    for text in (json.dumps(hook.came, ensure_ascii=False), city.home.notices.read_text("utf-8"), first.stderr, said, quiet):
        assert name not in text and number not in text and "giỏi" not in text and ".csv" not in text.replace("units.csv", "")
    for text in (first.stdout + first.stderr, quiet, said, city.home.notices.read_text("utf-8")):
        assert "SECRET" not in text and "ALSO" not in text

    assert load(city.home, PERSONNEL_AS_OF="2022-01-05", **{WEBHOOK: hook.address}).startswith("Nothing new") and len(hook.came) == 3
    done = pipeline(city.home, "notify", **{WEBHOOK: hook.address})
    assert (done.returncode, done.stdout) == (0, "Không có thông báo nào chờ gửi.\n") and len(hook.came) == 3
    done = pipeline(city.home, "notify")
    assert done.returncode == 2 and WEBHOOK in done.stderr


def test_a_load_whose_notice_cannot_be_made_has_published(mine: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(*_: object) -> None:
        raise ValueError("Nguyễn Văn A")

    monkeypatch.setattr("pipeline.surfaces.notices_said.said_of", stumbles)
    with turned_on(**{WEBHOOK: "http://127.0.0.1:1/x"}):
        assert notices.load_published(mine) == ["The notice of this load was not made (ValueError); the load is published all the same."]


def test_the_schedule_sends_what_waits_on_a_night_with_nothing_new(mine: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_AS_OF", AS_OF)
    schedule = build_defs(mine).get_repository_def().get_schedule_def("every_night")
    with turned_on(**{WEBHOOK: "http://127.0.0.1:1/x"}), dg.build_schedule_context() as context:
        (said,) = notices.load_published(mine)
        assert "cannot be reached" in said and notices.waiting(mine) == [1]
        (request,) = schedule.evaluate_tick(context).run_requests
        assert [key.to_user_string() for key in request.asset_selection] == ["surfaces"]
    with turned_on(), dg.build_schedule_context() as context:
        assert "Nothing new" in schedule.evaluate_tick(context).skip_message


# ── nothing of one to four people ──────────────────────────────────────────────────────────────────────────────────

SHOWN = {"excellent_share_of_good": "share", "rotation_median_months": "months", "training_hours": "count", "rate": "rate"}
OF = {"reprimanded": "d", "warned": "d", "persons_disciplined": "d", "units_silent_on_discipline": "d", "discipline_change": "d"}


def told_of(now: Figures, before: Figures, told: Figures | None = None) -> tuple[dict[str, tuple[str, str] | None], Figures]:
    """Of each figure of 2021 that changed: what stands in the notice, None where it is withheld; and what was told last from then on."""
    names = {*now, *before}
    metrics = {n: Metric(n, n, "", "", SHOWN.get(n, "count"), None, {}, frozenset(), False) for n in names}
    dated = [{f"{name} 2021": value for name, value in figures.items()} for figures in (now, before, told or {})]
    tell = changed_of(dated[0], dated[1], dated[2], metrics, {n: OF.get(n, "r") for n in names})
    said = {one["metric"]: None if one["is_withheld"] else (one["before"], one["after"]) for one in tell.changed}
    return said, {key.split()[0]: value for key, value in tell.told.items()}


def levels(excellent: float, good: float, completed: float = 0, not_completed: float = 0) -> Figures:
    own = {"excellent": excellent, "good_exclusive": good, "good_inclusive": excellent + good, "completed": completed}
    share = excellent / (excellent + good)
    return {**own, "not_completed": not_completed, "rated": excellent + good + completed + not_completed, "excellent_share_of_good": share}


def test_a_figure_that_changed_by_few_people_is_told_without_numbers_and_so_are_its_relations() -> None:
    enough, _ = told_of(levels(20, 40), levels(10, 40))
    assert enough == {"excellent": ("10", "20"), "good_inclusive": ("50", "60"), "rated": ("50", "60"),
        "excellent_share_of_good": ("20,00%", "33,33%")}  # fmt: skip
    for now, before in [
        (levels(3292, 4000), levels(3293, 4000)),  # one person less
        (levels(3, 4), levels(2, 5)),  # 28,57% → 42,86% would be 2/7 → 3/7
        (levels(20, 40, 10, 3), levels(10, 40, 10, 3)),  # three who are not told of, but left over of all others
        (levels(20, 40, 12), levels(10, 40, 10)),  # the total changed by 12, of which 10 are told
        (levels(20, 47, 0, 5), levels(10, 50, 0, 5)),
    ]:
        said, told = told_of(now, before)
        assert said and set(said.values()) == {None} and told == {}
    # what is left of a total by its parts is nobody's figure, and may be few people all the same
    said, _ = told_of({"postings_started": 22, "rotations_started": 20}, {"postings_started": 10, "rotations_started": 10})
    assert set(said.values()) == {None}
    said, _ = told_of({**levels(30, 40), "rated": 82}, {**levels(20, 40), "rated": 72})
    assert said["excellent"] == ("20", "30")
    said, _ = told_of({**levels(30, 40), "rated": 73}, {**levels(20, 40), "rated": 63})
    assert set(said.values()) == {None}


def test_another_table_is_told_and_so_are_units() -> None:
    now, before = (
        {**levels(20, 40), "reprimanded": 17, "units_silent_on_discipline": 3},
        {**levels(10, 40), "reprimanded": 16, "units_silent_on_discipline": 4},
    )
    said, _ = told_of(now, before)
    assert said["reprimanded"] is None and said["excellent"] == ("10", "20") and said["units_silent_on_discipline"] == ("4", "3")


def test_what_was_withheld_is_not_had_from_the_next_notice() -> None:
    _, told = told_of(levels(20, 40), levels(10, 40))
    said, more = told_of(levels(23, 40), levels(20, 40), told)
    assert set(said.values()) == {None} and more == {}
    said, _ = told_of(levels(40, 40), levels(23, 40), told)  # 23 beside the 20 of the first would tell of three
    assert set(said.values()) == {None}
    said, _ = told_of(levels(60, 40), levels(40, 40), told)
    assert said["excellent"] == ("40", "60")


def test_what_may_be_one_persons_is_never_a_number() -> None:
    now = {"training_hours": 5040.0, "rotation_median_months": 27.0, "discipline_change": 20, "rate": 2.5}
    said, _ = told_of(now, {"training_hours": 5000.0, "rotation_median_months": 26.0, "discipline_change": 10, "rate": 1.5})
    assert said == dict.fromkeys(now)


def test_what_looks_as_before_is_no_change() -> None:
    said, _ = told_of(levels(54112, 946000), levels(54107, 946000))
    assert "excellent" in said and "excellent_share_of_good" not in said  # 5,41% → 5,41%


def test_what_is_withheld_is_named_as_the_metrics_are() -> None:
    files = (Path(__file__).parents[1] / "dbt_project/models/semantic").glob("*.yml")
    metrics = [metric for file in files for metric in yaml.safe_load(file.read_text("utf-8")).get("metrics", ())]
    names = {metric["name"] for metric in metrics}
    assert NEVER | {name for rest in RESTS for name in rest} <= names
    assert sum(name.startswith(OF_UNITS) for name in names) == 4
    reports = {metric["name"]: metric.get("config", {}).get("meta", {}).get("report", "").split(".")[0] for metric in metrics}
    shares = [m["type_params"] for m in metrics if reports[m["name"]] in compared() and "numerator" in m["type_params"]]
    assert {reports[first] for first, *_ in RESTS} == {*compared()}  # of each somebody said whom its figures leave over
    assert shares and {(share["denominator"], share["numerator"]) for share in shares} <= set(RESTS)


def test_few_rows_are_not_told_nor_what_would_give_them() -> None:
    def row(dataset: str, *counts: int) -> dict[str, Any]:
        names = ("submissions", "rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")
        return {"dataset_code": dataset, **dict(zip(names, counts, strict=True))}

    one = _loaded([row("discipline", 1, 1, 1, 0, 0)])
    assert one["by_dataset"] == [{"dataset_code": "discipline", "submissions": 1, "rows_read": None}]
    assert [one[name] for name in ("rows_read", "rows_in_figures", "rows_set_aside")] == [None, None, None]
    two = _loaded([row("discipline", 1, 1, 1, 0, 0), row("ratings", 2, 90, 90, 0, 0)])
    assert two["rows_read"] is None and [r["rows_read"] for r in two["by_dataset"]] == [None, 90] and two["rows_in_figures"] is None
    enough = _loaded([row("ratings", 2, 90, 70, 15, 5), row("discipline", 3, 0, 0, 0, 0)])
    assert (enough["submissions"], enough["rows_read"], enough["rows_in_figures"], enough["rows_set_aside"]) == (5, 90, 70, 5)
    aside = _loaded([row("ratings", 2, 90, 87, 0, 3)])
    assert aside["rows_read"] == 90 and aside["rows_in_figures"] is aside["rows_set_aside"] is None


# ── never twice ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_waits_goes_out_oldest_first_and_never_again(waits: Home, hook: Hook) -> None:
    with turned_on(**{WEBHOOK: hook.address}):
        assert notices.send(waits) == [f"The notice of load {n} was sent: webhook 127.0.0.1." for n in (1, 2)]
        assert [one["load_id"] for one in hook.came] == [1, 2]
        assert notices.send(waits) == notices.send(waits, again=True) == [] and len(hook.came) == 2


def test_who_does_not_take_one_is_not_asked_for_the_next(waits: Home, hook: Hook) -> None:
    hook.answer = 302  # and is not followed
    with turned_on(**{WEBHOOK: hook.address}):
        (said,) = notices.send(waits)
        assert "answered 302" in said and len(hook.asked) == 1 and notices.waiting(waits) == [1, 2]


def test_what_may_have_arrived_is_sent_again_by_nobody_but_who_says_so(waits: Home, hook: Hook) -> None:
    hook.answer = 0
    with turned_on(**{WEBHOOK: hook.address}):
        first, second = notices.send(waits)
        assert first.startswith("The notice of load 1 may have arrived: webhook 127.0.0.1 took it and did not answer")
        assert "pipeline notify --again" in second and notices.send(waits) == [] and notices.waiting(waits) == []
        assert notices.unsure(waits) == [1, 2] and len(hook.asked) == 2
        hook.answer = 200
        assert len(notices.send(waits, again=True)) == 2 and [key for _, key in hook.asked[2:]] == ["c-load-1", "c-load-2"]
        assert notices.unsure(waits) == []


def test_who_died_while_sending_leaves_what_may_have_arrived(waits: Home, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with turned_on(**{WEBHOOK: hook.address}):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Webhook, "send", dies)
            notices.send(waits)
        assert notices.unsure(waits) == [1]
        assert notices.send(waits) == ["The notice of load 2 was sent: webhook 127.0.0.1."]


def test_a_note_that_is_cut_sends_nothing_twice(waits: Home, hook: Hook) -> None:
    waits.notices.write_text('{"loads": [', "utf-8")
    with turned_on(**{WEBHOOK: hook.address}):
        assert notices.send(waits) == [] == notices.waiting(waits) and hook.asked == []


def test_of_many_loads_that_nobody_was_told_of_the_last_are_kept(waits: Home, caplog: pytest.LogCaptureFixture) -> None:
    entries = [{"load_id": n, "notice": {}, "figures": {}, "sent": {MAIL: "waiting"}} for n in range(1, notices.KEPT + 2)]
    with caplog.at_level(logging.WARNING, "pipeline"):
        notices._write(waits, entries)
    assert caplog.messages == ["the notice of load 1 was never sent, and is let go"] and len(notices._entries(waits)) == notices.KEPT


def test_a_notice_that_cannot_be_written_went_to_nobody_and_holds_no_other_up(waits: Home, mails: Mails) -> None:
    entries = json.loads(waits.notices.read_text("utf-8"))
    entries["loads"][0]["notice"]["subject"] = "two\nlines"
    waits.notices.write_text(json.dumps(entries), "utf-8")
    with turned_on(**{MAIL: f"smtp://127.0.0.1:{mails.port}/{FROM_TO}"}):
        first, second = notices.send(waits)
        assert first.startswith("The notice of load 1 was not sent: mail by 127.0.0.1: it cannot be written (ValueError)")
        assert " was sent" in second and notices.unsure(waits) == [] and notices.waiting(waits) == [1] and len(mails.came) == 1


def test_certificates_that_cannot_be_read_sent_nothing(waits: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_there() -> None:
        raise ssl.SSLError("no certificates")

    monkeypatch.setattr(ssl, "create_default_context", none_there)
    with turned_on(**{WEBHOOK: "https://127.0.0.1:1/x"}):
        (said,) = notices.send(waits)
        assert "was not sent" in said and notices.waiting(waits) == [1, 2] and notices.unsure(waits) == []


# ── the time it may take ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def dripping(first: bytes, reads: bytes = b"") -> Iterator[int]:
    """A server that says this, waits for that (if anything), and then lets a letter fall every tenth of a second, for ever."""
    is_over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            read = b""
            with suppress(OSError):
                while reads and reads not in read:
                    if not (more := self.request.recv(65536)):
                        return
                    read += more
                self.request.sendall(first)
                while not is_over.wait(0.1):
                    self.request.sendall(b"x")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            is_over.set()
            server.shutdown()


def test_a_webhook_whose_answer_never_ends_holds_no_load(waits: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices_ways, "IN_ALL", 0.5)
    with dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", reads=b"\r\n\r\n") as port, turned_on(**{WEBHOOK: f"http://127.0.0.1:{port}/x"}):
        began = time.monotonic()
        (said,) = notices.send(waits)  # and is not asked for the next: that would take as long
        assert time.monotonic() - began < 10 and "took it and did not answer within 0.5 seconds" in said
        assert notices.unsure(waits) == [1] and notices.waiting(waits) == [2]


def test_a_machine_that_never_comes_to_take_it_got_nothing(waits: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices_ways, "IN_ALL", 0.5)
    for setting, given in ((WEBHOOK, "https://127.0.0.1:{}/x"), (MAIL, "smtp://127.0.0.1:{}/" + FROM_TO)):
        with dripping(b"220-" if setting == MAIL else b"\x16\x03\x03\x20\x00") as port, turned_on(**{setting: given.format(port)}):
            (said,) = notices.send(waits)
            assert "was not sent" in said and "did not answer within 0.5 seconds" in said and notices.waiting(waits) == [1, 2]


def test_nothing_is_handed_over_when_nobody_waits_any_more() -> None:
    wakes, came = threading.Event(), []

    def exchange(hand_over: Callable[[], None]) -> None:
        wakes.wait(10)
        try:
            hand_over()
            came.append("handed over")
        except Exception:
            came.append("left")

    with pytest.raises(TimeUp) as found:
        within(0.05, exchange)
    wakes.set()
    for _ in range(100):
        if came:
            break
        time.sleep(0.02)
    assert came == ["left"] and not found.value.is_handed_over


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_goes_out_sealed_with_a_login_and_both_get_it(waits: Home, mails: Mails) -> None:
    with turned_on(**{MAIL: f"smtp://kho%40ct:pass%2Fword@127.0.0.1:{mails.port}/{FROM_TO}"}):
        assert notices.send(waits) == [f"The notice of load {n} was sent: mail by 127.0.0.1." for n in (1, 2)]
    first, _ = mails.came
    assert first["is_sealed"] and first["login"] == ("kho@ct", "pass/word") and first["RCPT"] == ["<a@example.vn>", "<b@example.vn>"]
    read = email.message_from_bytes(first["text"].removesuffix(b".\r\n"), policy=email.policy.default)
    assert read["Subject"] == "Lần nạp 1: đã công bố" and read["Message-ID"] == "<c-load-1@personnel-pipeline.invalid>"
    assert read.get_content().startswith("Được nhận 1 bản.") and first["text"].isascii()


def test_a_mail_server_may_speak_tls_from_the_first_byte(waits: Home, pems: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(pems[1], from_the_first_byte=True) as mails:
        monkeypatch.setenv("SSL_CERT_FILE", str(pems[0]))
        with turned_on(**{MAIL: f"smtps://kho:pass%2Fword@127.0.0.1:{mails.port}/{FROM_TO}"}):
            assert len(notices.send(waits)) == 2 and len(mails.came) == 2
        monkeypatch.delenv("SSL_CERT_FILE")  # nobody vouches for it any more
        entries = json.loads(waits.notices.read_text("utf-8"))
        entries["loads"][0]["sent"][MAIL] = "waiting"
        waits.notices.write_text(json.dumps(entries), "utf-8")
        with turned_on(**{MAIL: f"smtps://kho:pass%2Fword@127.0.0.1:{mails.port}/{FROM_TO}"}):
            (said,) = notices.send(waits)
        assert "its certificate does not hold" in said and len(mails.came) == 2


def test_without_a_lock_nothing_goes_out_unless_it_is_said_so(waits: Home, mails: Mails) -> None:
    mails.has_tls = False
    with turned_on(**{MAIL: f"smtp://127.0.0.1:{mails.port}/{FROM_TO}"}):
        (said,) = notices.send(waits)
        assert "was not sent: mail by 127.0.0.1: SMTPNotSupportedError" in said and mails.came == []
    with turned_on(**{MAIL: f"smtp://127.0.0.1:{mails.port}/{FROM_TO}&tls=no"}):
        assert len(notices.send(waits)) == 2 and not mails.came[0]["is_sealed"]
    with pytest.raises(NoWay, match="a password in clear over a network"):
        parse(MAIL, f"smtp://kho:secret@mail.example/{FROM_TO}&tls=no")


@pytest.mark.parametrize(
    "command, answer, said, is_unknown",
    [
        ("AUTH", "535 kho:pass/word is wrong", "the server answered 535", False),
        ("MAIL", "550 no", "the server answered 550 to whom it is from or to", False),
        ("RCPT", "550 nobody of that name", "the server answered 550 to whom it is from or to", False),
        ("DATA", "451 later", "the server answered 451", False),
        (".", "554 spam", "the server answered 554", False),
        ("RCPT", "", "SMTPServerDisconnected", False),
        (".", "", "took it and did not answer", True),
        ("DATA", "hello", "what answers is no mail server", False),
        (".", "hello", "took it and did not answer", True),
    ],
)
def test_what_a_mail_server_does_not_take_is_told_without_its_words(
    waits: Home, mails: Mails, command: str, answer: str, said: str, is_unknown: bool
) -> None:
    mails.fails[command] = answer
    with turned_on(**{MAIL: f"smtp://kho:pass%2Fword@127.0.0.1:{mails.port}/{FROM_TO}"}):
        sentence = notices.send(waits)[0]
        assert said in sentence and "pass" not in sentence.replace("passed", "") and "nobody" not in sentence.replace("nobody said", "")
        assert ("may have arrived" in sentence) == is_unknown == (notices.unsure(waits) != []) and mails.came == []


def test_each_way_is_asked_for_itself(waits: Home, hook: Hook, mails: Mails) -> None:
    mails.fails["MAIL"] = "451 later"
    settings = {WEBHOOK: hook.address, MAIL: f"smtp://127.0.0.1:{mails.port}/{FROM_TO}"}
    with turned_on(**settings):
        assert [" was sent" in said for said in notices.send(waits)] == [True, False, True]
        mails.fails.clear()
        assert notices.waiting(waits) == [1, 2] and len(notices.send(waits)) == 2
    assert len(hook.came) == 2 == len(mails.came)


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "setting, given",
    [
        (WEBHOOK, "chat.example/hooks/SECRET"),
        (WEBHOOK, "ftp://chat.example/SECRET"),
        (WEBHOOK, "https://me:SECRET@chat.example/"),
        (WEBHOOK, "https://chat.example:SECRET/"),
        (WEBHOOK, "https://chat.example/SEC RET"),
        (MAIL, "smtp://kho:SECRET@mail.example"),
        (MAIL, f"smtp://kho:SECRET@/{FROM_TO}"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho&to=a@example.vn"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho@example.vn&to=a@example.vn%0d%0aBcc:c@example.vn"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho@example.vn&to=a@"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho@example.vn&to=@example.vn"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho@example.vn&to=tổ@example.vn"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho@thành.vn&to=a@example.vn"),
        (MAIL, "smtp://kho:SECRET@mail.example/?from=kho@example.vn&to=a@b@example.vn"),
        (MAIL, f"smtp://kho:SEC/RET@mail.example/{FROM_TO}"),
        (MAIL, f"smtp://kho:SECRET@mail.example/{FROM_TO}&tls=perhaps"),
    ],
)
def test_what_is_no_address_is_told_without_it(waits: Home, setting: str, given: str) -> None:
    with pytest.raises(NoWay) as found:
        parse(setting, given)
    assert "SECRET@" not in str(found.value).replace("hooks/SECRET", "") and setting in str(found.value)
    with turned_on(**{setting: given}):
        (said,) = notices.send(waits)
        assert said == f"The notice of load 1 was not sent: {found.value}" and notices.waiting(waits) == [1, 2]


def test_of_an_address_the_machine_alone_is_said() -> None:
    hook, mail = parse(WEBHOOK, "https://chat.example/hooks/SECRET"), parse(MAIL, f"smtps://kho:SECRET@mail.example/{FROM_TO}")
    assert isinstance(mail, Mail) and (mail.port, mail.security) == (465, "tls")
    assert f"{hook} {hook!r} {mail} {mail!r}" == "webhook chat.example webhook chat.example mail by mail.example mail by mail.example"


def test_a_quiet_night_without_notices_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = "import sys, pipeline.surfaces.notices, pipeline.surfaces.due; print({'polars', 'duckdb', 'jinja2'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ).stdout.strip() == "set()"
