"""A replacement is made from the first recording. Where its dinas knows of none, the centre looks
for it and answers: nobody recorded this resident, or another dinas did.

A card from before Ampera may be that old that its holder was never recorded (domain §2.3: the
look-up that proves an earlier recording comes before everything else). The resident is then asked
to come, and the request goes on by itself once the recording is proved unique.
"""

from __future__ import annotations

from ampera.enrolment.models import ToLookUp
from ampera.enrolment.queries import children_concerned, enrolments_of
from ampera.intake.queries import RequestSeen, request_seen
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.quarantine import is_quarantined
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

STEP_MOST = 50


def look_for_recording(entry: Entry) -> object:
    """Reaction at the pusat to a request for a replacement."""
    if not Reason(entry.facts["reason"]).is_replacement:
        return None
    request: str = entry.facts["request"]
    if is_quarantined():
        # A restored centre may have lost the recording: it answers when it knows all again.
        ToLookUp.objects.get_or_create(request=request)
        return None
    return _answer(request)


def look_for_the_rest() -> int:
    """Tick of the pusat: answer what had to wait for the end of a quarantine; how many."""
    if is_quarantined():
        return 0
    waiting = list(ToLookUp.objects.order_by("request").values_list("request", flat=True))
    for request in waiting[:STEP_MOST]:
        _answer(request)
        ToLookUp.objects.filter(pk=request).delete()
    return len(waiting[:STEP_MOST])


def _answer(request: str) -> Answer | Refusal | None:
    seen = request_seen(request)
    if isinstance(seen, Refusal):
        return None

    def answer(pen: Pen) -> Answer:
        found = enrolments_of(seen.resident, nik=seen.nik)
        places = {_dinas(each.office) for each in found}
        told = [each for each in _asking(seen) if each not in places]
        for dinas in told:
            pen.write(
                "enrolment.looked_up/1",
                subject=request,
                facts={
                    "request": request,
                    "resident": seen.resident,
                    "office": seen.facts.office.text,
                    "recorded_at": found[0].office.text if found else "",
                },
                to=dinas,
            )
        return {"told": [each.text for each in told]}

    return perform(Command(id=f"look_up:{request}"), answer, content={"request": request})


def _asking(seen: RequestSeen) -> list[OfficeCode]:
    """The dinas of the counter and of the home. Who recorded the resident knows it already."""
    return sorted({_dinas(seen.facts.office), _dinas(seen.facts.home)})


def _dinas(office: OfficeCode) -> OfficeCode:
    return office.upper if office.tier is Tier.KECAMATAN and office.upper else office


def retell_looked_up(entry: Entry) -> Answer | Refusal | None:
    """Reaction of the dinas: the counter that took the request learns the answer, and its host."""
    facts = {name: entry.facts[name] for name in ("request", "recorded_at")}
    children = children_concerned(entry.facts["office"], request=facts["request"])
    if not children:
        return None

    def retell(pen: Pen) -> Answer:
        for child in children:
            pen.write(entry.kind, subject=facts["request"], facts=facts, to=child, retells=entry)
        return {"told": [child.text for child in children]}

    command = Command.reaction(entry, "retell_looked_up")
    return perform(command, retell, content={"request": facts["request"]})
