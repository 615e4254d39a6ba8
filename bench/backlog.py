"""Thirty days of work of one kecamatan, written into its stopped server's own journal."""

from __future__ import annotations

import sys
from pathlib import Path

DAYS, CARDS, ENTRIES = 30, 160, 12


def write_backlog(data: str) -> None:
    """A day a command: what an office writes while nobody hears it, twelve entries a request.

    All of it is projected here and at the dinas and relayed to the pusat, and every request stays
    open: nobody above has confirmed one of them.
    """
    from ampera.tiers.city_clock import CityClock, read_anchor
    from ampera.tiers.opening import folder_of, open_server

    clock = CityClock(read_anchor(Path(data).parent / "clock.json"))
    open_server(folder_of(data), clock=clock)
    from ampera.journal.actions import Command, Pen, perform

    for day in range(DAYS):

        def work(pen: Pen) -> dict[str, int]:
            for _ in range(CARDS):
                request = pen.new_id("req")
                for _ in range(ENTRIES):
                    pen.write("request.completed/1", subject=request, facts={"request": request})
            return {}

        perform(Command(f"bench:{day}"), work, content={"day": day})


if __name__ == "__main__":
    write_backlog(sys.argv[1])
