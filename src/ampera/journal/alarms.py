"""What a person must look at. Raised once under a key, however often the cause is met."""

from __future__ import annotations

from ampera.journal.house import house
from ampera.journal.models import Alarm
from ampera.words.clock import utc_text


def raise_alarm(key: str, text: str) -> None:  # positional: a pair
    """Never names a person: entries are told by chain and place."""
    Alarm.objects.update_or_create(
        key=key[:120],
        defaults={"text": text, "is_cleared": False},
        create_defaults={"text": text, "at": utc_text(house().now())},
    )


def clear_alarm(key: str) -> None:
    Alarm.objects.filter(key=key[:120]).update(is_cleared=True)


def open_alarms() -> list[tuple[str, str]]:
    """(key, text) of all alarms that nobody cleared."""
    return list(Alarm.objects.filter(is_cleared=False).order_by("key").values_list("key", "text"))
