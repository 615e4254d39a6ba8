"""Verdicts of the centre, one at a time in the order of arrival: into the gallery first, then the
search.

The first that the engine has not answered holds back all behind it: a later recording must not be
judged before an earlier candidate is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max

from ampera.dedup.actions.identity import IdentityEngine
from ampera.dedup.models import OnePrintReady, RecordVerdict, Turn
from ampera.dedup.ports import EngineError, Sample, engine_in_use
from ampera.dedup.queries import last_arrival_decided, persons, ready_as, verdict_of
from ampera.dedup.rules import (
    Candidate,
    Decided,
    Verdict,
    decide_adjudication,
    decide_verdict,
)
from ampera.enrolment.queries import (
    EnrolmentSeen,
    arrived,
    children_concerned,
    enrolment_seen,
)
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.alarms import clear_alarm, raise_alarm
from ampera.journal.entry import Entry
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

STEP_MOST: Final = 50
_ENGINE_ALARM: Final = "dedup:engine"


def decide_next(*, most: int = STEP_MOST) -> int:
    """Tick of the pusat: judge the recordings that arrived, as far as the engine has answers.

    Returns how many were judged.
    """
    done = 0
    for seen in arrived(after=last_arrival_decided(), most=most):
        candidates = _ask_engine(seen)
        if candidates is None:
            break
        _judge(seen, candidates)
        done += 1
    return done


def _ask_engine(seen: EnrolmentSeen) -> Sequence[Candidate] | None:
    engine = engine_in_use() or IdentityEngine()
    sample = Sample(
        enrolment=seen.id,
        packet=seen.packet,
        modalities=seen.modalities,
        resident=seen.resident,
        nik=seen.nik,
    )
    try:
        engine.enrol(sample)
        found = engine.search(sample)
    except EngineError as error:
        raise_alarm(_ENGINE_ALARM, f"the engine cannot be asked: {type(error).__name__}")
        return None
    clear_alarm(_ENGINE_ALARM)
    return found


def _judge(seen: EnrolmentSeen, candidates: Sequence[Candidate]) -> None:
    def judge(pen: Pen) -> Answer:
        decided = decide_verdict(
            seen.id,
            arrival=seen.arrival,
            candidates=candidates,
            arrivals={each.enrolment: _arrival_of(each.enrolment) for each in candidates},
            ready_as=ready_as(seen.resident, nik=seen.nik),
        )
        return _write_decided(pen, seen, decided)

    perform(Command(id=f"dedup:{seen.id}"), judge, content={"enrolment": seen.id})


def _arrival_of(enrolment: str) -> int:
    seen = enrolment_seen(enrolment)
    return 0 if isinstance(seen, Refusal) else seen.arrival


def adjudicate(
    command: Command, *, enrolment: str, is_same_person: bool
) -> Answer | Refusal:  # fmt: skip
    """An adjudicator of the centre says whether the two recordings are one person: the final word.

    Refuses dedup.not_to_adjudicate, dedup.already_ready.
    """

    def settle(pen: Pen) -> Answer | Refusal:
        seen, known = enrolment_seen(enrolment), verdict_of(enrolment)
        if isinstance(seen, Refusal) or pen.house.tier is not Tier.PUSAT:
            return Refusal("dedup.not_to_adjudicate")
        decided = decide_adjudication(
            known.verdict if known is not None else None,
            of=known.of if known is not None else None,
            is_same_person=is_same_person,
            ready_as=ready_as(seen.resident, nik=seen.nik),
        )
        if isinstance(decided, Refusal):
            return decided
        return _write_decided(pen, seen, decided)

    assert command.officer, "a person adjudicates"
    content = {"enrolment": enrolment, "is_same_person": is_same_person}
    return perform(command, settle, content=content)


def _write_decided(pen: Pen, seen: EnrolmentSeen, decided: Decided) -> Answer:
    if decided.verdict is Verdict.PRINT_READY_RECORD:
        # Of two that both found nobody ready, one loses here and is judged anew.
        for person in persons(seen.resident, nik=seen.nik):
            OnePrintReady.objects.create(person=person, enrolment=seen.id)
    order = (Turn.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    Turn.objects.create(number=order, enrolment=seen.id)
    dinas = seen.office.upper if seen.office.tier is Tier.KECAMATAN else seen.office
    pen.write(
        "dedup.decided/1",
        subject=seen.id,
        facts={
            "enrolment": seen.id,
            "request": seen.request,
            "resident": seen.resident,
            "verdict": decided.verdict.value,
            "of": decided.of,
            "order": order,
            "office": seen.office.text,
            "arrival": seen.arrival,
        },
        to=dinas,
    )
    return {"enrolment": seen.id, "verdict": decided.verdict.value, "of": decided.of}


def retell_verdict(entry: Entry) -> Answer | Refusal | None:
    """Reaction of the dinas: the captor and the request's host learn the verdict."""
    told = entry.facts
    children = children_concerned(told["office"], request=told["request"])
    if not children:
        return None

    def retell(pen: Pen) -> Answer:
        names = ("enrolment", "request", "resident", "verdict", "of", "order")
        facts = {name: told[name] for name in names}
        for child in children:
            pen.write(entry.kind, subject=entry.subject, facts=facts, to=child, retells=entry)
        return {"told": [child.text for child in children]}

    command = Command.reaction(entry, "retell_verdict")
    return perform(command, retell, content={"enrolment": told["enrolment"]})


def refresh_guards() -> None:
    """Make the guards anew from the facts, after a rebuild.

    The first verdict of a person holds it.
    """
    with transaction.atomic():
        OnePrintReady.objects.all().delete()
        Turn.objects.all().delete()
        rows = RecordVerdict.objects.order_by("decided_order", "enrolment")
        for row in rows.filter(verdict=Verdict.PRINT_READY_RECORD.value):
            seen = enrolment_seen(row.enrolment)
            nik = "" if isinstance(seen, Refusal) else seen.nik
            for person in persons(row.resident, nik=nik):
                OnePrintReady.objects.get_or_create(
                    person=person, defaults={"enrolment": row.enrolment}
                )
        for row in RecordVerdict.objects.all():
            for number in (row.asked_order, row.decided_order):
                if number:
                    Turn.objects.get_or_create(number=number, defaults={"enrolment": row.enrolment})
