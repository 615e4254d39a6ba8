"""What the public page may learn of the register: two numbers in, a record id or nothing out.

A NIK is guessed easily (place, birth date, a low serial), a KK number less so; nobody may find a
pair by trying. A miss is counted *before* the pair is judged and taken back when it was right, so
that of a thousand questions at once no more are judged than the ceiling allows. At a ceiling the
register is not asked at all: right and wrong pairs get one answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from ampera.journal import sql
from ampera.journal.house import house
from ampera.register.models import PublicMiss, Resident
from ampera.register.queries.offices import local_day
from ampera.register.queries.residents import lives_in, resident_id_known
from ampera.register.rules.ages import must_hold_card
from ampera.words.clock import Clock, WallClock
from ampera.words.nik import Nik, NoKK
from ampera.words.refusal import Refusal

_WALL: Final = WallClock()
#: Somebody who knows a NIK and tries KK numbers: a handful a day.
NIK_MISSES_A_DAY: Final = 5
#: Somebody who tries the numbers of one place: six digits of the NIK, or of the KK number.
PREFIX_MISSES_AN_HOUR: Final = 30
#: Everybody together. A stranger can use this up; the ticket code of the receipt still answers.
SERVICE_MISSES_AN_HOUR: Final = 120
_DAY_HOURS: Final = 24
_SAMPLES_MAX: Final = 200
#: One miss more for each of the four scopes, in the order in which they are given.
_COUNT_EACH: Final = (
    "INSERT INTO register_publicmiss (key, hour, misses)"
    " VALUES (%s, %s, 1), (%s, %s, 1), (%s, %s, 1), (%s, %s, 1)"
    " ON CONFLICT (key) DO UPDATE SET misses = register_publicmiss.misses + 1"
)


@dataclass(frozen=True, slots=True)
class SampleResident:
    """A synthetic resident of the demo: nobody's data."""

    resident: str
    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    name: str
    kelurahan: str
    has_legacy_card: bool


def ask_by_numbers(  # positional: two types, not to be swapped
    nik: Nik, no_kk: NoKK, *, wall: Clock = _WALL
) -> str | Refusal | None:
    """The record id behind both numbers; None for an unknown NIK and a wrong KK alike.

    Both cost the same queries. Refuses public.try_later at a ceiling, for right and wrong alike.
    No look is recorded: nobody sees a record.
    """
    now = wall.now()
    wanted = _scopes(nik, no_kk)
    if _is_full(wanted, now=now) or not _count(wanted, now=now):
        return Refusal("public.try_later")
    found = resident_id_known(nik, no_kk)
    if found is not None:
        _take_back(wanted, now=now)
    return found


def _scopes(nik: Nik, no_kk: NoKK) -> Mapping[str, int]:
    """What a question counts for, most special first: a NIK at its ceiling fills no other."""
    hashed = hashlib.sha256(f"{house().code}/{nik.digits}".encode()).hexdigest()
    return {
        f"nik:{hashed}": NIK_MISSES_A_DAY,
        f"kk-prefix:{no_kk.digits[:6]}": PREFIX_MISSES_AN_HOUR,
        f"nik-prefix:{nik.digits[:6]}": PREFIX_MISSES_AN_HOUR,
        "service": SERVICE_MISSES_AN_HOUR,
    }


def _hour(at: datetime) -> str:
    return at.isoformat()[:13]


def _misses(wanted: Mapping[str, int], *, now: datetime) -> Mapping[str, int]:
    """What is counted for each scope: of a NIK the day, of all else the hour. One query."""
    hours = [_hour(now - timedelta(hours=back)) for back in range(_DAY_HOURS)]
    keys = {
        f"{hour}/{scope}": scope
        for scope in wanted
        for hour in (hours if scope.startswith("nik:") else hours[:1])
    }
    counted = dict.fromkeys(wanted, 0)
    for key, misses in PublicMiss.objects.filter(pk__in=keys).values_list("key", "misses"):
        counted[keys[key]] += misses
    return counted


def _is_full(wanted: Mapping[str, int], *, now: datetime) -> bool:
    """Asked first and without a lock, so that an attack at the ceiling stops nobody's writing."""
    counted = _misses(wanted, now=now)
    return any(counted[scope] >= most for scope, most in wanted.items())


def _count(wanted: Mapping[str, int], *, now: datetime) -> bool:
    """Count a miss for each scope, or for none: False when others were quicker to the ceiling.

    The rows are locked in one order by everybody, and from the update on nobody else counts.
    """
    hour = _hour(now)
    with transaction.atomic():
        sql.write(_COUNT_EACH, *(part for scope in wanted for part in (f"{hour}/{scope}", hour)))
        counted = _misses(wanted, now=now)
        if any(counted[scope] > most for scope, most in wanted.items()):
            transaction.set_rollback(True)
            return False
        if counted["service"] == 1:  # the first miss of an hour clears away what is over
            old = _hour(now - timedelta(hours=_DAY_HOURS))
            PublicMiss.objects.filter(hour__lt=old).delete()
    return True


def _take_back(wanted: Mapping[str, int], *, now: datetime) -> None:
    keys = [f"{_hour(now)}/{scope}" for scope in wanted]
    PublicMiss.objects.filter(pk__in=keys, misses__gt=0).update(misses=F("misses") - 1)


def was_recorded_before(resident: str) -> bool:
    """Does the register know of a card from before Ampera? For the sentence *recorded* alone."""
    return Resident.objects.filter(pk=resident, has_legacy_card=True).exists()


def sample_residents(
    area: str, *, has_legacy_card: bool = False, most: int = _SAMPLES_MAX
) -> list[SampleResident] | Refusal:
    """Synthetic residents of card age in one kelurahan or kecamatan, for whoever tries the demo.

    Refuses public.only_in_the_demo on any other server: there are no people to give away.
    """
    if not house().is_demo:
        return Refusal("public.only_in_the_demo")
    today = local_day()
    rows = Resident.objects.filter(is_sample=True, has_legacy_card=has_legacy_card)
    rows = rows.filter(kelurahan=area) if area.count(".") == 3 else rows.filter(lives_in(area))
    found = []
    for row in rows.order_by("nik"):
        if must_hold_card(born=row.born, marital=row.marital, on=today):
            found.append(
                SampleResident(
                    row.id, row.nik, row.family_id, row.name, row.kelurahan, has_legacy_card
                )
            )
        if len(found) == min(most, _SAMPLES_MAX):
            break
    return found
