"""What a state word means to an officer and to a resident.

Words and texts are data (`states.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ampera.intake.rules.requests import RequestFacts
from ampera.words.reason import Reason


class Who(StrEnum):
    """Who must act for a request to go on."""

    OFFICE = "office"  #: the office that serves the request
    DINAS = "dinas"
    PUSAT = "pusat"
    RESIDENT = "resident"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateText:
    """A state: its word verbatim, why it waits, who must act, and what comes next."""

    word: str
    who: Who
    title_id: str
    title_en: str
    why_id: str
    why_en: str
    next_id: str
    next_en: str
    resident_id: str  #: one sentence for the public page
    resident_en: str
    is_known: bool = True


@cache
def known_states() -> Mapping[str, StateText]:
    """Every state that has texts. Raises TypeError when one lacks some."""
    return {
        word: StateText(word=word, **{**row, "who": Who(row["who"])})
        for word, row in _read()["state"].items()
    }


def state_text(raw: str) -> StateText:
    """The texts of a state word; an unknown one is shown as it came, never dropped, never an error.

    Exports wrap a status over two print lines and write it with blanks; offices say PRR and SFE.
    """
    word = "_".join(raw.replace("_", " ").split()).upper()
    word = _read()["alias"].get(word, word)
    found = known_states().get(word)
    if found is not None:
        return found
    return StateText(
        word=raw,
        who=Who.DINAS,
        title_id=raw,
        title_en=raw,
        why_id="Status ini belum dikenal oleh sistem; ditampilkan apa adanya.",
        why_en="This state is not known here; it is shown as it came.",
        next_id="Tanyakan artinya kepada pusat.",
        next_en="Ask the centre what it means.",
        resident_id="Permohonan Anda sedang diproses.",
        resident_en="Your request is in progress.",
        is_known=False,
    )


def status_of(request: RequestFacts, *, siak: str = "") -> StateText:
    """The state of a request, from the facts alone.

    `siak` is the word of the later stations (recording, uniqueness, print), empty while there is
    none.
    """
    if request.rejected_why:
        return _rejected(request.rejected_why)
    if request.is_closed:
        return state_text("CARD_ISSUED")
    if siak:
        return state_text(siak)
    if not request.is_completed:
        return state_text("DATA_INCOMPLETE" if request.missing else "REQUEST_TAKEN")
    if not request.is_confirmed:
        return state_text("REPORTED")
    return state_text("UNREGISTERED" if request.reason is Reason.NEW else "NIK_CONFIRMED")


def _rejected(why: str) -> StateText:
    text = state_text("REQUEST_REJECTED")
    row = _read()["why"].get(why)
    return replace(text, why_id=row["id"], why_en=row["en"]) if row is not None else text


@cache
def _read() -> dict[str, Any]:
    file = files("ampera.intake.rules").joinpath("states.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
