"""What somebody without a receipt is told: one of three sentences, or to try again later.

Never an office, a date or a block. *Unknown* and *wrong* are told the same as somebody whose record
needs a talk at the counter, so that sentence gives nobody away.
"""

from __future__ import annotations

from enum import StrEnum

from ampera.dedup.queries import Verdict, verdict_of
from ampera.enrolment.queries import enrolments_of
from ampera.journal.house import house
from ampera.register.queries.public import ask_by_numbers, was_recorded_before
from ampera.words.nik import Nik, NoKK
from ampera.words.refusal import Refusal


class Sentence(StrEnum):
    """All that the page can say."""

    RECORDED = "recorded"
    NOT_RECORDED = "not_recorded"
    PLEASE_COME = "please_come"
    LATER = "later"


def answer_by_numbers(nik: str, kk: str) -> Sentence | Refusal:  # positional: as a person types
    """The sentence for a NIK and a KK number; a refusal only for what is no number at all."""
    read_nik, read_kk = Nik.read(nik, may_be_sample=house().is_demo), NoKK.read(kk)
    if isinstance(read_nik, Refusal):
        return read_nik
    if isinstance(read_kk, Refusal):
        return read_kk
    found = ask_by_numbers(read_nik, read_kk)
    if isinstance(found, Refusal):
        return Sentence.LATER
    return Sentence.PLEASE_COME if found is None else _sentence_for(found)


def _sentence_for(resident: str) -> Sentence:
    recordings = enrolments_of(resident)
    if not recordings:
        is_known = was_recorded_before(resident)
        return Sentence.RECORDED if is_known else Sentence.NOT_RECORDED
    verdicts = [verdict_of(each.id) for each in recordings]
    is_sound = any(each is None or each.verdict is Verdict.PRINT_READY_RECORD for each in verdicts)
    return Sentence.RECORDED if is_sound else Sentence.PLEASE_COME
