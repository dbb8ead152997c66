"""The settings that say where notices go, read and checked: before anything is made, and without a word of theirs in what is said of them.

What does not belong here: sending (notices_ways.py).
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.surfaces.notices_ways import Mail, Way, Webhook

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
