"""The pusat gives the mandate for a resident to one dinas at a time, with PRINT_READY_RECORD."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.quarantine import is_quarantined
from ampera.readiness.models import Asked, Captured, OneMandate, Record, Verdict
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

READY_VERDICT = "PRINT_READY_RECORD"
TICK_MAX = 50


@dataclass(frozen=True, slots=True)
class ReadyRecord:
    """A record that the centre found unique and complete. `home`: the kecamatan of the domicile."""

    resident: str
    request: str
    enrolment: str
    version: str
    home: str
    reason: Reason
    printable_from: date | None = None


def give_mandate(command: Command, *, ready: ReadyRecord) -> dict[str, Any] | Refusal:
    """Give the dinas of the resident's home leave to permit prints of this record.

    A second record of the same resident goes under the mandate that exists; to another dinas it
    moves only by recall and return. Returns {"mandate", "dinas"}.
    """
    told = asdict(ready) | {"reason": ready.reason.value}
    told["printable_from"] = ready.printable_from.isoformat() if ready.printable_from else ""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.PUSAT:
            return Refusal("readiness.not_the_centre")
        if is_quarantined():
            return Refusal("server.quarantined")
        dinas = OfficeCode(ready.home[:5])
        known = OneMandate.objects.filter(pk=ready.resident).first()
        if known is not None and known.dinas != str(dinas):
            return Refusal("readiness.mandate_elsewhere", office=known.dinas)
        if Record.objects.filter(pk=ready.enrolment).exists():
            return Refusal("readiness.mandate_given")
        mandate = known.mandate if known is not None else pen.new_id("mdt")
        if known is None:
            # The key is the resident: of two mandates at once one is decided anew.
            OneMandate.objects.create(resident=ready.resident, mandate=mandate, dinas=str(dinas))
        pen.write(
            "mandate.given/1",
            subject=mandate,
            facts={
                "mandate": mandate,
                "resident": ready.resident,
                "request": ready.request,
                "enrolment": ready.enrolment,
                "version": ready.version,
                "home": ready.home,
                "reason": ready.reason.value,
            },
            body={"printable_from": told["printable_from"]},
            to=dinas,
        )
        return {"mandate": mandate, "dinas": str(dinas)}

    return perform(command, work, content=told)


def give_mandate_for(entry: Entry) -> object:
    """Reaction at the pusat to its own verdict PRINT_READY_RECORD."""
    if entry.facts["verdict"] != READY_VERDICT:
        return None
    return _give(entry.facts["enrolment"], Command.reaction(entry, "mandate"))


def give_mandates() -> int:
    """Tick at the pusat: verdicts whose mandate is still to be given, because the request or the
    capture was told later. Returns how many were given."""
    given = 0
    mandated = Record.objects.values("enrolment")
    rows = Verdict.objects.filter(verdict=READY_VERDICT).exclude(enrolment__in=mandated)
    captured = Captured.objects.values("enrolment")
    for row in rows.filter(enrolment__in=captured).order_by("order").iterator():
        if given == TICK_MAX:
            break
        done = _give(row.enrolment, Command(id=f"re:mandate:{row.hash[:48]}"))
        given += isinstance(done, dict)
    return given


def _give(enrolment: str, command: Command) -> dict[str, Any] | Refusal | None:
    captured = Captured.objects.filter(pk=enrolment).first()
    asked = Asked.objects.filter(pk=captured.request).first() if captured is not None else None
    if captured is None or asked is None or not asked.resident:
        return None
    known = OneMandate.objects.filter(pk=captured.resident).first()
    if known is not None and known.dinas != asked.home[:5]:
        return Refusal("readiness.mandate_elsewhere", office=known.dinas)
    ready = ReadyRecord(
        resident=captured.resident,
        request=captured.request,
        enrolment=enrolment,
        version=captured.version,
        home=asked.home,
        reason=Reason(asked.reason),
        printable_from=date.fromisoformat(captured.printable_from)
        if captured.printable_from
        else None,
    )
    return give_mandate(command, ready=ready)
