"""What the books say of chips: which sits in which blank, and what became of each writing.

A pair that was read within an attempt belongs to the blank which that attempt names now: when two
officers see that a card came out on another blanko, its chip goes with it.
"""

from __future__ import annotations

from typing import Final

from ampera.journal import sql
from ampera.journal.rows import rows_of
from ampera.printing.models import Attempt, ChipBinding, ChipEncoding
from ampera.printing.rules.chips import Encoded, Encoding

_USED: Final = """
SELECT 1 FROM printing_chipencoding e JOIN printing_attempt a ON a.id = e.attempt
 WHERE a.serial = %s AND e.attempt <> %s LIMIT 1
"""
#: A pair that was read within an attempt holds until two officers saw that its blank is whole:
#: from then on nothing but its serial says which it is.
_PAIRS: Final = """
FROM printing_chipbinding b LEFT JOIN printing_attempt a ON a.id = b.attempt AND b.attempt <> ''
"""
_HOLDS: Final = """
(b.is_sure OR a.id IS NULL OR a.settled <> 'SHELF' OR a.ended NOT IN ('', 'UNKNOWN'))
"""
#: Where the chip of a pair sits now.
_SERIAL: Final = """
CASE WHEN b.is_sure OR a.serial IS NULL OR a.serial = '' THEN b.serial ELSE a.serial END
"""
_SERIALS: Final = f"SELECT DISTINCT {_SERIAL} {_PAIRS} WHERE b.uid = %s AND {_HOLDS}"
_CHIPS: Final = f"""
SELECT b.uid {_PAIRS} WHERE b.serial = %s AND {_SERIAL} = %s AND {_HOLDS}
 UNION SELECT b.uid FROM printing_chipbinding b JOIN printing_attempt a ON a.id = b.attempt
        WHERE a.serial = %s AND {_HOLDS} AND NOT b.is_sure
"""  # noqa: S608 - our own words, nobody's input
_NEWEST: Final = """
SELECT COALESCE(MAX(CASE WHEN read_by > bound_by THEN read_by ELSE bound_by END), '')
  FROM printing_chipbinding WHERE
"""
_READ_WITHIN: Final = "attempt = %s AND NOT is_sure ORDER BY uid"
_IS_READ: Final = f"""
SELECT 1 {_PAIRS} WHERE b.uid = %s AND {_SERIAL} = %s AND (b.is_sure OR b.attempt = %s) LIMIT 1
"""
_EVERY: Final = f"SELECT DISTINCT b.uid AS uid, {_SERIAL} AS serial {_PAIRS} WHERE {_HOLDS}"


def encoding_of(attempt: str) -> Encoding | None:
    """What became of the chip of this attempt's card; None when nothing was said yet."""
    row = rows_of(ChipEncoding).get(attempt)
    if row is None:
        return None
    made = rows_of(Attempt).get(attempt)
    return Encoding(
        attempt=row.attempt,
        card=row.card,
        serial=made.serial if made is not None else "",
        uid=row.uid,
        outcome=Encoded(row.outcome),
        cause=row.cause,
    )


def is_chip_used(serial: str, *, but: str) -> bool:
    """Did another attempt than `but` write or spoil the chip of this blank?"""
    return bool(sql.read(_USED, serial, but))


def serials_of_chip(uid: str) -> list[str]:
    """The blanks in which this chip sits by the books; more than one is an alarm."""
    return sorted(row[0] for row in sql.read(_SERIALS, uid))


def chips_of_blank(serial: str) -> list[str]:
    """The UIDs of the chips that sit in this blank by the books; more than one is an alarm."""
    return sorted(row[0] for row in sql.read(_CHIPS, serial, serial, serial))


def newest_told(uid: str, *, serial: str) -> tuple[str, str]:
    """The entry that told of this chip last, and the one that told of this blank last; empty
    where none did."""
    of_chip, of_blank = (
        sql.read(f"{_NEWEST} {name} = %s", value)[0][0]
        for name, value in (("uid", uid), ("serial", serial))
    )
    return of_chip, of_blank


def is_pair_read(uid: str, *, serial: str, attempt: str) -> bool:
    """Is this pair sure, or was it read within this attempt before?"""
    return bool(sql.read(_IS_READ, uid, serial, attempt))


def chips_read_within(attempt: str) -> list[str]:
    """The UIDs that were read within an attempt and are known by nothing else."""
    return [row.uid for row in rows_of(ChipBinding).where(_READ_WITHIN, attempt)]


def sure_chips_of(serial: str) -> list[str]:
    """The UIDs that were read with this very blank in hand, or stand on its maker's list."""
    return [row.uid for row in rows_of(ChipBinding).where("serial = %s AND is_sure", serial)]


def chips_told_twice() -> list[str]:
    """Complaints for `verify`: a chip sits in one blank, and a blank has one chip."""
    uids, serials = _told_twice("uid"), _told_twice("serial")
    return [f"chip {uid} was seen in more than one blank" for uid in uids] + [
        f"blank {serial} was seen with more than one chip" for serial in serials
    ]


def _told_twice(name: str) -> list[str]:
    many = f"SELECT {name} FROM ({_EVERY}) AS pairs GROUP BY {name} HAVING COUNT(*) > 1"  # noqa: S608
    return sorted(row[0] for row in sql.read(many))
