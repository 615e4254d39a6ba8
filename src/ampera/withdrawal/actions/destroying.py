"""Batches: opened by one officer, destroyed before two and named witnesses, once and for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ampera.blanko.actions import destroy_in
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.alarms import clear_alarm, open_alarms, raise_alarm
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.register.queries import local_day
from ampera.register.rules.days import day_at
from ampera.withdrawal.actions.guarding import hold, on_second_medium
from ampera.withdrawal.models import Batch, InBatch
from ampera.withdrawal.queries.lying import overdue_count, piece_facts, piece_seen
from ampera.withdrawal.queries.packages import late_count
from ampera.withdrawal.rules.pieces import Done, PieceFacts, check_batch, check_destroy, check_done
from ampera.withdrawal.rules.policy import rule_on
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal

OVERDUE: Final = "withdrawal:overdue"
LATE: Final = "withdrawal:late"


def open_batch(command: Command, *, cause: str, pieces: Sequence[str]) -> dict[str, Any] | Refusal:
    """Put pieces of one cause into a batch that is to be destroyed. A piece lies in one batch only.

    Nothing is written to the journal yet: what is gone is. Returns {"batch"}.
    """
    chosen = list(pieces)

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        no = check_batch(chosen, cause=cause)
        if no is not None:
            return no
        hold(chosen)
        for piece in chosen:
            facts = piece_facts(piece)
            if (no := check_destroy(facts)) is not None:
                return no
            assert facts is not None
            if facts.cause != cause:
                return Refusal("withdrawal.other_cause", item=piece)
        batch = pen.new_id("dst")
        Batch.objects.create(
            batch=batch, cause=cause, officer=command.officer, at=utc_text(pen.now)
        )
        # Of two windows that chose the same piece, the second is decided anew and is refused.
        InBatch.objects.bulk_create(InBatch(piece=piece, batch=batch) for piece in chosen)
        return {"batch": batch}

    return perform(command, work, content={"cause": cause, "pieces": chosen})


def cancel_batch(command: Command, *, batch: str) -> dict[str, Any] | Refusal:
    """Take every piece out of a batch again: nothing was destroyed."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if Batch.objects.filter(pk=batch).delete()[0] != 1:
            return Refusal("withdrawal.batch_unknown")
        InBatch.objects.filter(batch=batch).delete()
        return {"batch": batch}

    return perform(command, work, content={"batch": batch})


def finish_batch(command: Command, *, batch: str, done: Done) -> dict[str, Any] | Refusal:
    """Two officers burn the batch, before named witnesses, under a numbered paper.

    Its blanko move to *destroyed* in the books in the same transaction; its cards are void for
    good. The fire comes after: only when this returned without a refusal its entry lies on a second
    medium (architecture §4), and no list of burned cards can be lost with a disk. Given again after
    `withdrawal.second_log_missing`, it tries that medium again. Returns {"destruction", "total"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if is_quarantined():
            return Refusal("server.quarantined")
        row = Batch.objects.filter(pk=batch).first()
        if row is None:
            return Refusal("withdrawal.batch_unknown")
        no = check_done(done, officer=command.officer)
        if no is not None:
            return no
        inside = InBatch.objects.filter(batch=batch).order_by("piece")
        checked = [_checked(each, batch) for each in inside.values_list("piece", flat=True)]
        refused = next((each for each in checked if isinstance(each, Refusal)), None)
        if refused is not None:
            return refused
        facts = [each for each in checked if isinstance(each, PieceFacts)]
        if not facts:
            return Refusal("withdrawal.nothing_chosen")
        told = [_told(each.piece) for each in facts]  # before the books move them away
        blanko = [each.piece for each in facts if each.is_blank]
        if blanko:
            no = destroy_in(pen, serials=blanko, document=batch, witness=done.second)
            if no is not None:
                return no
        _write(pen, row=row, done=done, told=told)
        Batch.objects.filter(pk=batch).delete()
        return {"destruction": batch, "total": len(facts)}

    witnesses = [[each.name, each.office] for each in done.witnesses]
    content = {
        "batch": batch,
        "number": done.number,
        "place": done.place,
        "witnesses": witnesses,
        "second": done.second,
    }
    return on_second_medium(perform(command, work, content=content))


def _checked(piece: str, batch: str) -> PieceFacts | Refusal:  # positional: a pair
    facts = piece_facts(piece)
    no = check_destroy(facts, batch=batch)
    if no is not None:
        return no
    assert facts is not None
    return facts


def _told(piece: str) -> dict[str, str]:
    seen = piece_seen(piece)
    assert seen is not None, "a piece that may be destroyed lies here"
    return {"piece": piece, "card": seen.card, "serial": seen.serial}


def _write(pen: Pen, *, row: Batch, done: Done, told: Sequence[dict[str, str]]) -> None:
    day = day_at(pen.house.code, at=pen.now)
    named = [
        {"name": each.name.strip(), "office": each.office.strip()}
        for each in done.witnesses
        if each.name.strip()
    ]
    pen.write(
        "destruction.done/1",
        subject=row.batch,
        facts={
            "destruction": row.batch,
            "number": done.number.strip(),
            "place": done.place.strip(),
            "way": rule_on(day).way.value,
            "cause": row.cause,
            "on": day.isoformat(),
            "officers": [pen.command.officer, done.second],
            "witnesses": len(named),
            "total": len(told),
            "pieces": list(told),
        },
        body={"witnesses": named},
    )


def flag_overdue() -> int:
    """Tick: say aloud that pieces lie longer than the rule of the day allows; how many they are."""
    day = local_day()
    rule, count = rule_on(day), overdue_count(day)
    said = dict(open_alarms()).get(OVERDUE, "") if rule.lies_days_max >= 0 else ""
    text = f"{count} withdrawn pieces lie at {house().code} longer than {rule.basis} says"
    if count and said != text:
        raise_alarm(OVERDUE, text)
    elif not count and said:
        clear_alarm(OVERDUE)
    return count


def flag_late() -> int:
    """Tick: say aloud that packages from or to this office are under way too long; how many."""
    count, said = late_count(), dict(open_alarms()).get(LATE, "")
    text = f"{count} packages of withdrawn cards from or to {house().code} are under way too long"
    if count and said != text:
        raise_alarm(LATE, text)
    elif not count and said:
        clear_alarm(LATE)
    return count
