"""The code on the paper, and what anybody may know: public keys, sukets that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ampera.journal.house import house
from ampera.register.queries import local_day, office_seen
from ampera.register.rules.days import zone_of
from ampera.suket.models import LetterKey, Suket, WrongCodes
from ampera.suket.ports import letter_keys
from ampera.suket.queries.seen import IN_FORCE, SuketSeen
from ampera.suket.rules import claims
from ampera.suket.rules.checking import Checked, check
from ampera.words.clock import Clock, WallClock, utc_from_text

_WALL: Final = WallClock()
#: A check costs less than half a millisecond; nobody shows so many wrong papers.
WRONG_CODES_AN_HOUR: Final = 1_200


@dataclass(frozen=True, slots=True)
class KeySeen:
    """A public key of this dinas."""

    key: str
    public: str  #: 32 bytes in hex
    begun_at: datetime


def code_of(seen: SuketSeen) -> str:
    """The text of the QR code: signed anew, with the key of today, each time it is printed."""
    here, keys = house(), letter_keys()
    office = office_seen(here.code)
    zone = zone_of(here.code)
    protected = claims.protected_header(keys.public())
    payload = claims.payload_of(
        claims.Claims(
            issuer=f"{here.code} {office.name if office is not None else ''}".strip(),
            suket=seen.suket,
            number=seen.number,
            status=seen.status,
            name=seen.nama,
            born=date.fromisoformat(seen.tanggal_lahir),
            is_female=_is_female(seen.jenis_kelamin),
            issued_at=seen.issued_at,
            valid_from=datetime(*seen.valid_from.timetuple()[:3], tzinfo=zone),
            expires=datetime(*seen.valid_until.timetuple()[:3], tzinfo=zone) + timedelta(days=1),
            is_sample=here.is_demo,
        )
    )
    signature = keys.sign(claims.to_be_signed(protected, payload=payload))
    return claims.qr_text(protected, payload=payload, signature=signature)


def _is_female(sex: str) -> bool | None:
    known = {"PEREMPUAN": True, "LAKI-LAKI": False}
    return known.get(sex.upper())


def public_keys() -> list[KeySeen]:
    """Every key that signed or may sign, oldest first."""
    rows = LetterKey.objects.order_by("begun_at", "key")
    return [KeySeen(row.key, row.public, utc_from_text(row.begun_at)) for row in rows]


def ended_marks() -> list[str]:
    """What stands on the public list: sukets taken back or exchanged that the calendar would still
    call valid."""
    rows = Suket.objects.exclude(IN_FORCE).filter(valid_until__gte=local_day().isoformat())
    return sorted(claims.ended_mark(row.suket, number=row.number) for row in rows if row.number)


def check_code(text: str) -> Checked:
    """What the code on a suket is worth, for who cannot check it in the browser."""
    keys = {bytes.fromhex(each.key): bytes.fromhex(each.public) for each in public_keys()}
    return check(text, keys=keys, at=house().now(), ended=frozenset(ended_marks()))


def is_checking_full(*, wall: Clock = _WALL) -> bool:
    """Has everybody together shown so many wrong codes this hour that the server looks at no more?

    Who checks in the browser asks nothing here and goes on.
    """
    known = WrongCodes.objects.filter(pk=hour_of(wall)).values_list("codes", flat=True).first()
    return (known or 0) >= WRONG_CODES_AN_HOUR


def hour_of(wall: Clock) -> str:
    """The hour in which a wrong code is counted."""
    return wall.now().isoformat()[:13]
