"""Which calendar day it is at an office: ages, rights and openings change at local midnight."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from ampera.words.office import PUSAT, OfficeCode

_WIB: Final = timezone(timedelta(hours=7), "WIB")
_WITA: Final = timezone(timedelta(hours=8), "WITA")
_WIT: Final = timezone(timedelta(hours=9), "WIT")
#: Keppres 41/1987: Bali, Nusa Tenggara, the east and south of Kalimantan, Sulawesi; Maluku, Papua.
_WITA_PROVINCES: Final = frozenset((51, 52, 53, 63, 64, 65, 71, 72, 73, 74, 75, 76))
_WIT_PROVINCES: Final = frozenset((81, 82, 91, 92, 93, 94, 95, 96))


def zone_of(office: OfficeCode) -> timezone:
    """WIB, WITA or WIT; the pusat keeps Jakarta's time."""
    province = 0 if office == PUSAT else int(office.text[:2])
    if province in _WITA_PROVINCES:
        return _WITA
    return _WIT if province in _WIT_PROVINCES else _WIB


def day_at(office: OfficeCode, *, at: datetime) -> date:
    """The local calendar day of that office at a moment."""
    return at.astimezone(zone_of(office)).date()


def day_begins(office: OfficeCode, *, day: date) -> datetime:
    """The first moment of a local calendar day at that office."""
    return datetime.combine(day, time.min, tzinfo=zone_of(office))
