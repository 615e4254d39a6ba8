"""One request comes before others: urgent, or before everybody. Always two officers, a reason of
the policy's list and the paper that proves it; taken back by a second movement, never erased."""

from __future__ import annotations

from datetime import date
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.readiness.models import Asked, QueueMove
from ampera.readiness.projection.refreshing import hold
from ampera.readiness.queries.queue import day_start, is_served_by, queue_office
from ampera.readiness.rules.policy import Moved, UrgencyCode, policy
from ampera.readiness.rules.queue import (
    MoveFacts,
    check_note,
    check_two,
    decide_move,
    decide_undo,
)
from ampera.readiness.rules.states import RequestState
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_KINDS = {Moved.URGENT: "queue.urged/1", Moved.JUMPED: "queue.jumped/1"}


def urge_request(
    command: Command, *, request: str, reason: str, evidence: str, note: str, witness: str
) -> dict[str, Any] | Refusal:
    """Call a waiting request urgent: it comes before the less urgent of its queue.

    `reason` and `evidence` are codes of `policy.toml`; `witness` is the second officer, whose own
    credentials the caller has seen in the same act. Returns {"move"}. Refuses when nobody of that
    id waits here, it is granted or urgent already, or the day's number is used up.
    """
    return _move(command, Moved.URGENT, request, (reason, evidence, note, witness))


def jump_queue(
    command: Command, *, request: str, reason: str, evidence: str, note: str, witness: str
) -> dict[str, Any] | Refusal:
    """Put one waiting request before everybody of its queue. As `urge_request`."""
    return _move(command, Moved.JUMPED, request, (reason, evidence, note, witness))


def undo_move(command: Command, *, move: str, witness: str) -> dict[str, Any] | Refusal:
    """Two officers take a movement back: the request stands where it stood. Returns {"move"}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if (no := check_two(command.officer, witness)) is not None:
            return no
        hold(move)
        row = QueueMove.objects.filter(pk=move).exclude(request="").first()
        asked = _asked_here(row.request, pen.house.code) if row is not None else None
        no = decide_undo(
            state=RequestState(asked.state) if asked is not None else None,
            is_undone=row is not None and bool(row.undone_at),
            is_at_dinas=pen.house.tier is Tier.DINAS,
        )
        if no is not None or row is None or asked is None:
            return no or Refusal("readiness.move_unknown")
        facts = {"move": move, "request": row.request, "witness": witness}
        to = _chain_for(OfficeCode(row.office), pen)
        pen.write("queue.undone/1", subject=move, facts=facts, to=to)
        return {"move": move}

    return perform(command, work, content={"move": move, "witness": witness})


def _move(  # positional: one act
    command: Command, what: Moved, request: str, said: tuple[str, str, str, str]
) -> dict[str, Any] | Refusal:
    reason, evidence, note, witness = said

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        no = check_two(command.officer, witness) or check_note(note)
        if no is not None:
            return no
        asked = _asked_here(request, pen.house.code)
        day = day_at(pen.house.code, at=pen.now)
        office = queue_office(asked, day=day) if asked is not None else None
        if asked is None or office is None:
            return Refusal("readiness.not_here")
        # The last movement of a day goes to one of two who ask at one moment.
        hold(f"moves/{office}")
        code = decide_move(
            what,
            reason=reason,
            evidence=evidence,
            facts=_facts(asked, what, office=office, day=day, here=pen.house.code),
            by=policy(),
            day=day,
        )
        if isinstance(code, Refusal):
            return code
        move = pen.new_id("mov")
        facts = _as_facts(code, move=move, asked=asked, office=office, day=day)
        pen.write(
            _KINDS[what],
            subject=move,
            facts=facts | {"evidence": evidence, "witness": witness},
            body={"note": note.strip()},
            to=_chain_for(office, pen),
        )
        return {"move": move}

    content = {
        "what": what.value,
        "request": request,
        "reason": reason,
        "evidence": evidence,
        "note": note,
        "witness": witness,
    }
    return perform(command, work, content=content)


def _as_facts(
    code: UrgencyCode, *, move: str, asked: Asked, office: OfficeCode, day: date
) -> dict[str, Any]:
    return {
        "move": move,
        "request": asked.request,
        "reason": code.code,
        "rank": code.rank,
        "office": office.text,
        "row": policy().queue_on(day).since.isoformat(),
    }


def _facts(
    asked: Asked, what: Moved, *, office: OfficeCode, day: date, here: OfficeCode
) -> MoveFacts:
    standing = QueueMove.objects.filter(what=what, undone_at="")
    return MoveFacts(
        state=RequestState(Asked.objects.values_list("state", flat=True).get(pk=asked.pk)),
        is_at_dinas=here.tier is Tier.DINAS,
        is_moved_so=standing.filter(request=asked.request).exists(),
        moved_today=standing.filter(office=office.text, at__gte=day_start(office, day)).count(),
    )


def _asked_here(request: str, here: OfficeCode) -> Asked | None:
    """The request, if this office serves it: a dinas all of its city."""
    asked = Asked.objects.filter(pk=request).exclude(resident="").first()
    return asked if asked is not None and is_served_by(asked, office=here) else None


def _chain_for(office: OfficeCode, pen: Pen) -> OfficeCode | None:
    """The dinas tells the office whose queue it is; an office tells upward of itself."""
    is_told = pen.house.tier is Tier.DINAS and office.is_child_of(pen.house.code)
    return office if is_told else None
