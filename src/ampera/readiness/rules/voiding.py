"""What the dinas may say of all cards of a resident at once: lost, blocked, died, annulled. Pure.

A void card is never revived: when a block is lifted or a report was wrong, a new card is made.
"""

from __future__ import annotations

from typing import Final

from ampera.readiness.rules.states import BY_TWO, CardState, Said
from ampera.words.refusal import Refusal

#: What an officer may say of a resident's cards.
OF_A_RESIDENT: Final = (
    *(Said.LOST, Said.BLOCKED, Said.DIED, Said.ANNULLED),
    Said.UNCOLLECTED,
)
#: Only a card that was made can be lost.
_CAN_BE_LOST: Final = frozenset({CardState.PRINTED, CardState.READY, CardState.VALID})
_OVER: Final = frozenset({CardState.VOID, CardState.ENDED})


def is_voided_by(said: Said, *, state: CardState) -> bool:
    """Does that word void a card in this state?"""
    if said is Said.LOST:
        return state in _CAN_BE_LOST
    if said is Said.UNCOLLECTED:
        return state is CardState.READY
    return state not in _OVER


def check_void_all(why: str, *, document: str, officer: str, witness: str) -> Refusal | None:
    """May an officer say this of a resident's cards? On a paper; a block or an annulled NIK by
    two."""
    if why not in OF_A_RESIDENT:
        return Refusal("readiness.void_reason")
    if not document.strip():
        return Refusal("readiness.void_document")
    if why in BY_TWO and (not officer or not witness or witness == officer):
        return Refusal("officer.same_person")
    return None
