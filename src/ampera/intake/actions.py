"""The verbs of the intake: take, complete, hand on, confirm, reject; and the queue of the
counter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F

from ampera.intake.models import CardRequest, OpenRequest, QueueDay
from ampera.intake.ports import RegisterSays
from ampera.intake.queries import (
    facts_of,
    open_requests_of,
    queue_key,
    queue_seen,
    request_seen,
)
from ampera.intake.rules.replacing import PoliceLetter, check_replacement
from ampera.intake.rules.requests import (
    ReasonClass,
    RequestFacts,
    ResidentFacts,
    TakeRequest,
    decide_complete,
    decide_confirm,
    decide_hand_on,
    decide_reject,
    decide_take,
    missing_fields,
)
from ampera.intake.rules.tickets import hash_of_ticket, ticket_from
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.entry import Entry, canonical
from ampera.journal.house import house
from ampera.register.queries import agrees_with_register, local_day
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal


def take_request(
    command: Command,
    *,
    resident_facts: ResidentFacts,
    reason: Reason,
    papers: Collection[str],
    letter: PoliceLetter | None = None,
    contact: str = "",
) -> Answer | Refusal:
    """Take a request at the counter. What this office does not serve goes on to the dinas at
    once.

    Answers {request, ticket, goes_to, missing}: the receipt prints the ticket code, which is kept
    here by hash only, and where the request went. `letter`: the police's letter, where a card was
    lost. `contact`: an e-mail address or mobile number for messages, if given. Refuses
    intake.paper_missing, change_out_of_domicile, not_a_first_card, no_card_to_replace,
    already_open, police_letter, police_letter_day, nothing_changed.
    """
    shown = sorted(set(papers))

    def take(pen: Pen) -> Answer | Refusal:
        decided = _decide_take(pen, resident_facts, reason=reason, papers=shown, letter=letter)
        if isinstance(decided, Refusal):
            return decided
        request, ticket = pen.new_id("req"), ticket_from(pen.house.ids.salt())
        # Of two windows that both found nothing open, one loses here and decides anew.
        OpenRequest.objects.create(
            key=f"{resident_facts.resident}/{ReasonClass.of(reason)}", request=request
        )
        _write_taken(
            pen,
            request,
            resident_facts,
            reason,
            (shown, hash_of_ticket(ticket), decided, letter, contact.strip()[:120]),
        )
        if decided.goes_to != pen.house.code:
            _write_handed_on(pen, request=request, to=decided.goes_to, reason=reason)
        return {
            "request": request,
            "ticket": ticket,
            "goes_to": decided.goes_to.text,
            "missing": list(decided.missing),
        }

    said = hashlib.sha256(canonical(_as_content(resident_facts))).hexdigest()
    content: Answer = {
        "resident": resident_facts.resident,
        "reason": reason.value,
        "papers": shown,
    }
    content |= {"contact": contact} if contact else {}
    return perform(command, take, content={**content, "said": said, **_letter_told(letter)})


def _decide_take(  # positional: the pen and whom it writes about
    pen: Pen,
    resident: ResidentFacts,
    *,
    reason: Reason,
    papers: Collection[str],
    letter: PoliceLetter | None,
) -> TakeRequest | Refusal:
    """Who serves the request, if it may be taken, and if a replacement has what it needs."""
    day = local_day()
    decided = decide_take(
        resident,
        reason=reason,
        papers=papers,
        here=pen.house.code,
        on=day,
        open_requests=open_requests_of(resident.resident),
    )
    if isinstance(decided, Refusal):
        return decided
    no = check_replacement(reason, on=day, letter=letter, is_unchanged=resident.is_unchanged)
    return decided if no is None else no


def complete_request(
    command: Command, *, request: str, resident_facts: ResidentFacts | None = None
) -> Answer | Refusal:
    """Report the data of a request as complete; the dinas takes it from here.

    `resident_facts`: the resident as the register knows them now, when the data were completed
    since the request was taken; without it what was missing then is missing still. Refuses
    intake.field_missing naming the first field that lacks.
    """

    def complete(pen: Pen) -> Answer | Refusal:
        facts = facts_of(request)
        if facts is None:
            return Refusal("intake.no_such_request")
        missing = facts.missing
        if resident_facts is not None:
            if resident_facts.resident != facts.resident:
                return Refusal("intake.other_resident")
            missing = missing_fields(resident_facts)
        no = decide_complete(facts, here=pen.house.code, missing=missing)
        if no is not None:
            return no
        pen.write("request.completed/1", subject=request, facts={"request": request})
        return {"request": request}

    content = _as_content(resident_facts) if resident_facts is not None else {}
    return perform(command, complete, content={"request": request, "resident": content})


def hand_on(command: Command, *, request: str) -> Answer | Refusal:
    """Hand a request that this kecamatan took on to its dinas, by an officer's decision."""

    def pass_on(pen: Pen) -> Answer | Refusal:
        facts = facts_of(request)
        if facts is None:
            return Refusal("intake.no_such_request")
        to = decide_hand_on(facts, here=pen.house.code)
        if isinstance(to, Refusal):
            return to
        _write_handed_on(pen, request=request, to=to, reason=facts.reason)
        return {"request": request, "goes_to": to.text}

    return perform(command, pass_on, content={"request": request})


def confirm_nik(entry: Entry, *, agrees: RegisterSays | None = None) -> Answer | Refusal | None:
    """Reaction of the dinas to `request.completed`: confirm the NIK when name and birth date agree.

    None when they do not: the request stays a desk item for an officer.
    """
    seen = request_seen(entry.facts["request"])
    if isinstance(seen, Refusal) or not seen.nik:
        return None
    asked = agrees or agrees_with_register
    if not asked(seen.nik, nama=seen.nama, tanggal_lahir=seen.tanggal_lahir):
        return None
    command = Command.reaction(entry, "confirm_nik")
    return _confirm(command, request=seen.id, by="register")


