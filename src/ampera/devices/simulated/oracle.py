"""Who knows the printer's temperature and every figure: the most that can be printed with it.

Nobody can print more. Heat fades, so a card printed earlier leaves no less room for those after
it: each is fed as early as it can be without ever reaching the cut-off.
"""

from __future__ import annotations

import math

from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.thermal import Load, decayed, seconds_until

#: So far below the cut-off counts as below it.
_MARGIN_CELSIUS = 0.002
_MARGIN_SECONDS = 0.01


def seconds_until_feed(machine: Machine, *, seconds_left: float) -> float:
    """How long to wait before the next card is fed to a printer that would take one.

    `seconds_left` of the working day: the last card may run into the cut-off, for nothing follows.
    A machine without heat never waits.
    """
    heating, card = machine.heating, machine.print_time.total_seconds()
    if heating is None:
        return 0.0
    if not heating.is_ready:
        return max(0.1, heating.seconds_until_ready)
    figures, room = heating.figures, heating.room
    printing = figures.settles(Load.PRINTING, room=room)
    most = figures.cut_off_celsius - _MARGIN_CELSIUS
    body = heating.temperatures.body
    constant = figures.body_seconds
    if decayed(body, towards=printing, seconds=card, constant=constant) <= most:
        return 0.0
    start = printing + (most - printing) * math.exp(card / constant)
    standby = figures.settles(Load.STANDBY, room=room)
    wait = seconds_until(body, threshold=start, towards=standby, constant=constant)
    is_last = wait + 2 * card > seconds_left >= card
    return 0.0 if is_last else wait + _MARGIN_SECONDS
