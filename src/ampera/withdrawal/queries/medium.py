"""Does an entry of this office lie on a second medium? Asked before something is burned or carried
away."""

from __future__ import annotations

from ampera.journal.second_log import is_secured


def is_on_second_medium(subject: str) -> bool:
    """Is every own entry about this subject acknowledged above or in the second log
    (architecture §4)?"""
    return is_secured([subject])
