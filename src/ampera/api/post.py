"""The endpoints of the post. Adapters only: who signed this, is it meant for us, pass it on.

Every request but a join is signed (RFC 9421) and its path names sender and addressee. What is
refused comes back as an RFC 9457 problem with the code of the refusal.
"""

from __future__ import annotations

import json
from typing import Final

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ampera.journal.house import house
from ampera.journal.incarnations import known_key
from ampera.sync.answering import handle, may_speak
from ampera.sync.encoding import (
    MESSAGE_BYTES_MAX,
    GarbledError,
    decode_question,
    encode,
    pack,
    unpack,
)
from ampera.sync.joining import answer_join
from ampera.sync.packets import PacketStore, is_digest
from ampera.sync.ports import ports
from ampera.sync.protocol.messages import Answer, Join, No, Refused, Speaker
from ampera.sync.signing import RequestSeen, who_signed
from ampera.words.refusal import Refusal

HAVE: Final = "X-Ampera-Have"
HASH: Final = "X-Ampera-Hash"


@csrf_exempt  # signed, and no browser sends this
@require_http_methods(["POST"])
def exchange(request: HttpRequest, sender: str, addressee: str) -> HttpResponse:
    """One question of the server below and its answer."""
    body = _body(request)
    if isinstance(body, Refusal):
        return _problem(body)
    speaker = _speaker(request, body, sender)
    if isinstance(speaker, Refusal):
        return _problem(speaker)
    if addressee != str(house().code):
        return _problem(Refusal("post.wrong_addressee", office=addressee))
    try:
        question = decode_question(unpack(body))
    except GarbledError as error:
        return _problem(Refusal("post.garbled", why=str(error)[:80]))
    answer = handle(question, speaker=speaker)
    if isinstance(answer, No):
        return _problem_of(answer.refused)
    return _message(request, answer)


@csrf_exempt  # proved by the one-time code
@require_http_methods(["POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Admit a server below by its one-time code. The only request without a signature."""
    body = _body(request)
    if isinstance(body, Refusal):
        return _problem(body)
    try:
        question = decode_question(unpack(body, bytes_max=64 * 1024))
    except GarbledError as error:
        return _problem(Refusal("post.garbled", why=str(error)[:80]))
    if not isinstance(question, Join):
        return _problem(Refusal("post.garbled", why="not a join"))
    answer = answer_join(question)
    if isinstance(answer, Refusal):
        return _problem(answer)
    return _message(request, answer)


@csrf_exempt
@require_http_methods(["HEAD", "PUT"])
def packet(request: HttpRequest, sender: str, digest: str) -> HttpResponse:
    """HEAD tells how many bytes of a sealed packet lie here; PUT adds some at an offset."""
    body = _child_body(request, sender)
    if isinstance(body, Refusal):
        return _problem(body)
    folder = ports().packets_folder
    if folder is None or not is_digest(digest):
        return _problem(Refusal("post.nothing_here", what="tempat paket"))
    store = PacketStore(folder)
    have: int | Refusal = store.size(digest)
    if request.method == "PUT":
        offset, size = _number(request, "offset"), _number(request, "size")
        if offset is None or size is None:
            return _problem(Refusal("post.garbled", why="offset and size"))
        have = store.add(digest, offset=offset, size=size, chunk=body)
    if isinstance(have, Refusal):
        return _problem(have)
    return HttpResponse(headers={HAVE: str(have)})


@csrf_exempt
@require_http_methods(["GET"])
def print_packet(request: HttpRequest, sender: str, digest: str) -> HttpResponse:
    """A sealed print packet, for the office that it is meant for."""
    no = _child_body(request, sender)
    if isinstance(no, Refusal):
        return _problem(no)
    data = None
    if is_digest(digest):
        data = ports().print_packet(Speaker.read(f"{sender}@0").office, digest)
    if data is None:
        return _problem(Refusal("post.nothing_here", what="paket cetak"))
    return HttpResponse(data, content_type="application/octet-stream")


@csrf_exempt
@require_http_methods(["GET"])
def snapshot(request: HttpRequest, sender: str) -> HttpResponse:
    """The newest snapshot for the asking office; 204 when it has that one."""
    no = _child_body(request, sender)
    if isinstance(no, Refusal):
        return _problem(no)
    found = ports().snapshot(Speaker.read(f"{sender}@0").office)
    if found is None:
        return _problem(Refusal("post.nothing_here", what="salinan data"))
    if request.GET.get("have") == found.hash:
        return HttpResponse(status=204, headers={HASH: found.hash})
    return HttpResponse(
        found.data, content_type="application/octet-stream", headers={HASH: found.hash}
    )


def _child_body(request: HttpRequest, sender: str) -> bytes | Refusal:
    """The body of a signed request of an open life of a direct child."""
    body = _body(request)
    if isinstance(body, Refusal):
        return body
    speaker = _speaker(request, body, sender)
    if isinstance(speaker, Refusal):
        return speaker
    return may_speak(speaker) or body


def _body(request: HttpRequest) -> bytes | Refusal:
    """The bytes as they came. Never more than a message may hold, whatever the header says."""
    try:
        body = request.read(MESSAGE_BYTES_MAX + 1)
    except UnreadablePostError:
        return Refusal("post.garbled", why="cut off")
    if len(body) > MESSAGE_BYTES_MAX:
        return Refusal("post.too_large", limit=MESSAGE_BYTES_MAX)
    assert isinstance(body, bytes)
    return body


def _speaker(request: HttpRequest, body: bytes, sender: str) -> Speaker | Refusal:
    unknown: list[str] = []

    def public_key_of(speaker: Speaker) -> str | None:
        key = known_key(speaker.office, number=speaker.incarnation)
        if key is None:
            unknown.append(str(speaker))
            return None
        return key.public_key

    query = request.META.get("QUERY_STRING", "")
    target = request.path + (f"?{query}" if query else "")
    seen = RequestSeen(request.method or "", target, dict(request.headers.items()))
    speaker = who_signed(seen, body=body, public_key_of=public_key_of)
    if unknown:
        return Refusal("post.unknown_server", office=unknown[0])
    if isinstance(speaker, Speaker) and str(speaker.office) != sender:
        return Refusal("post.not_signed", why="the path names another sender")
    return speaker


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _message(request: HttpRequest, answer: Answer) -> HttpResponse:
    data = encode(answer)
    response = HttpResponse(content_type="application/json")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        data = pack(data)
        if data[:2] == b"\x1f\x8b":
            response["Content-Encoding"] = "gzip"
    response.content = data
    return response


def _problem(no: Refusal) -> HttpResponse:
    return _problem_of(Refused(no.code, dict(no.facts)))


def _problem_of(refused: Refused) -> HttpResponse:
    """RFC 9457: for a person `title` and `detail`, for a machine `code` and `facts`."""
    no = Refusal(refused.code, **refused.facts)
    row = {
        "type": f"urn:ampera:refusal:{no.code}",
        "title": no.text("en"),
        "detail": no.text("id"),
        "status": no.status,
        "code": no.code,
        "facts": dict(no.facts),
    }
    return HttpResponse(
        json.dumps(row, ensure_ascii=False),
        status=no.status,
        content_type="application/problem+json",
    )
