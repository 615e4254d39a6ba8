"""Why a card waits: codes with a text in both languages, so that nobody is told *please wait*.
Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType


class WaitCode(StrEnum):
    """In the order in which they come along the line."""

    REQUEST_REJECTED = "REQUEST_REJECTED"
    CLOSED = "CLOSED"
    DELIVERED = "DELIVERED"
    WAITING_FOR_CONFIRMATION = "WAITING_FOR_CONFIRMATION"
    NOT_RECORDED = "NOT_RECORDED"
    RECORD_FIRST = "RECORD_FIRST"
    RECORDED_ELSEWHERE = "RECORDED_ELSEWHERE"
    WAITING_FOR_CENTRE = "WAITING_FOR_CENTRE"
    VERDICT = "VERDICT"
    OTHER_CARD = "OTHER_CARD"
    HAS_CARD = "HAS_CARD"
    UNDER_AGE = "UNDER_AGE"
    OFFICE_NOT_OPEN = "OFFICE_NOT_OPEN"
    OFFICE_CANNOT_PRINT = "OFFICE_CANNOT_PRINT"
    WAITING_FOR_BLANKO = "WAITING_FOR_BLANKO"
    QUOTA_TODAY = "QUOTA_TODAY"
    IN_QUEUE = "IN_QUEUE"
    PERMITTED = "PERMITTED"
    PERMIT_EXPIRED = "PERMIT_EXPIRED"
    RECALLED = "RECALLED"
    PRINTING = "PRINTING"
    IN_DISPUTE = "IN_DISPUTE"
    TO_BE_CHECKED = "TO_BE_CHECKED"
    READY_TO_COLLECT = "READY_TO_COLLECT"
    #: Beside the reason itself: where the card is made, and why not at home.
    LENT_PRINTER_DOWN = "LENT_PRINTER_DOWN"
    LENT = "LENT"


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Both texts of every code, from `waits.toml`."""
    text = files("ampera.readiness").joinpath("waits.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class Wait:
    """One reason why a card waits, with the facts that its text needs."""

    code: WaitCode
    facts: Mapping[str, str] = field(default_factory=dict)

    def text(self, language: str = "id") -> str:
        row = texts()[self.code]
        return row["en" if language == "en" else "id"].format_map(self.facts)
