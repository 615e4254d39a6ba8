"""Messages over an HTTP gateway: one JSON POST each, under an Idempotency-Key."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from urllib.parse import urlsplit

from ampera.delivery.ports import AnswerLost, Message, Rejected, Unreachable

SECONDS_MAX = 20


class HttpMessenger:
    """Posts `{channel, to, subject, text}`. The gateway answers 2xx once it has taken it over.

    The key stands in `Idempotency-Key`: after a lost answer the same message may be sent again.
    """

    knows_keys = True
    channels = frozenset({"email", "phone"})

    def __init__(self, address: str, *, token: str = "") -> None:
        self._parts, self._token = urlsplit(address), token

    def send(self, message: Message) -> None:
        """Raises Unreachable, AnswerLost or Rejected; a 409 or 429 or 5xx may be tried again."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(message.key.encode()).hexdigest(),
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = {
            "channel": message.channel,
            "to": message.address,
            "subject": message.subject,
            "text": message.text,
        }
        status = self._post(json.dumps(body).encode(), headers)
        if 200 <= status < 300:
            return
        if status >= 500 or status in (408, 409, 425, 429):
            raise Unreachable(f"the gateway said {status}")
        raise Rejected(f"the gateway said {status}")

    def _post(self, body: bytes, headers: dict[str, str]) -> int:  # positional: a pair
        connection = self._connection()
        try:
            try:
                connection.connect()
            except OSError as error:
                raise Unreachable("the gateway does not answer") from error
            query = f"?{self._parts.query}" if self._parts.query else ""
            path = f"{self._parts.path or '/'}{query}"
            try:
                connection.request("POST", path, body=body, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                raise AnswerLost("the answer of the gateway was lost") from error
            return answer.status
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=SECONDS_MAX, context=context)
        return http.client.HTTPConnection(host, port, timeout=SECONDS_MAX)
