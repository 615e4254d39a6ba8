"""What a replacement needs beyond its papers: the police's letter, and data that changed (domain
§2.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ampera.intake.rules.papers import papers_required
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

_LETTER: Final = "police_letter"
_LENGTH_MAX: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliceLetter:
    """The police's letter of loss as it was shown: its number, its day, and the police office."""

    number: str = field(repr=False)
    on: date
    office: str


def check_replacement(
    reason: Reason, *, on: date, letter: PoliceLetter | None, is_unchanged: bool | None
) -> Refusal | None:
    """May a card be asked for again for that reason?

    `is_unchanged`: the register still says what is printed on the present card. None where nobody
    knows, as for a card from before Ampera: then it is not refused.
    """
    rule = papers_required(reason, on=on)
    if _LETTER in rule.facts and (no := _check_letter(letter, on)) is not None:
        return no
    if rule.is_kk_first and is_unchanged:
        return Refusal("intake.nothing_changed")
    return None


def _check_letter(letter: PoliceLetter | None, on: date) -> Refusal | None:
    if letter is None or not letter.number.strip() or not letter.office.strip():
        return Refusal("intake.police_letter")
    if max(len(letter.number), len(letter.office)) > _LENGTH_MAX:
        return Refusal("intake.police_letter")
    if letter.on > on:
        return Refusal("intake.police_letter_day", day=letter.on.isoformat())
    return None
