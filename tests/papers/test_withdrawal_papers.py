"""Berita acara of destruction and the report of a month, as a printer gets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ampera.papers.destruction_minutes import (
    DestroyedLine,
    DestructionMinutes,
    destruction_minutes,
)
from ampera.papers.heads import Signatory
from ampera.papers.withdrawal_report import CauseLine, WithdrawalReport, withdrawal_report
from ampera.papers.withdrawn_package import (
    PackageCount,
    PackageMinutes,
    PackagePiece,
    package_minutes,
)
from tests.papers.poppler import facts_of, fonts_of, words_of
from tests.papers.samples import BUDI, SARI, SU1, THE_DAY

WITNESS = Signatory(role="Saksi,", name="SAKSI CONTOH", number="Inspektorat Contoh")


def minutes(*, pieces: int = 3, **changes: object) -> DestructionMinutes:
    made = DestructionMinutes(
        letterhead=SU1,
        title="BERITA ACARA PEMUSNAHAN KTP-el DAN BLANKO",
        number="474/12/PMS/2017",
        on=THE_DAY,
        town="Palembang",
        place="Halaman kantor",
        way="dibakar",
        cause="Gagal cetak",
        basis="SE contoh",
        lines=tuple(
            DestroyedLine(serial=f"SPC{number:08d}", is_card=number % 3 == 0)
            for number in range(pieces)
        ),
        officers=(BUDI, SARI),
        witnesses=(WITNESS,),
        is_done=True,
        is_demo=True,
    )
    return replace(made, **changes)


def report(**changes: object) -> WithdrawalReport:
    lines = (
        CauseLine(cause="Gagal cetak", opening=1, came=1_203, given_back=0, gone=1_200),
        CauseLine(cause="Sebab lain", opening=0, came=2, given_back=1, gone=0),
    )
    made = WithdrawalReport(
        letterhead=SU1,
        number="LPM/16.71.02/2017-09",
        office="Kecamatan Seberang Ulu I",
        on=date(2017, 10, 2),
        place="Palembang",
        first_day=date(2017, 9, 1),
        last_day=date(2017, 9, 30),
        basis="SE contoh",
        lines=lines,
        total=CauseLine(cause="Jumlah", opening=1, came=1_205, given_back=1, gone=1_200),
        keeper=BUDI,
        head=SARI,
    )
    return replace(made, **changes)


def test_the_minutes_name_every_piece_two_officers_and_the_witness() -> None:
    words = words_of(destruction_minutes(minutes()))
    for part in (
        "BERITA ACARA PEMUSNAHAN KTP-el DAN BLANKO",
        "Nomor: 474/12/PMS/2017",
        "telah dibakar keping",
        "Halaman kantor",
        "3 (tiga) keping",
        "1 kartu, 2 blanko",
        "SPC00000002",
        BUDI.name,
        SARI.name,
        "SAKSI CONTOH",
        "Inspektorat Contoh",
        "BUKAN DOKUMEN RESMI",
    ):
        assert part in words, words


def test_before_the_act_the_minutes_say_that_it_will_be() -> None:
    assert "akan dibakar keping" in words_of(destruction_minutes(minutes(is_done=False)))


def test_long_minutes_lose_no_piece() -> None:
    pdf = destruction_minutes(minutes(pieces=300))
    words = words_of(pdf)
    assert int(facts_of(pdf)["Pages"]) > 5
    assert all(f"SPC{number:08d}" in words for number in range(300))
    assert "300 (tiga ratus) keping" in words


@pytest.mark.parametrize("changes", [{"lines": ()}, {"officers": (BUDI,)}, {"witnesses": ()}])
def test_minutes_without_pieces_two_officers_or_a_witness_are_no_minutes(changes) -> None:
    with pytest.raises(AssertionError):
        minutes(**changes)


def test_the_report_gives_every_figure_and_says_that_its_sums_agree() -> None:
    made = report()
    assert made.is_balanced
    words = words_of(withdrawal_report(made))
    for part in ("1 September 2017 sampai 30 September 2017", "1.203", "Sebab lain", "Jumlah"):
        assert part in words
    assert "sama dengan jumlah seluruh keping" in words
    assert "TIDAK" not in words


def test_a_report_whose_causes_do_not_add_up_says_so_on_its_face() -> None:
    """Cirebon told 10,090 pieces, and causes for 6,090 of them (domain §5.2)."""
    told = CauseLine(cause="Jumlah", opening=0, came=10_090, given_back=0, gone=10_090)
    causes = (CauseLine(cause="Gagal cetak", opening=0, came=6_090, given_back=0, gone=6_090),)
    cirebon = report(lines=causes, total=told)
    assert not cirebon.is_balanced
    assert "TIDAK sama dengan" in words_of(withdrawal_report(cirebon))


def test_the_report_tells_what_travelled_and_what_is_still_sought() -> None:
    line = CauseLine(cause="Rusak", opening=1, came=2, given_back=0, gone=3, received=707, sent=606)
    made = report(lines=(line,), total=replace(line, cause="Jumlah"), missing=4)
    assert (line.closing, made.is_balanced) == (101, True)
    words = words_of(withdrawal_report(made))
    for part in ("Diterima", "Dikirim", "707", "606", "4 keping kiriman masih dicari"):
        assert part in words, words
    assert "masih dicari" not in words_of(withdrawal_report(report()))


def package(**changes) -> PackageMinutes:
    made = PackageMinutes(
        letterhead=SU1,
        number="KKT/16.71.02/2017/3F8A21BC",
        on=date(2017, 9, 7),
        town="Palembang",
        code="3F8A21BC",
        from_office="Kantor Kecamatan Contoh",
        to_office="Disdukcapil Contoh",
        seal="SGL 77",
        courier="KURIR CONTOH",
        lines=(
            PackagePiece(code="AAAA0001", serial="SPC00000001", cause="Rusak dalam pemakaian"),
            PackagePiece(code="AAAA0002", serial="tanpa nomor seri", cause="Pindah"),
        ),
        givers=(SARI, BUDI),
        receivers=(BUDI, SARI),
    )
    return replace(made, **changes)


def test_the_list_in_a_package_names_every_piece_its_seal_and_four_officers() -> None:
    words = words_of(package_minutes(package()))
    for part in (
        "BERITA ACARA SERAH TERIMA KARTU DITARIK",
        "3F8A21BC",
        "SGL 77",
        "KURIR CONTOH",
        "AAAA0002",
        "SPC00000001",
        "2 (dua) keping",
    ):
        assert part in words, words
    assert "Jumlah diterima" not in words, "there is room to count"


def test_the_receipt_says_what_was_there_what_was_not_and_what_was_too_much() -> None:
    count = PackageCount(
        received=1, missing=1, surplus=("SPC00000099",), seal="RUSAK", on=date(2017, 9, 8)
    )
    words = words_of(package_minutes(package(count=count)))
    for part in ("Segel saat tiba", "RUSAK", "1 (satu) keping", "SPC00000099", "8 September 2017"):
        assert part in words, words


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": ()},
        {"givers": (SARI,)},
        {
            "count": PackageCount(
                received=5, missing=0, surplus=(), seal="utuh", on=date(2017, 9, 8)
            )
        },
    ],
)
def test_a_package_paper_without_pieces_pairs_or_a_whole_count_is_none(changes) -> None:
    with pytest.raises(AssertionError):
        package(**changes)


def test_both_papers_are_stable_and_carry_their_fonts() -> None:
    for make in (
        lambda: package_minutes(package()),
        lambda: destruction_minutes(minutes()),
        lambda: withdrawal_report(report()),
    ):
        pdf = make()
        assert pdf == make()
        assert all(is_embedded and is_subset for _, is_embedded, is_subset in fonts_of(pdf))


def test_a_log_shows_no_witness() -> None:
    assert "SAKSI CONTOH" not in repr(minutes())
