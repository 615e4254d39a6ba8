"""Officers: who they are, what they may, and how they prove it.

`sign_in` writes one local table, the misses: a counter of wrong tries is neither a projection nor a
decision, and it has to move in the same step that looks at it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F

from ampera.journal.house import house
from ampera.register.models import Credential, Officer, SignInMiss, Suspension
from ampera.register.queries.offices import local_day
from ampera.register.queries.passwords import is_password
from ampera.register.rules.rights import (
    Action,
    RightsFacts,
    Role,
    are_rights_in_force,
    may,
    may_suspend_at,
    miss_wait_seconds,
)
from ampera.words.clock import Clock, WallClock, utc_from_text, utc_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

_WALL: Final = WallClock()
_MISSES_FORGOTTEN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficerSeen:
    """An officer whose rights are in force."""

    id: str
    login: str
    name: str
    office: OfficeCode
    roles: frozenset[Role]
    until: date
    nik: str = ""  #: tells two accounts of one person, when the granter knew it

    def may(self, action: Action) -> bool:
        return may(self.roles, action=action)


@dataclass(frozen=True, slots=True)
class OfficerListed:
    """An officer in the list of an office, in force or not."""

    id: str
    login: str
    name: str
    office: OfficeCode
    roles: frozenset[Role]
    until: date
    is_in_force: bool
    is_suspended: bool


def officer_may(officer: OfficerSeen, action: Action | str) -> bool:  # positional: reads as a line
    """Has the officer a role that allows it? An unknown action is a defect: ValueError."""
    return officer.may(Action(action))


def known_suspensions(officer: str) -> list[str]:
    """The hashes of all suspensions said of an officer, counting or not: a renewal names them."""
    said = Suspension.objects.filter(officer=officer).order_by("hash")
    return list(said.values_list("hash", flat=True))


def _facts_of(row: Officer) -> RightsFacts:
    office = OfficeCode(row.office)
    said = Suspension.objects.filter(officer=row.id).values_list("hash", "origin")
    return RightsFacts(
        until=row.until,
        suspended_by=frozenset(
            hash_ for hash_, origin in said if may_suspend_at(OfficeCode(origin), office=office)
        ),
        lifted=frozenset(row.lifts),
    )


def _in_force(row: Officer) -> OfficerSeen | None:
    if not are_rights_in_force(_facts_of(row), on=local_day()):
        return None
    return OfficerSeen(
        id=row.id,
        login=row.login,
        name=row.name,
        office=OfficeCode(row.office),
        roles=frozenset(Role(role) for role in row.roles),
        until=row.until,
        nik=row.nik,
    )


def officer_in_force(officer: str) -> OfficerSeen | None:
    """The officer of that id with rights in force today; None otherwise. Sessions ask each time."""
    row = Officer.objects.filter(pk=officer).first()
    return _in_force(row) if row is not None else None


def officer_name(officer: str) -> str:
    """A name for histories; the id itself where the name is not known or was erased."""
    name = Officer.objects.filter(pk=officer).values_list("name", flat=True).first()
    return name or officer


def officers_of(office: OfficeCode) -> list[OfficerListed]:
    """All officers that were ever granted rights at an office, by login."""
    today = local_day()
    found = []
    for row in Officer.objects.filter(office=office.text).order_by("login", "id"):
        facts = _facts_of(row)
        found.append(
            OfficerListed(
                id=row.id,
                login=row.login,
                name=row.name,
                office=office,
                roles=frozenset(Role(role) for role in row.roles),
                until=row.until,
                is_in_force=are_rights_in_force(facts, on=today),
                is_suspended=facts.is_suspended,
            )
        )
    return found


def holder_of_login(login: str, *, office: OfficeCode) -> OfficerSeen | None:
    """Whoever has that login at the office with rights in force; of two the last granted."""
    rows = Officer.objects.filter(office=office.text, login=login)
    newest = rows.order_by("-granted_at", "-granted_seq", "-granted_hash")
    return _first(_in_force(row) for row in newest)


def _first(found: Iterable[OfficerSeen | None]) -> OfficerSeen | None:
    return next((each for each in found if each is not None), None)


def sign_in(  # positional: a login and its password
    login: str, password: str, *, office: OfficeCode | None = None, wall: Clock = _WALL
) -> OfficerSeen | Refusal:
    """Who this is, or why not. `office` is this server's unless given.

    Unknown login, wrong password, ended and suspended rights get one answer in one time. After five
    misses in a row each try waits, twice as long each time, whether the login exists or not.
    """
    where = office or house().code
    now = wall.now()
    wait = _count_try(f"{where}/{login[:40].lower()}", now=now)
    if wait is not None:
        return wait
    officer = holder_of_login(login, office=where)
    known = Credential.objects.filter(pk=officer.id if officer is not None else "")
    encoded = known.values_list("password", flat=True).first() or ""
    if not is_password(password, encoded=encoded) or officer is None:
        return Refusal("officer.unknown")
    SignInMiss.objects.filter(pk=f"{where}/{login[:40].lower()}").delete()
    return officer


def _count_try(key: str, *, now: datetime) -> Refusal | None:
    """Count a try before it is judged, so that of many at once not all are the fifth."""
    old = utc_text(now - _MISSES_FORGOTTEN)
    SignInMiss.objects.filter(last_at__lt=old).delete()
    row, _ = SignInMiss.objects.get_or_create(
        login=key, defaults={"misses": 0, "last_at": utc_text(now)}
    )
    free_at = utc_from_text(row.last_at) + timedelta(seconds=miss_wait_seconds(row.misses))
    if now < free_at:
        return Refusal("officer.wait", seconds=int((free_at - now).total_seconds()) + 1)
    counted = SignInMiss.objects.filter(pk=key, misses=row.misses).update(
        misses=F("misses") + 1, last_at=utc_text(now)
    )
    # Another try was counted in the same moment: this one comes second.
    return None if counted == 1 else Refusal("officer.wait", seconds=1)


def second_person(  # positional: the first officer, then the second's login and password
    first: str, login: str, password: str, *, office: OfficeCode
) -> OfficerSeen | Refusal:
    """Prove the second of two persons in the same act (architecture §5).

    `first` is the id of the officer who acts. Two accounts of one person are one person, where the
    register knows their NIK.
    """
    second = sign_in(login, password, office=office)
    if isinstance(second, Refusal):
        return second
    nik = Officer.objects.filter(pk=first).values_list("nik", flat=True).first()
    if second.id == first or (nik and nik == second.nik):
        return Refusal("officer.same_person")
    return second


def hash_of_token(token: str) -> str:
    """What the table keeps of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def officer_by_token(token: str) -> OfficerSeen | None:
    """The officer of this office to whom a machine token was given, with rights in force."""
    row = Credential.objects.filter(token=hash_of_token(token)).first()
    officer = officer_in_force(row.officer) if row is not None else None
    return officer if officer is not None and officer.office == house().code else None
