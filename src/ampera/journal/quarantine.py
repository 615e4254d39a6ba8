"""A restored server whose tail cannot be proved whole is quarantined.

No print, grant, verdict, shipment or handover until two officers have counted shelf, tray and
spoils by serial (architecture §4). The journal itself refuses to write those kinds: no station can
forget to ask.
"""

from __future__ import annotations

from typing import Final

from ampera.journal import sql
from ampera.journal.models import Mark

_KEY: Final = "quarantine"


def is_quarantined() -> bool:
    return bool(sql.read("SELECT 1 FROM journal_mark WHERE key = %s", _KEY))


def quarantine(why: str) -> None:
    """Begin; beginning twice changes nothing."""
    Mark.objects.get_or_create(pk=_KEY, defaults={"value": why})


def lift_quarantine() -> None:
    """End it: only the action that two officers' count stands behind calls this."""
    Mark.objects.filter(pk=_KEY).delete()
