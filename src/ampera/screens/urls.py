"""Addresses of the pages. No NIK, no KK number and no name ever stands in one: record ids only."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from django.urls import URLPattern, URLResolver, include, path

from ampera.screens import line, session
from ampera.screens.centre import distribution, doubles
from ampera.screens.counter import (
    appointments,
    blanko,
    bundles,
    bundles_out,
    case,
    checking,
    days,
    debts,
    delivery,
    disputes,
    enrolment,
    exchanging,
    loans,
    months,
    printing,
    receipts,
    recount,
    requests,
    settling,
    shipments,
    today,
    trail,
)
from ampera.screens.field import run
from ampera.screens.office import (
    allocation,
    cards,
    city,
    custody,
    desk,
    destruction,
    lending,
    packages,
    permits,
    plan,
    plan_long,
    queue,
    queue_move,
    queue_proof,
    service_time,
    suket,
    supply,
    suspects,
    withdrawn,
)

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
    path("cetak/bahan/", printing.supply, name="cetak_bahan"),
    path("cetak/perbaikan/", printing.repair, name="cetak_perbaikan"),
    path("cetak/percobaan/<slug:attempt>/", settling.settle, name="selesaikan"),
    path("cetak/percobaan/<slug:attempt>/nomor/", exchanging.exchange, name="nomor_lain"),
    path("cetak/kartu/<slug:card>/", checking.check, name="periksa"),
    path("cetak/percobaan/<slug:attempt>/cip/", settling.read_chip, name="baca_cip"),
    path("cetak/kartu/<slug:card>/cip/", checking.chip, name="tulis_cip"),
    path("cetak/kartu/<slug:card>/muka.svg", checking.picture, name="gambar_kartu"),
    path("cetak/kartu/<slug:card>/muka.pdf", checking.face, name="muka_kartu"),
]

_BUNDLES: Final = [
    path("bundel/", bundles.overview, name="bundel"),
    path("bundel/buat/", bundles.seal, name="bundel_buat"),
    path("bundel/diperiksa/<slug:command>/", bundles.conflict_settled, name="bundel_diperiksa"),
    path("bundel/<slug:bundle>/", bundles_out.bundle_page, name="bundel_satu"),
    path("bundel/<slug:bundle>/serahkan/", bundles_out.send, name="bundel_serahkan"),
    path("bundel/<slug:bundle>/amankan/", bundles_out.secure, name="bundel_amankan"),
    path("bundel/<slug:bundle>/kembali/", bundles_out.returned, name="bundel_kembali"),
    path("bundel/<slug:bundle>/lembar-antar.pdf", bundles_out.paper, name="lembar_antar"),
    path("belum-diambil/", bundles.uncollected_list, name="belum_diambil"),
]

_FIELD: Final = [
    path("antar/", run.run, name="antar"),
    path("antar/keadaan/", run.state, name="antar_keadaan"),
    path("antar/kirim/", run.send, name="antar_kirim"),
    path("antar/catat/", run.note, name="antar_catat"),
    path("antar/pekerja.js", run.worker, name="antar_pekerja"),
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
    path("blanko/dari-pembuat/", blanko.from_maker, name="blanko_pembuat"),
    path("blanko/hari/", days.overview, name="blanko_hari"),
    path("blanko/hari/tutup/", days.close, name="blanko_tutup"),
    path("blanko/hari/<str:office>/<str:day>/", days.one, name="blanko_hari_satu"),
    path("blanko/hari/<str:office>/<str:day>/berita-acara.pdf", days.paper, name="blanko_hari_ba"),
    path("blanko/lacak/", trail.look_up, name="blanko_lacak"),
    path("blanko/selisih/", disputes.overview, name="blanko_selisih"),
    path("blanko/laporan/", months.report, name="blanko_bulan"),
    path("blanko/laporan.csv", months.table, name="blanko_bulan_csv"),
    path("blanko/laporan.pdf", months.paper, name="blanko_bulan_pdf"),
    path("blanko/pinjaman/", loans.overview, name="blanko_pinjaman"),
    path("blanko/pinjaman/selesai/", loans.settle, name="blanko_pinjaman_selesai"),
    path("blanko/pinjaman/masuk/", debts.overview, name="blanko_utang"),
    path("blanko/pinjaman/kembalikan/", debts.settle, name="blanko_utang_selesai"),
    path("blanko/pinjaman/pengembalian.pdf", debts.paper, name="blanko_utang_ba"),
    path("blanko/pinjaman/berita-acara.pdf", loans.paper, name="blanko_pinjaman_ba"),
    path("pemulihan/hitung/", recount.recount, name="hitung_pulih"),
    path("blanko/kirim/", shipments.send, name="kirim_blanko"),
    path("blanko/kiriman/<slug:shipment>/", shipments.receive, name="terima_kiriman"),
    path("blanko/kiriman/<slug:shipment>/berita-acara.pdf", shipments.minutes, name="berita_acara"),
]

_CITY: Final = [
    path("peta/", city.city_map, name="peta"),
    path("kantor/<str:office>/", city.office_page, name="kantor"),
    path("permintaan-blanko/", supply.overview, name="permintaan_blanko"),
    path("permintaan-blanko/konsep/", supply.draft, name="permintaan_konsep"),
    path("permintaan-blanko/<slug:request_id>/", supply.one, name="permintaan_satu"),
    path("permintaan-blanko/<slug:request_id>/kirim/", supply.send, name="permintaan_kirim"),
    path("permintaan-blanko/<slug:request_id>/hapus/", supply.drop, name="permintaan_hapus"),
    path("permintaan-blanko/<slug:request_id>/jawaban/", supply.answer, name="permintaan_jawab"),
    path("permintaan-blanko/<slug:request_id>/terima/", supply.arrived, name="permintaan_terima"),
    path("permintaan-blanko/<slug:request_id>/surat.pdf", supply.letter, name="permintaan_surat"),
    path("permintaan-blanko/<slug:request_id>/bukti.csv", supply.table, name="permintaan_csv"),
    path("permintaan-blanko/<slug:request_id>/bukti.json", supply.data, name="permintaan_json"),
    path("laporan/", city.report, name="laporan"),
    path("laporan/tunggakan.csv", city.report_table, name="laporan_csv"),
    path("laporan/tunggakan.pdf", city.report_paper, name="laporan_pdf"),
]

_ABOVE: Final = [
    path("konfirmasi/", desk.desk, name="konfirmasi"),
    path("konfirmasi/<slug:request_id>/", desk.item, name="konfirmasi_satu"),
    path("konfirmasi/<slug:request_id>/ya/", desk.confirm, name="konfirmasi_ya"),
    path("konfirmasi/<slug:request_id>/tolak/", desk.reject, name="konfirmasi_tolak"),
    path("izin/", permits.overview, name="izin"),
    path("izin/<str:office>/", permits.of_office, name="izin_kantor"),
    path("izin/<str:office>/tarik/", permits.recall, name="izin_tarik"),
    path("izin/<str:office>/amankan/", custody.seize, name="amankan"),
    path("izin/<str:office>/kembalikan/", custody.release, name="kembalikan"),
    path("alokasi/", allocation.overview, name="alokasi"),
    path("alokasi/coba/", allocation.preview, name="alokasi_coba"),
    path("alokasi/usul/", allocation.propose, name="alokasi_usul"),
    path("alokasi/<slug:allocation>/", allocation.one, name="alokasi_satu"),
    path("alokasi/<slug:allocation>/putus/", allocation.decide, name="alokasi_putus"),
    path("pembagian/", distribution.overview, name="pembagian"),
    path("pembagian/coba/", distribution.preview, name="pembagian_coba"),
    path("pembagian/usul/", distribution.propose, name="pembagian_usul"),
    path("pembagian/surat/<slug:request_id>/", distribution.letter, name="pembagian_surat"),
    path("pembagian/<slug:allocation>/", distribution.one, name="pembagian_satu"),
    path("pembagian/<slug:allocation>/putus/", distribution.decide, name="pembagian_putus"),
    path("pinjam-cetak/", lending.overview, name="pinjam_cetak"),
    path("pinjam-cetak/mulai/", lending.lend, name="pinjam_cetak_mulai"),
    path("pinjam-cetak/<slug:lending>/akhiri/", lending.end, name="pinjam_cetak_akhiri"),
    path("janji/", appointments.of_day, name="janji"),
    path("janji/<slug:request_id>/", appointments.of_request, name="janji_permohonan"),
    path("janji/<slug:request_id>/batal/", appointments.cancel, name="janji_batal"),
    path("janji/<slug:request_id>/absen/", appointments.missed, name="janji_absen"),
    path("antrean/", queue.overview, name="antrean"),
    path("antrean/banding/", queue_proof.compare, name="antrean_banding"),
    path("antrean/permohonan/<slug:request_id>/", queue_move.put_forward, name="dahulukan"),
    path("antrean/batal/<slug:move>/", queue_move.take_back, name="dahulukan_batal"),
    path("antrean/<str:office>/", queue.of_office, name="antrean_kantor"),
    path("izin-dicurigai/", suspects.overview, name="izin_dicurigai"),
    path("izin-dicurigai/<slug:permit>/", suspects.decide, name="izin_putus"),
    path("rencana/", plan.overview, name="rencana"),
    path("rencana/tabel.csv", plan.table, name="rencana_csv"),
    path("rencana/unggah/", plan.upload, name="rencana_unggah"),
    path("rencana/simpan/", plan.keep, name="rencana_simpan"),
    path("rencana/hitung/", plan_long.start, name="rencana_hitung"),
    path("rencana/hasil/<slug:key>/", plan_long.one, name="rencana_hasil"),
    path("rencana/hasil/<slug:key>/batal/", plan_long.cancel, name="rencana_batal"),
    path("rencana/hasil/<slug:key>/ulang/", plan_long.again, name="rencana_ulang"),
    path("rencana/hasil/<slug:key>.toml", plan_long.file, name="rencana_hasil_berkas"),
    path("rencana/hasil/<slug:key>.csv", plan_long.table, name="rencana_hasil_csv"),
    path("rencana/banding/", plan_long.compare, name="rencana_banding"),
    path("rencana/berkas/<slug:name>.toml", plan.file, name="rencana_berkas"),
    path("waktu-layanan/", service_time.overview, name="waktu_layanan"),
    path("waktu-layanan/tabel.csv", service_time.table, name="waktu_layanan_csv"),
    path("waktu-layanan/<str:office>/", service_time.of_office, name="waktu_layanan_kantor"),
    path("penunggalan/", doubles.overview, name="penunggalan"),
    path("penunggalan/<slug:enrolment>/", doubles.sides, name="penunggalan_satu"),
    path("jalur/", line.line, name="jalur"),
    path("jalur/uji/", line.test, name="jalur_uji"),
]

_SUKET: Final = [
    path("suket/", suket.overview, name="suket"),
    path("suket/ubah-ke-kartu/", suket.conversion, name="suket_ubah"),
    path("suket/daftar.csv", suket.table, name="suket_csv"),
    path("suket/permohonan/<slug:request_id>/", suket.for_request, name="suket_terbit"),
    path("suket/<slug:suket>/", suket.one, name="suket_satu"),
    path("suket/<slug:suket>/cetak/", suket.paper, name="suket_cetak"),
    path("suket/<slug:suket>/perpanjang/", suket.longer, name="suket_panjang"),
    path("suket/<slug:suket>/cabut/", suket.back, name="suket_cabut"),
]

_WITHDRAWN: Final = [
    path("kartu/", cards.overview, name="kartu"),
    path("kartu/cari/", cards.search, name="kartu_cari"),
    path("kartu/satu/<slug:card>/", cards.of_card, name="kartu_satu"),
    path("kartu/penduduk/<slug:resident>/", cards.of_resident, name="kartu_penduduk"),
    path("kartu/penduduk/<slug:resident>/batal/", cards.void, name="kartu_batal"),
    path("kartu/penduduk/<slug:resident>/lama/", cards.legacy, name="kartu_lama"),
    path("kartu/penduduk/<slug:resident>/tarik/", cards.recall, name="kartu_tarik"),
    path("kartu/penduduk/<slug:resident>/tahan/", cards.hold, name="kartu_tahan"),
    path("kartu/penduduk/<slug:resident>/cabut/", cards.lift, name="kartu_cabut"),
    path("ditarik/", withdrawn.overview, name="ditarik"),
    path("ditarik/cek/", withdrawn.look_up, name="ditarik_cek"),
    path("ditarik/terima/", withdrawn.take, name="ditarik_terima"),
    path("ditarik/kiriman/", packages.overview, name="kiriman_tarik"),
    path("ditarik/kiriman/kirim/", packages.send, name="kiriman_tarik_kirim"),
    path("ditarik/kiriman/cari/", packages.find, name="kiriman_tarik_cari"),
    path("ditarik/kiriman/tanpa-berita/", packages.count, name="kiriman_tarik_hitung"),
    path("ditarik/kiriman/hapus-hitungan/", packages.drop, name="kiriman_tarik_hapus"),
    path("ditarik/kiriman/putus/", packages.settle, name="kiriman_tarik_putus"),
    path("ditarik/kiriman/putus-lebih/", packages.settle_extra, name="kiriman_tarik_lebih"),
    path("ditarik/kiriman/<slug:package>/", packages.one, name="kiriman_tarik_satu"),
    path("ditarik/kiriman/<slug:package>/amankan/", packages.secure, name="kiriman_tarik_amankan"),
    path(
        "ditarik/kiriman/<slug:package>/berita-acara.pdf",
        packages.minutes,
        name="kiriman_tarik_ba",
    ),
    path("ditarik/<slug:piece>/", withdrawn.one, name="ditarik_satu"),
    path("ditarik/<slug:piece>/kembali/", withdrawn.return_found, name="ditarik_kembali"),
    path("pemusnahan/", destruction.overview, name="pemusnahan"),
    path("pemusnahan/buka/", destruction.begin, name="pemusnahan_buka"),
    path("pemusnahan/laporan/", destruction.report, name="laporan_tarik"),
    path("pemusnahan/laporan.csv", destruction.report_csv, name="laporan_tarik_csv"),
    path("pemusnahan/laporan.pdf", destruction.report_paper, name="laporan_tarik_pdf"),
    path("pemusnahan/<slug:batch>/", destruction.one, name="pemusnahan_satu"),
    path("pemusnahan/<slug:batch>/amankan/", destruction.secure, name="pemusnahan_amankan"),
    path("pemusnahan/<slug:batch>/batal/", destruction.cancel, name="pemusnahan_batal"),
    path("pemusnahan/<slug:batch>/berita-acara.pdf", destruction.minutes, name="pemusnahan_ba"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_AT_THE_DOOR,
    *_TODAY,
    *_REQUESTS,
    *_PRINTING,
    *_DELIVERY,
    *_BUNDLES,
    *_FIELD,
    *_BLANKO,
    *_CITY,
    *_ABOVE,
    *_SUKET,
    *_WITHDRAWN,
]
if find_spec("ampera.screens.public.urls") is not None:
    urlpatterns.append(path("", include("ampera.screens.public.urls")))
