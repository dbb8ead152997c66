"""A mail server of our own for tests: SMTP with STARTTLS, TLS and logins, which keeps what it was sent and fails where it is told to. And its certificate.

What does not belong here: what a test asks of it.
"""

import base64
import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1, which vouches for itself, and its key: (certificate, both)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM)
    alone, both = folder / "certificate.pem", folder / "both.pem"
    alone.write_bytes(pem)
    both.write_bytes(pem + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return alone, both


@dataclass
class Mails:
    """What a server is to do, and what came."""

    port: int = 0
    fails: dict[str, str] = field(default_factory=dict)  # command → its answer; "" ends the connection without one
    has_tls: bool = True
    came: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # commands, as they came


@contextmanager
def mail_server(both: Path, from_the_first_byte: bool = False) -> Iterator[Mails]:
    """Listens on a port of its own until the end."""
    mails = Mails()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(both)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.link, self.is_sealed, self.mail = self.request, from_the_first_byte, {"login": None}
            try:
                if from_the_first_byte:
                    self.link = tls.wrap_socket(self.link, server_side=True)
                self.file = self.link.makefile("rb")
                self.answer("220 here")
                while line := self.file.readline():
                    if not self.do(line.decode().strip()):
                        return
            except (OSError, ValueError):
                return

        def answer(self, text: str) -> bool:
            self.link.sendall(f"{text}\r\n".encode())
            return True

        def do(self, line: str) -> bool:
            word = line.split()[0].upper() if line.split() else ""
            mails.said.append(line)
            if word in mails.fails:
                return bool(mails.fails[word]) and self.answer(mails.fails[word])
            if word == "EHLO":
                offers = ["250-here", *(["250-STARTTLS"] if mails.has_tls and not self.is_sealed else []), "250 AUTH PLAIN LOGIN"]
                return self.answer("\r\n".join(offers))
            if word == "STARTTLS":
                self.answer("220 go on")
                self.link, self.is_sealed = tls.wrap_socket(self.link, server_side=True), True
                self.file = self.link.makefile("rb")
                return True
            if word == "AUTH":
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                self.mail["login"] = (user, password)
                return self.answer("235 welcome" if password == "pass/word" else "535 no")
            if word == "DATA":
                self.answer("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.file.readline()
                if "." in mails.fails:
                    return bool(mails.fails["."]) and self.answer(mails.fails["."])
                mails.came.append(self.mail | {"text": text, "is_sealed": self.is_sealed})
                return self.answer("250 taken")
            if word == "QUIT":
                self.answer("221 bye")
                return False
            if word in ("MAIL", "RCPT"):
                self.mail.setdefault(word, []).append(line.split(":", 1)[1])
            return self.answer("250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        mails.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield mails
        server.shutdown()
