"""How a notice goes out: a JSON document by POST, or a mail by SMTP; the addresses, what of them may be said, and whether what failed may have arrived.

What does not belong here: what a notice says (notices_said.py), and to whom what was sent already (notices.py).
"""

import http.client
import json
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pipeline.surfaces.notices_time import TimeUp, within

SECONDS = 20  # of each wait for the other side
IN_ALL = 30.0  # seconds for one notice: a load waits for it
# What every mail server takes; others need more of the server, and signs like , ; " < > would make two of one, or none.
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
AT_HOME = ("localhost", "127.0.0.1", "::1")
WEBHOOK, MAIL = "PERSONNEL_NOTICE_WEBHOOK", "PERSONNEL_NOTICE_MAIL"
EXAMPLES = {
    WEBHOOK: "https://chat.example/hooks/SECRET",
    MAIL: "smtp://user:password@mail.example:587/?from=kho@example.vn&to=to-chuc@example.vn,truc@example.vn",
}


class NoWay(Exception):
    """What was given is no address. The words quote nothing of it, for it may hold a secret."""


class NotSent(Exception):
    """It did not arrive, and may be sent again. The words hold no secret, and nothing that the other side said but its number."""


class Unknown(Exception):
    """It was handed over, and nobody said whether it arrived: sent again it might come twice."""


class NotComposed(NotSent):
    """The notice itself cannot be sent: nobody was asked for anything."""


HandOver = Callable[[], None]  # called just before the other side is given what must not arrive twice


@dataclass(frozen=True)
class Webhook:
    """Where a document is posted. Of its address only the machine may be said: who knows the path may write there."""

    url: SplitResult

    def __str__(self) -> str:
        return f"webhook {self.url.hostname}"

    __repr__ = __str__

    def composed(self, notice: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """What is posted, and its head."""
        head = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "personnel-pipeline", "Idempotency-Key": notice["id"]}
        return json.dumps(notice, ensure_ascii=False).encode(), head

    def send(self, composed: tuple[bytes, dict[str, str]], hand_over: HandOver) -> None:
        """Post it once; nothing is followed elsewhere. Raises NotSent, Unknown."""
        url, port, (body, head) = self.url, self.url.port, composed
        host = url.hostname or ""
        link: http.client.HTTPConnection
        try:
            if url.scheme == "https":
                link = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
            else:
                link = http.client.HTTPConnection(host, port, timeout=SECONDS)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotSent(f"{self} cannot be reached ({_kind(error)})") from None
        try:
            try:
                link.connect()
                hand_over()
                link.request("POST", f"{url.path or '/'}{'?' + url.query if url.query else ''}", body, head)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise NotSent(f"{self} cannot be reached ({_kind(error)})") from None
            try:
                status = link.getresponse().status
            except (OSError, http.client.HTTPException) as error:
                raise Unknown(f"{self} took it and did not answer ({_kind(error)})") from None
            if not 200 <= status < 300:
                raise NotSent(f"{self} answered {status}")
        finally:
            link.close()


