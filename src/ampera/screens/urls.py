"""Addresses of the pages. No NIK, no KK number and no name ever stands in one: record ids only."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from django.urls import URLPattern, URLResolver, include, path

from ampera.screens import line, session
from ampera.screens.centre import doubles
from ampera.screens.counter import (
    blanko,
    case,
    delivery,
    enrolment,
    printing,
    receipts,
    recount,
    requests,
    settling,
    shipments,
    today,
)
from ampera.screens.office import desk, permits, suspects

_AT_THE_DOOR: Final = [
    path("", session.front, name="beranda"),
    path("masuk/", session.log_in, name="masuk"),
    path("keluar/", session.log_out, name="keluar"),
]

_TODAY: Final = [
    path("hari-ini/", today.today, name="hari_ini"),
    path("hari-ini/nomor/", today.give_number, name="antrean_nomor"),
    path("hari-ini/panggil/", today.call_number, name="antrean_panggil"),
]

_REQUESTS: Final = [
    path("permohonan/", requests.request_list, name="permohonan"),
    path("permohonan/cari/", requests.search, name="cari_penduduk"),
    path("permohonan/terima/", requests.take, name="terima"),
    path("permohonan/penduduk/<slug:resident>/", requests.resident, name="penduduk"),
    path("permohonan/<slug:request_id>/", case.case, name="perkara"),
    path("permohonan/<slug:request_id>/lapor/", case.complete, name="lapor"),
    path("permohonan/<slug:request_id>/teruskan/", case.pass_on, name="teruskan"),
    path("permohonan/<slug:request_id>/tanda-terima/", receipts.receipt, name="tanda_terima"),
    path(
        "permohonan/<slug:request_id>/tanda-terima.pdf",
        receipts.receipt_paper,
        name="tanda_terima_pdf",
    ),
    path("permohonan/<slug:request_id>/rekam/", enrolment.start, name="rekam"),
    path("permohonan/<slug:request_id>/rekam/periksa/", enrolment.preview, name="rekam_periksa"),
    path("permohonan/<slug:request_id>/rekam/simpan/", enrolment.record, name="rekam_simpan"),
]

_PRINTING: Final = [
    path("cetak/", printing.desk, name="cetak"),
    path("cetak/mulai/", printing.begin, name="cetak_mulai"),
    path("cetak/berhenti/", printing.stop, name="cetak_berhenti"),
    path("cetak/kosong/", printing.emptied, name="cetak_kosong"),
    path("cetak/percobaan/<slug:attempt>/", settling.settle, name="selesaikan"),
    path("cetak/kartu/<slug:card>/", settling.check, name="periksa"),
    path("cetak/kartu/<slug:card>/muka.pdf", settling.face, name="muka_kartu"),
]

_DELIVERY: Final = [
    path("penyerahan/", delivery.ready, name="penyerahan"),
    path("penyerahan/<slug:card>/", delivery.give, name="serahkan"),
    path("penyerahan/<slug:card>/bukti/", delivery.proof, name="bukti_serah"),
    path("penyerahan/<slug:card>/bukti.pdf", delivery.proof_paper, name="bukti_serah_pdf"),
]

_BLANKO: Final = [
    path("blanko/", blanko.stock, name="blanko"),
    path("blanko/buka-dus/", blanko.break_seal, name="buka_dus"),
    path("blanko/saldo-awal/", blanko.opening, name="saldo_awal"),
    path("pemulihan/hitung/", recount.recount, name="hitung_pulih"),
    path("blanko/kirim/", shipments.send, name="kirim_blanko"),
    path("blanko/kiriman/<slug:shipment>/", shipments.receive, name="terima_kiriman"),
    path("blanko/kiriman/<slug:shipment>/berita-acara.pdf", shipments.minutes, name="berita_acara"),
]

_ABOVE: Final = [
    path("konfirmasi/", desk.desk, name="konfirmasi"),
    path("konfirmasi/<slug:request_id>/", desk.item, name="konfirmasi_satu"),
    path("konfirmasi/<slug:request_id>/ya/", desk.confirm, name="konfirmasi_ya"),
    path("konfirmasi/<slug:request_id>/tolak/", desk.reject, name="konfirmasi_tolak"),
    path("izin/", permits.overview, name="izin"),
    path("izin/<str:office>/", permits.of_office, name="izin_kantor"),
    path("izin/<str:office>/tarik/", permits.recall, name="izin_tarik"),
    path("izin-dicurigai/", suspects.overview, name="izin_dicurigai"),
    path("izin-dicurigai/<slug:permit>/", suspects.decide, name="izin_putus"),
    path("penunggalan/", doubles.overview, name="penunggalan"),
    path("penunggalan/<slug:enrolment>/", doubles.sides, name="penunggalan_satu"),
    path("jalur/", line.line, name="jalur"),
    path("jalur/uji/", line.test, name="jalur_uji"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_AT_THE_DOOR,
    *_TODAY,
    *_REQUESTS,
    *_PRINTING,
    *_DELIVERY,
    *_BLANKO,
    *_ABOVE,
]
if find_spec("ampera.screens.public.urls") is not None:
    urlpatterns.append(path("", include("ampera.screens.public.urls")))
