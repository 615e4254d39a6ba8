"""What the page of a suket hands to the printer beside it."""

from __future__ import annotations

from datetime import date

from ampera.journal.house import house
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.suket import SuketLetter, suket_letter
from ampera.register.queries import local_day, wilayah_name
from ampera.screens.sheets import letterhead
from ampera.suket.queries import SuketSeen, code_of, signatory_name
from ampera.words.nik import Nik
from ampera.words.refusal import Refusal

#: Nobody holds the role today: signed by hand under the title alone.
_BY_HAND = "…………………………"


def suket_pdf(seen: SuketSeen, *, copy: int, by: str, address: str) -> bytes | Refusal:
    """The letter, its code signed with today's key. Refuses papers.field_does_not_fit."""
    try:
        return suket_letter(
            SuketLetter(
                letterhead=letterhead(),
                number=seen.number,
                on=local_day(),
                place=wilayah_name(house().code.text[:5]),
                nama=seen.nama,
                nik=Nik(seen.nik),
                tempat_lahir=seen.tempat_lahir,
                tanggal_lahir=date.fromisoformat(seen.tanggal_lahir),
                jenis_kelamin=seen.jenis_kelamin,
                alamat=seen.alamat,
                valid_from=seen.valid_from,
                valid_until=seen.valid_until,
                status=seen.status,
                basis=seen.by_letter,
                code=code_of(seen),
                check_url=address,
                signer=Signatory(role="Kepala,", name=signatory_name() or _BY_HAND),
                copy=copy,
                printed_by=by,
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)
