"""What others may see of sukets. Lists with names go through a door that records the look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.suket.queries.asking import (
    Holder,
    asked_of,
    holder_for,
    signatory_name,
    status_word,
    why_not,
)
from ampera.suket.queries.checks import nobody_has_two_sukets, numbers_have_no_gap
from ampera.suket.queries.listed import (
    EXPIRES_SOON_DAYS,
    PAGE_MOST,
    ToConvert,
    count_sukets,
    suket_for,
    sukets_for,
    sukets_of_request,
    to_convert,
)
from ampera.suket.queries.seen import SuketSeen, letter_of
from ampera.suket.queries.signed import (
    WRONG_CODES_AN_HOUR,
    KeySeen,
    check_code,
    code_of,
    ended_marks,
    is_checking_full,
    public_keys,
)
from ampera.suket.rules.checking import Checked, Finding
from ampera.suket.rules.letters import Letter, Withdrawal, Worth

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (numbers_have_no_gap, nobody_has_two_sukets)

__all__ = [
    "CHECKS",
    "EXPIRES_SOON_DAYS",
    "PAGE_MOST",
    "WRONG_CODES_AN_HOUR",
    "Checked",
    "Finding",
    "Holder",
    "KeySeen",
    "Letter",
    "SuketSeen",
    "ToConvert",
    "Withdrawal",
    "Worth",
    "asked_of",
    "check_code",
    "code_of",
    "count_sukets",
    "ended_marks",
    "holder_for",
    "is_checking_full",
    "letter_of",
    "nobody_has_two_sukets",
    "numbers_have_no_gap",
    "public_keys",
    "signatory_name",
    "status_word",
    "suket_for",
    "sukets_for",
    "sukets_of_request",
    "to_convert",
    "why_not",
]