def confirm_by_officer(command: Command, *, request: str) -> Answer | Refusal:
    """Confirm the NIK of a desk item at the dinas, after a look at register and papers."""
    assert command.officer, "a desk item is confirmed by an officer"
    return _confirm(command, request=request, by=command.officer)


def reject_request(command: Command, *, request: str, why: str) -> Answer | Refusal:
    """Reject a request at the dinas; `why` is a code of `RejectReason`. A new one may be made."""

    def reject(pen: Pen) -> Answer | Refusal:
        facts = facts_of(request)
        if facts is None:
            return Refusal("intake.no_such_request")
        no = decide_reject(facts, here=pen.house.code, why=why)
        if no is not None:
            return no
        pen.write(
            "request.rejected/1",
            subject=request,
            facts={"request": request, "why": why},
            to=_told_to(facts, here=pen.house.code),
        )
        return {"request": request}

    return perform(command, reject, content={"request": request, "why": why})


def take_number(counter: str) -> int:
    """The next queue number of a counter today, from 1. Local and not journalled."""
    key = queue_key(counter, day=local_day())
    try:
        with transaction.atomic():
            QueueDay.objects.create(key=key, given=0, called=0)
    except IntegrityError:
        pass  # Somebody took today's first number already.
    with transaction.atomic():
        # The update holds the row until the number is read: no two visitors get the same one.
        QueueDay.objects.filter(pk=key).update(given=F("given") + 1)
        return QueueDay.objects.values_list("given", flat=True).get(pk=key)


def call_next(counter: str) -> int | Refusal:
    """Call the next number of a counter today. Refuses intake.nobody_waits."""
    key = queue_key(counter, day=local_day())
    while (seen := queue_seen(counter)).waiting > 0:
        taken = QueueDay.objects.filter(pk=key, called=seen.called, given__gt=seen.called)
        if taken.update(called=seen.called + 1) == 1:
            return seen.called + 1
        # Another window called this number; each turn of the loop means that somebody was served.
    return Refusal("intake.nobody_waits", counter=counter)


def refresh_guards() -> None:
    """Make the guard anew from the facts, after a rebuild.

    The oldest open request of a class holds it.
    """
    with transaction.atomic():
        OpenRequest.objects.all().delete()
        rows = CardRequest.objects.filter(rejected_at="", closed_at="").exclude(taken_at="")
        rows = rows.filter(office=house().code.text)
        for row in rows.order_by("taken_at", "taken_hash"):
            key = f"{row.resident}/{ReasonClass.of(Reason(row.reason))}"
            OpenRequest.objects.get_or_create(key=key, defaults={"request": row.id})


def _write_taken(
    pen: Pen,
    request: str,
    resident: ResidentFacts,
    reason: Reason,
    rest: tuple[list[str], str, TakeRequest, PoliceLetter | None, str],
) -> None:
    papers, ticket_hash, decided, letter, contact = rest
    pen.write(
        "request.taken/1",
        subject=request,
        facts={
            "request": request,
            "resident": resident.resident,
            "reason": reason.value,
            "papers": papers,
            "missing": list(decided.missing),
            "ticket_hash": ticket_hash,
            "home": resident.home.text,
            "host": resident.host.text,
            "nik_known": resident.is_nik_confirmed,
            **({"police_on": letter.on.isoformat()} if letter is not None else {}),
        },
        body={
            "nik": resident.nik.digits,
            "no_kk": resident.no_kk.digits if resident.no_kk is not None else "",
            "nama": resident.nama,
            "tanggal_lahir": _day_text(resident.tanggal_lahir),
            **_letter_told(letter),
            **({"contact": contact} if contact else {}),
        },
    )


def _letter_told(letter: PoliceLetter | None) -> dict[str, str]:
    """The letter's number leads to a person: it stands in the body, and goes with it."""
    if letter is None:
        return {}
    return {
        "police_number": letter.number.strip(),
        "police_office": letter.office.strip(),
        "police_on": letter.on.isoformat(),
    }


def _write_handed_on(pen: Pen, *, request: str, to: OfficeCode, reason: Reason) -> None:
    facts = {"request": request, "to": to.text, "reason": reason.value}
    pen.write("request.handed_on/1", subject=request, facts=facts)


def _confirm(command: Command, *, request: str, by: str) -> Answer | Refusal:
    def confirm(pen: Pen) -> Answer | Refusal:
        facts = facts_of(request)
        if facts is None:
            return Refusal("intake.no_such_request")
        no = decide_confirm(facts, here=pen.house.code)
        if no is not None:
            return no
        pen.write(
            "request.confirmed/1",
            subject=request,
            facts={"request": request, "by": by},
            to=_told_to(facts, here=pen.house.code),
        )
        return {"request": request}

    return perform(command, confirm, content={"request": request, "by": by})


def _told_to(facts: RequestFacts, *, here: OfficeCode) -> OfficeCode | None:
    """The child that took the request learns what became of it; the dinas's own counter knows."""
    return facts.office if facts.office != here else None


def _as_content(resident: ResidentFacts) -> dict[str, Any]:
    """The facts as JSON, for the command's fingerprint only; nothing of it is stored."""
    plain = asdict(resident)
    plain["nik"], plain["home"], plain["host"] = (
        resident.nik.digits,
        resident.home.text,
        resident.host.text,
    )
    plain["no_kk"] = resident.no_kk.digits if resident.no_kk is not None else ""
    plain["tanggal_lahir"] = _day_text(resident.tanggal_lahir)
    return plain


def _day_text(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {("request.completed/1", Tier.DINAS): confirm_nik}
)
