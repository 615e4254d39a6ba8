"""Draws the card of a permit from its print packet, in memory, for one attempt only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ampera.enrolment.actions import read_print_packet
from ampera.enrolment.ports.packets import PrintPacket
from ampera.papers.card import CardFace, CardFaceError, card_face, card_picture
from ampera.papers.fonts import UnprintableText
from ampera.readiness.queries import permit_seen
from ampera.register.queries import local_day
from ampera.tiers.print_packets import fetch_anew, packet_of
from ampera.words.nik import Nik
from ampera.words.refusal import Refusal


def packet_for(permit: str) -> PrintPacket | Refusal:
    """The print packet of a permit, opened in memory: only the version that the permit names."""
    seen = permit_seen(permit)
    name = packet_of(seen) if seen is not None else None
    if seen is None or name is None:
        return Refusal("enrolment.packet_missing")
    packet = read_print_packet(name)
    if isinstance(packet, Refusal):
        fetch_anew(seen, why=packet)
        return packet
    if packet.version != seen.version:
        return Refusal("enrolment.packet_unreadable")
    return packet


def render(permit: str) -> bytes | Refusal:
    """The PDF of that card. No print packet, no print; and only the version that the permit names.

    Always a SPESIMEN: this release is provisioned for no production office.
    """
    return _drawn(permit, card_face)


def picture(permit: str) -> bytes | Refusal:
    """The same face as an SVG picture, to be held against the card that came out."""
    return _drawn(permit, card_picture)


def _drawn(  # positional: a permit and what draws its card
    permit: str, draw: Callable[[CardFace], bytes]
) -> bytes | Refusal:
    packet = packet_for(permit)
    if isinstance(packet, Refusal):
        return packet
    try:
        return draw(_face(packet))
    except CardFaceError as no:
        return no.refusal
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _face(packet: PrintPacket) -> CardFace:
    told = packet.printed
    return CardFace(
        provinsi=told.provinsi,
        kabkota=told.kabkota,
        nik=Nik(told.nik),
        nama=told.nama,
        tempat_lahir=told.tempat_lahir,
        tanggal_lahir=date.fromisoformat(told.tanggal_lahir),
        jenis_kelamin=told.jenis_kelamin,
        golongan_darah=told.golongan_darah,
        alamat=told.alamat,
        rt=told.rt,
        rw=told.rw,
        kelurahan=told.kelurahan,
        kecamatan=told.kecamatan,
        agama=told.agama,
        status_perkawinan=told.status_perkawinan,
        pekerjaan=told.pekerjaan,
        kewarganegaraan=told.kewarganegaraan,
        berlaku_hingga=told.berlaku_hingga,
        portrait=packet.portrait,
        signature=packet.signature,
        issued_in=told.kabkota,
        issued_on=local_day(),
        is_specimen=True,
    )
