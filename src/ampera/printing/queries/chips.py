"""What the books say of chips: which sits in which blank, and what became of each writing."""

from __future__ import annotations

from typing import Final

from django.db.models import Count

from ampera.journal import sql
from ampera.journal.rows import rows_of
from ampera.printing.models import ChipBinding, ChipEncoding
from ampera.printing.rules.chips import Encoded, Encoding

_USED: Final = "SELECT 1 FROM printing_chipencoding WHERE serial = %s AND attempt <> %s LIMIT 1"


def encoding_of(attempt: str) -> Encoding | None:
    """What became of the chip of this attempt's card; None when nothing was said yet."""
    row = rows_of(ChipEncoding).get(attempt)
    if row is None:
        return None
    return Encoding(
        attempt=row.attempt,
        card=row.card,
        serial=row.serial,
        uid=row.uid,
        outcome=Encoded(row.outcome),
        cause=row.cause,
    )


def is_chip_used(serial: str, *, but: str) -> bool:
    """Did another attempt than `but` write or spoil the chip of this blank?"""
    return bool(sql.read(_USED, serial, but))


def serials_of_chip(uid: str) -> list[str]:
    """The blanks in which this chip was seen; more than one is an alarm."""
    return [row.serial for row in rows_of(ChipBinding).where("uid = %s ORDER BY serial", uid)]


def chips_of_blank(serial: str) -> list[str]:
    """The UIDs of the chips that were seen in this blank; more than one is an alarm."""
    return [row.uid for row in rows_of(ChipBinding).where("serial = %s ORDER BY uid", serial)]


def chips_told_twice() -> list[str]:
    """Complaints for `verify`: a chip sits in one blank, and a blank has one chip."""
    uids = _told_twice("uid", other="serial")
    serials = _told_twice("serial", other="uid")
    return [f"chip {uid} was seen in more than one blank" for uid in uids] + [
        f"blank {serial} was seen with more than one chip" for serial in serials
    ]


def _told_twice(name: str, *, other: str) -> list[str]:
    rows = ChipBinding.objects.values(name).annotate(many=Count(other, distinct=True))
    return list(rows.filter(many__gt=1).order_by(name).values_list(name, flat=True))
