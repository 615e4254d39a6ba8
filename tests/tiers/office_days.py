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
from tests.tiers.counter_day import (
    _command,
    _done,
    _officer,
    _wait,
    up_to_a_permit,
    write_chip,
)


def main(data: Path, code: str, what: str, number: int) -> dict[str, Any]:
    server = open_server(
        ServerFolder(data / code), clock=CityClock(read_anchor(data / "clock.json"))
    )
    if what == "permit":
        permit, _ = up_to_a_permit(code, nik=_nik(number))
        return {"permit": permit.permit, "resident": permit.resident}
    return print_and_hand_over(code, printer=server.printer_name)


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
        write_chip(card)
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