@dataclass(frozen=True)
class Mail:
    """A mail server, with whose login, from whom and to whom."""

    host: str
    port: int
    security: str  # tls (from the first byte), starttls, none
    user: str
    password: str
    sender: str
    to: tuple[str, ...]

    def __str__(self) -> str:
        return f"mail by {self.host}"

    __repr__ = __str__

    def composed(self, notice: dict[str, Any]) -> bytes:
        """The mail, as it goes to all."""
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = notice["subject"], self.sender, ", ".join(self.to)
        message["Message-ID"] = f"<{notice['id']}@personnel-pipeline.invalid>"  # of a load always the same: who gets two, can tell
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice["text"])
        return message.as_bytes(policy=message.policy.clone(linesep="\r\n", cte_type="7bit"))

    def send(self, composed: bytes, hand_over: HandOver) -> None:
        """Send it once to all. Raises NotSent, Unknown."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSent(f"{self}: {_kind(error)}") from None
        try:
            self._hand_over(server, composed, hand_over)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        server: smtplib.SMTP
        if self.security == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=tls)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=tls)  # a server that has none is an error: nothing goes on in clear
                server.ehlo()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, text: bytes, hand_over: HandOver) -> None:
        try:
            code, _ = server.mail(self.sender)
            taken = [server.rcpt(one)[0] for one in self.to] if code == 250 else []
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSent(f"{self}: {_kind(error)}") from None
        if refused := [code for code in (code, *taken) if code not in (250, 251)]:
            raise NotSent(
                f"{self}: the server answered {refused[0]} to whom it is from or to"
            )  # to all or to none: else some would get it twice
        hand_over()
        try:
            code, _ = server.data(text)
        except smtplib.SMTPDataError as error:
            raise NotSent(f"{self}: the server answered {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(f"{self} took it and did not answer ({_kind(error)})") from None
        if code != 250:
            raise NotSent(f"{self}: the server answered {code}")


Way = Webhook | Mail


def composed(way: Way, notice: dict[str, Any]) -> Callable[[], None]:
    """What sends it: all that can fail before somebody is asked has been done. Raises NotComposed; what it returns NotSent, Unknown."""
    try:
        made: Any = way.composed(notice)
    except Exception as error:  # its words may quote the notice, or the addresses
        raise NotComposed(f"{way}: it cannot be written ({type(error).__name__})") from None

    def send() -> None:
        try:
            within(IN_ALL, lambda hand_over: way.send(made, hand_over))
        except TimeUp as error:
            if error.is_handed_over:
                raise Unknown(f"{way} took it and did not answer within {IN_ALL:g} seconds") from None
            raise NotSent(f"{way} did not answer within {IN_ALL:g} seconds") from None

    return send


def _kind(error: BaseException) -> str:
    """What went wrong, by the numbers and names of the system: an exception's own words may quote an address or an answer."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    return type(error).__name__


def parse(setting: str, given: str) -> Way:
    """An address as it is given. Raises NoWay.

    >>> str(parse(WEBHOOK, "https://chat.example/hooks/SECRET")), str(parse(MAIL, EXAMPLES[MAIL]))
    ('webhook chat.example', 'mail by mail.example')
    """
    try:
        found = _webhook(given) if setting == WEBHOOK else _mail(given)
    except ValueError:
        found = None
    if found is None:
        raise NoWay(
            f"{setting} must be like {EXAMPLES[setting]}; signs of a password that have a meaning there are written as % and two digits."
        )
    return found


def _webhook(given: str) -> Webhook | None:
    url = urlsplit(given.strip())
    is_plain = url.port != 0 and all("!" <= sign <= "~" for sign in given.strip())  # a port that is no number raises
    return Webhook(url) if url.scheme in ("https", "http") and url.hostname and not url.username and is_plain else None


def _mail(given: str) -> Mail | None:
    url = urlsplit(given.strip())
    more = {name: values[-1] for name, values in parse_qs(url.query).items()}
    to = tuple(one.strip() for one in more.get("to", "").split(",") if one.strip())
    security = "tls" if url.scheme == "smtps" else {"": "starttls", "no": "none"}.get(more.get("tls", ""), "")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    host, sender = url.hostname or "", more.get("from", "")
    if url.scheme not in ("smtp", "smtps") or not host or not to or not sender or not security:
        return None
    if not all(ADDRESS.fullmatch(one) for one in (sender, *to)):
        raise NoWay(f"{MAIL}: an address of from= or to= is none, or has other signs than ASCII; each must be like kho@example.vn.")
    if user and security == "none" and host not in AT_HOME:
        raise NoWay(f"{MAIL} would send a password in clear over a network: leave tls=no out.")
    return Mail(
        host, url.port or (465 if security == "tls" else 587 if security == "starttls" else 25), security, user, password, sender, to
    )
