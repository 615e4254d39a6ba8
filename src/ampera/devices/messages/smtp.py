"""Messages over a mail server (RFC 5321). A mail server knows no keys: what it may have taken over
is not sent again."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from ampera.delivery.ports import AnswerLost, Message, Rejected, Unreachable

SECONDS_MAX = 20
#: From here on a mail server says never (RFC 5321 §4.2.1); below, later.
_NEVER = 500


class SmtpMessenger:
    """Sends over one connection a message."""

    knows_keys = False
    channels = frozenset({"email"})

    def __init__(
        self,
        host: str,
        *,
        port: int,
        sender: str,
        login: tuple[str, str] = ("", ""),
        has_tls: bool = True,
        is_wrapped: bool = False,
    ) -> None:
        self._server, self._sender, self._login = (host, port), sender, login
        self._has_tls, self._is_wrapped = has_tls, is_wrapped

    def send(self, message: Message) -> None:
        """Returns when the mail server answered 250 to the whole message.

        Raises Unreachable before anything was handed over, Rejected for good, AnswerLost when the
        connection ended between the message and the answer to it.
        """
        mail = self._mail(message)
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable("the mail server does not answer") from error
        try:
            self._hand_over(server, mail, message.address)
        finally:
            server.close()

    def _hand_over(  # positional: one message over one connection
        self, server: smtplib.SMTP, mail: EmailMessage, address: str
    ) -> None:
        for step in (lambda: server.mail(self._sender), lambda: server.rcpt(address)):
            try:
                code, _ = step()
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable("the mail server went away") from error
            _judge(code)
        try:
            code, _ = server.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:  # DATA itself was refused: nothing was sent
            _judge(error.smtp_code)
            raise Unreachable("the mail server takes nothing now") from error
        except (OSError, smtplib.SMTPException) as error:
            raise AnswerLost("the answer of the mail server was lost") from error
        _judge(code)

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server
        if self._is_wrapped:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=SECONDS_MAX, context=context
            )
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS_MAX)
        server.ehlo_or_helo_if_needed()
        if self._has_tls and not self._is_wrapped:
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if self._login[0]:
            server.login(*self._login)
        return server

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, message.address
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(localtime())
        # The same at every try, so that a mail server that looks sees a second one.
        name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _judge(code: int) -> None:
    if code >= _NEVER:
        raise Rejected(f"the mail server said {code}")
    if code >= 400:
        raise Unreachable(f"the mail server said {code}")
