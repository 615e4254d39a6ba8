"""Roles, what each may do, when rights hold, and how long a wrong password makes one wait.

Rights come from the tier above, end by themselves after at most 90 days, and can be suspended at
the office, never granted there (architecture §5, Two persons).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ampera.words.office import PUSAT, OfficeCode
from ampera.words.refusal import Refusal

RIGHTS_DAYS_MAX: Final = 90
MISSES_FREE: Final = 5
MISS_WAIT_SECONDS_MAX: Final = 900
PASSWORD_LENGTH_MIN: Final = 10
_LOGIN: Final = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class Role(StrEnum):
    """What somebody is trusted with (product.md, People)."""

    LOKET = "loket"
    PEREKAMAN = "perekaman"
    CETAK = "cetak"
    BLANKO = "blanko"
    KEPALA = "kepala"
    LURAH = "lurah"  #: of a kelurahan that the office serves: brings bundles to the doors
    VERIFIKATOR = "verifikator"
    AJUDIKATOR = "ajudikator"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Action(StrEnum):
    """Everything that needs a right, named as `station.verb`."""

    RESIDENT_SEE = "resident.see"
    REQUEST_TAKE = "request.take"
    REQUEST_COMPLETE = "request.complete"
    REQUEST_CONFIRM = "request.confirm"
    REQUEST_REJECT = "request.reject"
    QUEUE_CALL = "queue.call"
    ENROLMENT_CAPTURE = "enrolment.capture"
    ENROLMENT_RESEND = "enrolment.resend"
    DEDUP_DECIDE = "dedup.decide"
    NIK_RESOLVE = "nik.resolve"
    PERMIT_GRANT = "permit.grant"
    PERMIT_RECALL = "permit.recall"
    PRINTING_LEND = "printing.lend"
    QUEUE_URGE = "queue.urge"
    QUEUE_JUMP = "queue.jump"
    POLICY_SET = "policy.set"
    CARD_PRINT = "card.print"
    CARD_SETTLE = "card.settle"
    CARD_CHECK = "card.check"
    CARD_HAND_OVER = "card.hand_over"
    CARD_VOID = "card.void"
    BUNDLE_SEND = "bundle.send"
    BUNDLE_DELIVER = "bundle.deliver"
    BLANKO_COUNT = "blanko.count"
    BLANKO_MOVE = "blanko.move"
    BLANKO_SHIP = "blanko.ship"
    BLANKO_DESTROY = "blanko.destroy"
    BLANKO_WITNESS = "blanko.witness"
    SUKET_ISSUE = "suket.issue"
    SUKET_WITHDRAW = "suket.withdraw"
    PLAN_SEE = "plan.see"
    PLAN_ACCEPT = "plan.accept"
    FIGURES_SEE = "figures.see"
    JOURNAL_SEE = "journal.see"
    REGISTER_IMPORT = "register.import"
    OFFICE_DESCRIBE = "office.describe"
    OFFICER_GRANT = "officer.grant"
    OFFICER_SUSPEND = "officer.suspend"
    LINK_TEST = "link.test"


_COUNTER: Final = frozenset(
    {Action.RESIDENT_SEE, Action.REQUEST_TAKE, Action.REQUEST_COMPLETE, Action.QUEUE_CALL}
    | {Action.CARD_HAND_OVER, Action.FIGURES_SEE, Action.LINK_TEST}
)
_PRINTING: Final = frozenset(
    {Action.RESIDENT_SEE, Action.CARD_PRINT, Action.CARD_SETTLE, Action.CARD_CHECK}
    | {Action.FIGURES_SEE, Action.LINK_TEST, Action.BLANKO_WITNESS}
)
_STOCK: Final = frozenset(
    {Action.BLANKO_COUNT, Action.BLANKO_MOVE, Action.BLANKO_SHIP, Action.BLANKO_DESTROY}
    | {Action.BLANKO_WITNESS, Action.FIGURES_SEE, Action.LINK_TEST, Action.CARD_SETTLE}
)
_READING: Final = frozenset(
    {Action.RESIDENT_SEE, Action.FIGURES_SEE, Action.PLAN_SEE, Action.JOURNAL_SEE}
)

#: Who may do what. Who prints does not keep the stock, and who reads everything changes nothing.
MAY: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        Role.LOKET: _COUNTER | {Action.QUEUE_URGE} | {Action.SUKET_ISSUE},
        Role.PEREKAMAN: _COUNTER - {Action.CARD_HAND_OVER}
        | {Action.ENROLMENT_CAPTURE, Action.ENROLMENT_RESEND},
        Role.CETAK: _PRINTING,
        Role.BLANKO: _STOCK,
        Role.KEPALA: _READING
        | {Action.OFFICER_SUSPEND, Action.CARD_SETTLE, Action.CARD_CHECK, Action.BLANKO_WITNESS}
        | {Action.BLANKO_COUNT, Action.BUNDLE_SEND, Action.CARD_HAND_OVER, Action.LINK_TEST}
        | {Action.PLAN_ACCEPT, Action.POLICY_SET, Action.PERMIT_RECALL, Action.CARD_VOID}
        | {Action.SUKET_ISSUE, Action.SUKET_WITHDRAW, Action.QUEUE_URGE, Action.QUEUE_JUMP}
        | {Action.PRINTING_LEND},
        Role.VERIFIKATOR: _COUNTER
        | {Action.QUEUE_URGE, Action.QUEUE_JUMP}
        | {Action.SUKET_ISSUE, Action.SUKET_WITHDRAW}
        | {Action.REQUEST_CONFIRM, Action.REQUEST_REJECT, Action.NIK_RESOLVE, Action.PLAN_SEE}
        | {Action.PERMIT_GRANT, Action.PERMIT_RECALL, Action.CARD_VOID, Action.BUNDLE_SEND}
        | {Action.PRINTING_LEND},
        Role.LURAH: frozenset({Action.BUNDLE_DELIVER}),
        Role.AJUDIKATOR: frozenset(
            {Action.RESIDENT_SEE, Action.DEDUP_DECIDE, Action.NIK_RESOLVE, Action.FIGURES_SEE}
        ),
        Role.AUDITOR: _READING,
        Role.ADMIN: frozenset(
            {Action.REGISTER_IMPORT, Action.OFFICE_DESCRIBE, Action.OFFICER_GRANT}
            | {Action.OFFICER_SUSPEND, Action.LINK_TEST, Action.FIGURES_SEE}
        ),
    }
)
assert set(MAY) == set(Role)


def may(roles: Iterable[Role], *, action: Action) -> bool:
    """Does one of these roles allow that action?"""
    return any(action in MAY[role] for role in roles)


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """What is known of somebody's rights: the newest grant, and who suspended them.

    Suspensions and grants stand in chains of different servers, whose clocks order nothing between
    them. So a grant names the suspensions that it lifts, by the hashes of their entries.
    """

    until: date | None  #: last day on which the rights hold; None when nothing was granted
    suspended_by: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()

    @property
    def is_suspended(self) -> bool:
        """Is there a suspension that whoever granted last did not know?"""
        return bool(self.suspended_by - self.lifted)


def are_rights_in_force(facts: RightsFacts, *, on: date) -> bool:
    """Granted, not ended, and not suspended."""
    return facts.until is not None and on <= facts.until and not facts.is_suspended


def is_granter_of(giver: OfficeCode, *, office: OfficeCode) -> bool:
    """Rights come from the tier above; only the pusat has nobody above it."""
    return office.upper == giver or (giver == PUSAT and office == PUSAT)


def may_suspend_at(giver: OfficeCode, *, office: OfficeCode) -> bool:
    """The office itself, or any office above it."""
    above: OfficeCode | None = office
    while above is not None:
        if above == giver:
            return True
        above = above.upper
    return False


@dataclass(frozen=True, slots=True)
class GrantWish:
    """A grant of rights, before it is decided."""

    giver: OfficeCode
    office: OfficeCode
    login: str
    name: str
    roles: frozenset[str]
    until: date


def why_not_grant(wish: GrantWish, *, on: date, is_login_taken: bool) -> Refusal | None:
    """Why these rights cannot be given; None when they can. `on` is the city's day."""
    if not is_granter_of(wish.giver, office=wish.office):
        return Refusal("officer.not_from_above", office=str(wish.office))
    if _LOGIN.fullmatch(wish.login) is None:
        return Refusal("officer.login_form")
    if not wish.name.strip():
        return Refusal("officer.name_missing")
    if not wish.roles or not wish.roles <= {role.value for role in Role}:
        return Refusal("officer.role_unknown")
    if not on <= wish.until <= on + timedelta(days=RIGHTS_DAYS_MAX):
        return Refusal("officer.too_long", days=RIGHTS_DAYS_MAX)
    if is_login_taken:
        return Refusal("officer.login_taken", login=wish.login)
    return None


def miss_wait_seconds(misses: int) -> int:
    """How long the next try waits after so many misses in a row: 10 s from the fifth on, doubling.

    Never longer than a quarter of an hour: a stranger must not be able to lock an office out.
    """
    if misses < MISSES_FREE:
        return 0
    return min(10 << min(misses - MISSES_FREE, 10), MISS_WAIT_SECONDS_MAX)
