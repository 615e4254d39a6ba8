"""Sealed packets: a capture on its way up, a print packet on its way down. Bytes in, bytes out.

Inside the seal is a plain tar archive whose first member is `manifest.json` with the hash, size
and media type of every other: `age -d | tar x` opens it without Ampera. Nothing of it is ever
written in clear.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ampera.enrolment.ports import Sealer
from ampera.enrolment.rules.capture import IMAGE_BYTES_MAX, IMAGES, PORTRAIT
from ampera.enrolment.rules.printed import PrintedFields
from ampera.journal.entry import canonical
from ampera.words.refusal import Refusal

FORMAT: Final = "ampera-packet/1"
CENTRE_KEYS: Final = 2
#: All images at their largest, with room for the manifest and the archive's own blocks.
PLAIN_BYTES_MAX: Final = len(IMAGES) * IMAGE_BYTES_MAX + 100_000

_MANIFEST: Final = "manifest.json"
_FIELDS: Final = "fields.json"
_BEGINS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xa0", "image/x-wsq"),
    (b"\x00\x00\x00\x0cjP", "image/jp2"),
)


@dataclass(frozen=True, slots=True)
class CapturePacket:
    """What a capture packet holds, opened in memory."""

    enrolment: str
    station: str
    images: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintPacket:
    """What an attempt needs to print one card, opened in memory for that attempt only.

    Minutiae are absent: nothing here extracts them yet. The hashes of the finger images stand in
    their place, so that a chip's content can be told from another person's.
    """

    enrolment: str
    mandate: str
    version: str
    printed: PrintedFields
    portrait: bytes = field(repr=False)
    signature: bytes | None = field(repr=False)  #: None where an exception stands for it
    finger_sha256: Mapping[str, str] = field(repr=False)


def sha256_of(data: bytes) -> str:
    """As packets and versions name bytes: lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def seal_capture(
    images: Mapping[str, bytes],
    *,
    enrolment: str,
    station: str,
    sealer: Sealer,
    recipients: Sequence[str],
) -> bytes:
    """Seal the images of one capture to the two keys of the centre."""
    assert len(set(recipients)) == CENTRE_KEYS, "a capture is sealed to two keys of the centre"
    about = {"kind": "capture", "enrolment": enrolment, "station": station}
    return sealer.seal(_pack(images, about=about), recipients=recipients)


def open_capture(
    sealed: bytes, *, sealer: Sealer, identities: Sequence[str]
) -> CapturePacket | Refusal:
    """Open and verify a capture packet. Refuses enrolment.packet_unreadable."""
    opened = _opened(sealed, kind="capture", sealer=sealer, identities=identities)
    if isinstance(opened, Refusal):
        return opened
    about, files = opened
    try:
        return CapturePacket(str(about["enrolment"]), str(about["station"]), files)
    except KeyError:
        return Refusal("enrolment.packet_unreadable")


def make_print_packet(
    capture: CapturePacket,
    *,
    printed: PrintedFields,
    mandate: str,
    sealer: Sealer,
    recipient: str,
) -> bytes:
    """At the centre: what the mandate's dinas, and after it the permit's holder, needs for the
    print."""
    about = {
        "kind": "print",
        "enrolment": capture.enrolment,
        "mandate": mandate,
        "version": printed.version(portrait_sha256=sha256_of(capture.images[PORTRAIT])),
        "minutiae": None,
        "fingers": {
            name: sha256_of(image)
            for name, image in sorted(capture.images.items())
            if name.startswith("finger_")
        },
    }
    files = {
        name: capture.images[name] for name in (PORTRAIT, "signature") if name in capture.images
    }
    files[_FIELDS] = canonical(printed.as_body())
    return sealer.seal(_pack(files, about=about), recipients=[recipient])


def reseal(
    sealed: bytes, *, sealer: Sealer, identities: Sequence[str], recipient: str
) -> bytes | Refusal:
    """At the dinas: the same print packet for the permit's holder. Never in clear on the way."""
    opened = open_print_packet(sealed, sealer=sealer, identities=identities)
    if isinstance(opened, Refusal):
        return opened
    plain = sealer.open(sealed, identities=identities)
    assert plain is not None, "it was opened a moment ago"
    return sealer.seal(plain, recipients=[recipient])


def open_print_packet(
    sealed: bytes, *, sealer: Sealer, identities: Sequence[str]
) -> PrintPacket | Refusal:
    """Open a print packet in memory. Its version is computed anew: a changed field is found."""
    opened = _opened(sealed, kind="print", sealer=sealer, identities=identities)
    if isinstance(opened, Refusal):
        return opened
    about, files = opened
    try:
        printed = PrintedFields.from_body(json.loads(files[_FIELDS]))
        packet = PrintPacket(
            enrolment=str(about["enrolment"]),
            mandate=str(about["mandate"]),
            version=str(about["version"]),
            printed=printed,
            portrait=files[PORTRAIT],
            signature=files.get("signature"),
            finger_sha256=dict(about["fingers"]),
        )
    except (KeyError, ValueError, TypeError):
        return Refusal("enrolment.packet_unreadable")
    if printed.version(portrait_sha256=sha256_of(packet.portrait)) != packet.version:
        return Refusal("enrolment.packet_unreadable")
    return packet


def _pack(files: Mapping[str, bytes], *, about: Mapping[str, Any]) -> bytes:
    manifest = {
        "format": FORMAT,
        **about,
        "files": [
            {"name": name, "sha256": sha256_of(data), "size": len(data), "media_type": _media(data)}
            for name, data in sorted(files.items())
        ],
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in [(_MANIFEST, canonical(manifest)), *sorted(files.items())]:
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def _opened(
    sealed: bytes, *, kind: str, sealer: Sealer, identities: Sequence[str]
) -> tuple[Mapping[str, Any], dict[str, bytes]] | Refusal:
    plain = sealer.open(sealed, identities=identities)
    if plain is None or len(plain) > PLAIN_BYTES_MAX:
        return Refusal("enrolment.packet_unreadable")
    try:
        files = _unpacked(plain)
        manifest = json.loads(files.pop(_MANIFEST))
        if manifest["format"] != FORMAT or manifest["kind"] != kind:
            return Refusal("enrolment.packet_unreadable")
        listed = {row["name"]: (row["sha256"], row["size"]) for row in manifest["files"]}
    except (tarfile.TarError, KeyError, ValueError, TypeError, AttributeError):
        return Refusal("enrolment.packet_unreadable")
    found = {name: (sha256_of(data), len(data)) for name, data in files.items()}
    return (manifest, files) if found == listed else Refusal("enrolment.packet_unreadable")


def _unpacked(plain: bytes) -> dict[str, bytes]:
    """Members by name, all in memory.

    Raises ValueError for a repeated name or anything but a file.
    """
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
        for member in archive:
            part = archive.extractfile(member) if member.isreg() else None
            if part is None or member.name in found:
                raise ValueError("a packet holds files, each once")
            found[member.name] = part.read()
    return found


def _media(data: bytes) -> str:
    for begins, media in _BEGINS:
        if data.startswith(begins):
            return media
    return "application/octet-stream"
