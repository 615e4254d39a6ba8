"""Ways out for messages to residents: a folder of files, a mail server, an HTTP gateway.

Chosen by a setting: `make_messenger("file:/path")`, `"smtp://host:25?from=…"`, `"https://host/send"`.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ampera.delivery.ports import Messenger
from ampera.devices.messages.file import FileMessenger
from ampera.devices.messages.http import HttpMessenger
from ampera.devices.messages.smtp import SmtpMessenger

__all__ = ["FileMessenger", "HttpMessenger", "SmtpMessenger", "make_messenger"]


def make_messenger(address: str, *, token: str = "") -> Messenger | None:
    """The way out that a setting names; None for an empty one: nothing is sent.

    Raises ValueError for an address that is none of the three, or speaks http in clear to another
    machine: an address of a resident goes over it.
    """
    if not address:
        return None
    parts = urlsplit(address)
    host = parts.hostname or ""
    is_here = host in ("127.0.0.1", "::1", "localhost")
    match parts.scheme:
        case "file":
            return FileMessenger(Path(parts.path))
        case "smtp" | "smtps" if host:
            sender = parse_qs(parts.query).get("from", [""])[0]
            if "@" not in sender:
                raise ValueError("smtp needs a sender: smtp://host:25?from=ktp@kota.example")
            return SmtpMessenger(
                host,
                port=parts.port or (465 if parts.scheme == "smtps" else 25),
                sender=sender,
                login=(parts.username or "", token),
                has_tls=not is_here,
                is_wrapped=parts.scheme == "smtps",
            )
        case "https" | "http" if host:
            if parts.scheme == "http" and not is_here:
                raise ValueError("messages go over https, or to this very machine")
            return HttpMessenger(address, token=token)
    raise ValueError("messages go to file:, smtp:, smtps:, https:, or http: on this machine")
