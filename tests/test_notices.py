"""Notices: after each load once, to real servers; what fails is told and tried again, fails no load, and nothing is sent twice; nobody and no secret in them."""

import email
import email.policy
import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from conftest import AS_OF, City, load, pipeline, rating, ratings
from mail_server import Mails, certificate, mail_server

from pipeline.definitions import build_defs
from pipeline.gate import published_load
from pipeline.paths import Home
from pipeline.surfaces import notices
from pipeline.surfaces.notices_ways import MAIL, WEBHOOK, Mail, NoWay, Webhook, parse

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


# ── a load ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_load_sends_what_it_brought_once_and_fails_for_no_notice(city: City, hook: Hook) -> None:
    name, number = "Hoàng Yến Canary", "092807700001"
    city.put(
        f"2021/Q01.002/{name}.csv",
        [["XẾP LOẠI"], *ratings([rating(1, "HTXSNV"), rating(2), [3, name, number, None, "giỏi", None]], title=False)],
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
    assert (
        told["loaded"]["submissions"],
        told["loaded"]["rows_read"],
        told["loaded"]["rows_in_figures"],
        told["loaded"]["rows_set_aside"],
    ) == (1, 3, 2, 1)
    assert told["refused"]["submissions"] == 1 and told["refused"]["first"][0]["unit_code"] == "Q01.003"
    assert told["closed"] == {"findings_mended": 0, "findings_new": told["closed"]["findings_new"]} and told["closed"]["findings_new"] > 0
    assert told["changed"] == {"figures": 0, "is_compared": False, "first": []} and told["late"]["overdue"] == 0
    assert hook.asked[-1] == ("/hooks/SECRET?token=ALSO", told["id"])

    city.put(f"2021/Q01.002/{name}.csv", [["XẾP LOẠI"], *ratings([rating(n, "HTXSNV") for n in range(1, 8)], title=False)])
    said = load(city.home, PERSONNEL_AS_OF="2022-01-05", **{WEBHOOK: hook.address})
    (_, later) = hook.came
    assert later["load_id"] == 2 and later["loaded"]["submissions"] == 1 and later["closed"]["findings_mended"] > 0
    changed = {(one["metric"], one["year"]): (one["before"], one["after"]) for one in later["changed"]["first"]}
    assert changed["excellent", 2021] == ("dưới 5", "7") and changed["excellent_share_of_good", 2021] == ("50,00%", "100,00%")
    share = next(one for one in later["changed"]["first"] if one["metric"] == "excellent_share_of_good")
    assert share["denominator"] == "Hoàn thành tốt, gồm cả xuất sắc" and "(mẫu số: hoàn thành tốt, gồm cả xuất sắc)" in later["text"]
    assert later["late"]["overdue"] == 4 and "thiếu" in later["text"]
    for text in (json.dumps(hook.came, ensure_ascii=False), city.home.notices.read_text("utf-8"), first.stderr, said, quiet):
        assert name not in text and number not in text and "giỏi" not in text and ".csv" not in text.replace("units.csv", "")
    for text in (first.stdout + first.stderr, quiet, said, city.home.notices.read_text("utf-8")):
        assert "SECRET" not in text and "ALSO" not in text

    assert load(city.home, PERSONNEL_AS_OF="2022-01-05", **{WEBHOOK: hook.address}).startswith("Nothing new") and len(hook.came) == 2
    done = pipeline(city.home, "notify", **{WEBHOOK: hook.address})
    assert (done.returncode, done.stdout) == (0, "Không có thông báo nào chờ gửi.\n") and len(hook.came) == 2
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
