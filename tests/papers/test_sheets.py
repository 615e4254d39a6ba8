"""Receipts and berita acara: what they say, that their sums are right, what they do not show."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import segno
from reportlab.pdfgen.canvas import Canvas

from ampera.papers.count_minutes import CountLine, count_minutes
from ampera.papers.damaged_register import damaged_register
from ampera.papers.differences import Difference, signed
from ampera.papers.fonts import REGULAR, UnprintableText, register_fonts
from ampera.papers.handed import RecordedProxy
from ampera.papers.qr import QUIET_MODULES, QrCode
from ampera.papers.receipts import handover_receipt, request_receipt, ticket_in_groups
from ampera.papers.shipment_minutes import shipment_minutes
from tests.papers.poppler import facts_of, picture_of, words_of
from tests.papers.samples import (
    BUDI,
    NIK,
    a_box,
    a_count,
    a_damaged_register,
    a_handover_receipt,
    a_request_receipt,
    a_shipment,
    all_papers,
)


def test_a_request_receipt_says_what_the_resident_needs() -> None:
    pdf = request_receipt(a_request_receipt(queue_number="B-017"))
    words = words_of(pdf)
    for part in (
        "KECAMATAN SEBERANG ULU I",
        "TANDA TERIMA PERMOHONAN KTP-el",
        "Nomor: 471.13/0042/SU1/2017",
        "7 September 2017",
        "SITI CONTOH RAHMAWATI",
        "KTP-el baru",
        "Kantor Kecamatan Seberang Ulu I",
        "B-017",
        "Kartu Keluarga (asli)",
        "GRATIS – TIDAK DIPUNGUT BIAYA",
        "Halaman 1 dari 1",
    ):
        assert part in words
    for group in ("K7M2", "9QXA", "4TRP"):
        assert group in words
    assert facts_of(pdf)["Pages"] == "1"


def test_a_request_receipt_is_an_a6_page() -> None:
    width, _, height, _ = facts_of(request_receipt(a_request_receipt()))["Page size"].split()[:4]
    assert float(width) == pytest.approx(105 / 25.4 * 72, abs=0.1)
    assert float(height) == pytest.approx(148 / 25.4 * 72, abs=0.1)


@pytest.mark.parametrize("name", ["request", "handover"])
def test_a_receipt_never_shows_the_whole_nik(name: str) -> None:
    words = words_of(all_papers()[name])
    assert NIK.masked in words
    assert NIK.digits not in words.replace(" ", "")


@pytest.mark.parametrize("name", sorted(set(all_papers()) - {"card"}))
def test_only_a_demonstration_is_marked(name: str) -> None:
    is_demo = name in {"request", "handover"}
    words = words_of(all_papers()[name])
    assert ("BUKAN DOKUMEN RESMI" in words) is is_demo


def test_a_ticket_is_read_in_three_groups() -> None:
    assert ticket_in_groups("K7M29QXA4TRP") == "K7M2 9QXA 4TRP"
    for wrong in ("K7M29QXA4TR", "k7m29qxa4trp", "K7M2-9QXA-4T", ""):
        with pytest.raises(ValueError, match="12"):
            ticket_in_groups(wrong)


def test_the_qr_code_holds_the_address() -> None:
    address = "https://ktp.example.id/s/K7M29QXA4TRP"
    register_fonts()
    out = BytesIO()
    side_pt = 200.0
    canvas = Canvas(out, pagesize=(side_pt, side_pt), invariant=1, initialFontName=REGULAR)
    QrCode(address, side_mm=side_pt / 72 * 25.4).drawOn(canvas, 0, 0)
    canvas.save()
    picture = picture_of(out.getvalue(), dpi=200)
    wanted = [list(line) for line in segno.make_qr(address, error="m", boost_error=False).matrix]
    side = picture.width / (len(wanted) + 2 * QUIET_MODULES)
    for row, line in enumerate(wanted):
        for column, is_dark in enumerate(line):
            at = (
                int((column + QUIET_MODULES + 0.5) * side),
                int((row + QUIET_MODULES + 0.5) * side),
            )
            assert (picture.getpixel(at) < 128) is bool(is_dark)  # type: ignore[operator]


def test_words_that_look_like_markup_are_printed_as_they_are() -> None:
    words = words_of(request_receipt(a_request_receipt(nama="SITI <b>& O'BRIEN</b> &amp;")))
    assert "SITI <b>& O'BRIEN</b> &amp;" in words


def test_a_letter_that_cannot_be_printed_names_its_line() -> None:
    with pytest.raises(UnprintableText) as no:
        request_receipt(a_request_receipt(nama="SITI 李"))
    assert no.value.field == "Nama"


def test_a_handover_to_the_holder() -> None:
    words = words_of(handover_receipt(a_handover_receipt()))
    for part in (
        "TANDA TERIMA KTP-el",
        "A00123456",
        "Sidik jari cocok 1:1",
        "Kartu diterima oleh pemegangnya sendiri.",
        "Palembang, 7 September 2017",
        "BUDI CONTOH",
    ):
        assert part in words
    assert words.count("SITI CONTOH RAHMAWATI") == 2  # holder, and the line to sign on
    assert "wakil" not in words


def test_a_handover_to_a_proxy_names_the_proxy_and_the_right() -> None:
    proxy = RecordedProxy(nama="AHMAD CONTOH", relation="Suami", basis="Surat kuasa 6 September")
    words = words_of(handover_receipt(a_handover_receipt(proxy=proxy, old_card="Ditarik")))
    assert "wakil yang tercatat" in words
    assert words.count("AHMAD CONTOH") == 2
    assert "Surat kuasa 6 September" in words
    assert "Kartu lama : Ditarik" in words
    assert "pemegangnya sendiri" not in words


def test_a_shipment_two_short_says_so() -> None:
    lost = tuple(Difference(what=f"A0010020{n}", note="Segel utuh") for n in range(2))
    words = words_of(shipment_minutes(a_shipment(differences=lost)))
    for part in (
        "BERITA ACARA SERAH TERIMA BLANKO KTP-el",
        "Kamis, 7 September 2017",
        "Disdukcapil Kota Palembang (16.71)",
        "250 (dua ratus lima puluh) keping, 2 dus",
        "248 (dua ratus empat puluh delapan) keping",
        "A00100001 A00100125",
        "Jumlah 250 248 –2",
        "A00100200",
        "A00100201",
        "BUDI CONTOH",
        "SARI CONTOH",
    ):
        assert part in words


def test_a_shipment_that_is_not_counted_yet_leaves_room_to_write() -> None:
    words = words_of(shipment_minutes(a_shipment(boxes=(a_box(), a_box(count_received=125)))))
    assert "Jumlah 250 ........ ........" in words
    assert "Jumlah diterima" not in words


def test_a_difference_without_serials_is_not_passed_over() -> None:
    assert "Selisih belum dirinci" in words_of(shipment_minutes(a_shipment()))
    whole = a_shipment(boxes=(a_box(count_received=125),))
    assert "Tidak ada selisih." in words_of(shipment_minutes(whole))


def test_a_count_lists_what_lacks_and_says_what_is_unexplained() -> None:
    missing = (Difference(what="A00103999", note="Dicari di baki"),)
    words = words_of(
        count_minutes(a_count(missing=missing, ranges_found=(("A00100001", "A00103998", 3998),)))
    )
    assert "Jumlah 4.012 4.010 –2" in words
    assert "4.010 (empat ribu sepuluh) keping" in words
    assert "A00103999" in words
    assert "A00100001 A00103998 3.998" in words
    assert "belum dirinci menurut nomor seri: –1 keping" in words


def test_a_missing_and_a_surplus_blank_do_not_cancel_out() -> None:
    lines = (CountLine(place="Stok", count_expected=10, count_found=10),)
    words = words_of(
        count_minutes(
            a_count(
                lines=lines,
                missing=(Difference(what="A1", note=""),),
                surplus=(Difference(what="B1", note=""),),
            )
        )
    )
    assert "tidak ditemukan: 1 (satu) keping" in words
    assert "tidak ada di buku: 1 (satu) keping" in words
    assert "belum dirinci" not in words
    assert "Tidak ada selisih" not in words


def test_a_count_that_agrees_says_so() -> None:
    lines = (CountLine(place="Stok", count_expected=10, count_found=10),)
    assert "Tidak ada selisih." in words_of(count_minutes(a_count(lines=lines)))


def test_one_person_cannot_count_twice() -> None:
    import dataclasses

    again = dataclasses.replace(BUDI, role="Penghitung kedua,")
    with pytest.raises(AssertionError, match="two different persons"):
        a_count(second_counter=again)


def test_a_register_of_many_pages_repeats_its_head_and_loses_no_blank() -> None:
    pdf = damaged_register(a_damaged_register(count=150, is_demo=True))
    pages = int(facts_of(pdf)["Pages"])
    assert pages > 3
    words = words_of(pdf)
    assert words.count("Nomor seri") >= pages - 1  # the last page may hold the signatures alone
    assert words.count("BUKAN DOKUMEN RESMI") == pages
    assert f"Halaman {pages} dari {pages}" in words
    assert words.count("471.13/DBR/09/2017") == pages + 1
    assert all(f"A{100_000 + number:08d}" in words for number in range(150))
    assert "150 (seratus lima puluh) keping" in words
    assert "Gagal cetak : 50 keping" in words


def test_a_month_without_spoils_is_a_paper_too() -> None:
    words = words_of(damaged_register(a_damaged_register(count=0)))
    assert "0 (nol) keping" in words
    assert "Tidak ada blanko rusak" in words


def test_a_blank_is_spoiled_once() -> None:
    lines = a_damaged_register(count=1).lines
    with pytest.raises(AssertionError, match="spoiled once"):
        a_damaged_register(lines=lines * 2)


def test_a_register_ends_after_it_begins() -> None:
    with pytest.raises(AssertionError):
        a_damaged_register(last_day=date(2017, 8, 1))


def test_receipts_in_a_log_show_no_person_and_no_ticket() -> None:
    shown = repr(a_request_receipt()) + repr(a_handover_receipt())
    for secret in ("SITI", "K7M2", "9901024101919001", "BUDI"):
        assert secret not in shown


@pytest.mark.parametrize(("difference", "text"), [(0, "0"), (2, "+2"), (-4000, "–4.000")])
def test_a_difference_carries_its_sign(difference: int, text: str) -> None:
    assert signed(difference) == text
