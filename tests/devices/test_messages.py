"""Messages over a real mail server, a real HTTP gateway and a folder: taken once, lost, refused."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ampera.delivery.ports import AnswerLost, Message, Rejected, Unreachable
from ampera.devices.messages import FileMessenger, HttpMessenger, SmtpMessenger, make_messenger

READY = Message(
    key="ready:crd_1",
    channel="email",
    address="warga@contoh.example",
    subject="KTP-el Anda siap diambil",
    text="KTP-el atas nama S*** siap diambil.",
)
SENDER = "ktp@kota.example"


class MailServer(socketserver.ThreadingTCPServer):
    """As much of RFC 5321 as a message needs. `says`: answers to commands, by their first word."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailTalk)
        self.mails: list[str] = []
        self.says: dict[str, str] = {}
        self.hangs_up_after_data = False


class _MailTalk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 kota.example")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word in self.server.says:
                self._say(self.server.says[word])
            elif word == "DATA":
                if not self._take():
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        self.server.mails.append("".join(lines))
        if self.server.hangs_up_after_data:
            return False
        self._say(self.server.says.get("END", "250 taken"))
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Gateway(ThreadingHTTPServer):
    """Takes messages over under their keys; may drop its answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _GatewayTalk)
        self.taken: dict[str, Any] = {}
        self.seen: list[dict[str, str]] = []
        self.drops = 0
        self.status = 202


class _GatewayTalk(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(dict(self.headers))
        if self.server.status < 300:
            self.server.taken.setdefault(self.headers["Idempotency-Key"], body)
        if self.server.drops:
            self.server.drops -= 1
            self.connection.close()
            return
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def running(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture
def mail():
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def gateway():
    with running(Gateway()) as server:
        yield server


def by_mail(server) -> SmtpMessenger:
    port = server.server_address[1]
    return SmtpMessenger("127.0.0.1", port=port, sender=SENDER, has_tls=False)


def by_http(server, **more) -> HttpMessenger:
    return HttpMessenger(f"http://127.0.0.1:{server.server_address[1]}/send?v=1", **more)


def test_a_mail_carries_the_words_and_one_id_for_its_key(mail):
    by_mail(mail).send(READY)
    by_mail(mail).send(READY)
    first, second = mail.mails
    assert "Subject: KTP-el Anda siap diambil" in first
    assert "To: warga@contoh.example" in first
    assert "siap diambil." in first

    def of(mail):
        return next(line for line in mail.splitlines() if line.startswith("Message-ID"))

    assert of(first) == of(second)
    assert of(first).endswith("@kota.example>")


@pytest.mark.parametrize(
    ("word", "answer", "error"),
    [
        ("RCPT", "550 nobody of that name", Rejected),
        ("RCPT", "451 later", Unreachable),
        ("MAIL", "421 full", Unreachable),
        ("DATA", "554 no", Rejected),
        ("DATA", "451 later", Unreachable),
        ("END", "552 too much", Rejected),
        ("END", "452 later", Unreachable),
    ],
)
def test_what_a_mail_server_refuses_is_told_apart(mail, word, answer, error):
    mail.says[word] = answer
    with pytest.raises(error):
        by_mail(mail).send(READY)


def test_a_mail_server_that_hangs_up_after_the_message_leaves_a_doubt(mail):
    mail.hangs_up_after_data = True
    with pytest.raises(AnswerLost):
        by_mail(mail).send(READY)


def test_no_mail_server_means_nothing_was_taken(mail):
    messenger = by_mail(mail)
    mail.server_close()
    mail.shutdown()
    with pytest.raises(Unreachable):
        messenger.send(READY)


def test_a_gateway_is_told_the_key_at_every_try(gateway):
    gateway.drops = 2
    messenger = by_http(gateway, token="rahasia-contoh")
    for _ in range(2):
        with pytest.raises(AnswerLost):
            messenger.send(READY)
    messenger.send(READY)
    assert len(gateway.taken) == 1
    assert len({each["Idempotency-Key"] for each in gateway.seen}) == 1
    assert gateway.seen[0]["Authorization"] == "Bearer rahasia-contoh"
    (body,) = gateway.taken.values()
    assert body["to"] == "warga@contoh.example"


@pytest.mark.parametrize(
    ("status", "error"), [(400, Rejected), (429, Unreachable), (503, Unreachable)]
)
def test_what_a_gateway_refuses_is_told_apart(gateway, status, error):
    gateway.status = status
    with pytest.raises(error):
        by_http(gateway).send(READY)


def test_no_gateway_means_nothing_was_taken():
    with pytest.raises(Unreachable):
        HttpMessenger("http://127.0.0.1:9/").send(READY)


def test_a_folder_holds_one_file_a_key(tmp_path):
    messenger = FileMessenger(tmp_path / "out")
    messenger.send(READY)
    messenger.send(READY)
    (file,) = (tmp_path / "out").iterdir()
    assert json.loads(file.read_text())["to"] == "warga@contoh.example"
    assert file.stat().st_mode & 0o077 == 0
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    with pytest.raises(Unreachable):
        FileMessenger(blocked / "in").send(READY)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("file:/srv/pesan", FileMessenger),
        ("smtp://mail.example:25?from=ktp@kota.example", SmtpMessenger),
        ("smtps://mail.example?from=ktp@kota.example", SmtpMessenger),
        ("https://sms.example/send", HttpMessenger),
        ("http://127.0.0.1:8025/send", HttpMessenger),
    ],
)
def test_a_setting_names_the_way_out(address, kind):
    assert isinstance(make_messenger(address), kind)


@pytest.mark.parametrize(
    "address", ["ftp://x", "smtp://mail.example", "http://sms.example/", "https:///x", "pesan"]
)
def test_a_setting_that_names_no_safe_way_is_refused(address):
    with pytest.raises(ValueError, match=r"messages|smtp"):
        make_messenger(address)


def test_without_a_setting_nothing_is_sent():
    assert make_messenger("") is None
