"""How a notice goes out: a JSON document by POST, or a mail by SMTP; what of it may be said, and whether what failed may have arrived.

What does not belong here: how an address is read (notices_addresses.py), what a notice says (notices_said.py), and to whom what was sent already (notices.py).
"""

import http.client
import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import SplitResult

from pipeline.surfaces.notices_time import TimeUp, within

SECONDS = 20  # of each wait for the other side
NO_NUMBER = "what answers is no mail server"
IN_ALL = 30.0  # seconds for one notice: a load waits for it


class NotSent(Exception):
    """It did not arrive, and may be sent again. The words hold no secret, and nothing that the other side said but its number."""


class Unknown(Exception):
    """It was handed over, and nobody said whether it arrived: sent again it might come twice."""


class TooSlow(Unknown):
    """The same, for its time was up: the next would take as long."""


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
            raise NotSent(f"{self}: {_kind(error)}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(f"{self} took it and did not answer ({_kind(error)})") from None
        if code < 0:  # all was handed over, and what came back has no number
            raise Unknown(f"{self} took it and did not answer ({NO_NUMBER})")
        if code != 250:
            raise NotSent(f"{self}: the server answered {code}")


Way = Webhook | Mail


def composed(way: Way, notice: dict[str, Any]) -> Callable[[], None]:
    """What sends it: all that can fail before somebody is asked has been done. Raises NotComposed; what it returns NotSent, Unknown, TooSlow."""
    try:
        made: Any = way.composed(notice)
    except Exception as error:  # its words may quote the notice, or the addresses
        raise NotComposed(f"{way}: it cannot be written ({type(error).__name__})") from None

    def send() -> None:
        try:
            within(IN_ALL, lambda hand_over: way.send(made, hand_over))
        except TimeUp as error:
            if error.is_handed_over:
                raise TooSlow(f"{way} took it and did not answer within {IN_ALL:g} seconds") from None
            raise NotSent(f"{way} did not answer within {IN_ALL:g} seconds") from None

    return send


def _kind(error: BaseException) -> str:
    """What went wrong, by the numbers and names of the system: an exception's own words may quote an address or an answer."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code}" if error.smtp_code > 0 else NO_NUMBER
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    return type(error).__name__
