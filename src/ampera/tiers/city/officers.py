"""The demo's officers: who is granted what, and the passwords that stand in `city.json` only."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.actions import (
    Holder,
    grant_officer,
    make_token,
    renew_officer,
    set_password,
)
from ampera.register.queries import local_day, officers_of
from ampera.register.rules.rights import RIGHTS_DAYS_MAX, Role
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: Who sits at a counter of the demo records too: one person, two hats.
_AT_A_COUNTER: Final = {
    "loket": (Role.LOKET, Role.PEREKAMAN),
    "cetak": (Role.CETAK,),
    "blanko": (Role.BLANKO,),
    "kepala": (Role.KEPALA,),
}
LOGINS: Final = {
    Tier.KECAMATAN: {**_AT_A_COUNTER, "lurah": (Role.LURAH,)},
    Tier.DINAS: {**_AT_A_COUNTER, "verifikator": (Role.VERIFIKATOR, Role.ADMIN)},
    Tier.PUSAT: {
        "ajudikator": (Role.AJUDIKATOR, Role.AUDITOR),
        "blanko": (Role.BLANKO,),
        "kepala": (Role.KEPALA, Role.ADMIN),
    },
}
#: Rights are renewed at a start when they hold for fewer days than this.
RENEW_DAYS: Final = 60
#: Without letters and digits that look alike: they are read off a screen and typed.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Account:
    """One log-in of the demo, as `city.json` lists it."""

    login: str
    password: str
    token: str
    roles: list[str]

    def row(self) -> dict[str, Any]:
        return asdict(self)


def grant_officers(office: OfficeCode) -> None:
    """At the tier above: rights for the officers of that office, for as long as can be."""
    until = local_day() + timedelta(days=RIGHTS_DAYS_MAX)
    for login, roles in LOGINS[office.tier].items():
        done = grant_officer(
            Command(id=house().ids.new("cmd")),
            office=office,
            login=login,
            holder=Holder(f"Petugas {login} {office} (CONTOH)"),
            roles=[role.value for role in roles],
            until=until,
        )
        assert not isinstance(done, Refusal), f"{office} {login}: {done}"


def renew_officers(office: OfficeCode) -> int:
    """At the tier above: renew what ends soon; returns how many were renewed."""
    today = local_day()
    renewed = 0
    for officer in officers_of(office):
        if (officer.until - today).days >= RENEW_DAYS or officer.is_suspended:
            continue
        done = renew_officer(
            Command(id=house().ids.new("cmd")),
            officer=officer.id,
            until=today + timedelta(days=RIGHTS_DAYS_MAX),
        )
        assert not isinstance(done, Refusal), f"{office} {officer.login}: {done}"
        renewed += 1
    return renewed


def draw_accounts() -> list[Account]:
    """At the office itself: new passwords and tokens for all its officers in force."""
    accounts = []
    for officer in officers_of(house().code):
        if not officer.is_in_force:
            continue
        password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        no = set_password(officer.id, password=password)
        token = make_token(officer.id)
        assert no is None, f"{officer.login}: {no}"
        assert not isinstance(token, Refusal), f"{officer.login}: {token}"
        roles = sorted(role.value for role in officer.roles)
        accounts.append(Account(officer.login, password, token, roles))
    return accounts


def officer_id(login: str) -> str:
    """The id of that officer of the office that acts."""
    found = [each.id for each in officers_of(house().code) if each.login == login]
    assert found, f"{house().code} has no officer {login}"
    return found[0]
