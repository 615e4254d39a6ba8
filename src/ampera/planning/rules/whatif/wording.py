"""The answers in plain words, Indonesian and English: what a lever is, what holds the city up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from ampera.planning.rules.whatif.answers import Cause, Clearing
from ampera.planning.rules.whatif.levers import Lever, Pulled
from ampera.planning.rules.whatif.scenario import Levers, Policy


@dataclass(frozen=True, slots=True)
class Said:
    """The same in both languages."""

    id: str
    en: str


POLICIES: Final[Mapping[Policy, Said]] = MappingProxyType(
    {
        Policy.DINAS_ONLY: Said(
            "pengganti hanya dicetak Disdukcapil", "replacements are printed at the dinas only"
        ),
        Policy.AFTER_OWN: Said(
            "kecamatan mencetak pengganti sesudah kartu barunya sendiri",
            "kecamatan print replacements after their own first cards",
        ),
        Policy.POOLED: Said(
            "semua kantor mencetak semua kartu", "every office prints every card"
        ),
    }
)  # fmt: skip
CAUSES: Final[Mapping[Cause, Said]] = MappingProxyType(
    {
        Cause.BLANKO: Said("blanko", "blanks"),
        Cause.PRINTERS: Said("pencetak", "printers"),
        Cause.HOURS: Said("jam", "hours"),
        Cause.POLICY: Said("kebijakan", "policy"),
    }
)
assert set(POLICIES) == set(Policy)
assert set(CAUSES) == set(Cause)


def lever_said(lever: Lever, *, how_far: Levers) -> Said:
    """What somebody would have to do."""
    minutes, days = how_far.evening_minutes, how_far.supply_days_earlier
    spoils = round((1 - how_far.spoils_kept) * 100)
    said = {
        Lever.DINAS_PRINTER: Said(
            "Satu pencetak lagi di Disdukcapil", "One more printer at the dinas"
        ),
        Lever.EVENING: Said(
            f"Buka {minutes} menit lebih lama di semua kantor",
            f"Open {minutes} minutes longer at every office",
        ),
        Lever.AFTER_OWN: Said(
            "Kecamatan mencetak pengganti sesudah kartu barunya sendiri",
            "Kecamatan print replacements after their own first cards",
        ),
        Lever.POOLED: Said(
            "Semua kantor mencetak semua kartu", "Every office prints every card"
        ),
        Lever.MOVE: Said(
            "Pindahkan blanko yang berlebih ke kantor lain",
            "Move blanks that are too many to other offices",
        ),
        Lever.EARLIER: Said(
            f"Pasokan datang {days} hari kerja lebih cepat",
            f"Supplies come {days} working days earlier",
        ),
        Lever.FEWER_SPOILS: Said(
            f"Rusak cetak berkurang {spoils} %", f"{spoils} % fewer spoiled cards"
        ),
    }  # fmt: skip
    assert set(said) == set(Lever)
    return said[lever]


def effect_said(pulled: Pulled) -> Said:
    """What it brings, and how sure that is."""
    if pulled.is_noise:
        return Said("tidak ada bedanya yang melampaui kebetulan", "no difference beyond chance")
    won, saved = pulled.days_won, pulled.card_days_saved
    if pulled.clears.p50 is None:
        first = Said("belum habis dalam jangka ini", "does not clear within the horizon")
    else:
        least = Said("sedikitnya ", "at least ") if pulled.is_at_least else Said("", "")
        first = Said(
            f"{least.id}{won.p50:.0f} hari kerja lebih cepat ({won.p10:.0f} sampai {won.p90:.0f})",
            f"{least.en}{won.p50:.0f} working days sooner ({won.p10:.0f} to {won.p90:.0f})",
        )  # fmt: skip
    range_id = f"{_dots(saved.p10)} sampai {_dots(saved.p90)}"
    range_en = f"{saved.p10:,.0f} to {saved.p90:,.0f}"
    tied = Said("; setara dengan yang di atasnya", "; no different from the one above")
    return Said(
        f"{first.id}; {_dots(saved.p50)} hari tunggu kartu dihemat ({range_id})"
        f"{tied.id if pulled.is_tied else ''}",
        f"{first.en}; {saved.p50:,.0f} card-days of waiting saved ({range_en})"
        f"{tied.en if pulled.is_tied else ''}",
    )


def clearing_said(clears: Clearing, *, days: tuple[date, ...], replications: int) -> Said:
    """When it is over, in one sentence."""
    if clears.p50 is None:
        return Said(
            f"belum habis dalam {len(days)} hari kerja pada {clears.never} dari"
            f" {replications} ulangan",
            f"not cleared within {len(days)} working days in {clears.never} of"
            f" {replications} replications",
        )
    span_id = f"habis pada hari kerja ke-{clears.p50} ({days[clears.p50 - 1]:%d-%m-%Y})"
    span_en = f"cleared on working day {clears.p50} ({days[clears.p50 - 1]:%Y-%m-%d})"
    if clears.p10 == clears.p90:
        return Said(f"{span_id}, hampir selalu", f"{span_en}, nearly always")
    late_id, late_en = (
        (f"sesudah hari ke-{len(days)}", f"after day {len(days)}")
        if clears.p90 is None
        else (f"hari ke-{clears.p90}", f"day {clears.p90}")
    )
    return Said(
        f"{span_id}, delapan dari sepuluh kali antara hari ke-{clears.p10} dan {late_id}",
        f"{span_en}, eight times in ten between day {clears.p10} and {late_en}",
    )


def _dots(number: float) -> str:
    return f"{number:,.0f}".replace(",", ".")
