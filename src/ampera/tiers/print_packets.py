"""Print packets on their way down: which one belongs to which permit, and who may have it.

The entry of a mandate or permit cannot name a packet that is sealed only when its holder asks for
it. So the holder asks the tier above by permit (a dinas: by mandate and enrolment), hears the
packet's name, fetches the bytes by that name, and notes the name here.
"""

from __future__ import annotations

from typing import Final

from ampera.enrolment.actions import (
    drop_passed_packet,
    drop_print_packet,
    give_print_packet,
    pass_print_packet,
)
from ampera.enrolment.ports import room
from ampera.enrolment.queries import enrolments_of
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.marks import drop_mark, put_mark, read_mark
from ampera.journal.queries import entries_about
from ampera.readiness.queries import PermitSeen, PermitState, open_permits, permit_seen
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_WANT: Final = "print.want."  #: enrolment → mandate, at the dinas
_HAVE: Final = "print.have."  #: enrolment (dinas) or permit (kecamatan) → packet that lies here
_TO: Final = "print.to."  #: packet → the office below for which it was sealed
#: Refusals of a packet whose bytes are not those that its name says, or not there.
_TORN: Final = frozenset({"enrolment.packet_damaged", "enrolment.packet_missing"})
_DIGEST_LETTERS: Final = 40  # enough to tell packets apart, and short enough for a key
_NEEDED: Final = frozenset({PermitState.OPEN, PermitState.IN_ATTEMPT, PermitState.PRINTED})


def note_mandate(entry: Entry) -> None:
    """Reaction of the dinas: from now on it may ask the centre for this enrolment's packet."""
    put_mark(f"{_WANT}{entry.facts['enrolment']}", value=entry.facts["mandate"])


def forget_handed_over(entry: Entry) -> None:
    """Reaction of the dinas to a card given out below: it holds portraits of open permits only.

    Where the same record is printed again, the centre gives the packet again. What the dinas itself
    gave out goes by its own tick.
    """
    seen = permit_seen(entry.facts["permit"])
    if seen is None or entry.origin == house().code:
        return
    forget_passed(entry)
    packet = packet_of(seen)
    if packet is not None:
        _forget(_enrolment_of(seen), packet=packet)


def forget_passed(entry: Entry) -> None:
    """Reaction of the dinas to a permit that came back: the copy sealed to its holder goes."""
    seen = permit_seen(entry.facts["permit"])
    if seen is not None and entry.origin == seen.office:
        drop_passed_packet(seen.permit, to=seen.office)


def name_for(child: OfficeCode, *, about: str) -> str | None:
    """The packet of that office below for `permit` or `mandate.enrolment`; None when there is none
    or it is not that office's. Seals it when it is asked for the first time."""
    mandate, _, enrolment = about.partition(".")
    is_of_mandate = bool(enrolment)
    name = _for_dinas(child, mandate, enrolment) if is_of_mandate else _for_kecamatan(child, about)
    if name is None or isinstance(name, Refusal):
        return None
    put_mark(f"{_TO}{name[:_DIGEST_LETTERS]}", value=str(child))
    return name


def _for_dinas(dinas: OfficeCode, mandate: str, enrolment: str) -> str | Refusal | None:
    is_theirs = any(
        entry.kind == "mandate.given/1"
        and entry.chain.addressee == dinas
        and entry.facts["enrolment"] == enrolment
        for entry in entries_about([mandate])
    )
    return give_print_packet(enrolment, mandate=mandate, to=dinas) if is_theirs else None


def _for_kecamatan(kecamatan: OfficeCode, permit: str) -> str | Refusal | None:
    seen = permit_seen(permit)
    if seen is None or seen.office != kecamatan or seen.state not in _NEEDED:
        return None
    packet = read_mark(f"{_HAVE}{_enrolment_of(seen)}")
    if packet is None:
        return None
    passed = pass_print_packet(packet, permit=permit, to=kecamatan)
    if isinstance(passed, Refusal) and passed.code in _TORN:
        _forget(_enrolment_of(seen), packet=packet)
    return passed


def is_for(child: OfficeCode, *, packet: str) -> bool:
    """Was this packet sealed for that office?"""
    return read_mark(f"{_TO}{packet[:_DIGEST_LETTERS]}") == str(child)


def wanted(*, most: int) -> list[tuple[str, str]]:
    """Permits without their packet: what to ask the tier above about, under what to keep it."""
    found = []
    for permit in open_permits() if house().tier is Tier.DINAS else open_permits(house().code):
        key = _key_of(permit)
        if not key or read_mark(f"{_HAVE}{key}") is not None:
            continue
        if house().tier is Tier.KECAMATAN:
            found.append((permit.permit, key))
        elif (mandate := read_mark(f"{_WANT}{key}")) is not None:
            found.append((f"{mandate}.{key}", key))
        if len(found) == most:
            break
    return found


def keep(sealed: bytes, *, key: str) -> None:
    """A packet came from above."""
    put_mark(f"{_HAVE}{key}", value=room().store.put(sealed))


def packet_of(permit: PermitSeen) -> str | None:
    """The packet that this office opens for a print under that permit."""
    known = read_mark(f"{_HAVE}{_key_of(permit)}")
    return str(known) if known is not None else None


def fetch_anew(permit: PermitSeen, *, why: Refusal) -> None:
    """The packet that should lie here is torn or gone: take it away, so that the post brings it
    again. Another refusal is not cured by that."""
    key = _key_of(permit)
    packet = read_mark(f"{_HAVE}{key}")
    if why.code in _TORN and packet is not None:
        _forget(key, packet=packet)


def _forget(key: str, *, packet: str) -> None:
    drop_print_packet(packet)
    drop_mark(f"{_HAVE}{key}")


class PacketsHere:
    """Keeps `ampera.delivery.ports.PrintPackets`."""

    def delete(self, permit: str) -> None:
        """Delete the packet of this permit for good."""
        seen = permit_seen(permit)
        key = _key_of(seen) if seen is not None else permit
        packet = read_mark(f"{_HAVE}{key}")
        if packet is not None:
            _forget(key, packet=packet)


def _key_of(permit: PermitSeen) -> str:
    """A kecamatan holds packets a permit, a dinas those of its mandates."""
    return permit.permit if house().tier is Tier.KECAMATAN else _enrolment_of(permit)


def _enrolment_of(permit: PermitSeen) -> str:
    """The recording whose version the permit names; empty where it is not known."""
    known = (each.id for each in enrolments_of(permit.resident) if each.version == permit.version)
    return next(known, "")
