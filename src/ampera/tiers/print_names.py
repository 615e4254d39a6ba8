"""`GET /post/<sender>/print-names/<about>`: which print packet is mine? Signed as all post."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ampera.journal.incarnations import known_key
from ampera.sync.answering import may_speak
from ampera.sync.http import HttpLink
from ampera.sync.link import Garbled, Rejected
from ampera.sync.packets import is_digest
from ampera.sync.protocol.messages import Speaker
from ampera.sync.signing import RequestSeen, who_signed
from ampera.tiers.print_packets import name_for
from ampera.words.refusal import Refusal


@require_GET
def print_name(request: HttpRequest, sender: str, about: str) -> HttpResponse:
    """The name of the asking office's packet; 404 when there is none, whyever."""
    speaker = _speaker(request)
    if isinstance(speaker, Refusal) or str(speaker.office) != sender:
        return _problem(Refusal("post.not_signed", why="GET print-names"))
    if (no := may_speak(speaker)) is not None:
        return _problem(no)
    name = name_for(speaker.office, about=about)
    if name is None:
        return _problem(Refusal("post.nothing_here", what="paket cetak"))
    return HttpResponse(json.dumps({"packet": name}), content_type="application/json")


def _speaker(request: HttpRequest) -> Speaker | Refusal:
    def public_key_of(speaker: Speaker) -> str | None:
        key = known_key(speaker.office, number=speaker.incarnation)
        return None if key is None else key.public_key

    seen = RequestSeen("GET", request.get_full_path(), dict(request.headers.items()))
    return who_signed(seen, body=b"", public_key_of=public_key_of)


def _problem(no: Refusal) -> HttpResponse:
    row = {"code": no.code, "facts": dict(no.facts), "status": no.status, "detail": no.text("id")}
    return HttpResponse(json.dumps(row), status=no.status, content_type="application/problem+json")


class NamingLink(HttpLink):
    """An `HttpLink` that can also ask which print packet belongs to a permit or mandate, and how
    the server above is."""

    def health(self) -> dict[str, Any]:
        """What `/healthz` says above. Raises LinkErrors."""
        try:
            told: dict[str, Any] = json.loads(
                self._request("GET", "/healthz", is_signed=False).body
            )
        except ValueError:
            raise Garbled("no health") from None
        return told

    def print_packet_name(self, about: str) -> str | None:
        """None when the tier above has none for us, or not yet. Raises LinkErrors."""
        target = f"/post/{self._me().office}/print-names/{about}"
        try:
            reply = self._request("GET", target, is_signed=True)
        except Rejected:
            return None
        try:
            name = str(json.loads(reply.body)["packet"])
        except (ValueError, KeyError, TypeError):
            raise Garbled("no name of a packet") from None
        if not is_digest(name):
            raise Garbled("no name of a packet")
        return name
