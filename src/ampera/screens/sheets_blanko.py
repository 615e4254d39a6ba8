"""Papers of the blanko books, from a closed day of the journal to the sheet that two sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from ampera.blanko.queries import DaySeen, closed_days, list_at
from ampera.blanko.rules import Box, account_of, is_serial, serial_after
from ampera.journal.house import house
from ampera.papers.day_balance import Balance, DayBalance, day_balance
from ampera.papers.differences import Difference
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.wording import date_in_words
from ampera.register.queries import officer_name, wilayah_name
from ampera.screens.sheets import letterhead
from ampera.screens.wording import word_for
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_ROLES: Final = ("Penghitung pertama,", "Penghitung kedua,")
_ROLES_HANDOVER: Final = ("Yang menyerahkan,", "Yang menerima,")
BY_HAND: Final = "…………………………"


def day_balance_pdf(day: DaySeen) -> bytes | Refusal:
    """Berita acara of a closed day, for its own office or the one above. The same day always gives
    the same paper: its list of serials is counted out of the moves once more."""
    whole, spoils = list_at(day.office, until=day.facts["heads"])
    first, second = day.facts["officers"]
    roles = _ROLES_HANDOVER if day.is_handover else _ROLES
    try:
        return day_balance(
            DayBalance(
                letterhead=letterhead(),
                number=f"TTP/{day.office}/{day.day:%Y}/{day.day:%m%d}",
                on=day.day,
                place=town_of(day.office),
                since=_since(day),
                whole=_balance(day.facts),
                spoiled=_balance(day.facts["spoils"]),
                cards=day.facts["cards"],
                ranges=tuple(ranges_of(whole)),
                ranges_spoiled=tuple(ranges_of(dict.fromkeys(spoils))),
                missing=tuple(
                    Difference(what=each["item"], note=f"menurut buku: {_account(each['from'])}")
                    for each in day.missing
                ),
                holder=officer_name(day.facts["holder"]) if day.facts["holder"] else "",
                settle_by=_date(day.facts["settle_by"]),
                remarks=tuple(_remarks(day)),
                is_recounted=day.facts["counts"] > 1,
                list_hash=day.facts["serials"],
                is_handover=day.is_handover,
                first=Signatory(role=roles[0], name=officer_name(first)),
                second=Signatory(role=roles[1], name=officer_name(second)),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def figures_in_words(figures: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """`(("Dikirim", 20), …)`, the words as everywhere on the pages."""
    return tuple((word_for(why, table="gerak"), count) for why, count in sorted(figures.items()))


def ranges_of(items: Mapping[str, Box | None]) -> list[tuple[str, str, int]]:
    """(first, last, how many): boxes by label, and single blanko that follow one another."""
    found = [
        (f"dus {item}: {box.first}", box.last, box.size)
        for item, box in sorted(items.items())
        if box is not None
    ]
    return found + runs_of(item for item, box in items.items() if box is None)


def runs_of(serials: Iterable[str]) -> list[tuple[str, str, int]]:
    """(first, last, how many) of serials that follow one another."""
    found: list[tuple[str, str, int]] = []
    for serial in sorted(serials):
        if found and is_serial(serial) and serial == _after(found[-1][1]):
            found[-1] = (found[-1][0], serial, found[-1][2] + 1)
        else:
            found.append((serial, serial, 1))
    return found


def town_of(office: OfficeCode) -> str:
    return "Jakarta" if office.tier is Tier.PUSAT else wilayah_name(office.text[:5])


def _account(place: str) -> str:
    return word_for(account_of(place) or "", table="akun")


def _after(serial: str) -> str:
    try:
        return serial_after(serial, steps=1)
    except ValueError:
        return ""


def _balance(facts: Mapping[str, Any]) -> Balance:
    return Balance(
        opening=facts["opening"],
        came=figures_in_words(facts["came"]),
        went=figures_in_words(facts["went"]),
        counted=facts["closing"],
    )


def _since(day: DaySeen) -> str:
    before = [each for each in closed_days(day.office, most=100_000) if each.day < day.day]
    return date_in_words(before[0].day) if before else "pembukaan buku"


def _remarks(day: DaySeen) -> Iterable[Difference]:
    for item in day.facts["found"]:
        yield Difference(what=item, note="ditemukan kembali; menunggu keputusan selisih")
    for each in day.facts["aside"]:
        where = each["place"] or "tidak ada dalam buku"
        yield Difference(what=each["item"], note=f"disisihkan bersegel; menurut buku: {where}")


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
