"""Filters and tags: times as an office writes them, masked numbers, words for codes."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from django import template

from ampera.intake.rules.papers import paper_names
from ampera.journal.house import house
from ampera.papers.receipts import ticket_in_groups
from ampera.papers.wording import date_in_words, grouped
from ampera.register.queries import office_seen, officer_name
from ampera.screens.wording import word_for
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

register = template.Library()

_WIB: Final = timezone(timedelta(hours=7), "WIB")


@register.filter
def wib(at: datetime | None) -> str:
    """`7 September 2017 08.19 WIB`. The demo city lies in the western zone."""
    if at is None:
        return "–"
    local = at.astimezone(_WIB)
    return f"{date_in_words(local.date())} {local:%H.%M} WIB"


@register.filter
def tanggal(day: date | None) -> str:
    """`7 September 2017`."""
    return "–" if day is None else date_in_words(day)


@register.filter
def age(at: datetime | None) -> str:
    """How long ago, in the city's time: `3 hari`, `2 jam`, `5 menit`."""
    if at is None:
        return "–"
    seconds = max(0, int((house().now() - at).total_seconds()))
    if seconds >= 86_400:
        return f"{seconds // 86_400} hari"
    if seconds >= 3_600:
        return f"{seconds // 3_600} jam"
    return f"{seconds // 60} menit" if seconds >= 60 else f"{seconds} detik"


@register.filter
def lama(length: timedelta | None) -> str:
    """How long something took: `2 hari 3 jam`, `1 jam 12 menit`, `4 menit`, `30 detik`."""
    if length is None:
        return "–"
    seconds = int(length.total_seconds())
    parts = (
        (seconds // 86_400, "hari"),
        (seconds % 86_400 // 3_600, "jam"),
        (seconds % 3_600 // 60, "menit"),
    )
    told = [f"{count} {word}" for count, word in parts if count][:2]
    return " ".join(told) if told else f"{seconds} detik"


@register.filter
def masked(digits: Any) -> str:
    """A NIK or KK number as lists show it: 167102******9001."""
    text = getattr(digits, "digits", None) or str(digits)
    return f"{text[:6]}******{text[-4:]}" if len(text) == 16 else text


@register.filter
def clock_time(at: datetime | None) -> str:
    """`07-09-2017 08.19.05 WIB`: when the line was tried, to the second, in the city's time."""
    return "belum pernah" if at is None else f"{at.astimezone(_WIB):%d-%m-%Y %H.%M.%S} WIB"


#: Why the line was down at the last try, in words; another code is shown as it came.
_LINK_ERRORS: Final = {
    "link.unreachable": "tidak ada jawaban",
    "link.garbled": "jawabannya tidak terbaca",
    "server.disk_full": "disk server di atas penuh: administrator di sana harus mengosongkannya",
}


@register.filter
def link_error(code: str) -> str:
    """Why the line is down."""
    return _LINK_ERRORS.get(code, code)


@register.filter
def sentence(no: Refusal, language: str = "id") -> str:
    """What is the matter, with papers and fields under their names."""
    return _told(no, language).text(language)


@register.filter
def next_step(no: Refusal, language: str = "id") -> str:
    """What to do now."""
    return _told(no, language).next_step(language)


def _told(no: Refusal, language: str) -> Refusal:
    facts = dict(no.facts)
    paper = paper_names().get(str(facts.get("paper", "")))
    if paper is not None:
        facts["paper"] = paper.en if language == "en" else paper.id
    if "field" in facts and language == "id":
        facts["field"] = word_for(str(facts["field"]), table="isian")
    return Refusal(no.code, **facts)


@register.filter
def kata(code: Any, table: str) -> str:
    """Words for a code: `{{ entry.kind|kata:"jenis" }}`."""
    return word_for(code, table=table)


@register.filter
def titik(count: int) -> str:
    """`4.000`: Indonesian thousands are parted by dots."""
    return grouped(int(count))


@register.filter
def kurang(count: int, less: int) -> int:  # positional: a filter and its argument
    """What is left of a count when a part of it is taken away."""
    return int(count) - int(less)


@register.filter
def figure(count: int, other: str) -> str:  # positional: a filter and its argument
    """`4.000`, or `4,000` on a page whose `other` language is Indonesian."""
    return f"{int(count):,}" if other == "id" else grouped(int(count))


@register.filter
def ticket_groups(ticket: str) -> str:
    """`K7M2 9QXA 4TRP`, as people read a code aloud."""
    return ticket_in_groups(ticket)


@register.filter
def office_name(code: Any) -> str:
    """The name of an office, or its code where nobody described it here."""
    text = str(code)
    seen = office_seen(OfficeCode(text)) if text else None
    return seen.name if seen is not None else text


@register.filter
def officer(of: str) -> str:
    """The name behind an officer's id; the server itself has none."""
    return officer_name(of) if of else "server"


@register.filter
def under(path: str, address: str) -> bool:
    """Is this page the menu's page, or one below it?"""
    return path.startswith(address)


@register.simple_tag
def new_command() -> str:
    """An id for the command that this form will give: sent twice, it happens once."""
    return house().ids.new("cmd")
