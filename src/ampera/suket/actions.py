"""Giving, lengthening, printing, taking back and exchanging interim letters. One verb each.

A number is taken in the same transaction as the letter that bears it: two windows never get the
same one, and none is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Final

from django.db import transaction
from django.db.models import F

from ampera.intake.queries import request_seen
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.quarantine import is_quarantined
from ampera.journal.second_log import secure
from ampera.journal.store import PlaceTakenError
from ampera.register.queries import local_day
from ampera.suket.models import LetterKey, NewestOf, Series, Suket, WrongCodes
from ampera.suket.ports import letter_keys
from ampera.suket.queries import Holder, asked_of, letter_of, status_word
from ampera.suket.queries.signed import hour_of
from ampera.suket.rules.claims import key_id
from ampera.suket.rules.letters import (
    WITH_THE_CARD,
    decide_extend,
    decide_issue,
    decide_print,
    decide_withdraw,
)
from ampera.suket.rules.policy import policy
from ampera.words.clock import Clock, WallClock
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

_WALL: Final = WallClock()


def issue(command: Command, *, request: str, holder: Holder) -> Answer | Refusal:
    """Give a suket to whoever asked for that card; returns {"suket", "number"}.

    `holder` is what the register's door showed (`queries.holder_for`); it must be the resident of
    the request.
    """

    def work(pen: Pen) -> Answer | Refusal:
        return _issue_in(pen, request=request, holder=holder)

    return perform(command, work, content={"request": request, **asdict(holder)})


def _issue_in(pen: Pen, *, request: str, holder: Holder) -> Answer | Refusal:
    if is_quarantined():
        return Refusal("server.quarantined")
    seen = request_seen(request)
    if isinstance(seen, Refusal):
        return seen
    if holder.nik != seen.nik:
        return Refusal("suket.other_person")
    after = newest_of(seen.resident)  # before the decision: see take_place
    day = local_day()
    row = policy().allowed_on(day)
    until = decide_issue(asked_of(seen, is_alive=holder.is_alive), row=row, day=day)
    if isinstance(until, Refusal):
        return until
    assert not isinstance(row, Refusal), "what was decided was allowed"
    suket = pen.new_id("skt")
    take_place(resident=seen.resident, after=after, suket=suket)
    n = next_number(day.year)
    number = policy().number_of(n, office=str(pen.house.code), year=day.year)
    pen.write(
        "suket.issued/1",
        subject=suket,
        facts={
            "suket": suket,
            "number": number,
            "year": day.year,
            "n": n,
            "request": request,
            "resident": seen.resident,
            "status": status_word(seen),
            "valid_from": day.isoformat(),
            "valid_until": until.isoformat(),
            "letter": row.letter,
            "policy": row.since.isoformat(),
        },
        body=holder.as_body(),
    )
    return {"suket": suket, "number": number}


def last_number(year: int) -> int | None:
    """The last number given in a year; None before the first."""
    return Series.objects.filter(pk=year).values_list("last", flat=True).first()


def next_number(year: int) -> int:
    """Move the series of a year on by one. Raises PlaceTakenError when another window was quicker:
    the command is decided anew then."""
    last = last_number(year)
    if last is None:
        Series.objects.create(year=year, last=1)  # an IntegrityError is a lost race, too
        return 1
    if Series.objects.filter(pk=year, last=last).update(last=last + 1) != 1:
        raise PlaceTakenError
    return last + 1


def newest_of(resident: str) -> str | None:
    """The suket that a resident was given last; None before the first."""
    return NewestOf.objects.filter(pk=resident).values_list("suket", flat=True).first()


def take_place(*, resident: str, after: str | None, suket: str) -> None:
    """This suket follows on the one that was the newest before anything was decided, or another
    window wrote one meanwhile: PlaceTakenError, and the command is decided anew."""
    if after is None:
        NewestOf.objects.create(resident=resident, suket=suket)
    elif NewestOf.objects.filter(pk=resident, suket=after).update(suket=suket) != 1:
        raise PlaceTakenError


def extend(command: Command, *, suket: str, is_alive: bool = True) -> Answer | Refusal:
    """Make a suket longer whose holder still waits; returns {"suket", "valid_until"}.

    `is_alive` is what the register's door says of the holder (`queries.holder_for`).
    """

    def work(pen: Pen) -> Answer | Refusal:
        row = Suket.objects.filter(pk=suket).exclude(number="").first()
        if row is None:
            return Refusal("suket.unknown")
        seen, day = request_seen(row.request), local_day()
        if isinstance(seen, Refusal):
            return seen
        asked = asked_of(seen, is_alive=is_alive)
        until = decide_extend(letter_of(row), asked=asked, row=policy().allowed_on(day), day=day)
        if isinstance(until, Refusal):
            return until
        facts = {"suket": suket, "number": row.number, "valid_until": until.isoformat()}
        pen.write("suket.extended/1", subject=suket, facts=facts)
        return {"suket": suket, "valid_until": until.isoformat()}

    return perform(command, work, content={"suket": suket, "is_alive": is_alive})


def withdraw(command: Command, *, suket: str, why: str) -> Answer | Refusal:
    """Take a suket back; `why` is one of `rules.letters.Withdrawal`. Returns {"suket"}."""

    def work(pen: Pen) -> Answer | Refusal:
        row = Suket.objects.filter(pk=suket).exclude(number="").first()
        if row is None:
            return Refusal("suket.unknown")
        if (no := decide_withdraw(letter_of(row), why=why)) is not None:
            return no
        facts = {"suket": suket, "number": row.number, "why": why}
        pen.write("suket.withdrawn/1", subject=suket, facts=facts)
        return {"suket": suket}

    return perform(command, work, content={"suket": suket, "why": why})


def print_letter(command: Command, *, suket: str) -> Answer | Refusal:
    """One more paper of a suket; returns {"suket", "copy"}: who prints draws it afterwards.

    What the paper rests on, its number and the key of its signature, lies on a second medium
    before this returns without a refusal: after a restore neither may be given again.
    """
    public = letter_keys().public()  # a file may be made: not inside the transaction

    def work(pen: Pen) -> Answer | Refusal:
        row = Suket.objects.filter(pk=suket).exclude(number="").first()
        if row is None:
            return Refusal("suket.unknown")
        if (no := decide_print(letter_of(row), day=local_day())) is not None:
            return no
        if not row.nama:
            return Refusal("suket.data_gone")
        _note_key_in(pen, public=public)
        copy = row.copies + 1
        facts = {"suket": suket, "number": row.number, "copy": copy, "key": key_id(public).hex()}
        pen.write("suket.printed/1", subject=suket, facts=facts)
        return {"suket": suket, "copy": copy}

    answer = perform(command, work, content={"suket": suket})
    if isinstance(answer, Refusal):
        return answer
    try:
        secure()
    except OSError:
        return Refusal("suket.second_log_missing")
    return answer


def renew_key(command: Command) -> Answer | Refusal:
    """Sign with another key from now on; the old public key stays listed. Returns {"key"}."""
    public = letter_keys().renew()

    def work(pen: Pen) -> Answer | Refusal:
        if pen.house.tier is not Tier.DINAS:
            return Refusal("suket.not_the_dinas")
        _note_key_in(pen, public=public)
        return {"key": key_id(public).hex()}

    return perform(command, work, content={"key": key_id(public).hex()})


def _note_key_in(pen: Pen, *, public: bytes) -> None:
    """The public half goes into the journal before anything is signed: there it outlives the
    machine that holds the private one."""
    key = key_id(public).hex()
    if not LetterKey.objects.filter(pk=key).exists():
        pen.write("suket.key_begun/1", subject=key, facts={"key": key, "public": public.hex()})


def convert(entry: Entry) -> object:
    """Reaction to a handover: the sukets of whoever has the card now are worth nothing."""
    return [
        _convert_one(_reaction(entry, row), row, entry)
        for row in _in_force(entry.facts["resident"])
    ]


def end_with_the_card(entry: Entry) -> object:
    """Reaction to a void: death, block and annulment take the suket along; a loss does not."""
    why = WITH_THE_CARD.get(str(entry.facts["why"]))
    if why is None:
        return None
    return [
        withdraw(_reaction(entry, row), suket=row.suket, why=why.value)
        for row in _in_force(entry.facts["resident"])
    ]


def _in_force(resident: str) -> list[Suket]:
    rows = Suket.objects.filter(resident=resident, withdrawn_at="", converted_at="")
    return list(rows.exclude(number="").order_by("suket"))


def _reaction(entry: Entry, row: Suket) -> Command:  # positional: a pair
    """Happens once for each suket, whatever is replayed."""
    return Command(id=f"re:suket:{entry.hash[:24]}:{row.suket[-32:]}")


def _convert_one(  # positional: a command, what it is about, and why
    command: Command, row: Suket, entry: Entry
) -> Answer | Refusal:
    card = str(entry.facts["card"])

    def work(pen: Pen) -> Answer | Refusal:
        facts = {"suket": row.suket, "number": row.number, "card": card}
        pen.write("suket.converted/1", subject=row.suket, facts=facts)
        return {"suket": row.suket}

    return perform(command, work, content={"suket": row.suket, "card": card})


def note_wrong_code(*, wall: Clock = _WALL) -> None:
    """Count a code that was none of ours, for the ceiling of the public page."""
    hour = hour_of(wall)
    if WrongCodes.objects.filter(pk=hour).update(codes=F("codes") + 1):
        return
    WrongCodes.objects.exclude(pk=hour).delete()
    WrongCodes.objects.get_or_create(hour=hour, defaults={"codes": 1})


def refresh_guards() -> None:
    """The series and the newest sukets made anew from the table, after a rebuild or a restore."""
    with transaction.atomic():
        Series.objects.all().delete()
        NewestOf.objects.all().delete()
        last: dict[int, int] = {}
        newest: dict[str, str] = {}
        for row in Suket.objects.exclude(number="").order_by("issued_at", "suket"):
            last[row.year] = max(last.get(row.year, 0), row.n)
            newest[row.resident] = row.suket
        Series.objects.bulk_create(Series(year=year, last=n) for year, n in last.items())
        NewestOf.objects.bulk_create(
            NewestOf(resident=resident, suket=suket) for resident, suket in newest.items()
        )


REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {
        ("card.handed_over/1", Tier.DINAS): convert,
        ("card.voided/1", Tier.DINAS): end_with_the_card,
    }
)

__all__ = [
    "REACTIONS",
    "convert",
    "end_with_the_card",
    "extend",
    "issue",
    "last_number",
    "newest_of",
    "next_number",
    "note_wrong_code",
    "print_letter",
    "refresh_guards",
    "renew_key",
    "take_place",
    "withdraw",
]
