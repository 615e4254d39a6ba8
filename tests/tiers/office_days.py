"""Work at a server that runs beside: `python -m tests.tiers.office_days DATA CODE WHAT [NUMBER]`.

Steps of a counter's day for tests that put a server back in between: `permit N` takes the N-th
resident up to a permit with its print packet, `print` prints all open permits and hands them over.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ampera.tiers.city_clock import CityClock, read_anchor
from ampera.tiers.folder import ServerFolder
from ampera.tiers.opening import open_server
from tests.tiers.counter_day import _command, _done, _officer, _wait


def main(data: Path, code: str, what: str, number: int) -> dict[str, Any]:
    server = open_server(
        ServerFolder(data / code), clock=CityClock(read_anchor(data / "clock.json"))
    )
    if what == "permit":
        return up_to_a_permit(code, number)
    return print_and_hand_over(code, printer=server.printer_name)


def up_to_a_permit(code: str, number: int) -> dict[str, Any]:
    from ampera.enrolment.actions import capture
    from ampera.enrolment.queries import printed_fields
    from ampera.intake.actions import complete_request, take_request
    from ampera.intake.queries import facts_of, resident_facts
    from ampera.intake.rules.papers import papers_required
    from ampera.readiness.queries import open_permits
    from ampera.register.queries import Purpose, local_day, resident_for
    from ampera.screens.counter.sample_images import sample_images
    from ampera.tiers.print_packets import packet_of
    from ampera.words.reason import Reason

    loket = _officer("loket")
    resident = resident_for(loket, _nik(number), purpose=Purpose.COUNTER)
    taken = _done(
        take_request(
            _command(loket),
            resident_facts=resident_facts(resident),
            reason=Reason.NEW,
            papers=papers_required(Reason.NEW, on=local_day()).required,
        )
    )
    request = taken["request"]
    _done(complete_request(_command(loket), request=request))
    _wait(lambda: facts_of(request).is_confirmed)
    _done(
        capture(
            _command(loket),
            request=request,
            images=sample_images(resident),
            printed=printed_fields(resident),
        )
    )
    _wait(lambda: open_permits(code))
    (permit,) = open_permits(code)
    _wait(lambda: packet_of(permit))
    return {"permit": permit.permit, "resident": permit.resident}


def print_and_hand_over(code: str, *, printer: str) -> dict[str, Any]:
    """Prints whatever has an open permit here; nothing when nothing has."""
    from ampera.delivery.actions import hand_over
    from ampera.printing.actions import check_card, start_run
    from ampera.printing.queries import cards_to_check
    from ampera.readiness.queries import open_permits

    count = len(open_permits(code))
    if not count:
        return {"serials": []}
    _done(start_run(_command(_officer("cetak")), printer=printer, cards=count))
    _wait(lambda: len(cards_to_check()) == count)
    made = cards_to_check()
    for card in made:
        _done(check_card(_command(_officer("cetak")), card=card.card, result="READY"))
        _done(hand_over(_command(_officer("loket")), card=card.card))
    return {"serials": [card.serial for card in made]}


def _nik(number: int) -> Any:
    from ampera.register.models import Resident
    from ampera.words.nik import Nik

    rows = Resident.objects.filter(has_legacy_card=False, born__lt="1995-01-01").order_by("nik")
    return Nik(rows[number].nik)


if __name__ == "__main__":
    told = main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int((sys.argv[4:] or ["0"])[0]))
    print(json.dumps(told))
