"""Signed requests: RFC 9421 over method, path, query and body digest, with an Ed25519 key.

The library verifies whatever components a signature happens to cover and refuses clocks that are
ten seconds ahead; here all four components are required and no clock decides: marks make a replay
harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from ampera.journal.keys import ServerKey
from ampera.sync.protocol.messages import Speaker
from ampera.words.refusal import Refusal

TAG: Final = "ampera-post"
COMPONENTS: Final = ("@method", "@path", "@query", "content-digest")


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """What of a request is signed. `target` is path and query as they stand in the request line."""

    method: str
    target: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        # Neither scheme nor host is covered: a proxy may change both, and the path names the
        # addressee.
        return f"http://post{self.target}"


class _OwnKey(HTTPSignatureKeyResolver):
    def __init__(self, key: ServerKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Any:
        return self._key.private


class _KeysOf(HTTPSignatureKeyResolver):
    def __init__(self, public_key_of: Callable[[Speaker], str | None]) -> None:
        self._public_key_of = public_key_of

    def resolve_public_key(self, key_id: str) -> Any:
        public_hex = self._public_key_of(Speaker.read(key_id))
        if public_hex is None:
            return None
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex))


class _Verifier(HTTPMessageVerifier):
    require_created = False

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """No clock decides: an office whose battery is empty must still be heard."""


def sign(request: RequestSeen, *, body: bytes, key: ServerKey, speaker: Speaker) -> None:
    """Add Content-Digest, Signature-Input and Signature to the request's headers."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OwnKey(key))
    signer.sign(
        request,
        key_id=str(speaker),
        created=datetime.now(UTC),
        tag=TAG,
        label="ampera",
        covered_component_ids=COMPONENTS,
        body=body,
    )


def who_signed(
    request: RequestSeen, *, body: bytes, public_key_of: Callable[[Speaker], str | None]
) -> Speaker | Refusal:
    """The speaker whose key signed method, path, query and the digest of exactly this body."""
    verifier = _Verifier(
        signature_algorithm=algorithms.ED25519, key_resolver=_KeysOf(public_key_of)
    )
    try:
        results = verifier.verify(
            request, max_age=None, expect_tag=TAG, require_components=COMPONENTS
        )
        if len(results) != 1:
            return Refusal("post.not_signed", why="more than one signature")
        covered: Mapping[str, str] = results[0].covered_components
        # The digest is checked here and not left to the library: it would let an empty body pass.
        ContentDigest.verify(covered['"content-digest"'], body)
        return Speaker.read(str(results[0].parameters["keyid"]))
    except InvalidSignature as error:
        return Refusal("post.not_signed", why=str(error)[:120])
    # What the library raises for headers that are no structured fields at all.
    except (ValueError, KeyError, TypeError) as error:
        return Refusal("post.not_signed", why=type(error).__name__)
