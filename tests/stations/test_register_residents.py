"""The register is imported at the dinas, copied to the kecamatan, and seen through doors only."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import timedelta

import pytest

from ampera.journal.queries import entries_about
from ampera.register.actions import (
    ImportProgress,
    describe_palembang,
    import_residents,
    load_snapshot,
    load_wilayah,
    publish_snapshots,
)
from ampera.register.models import Family, Resident, Snapshot
from ampera.register.queries import (
    OfficerSeen,
    Purpose,
    Role,
    agrees_with_register,
    is_register_loaded,
    loaded_snapshot_hash,
    local_day,
    nik_and_kk_known,
    resident_by_id,
    resident_for,
    resident_id_known,
    snapshot_for,
    snapshot_hash_for,
)
from ampera.register.queries import (
    offices as offices_known,
)
from ampera.register.rules.snapshot import hash_of
from ampera.words import Nik, NoKK, OfficeCode, Refusal, WilayahCode
from tests.rules.test_register_export import a_line, an_export

SU1, IT2, DINAS = OfficeCode("16.71.02"), OfficeCode("16.71.06"), OfficeCode("16.71")
NOT_HERE = Refusal("register.not_here")


def officer(office, *, roles=(Role.LOKET,), name="Sari"):
    return OfficerSeen(
        id=f"off_{name}",
        login=name.lower(),
        name=name,
        office=OfficeCode(office),
        roles=frozenset(roles),
        until=local_day(),
    )


def nik(number, *, day="070990"):
    return f"990101{day}{9000 + number:04d}"


def at_kertapati(**changes):
    return a_line(**({"Kecamatan": "Kertapati", "Desa/Kel": "Kertapati"} | changes))


def at_jakabaring(**changes):
    return a_line(**({"Kecamatan": "Jakabaring", "Desa/Kel": "8 Ulu"} | changes))


CITY = [
    a_line(NIK=nik(1), Nama="Dewasa"),
    a_line(NIK=nik(2, day="080901"), Nama="Enam Belas", **{"Tanggal Lahir": "08-09-2001"}),
    a_line(NIK=nik(3, day="070901"), Nama="Genap Enam Belas", **{"Tanggal Lahir": "07-09-2001"}),
    a_line(NIK=nik(4, day="010103"), Nama="Nikah Muda", **{"Tanggal Lahir": "01-01-2003"}),
    a_line(NIK=nik(5), Nama="Almarhum", Status="MATI"),
    at_jakabaring(NIK=nik(6), Nama="Warga Jakabaring"),
    at_kertapati(NIK=nik(7), Nama="Warga Kertapati"),
]
CITY[1] = CITY[1].replace(";KAWIN;", ";BELUM KAWIN;")
CITY[2] = CITY[2].replace(";KAWIN;", ";BELUM KAWIN;")


@pytest.fixture
def dinas(offices):
    """Acting at the dinas, with wilayah and offices of the city."""
    with offices.at("16.71") as house:
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
        yield house


@pytest.fixture
def city(dinas):
    """The same with seven residents."""
    result = import_residents(an_export(*CITY))
    assert (result.taken, result.refused) == (7, 0), result.examples
    return dinas


def looks():
    return [
        (each.officer, list(each.facts["subjects"]), each.facts["purpose"])
        for row in Resident.objects.order_by("nik")
        for each in entries_about([row.id])
        if each.kind == "look.recorded/1"
    ]


# --- the import ---------------------------------------------------------------------------------


DIRTY = [
    *(a_line(NIK=nik(number), Nama=f"Orang {number}") for number in range(40)),
    *(a_line(NIK=f"\u200b'{nik(number)}\u00a0") for number in range(40, 45)),
    *(a_line(NIK=nik(number), **{"Desa/Kel": "Satu Ulu"}) for number in range(45, 48)),
    a_line(NIK=nik(48), Kecamatan="Kec. Seberang Ulu Satu", **{"Desa/Kel": "KEL. 1 ULU"}),
    a_line(NIK=nik(49), Kecamatan="SU I"),
    a_line(NIK=nik(50), **{"Desa/Kel": "Kertapati"}),
    a_line(NIK="0"),
    a_line(NIK="1,67102E+15"),
    a_line(NIK=nik(3), Nama="NIK Ganda"),
    a_line(NIK=nik(51), **{"Tanggal Lahir": "31-02-1990"}),
    a_line(NIK=nik(52), Agama="JEDI"),
    a_line(NIK=nik(53), Kelamin="PEREMPUAN"),
    a_line(NIK=nik(54), Pekerjaan="belum / tidak  bekerja"),
    "rusak\r\n",
    a_line(NIK=nik(55), **{"Nomor KK": "KK-1"}),
]


def test_a_dirty_file_is_taken_but_for_the_rows_that_cannot_be(dinas, tmp_path):
    file = tmp_path / "siak.csv"
    file.write_bytes("".join(an_export(*DIRTY)).encode())
    steps: list[ImportProgress] = []
    result = import_residents(file, progress=steps.append)
    assert len(DIRTY) == 60
    assert (result.rows_read, result.taken, result.refused) == (60, 51, 9)
    assert result.with_warnings == 1
    assert steps[-1] == ImportProgress(60, 51, 9)
    with result.refused_file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [(row["baris"], row["kolom"], row["kode"]) for row in rows] == [
        ("51", "Desa/Kel", "register.row_place_unknown"),
        ("52", "Desa/Kel", "register.row_place_unknown"),
        ("53", "NIK", "register.row_without_nik"),
        ("54", "NIK", "register.row_number_mangled"),
        ("55", "NIK", "register.row_nik_twice"),
        ("56", "Tanggal Lahir", "register.row_date"),
        ("57", "Agama", "register.row_value"),
        ("60", "NIK", "register.row_without_nik"),
        ("61", "Nomor KK", "kk.not_sixteen_digits"),
    ]
    assert not any("990101" in " ".join(row.values()) for row in rows)
    assert Resident.objects.get(nik=nik(3)).name == "ORANG 3"


def test_a_file_in_windows_encoding_or_utf_16_is_read(dinas, tmp_path):
    text = "".join(an_export(a_line(NIK=nik(1), Alamat="Lr. Café")))
    for number, encoding in enumerate(("cp1252", "utf-16", "utf-8-sig")):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(text.encode(encoding))
        assert import_residents(file).taken == 1
        assert Resident.objects.get(nik=nik(1)).address == "LR. CAFÉ"


def test_importing_again_keeps_the_record_id_and_takes_what_changed(city):
    before = Resident.objects.get(nik=nik(1))
    moved = at_kertapati(NIK=nik(1), Nama="Dewasa", **{"Nomor KK": "9901010101109099"})
    assert import_residents(an_export(moved)).taken == 1
    after = Resident.objects.get(nik=nik(1))
    assert (after.id, after.kelurahan) == (before.id, "16.71.13.1004")
    assert after.family_id == "9901010101109099"
    assert Resident.objects.count() == 7


def test_a_nik_that_stands_twice_is_found_across_chunks(dinas):
    lines = [a_line(NIK=nik(number)) for number in range(450)]
    result = import_residents(an_export(*lines, a_line(NIK=nik(0), Nama="Ganda")))
    assert (result.taken, result.refused) == (450, 1)
    assert result.refused_file is None
    assert result.examples[0].code == "register.row_nik_twice"
    assert result.examples[0].line == 452


def test_a_family_without_members_is_forgotten(city):
    assert Family.objects.count() == 1
    lines = [line.replace("9901010101109001", "9901010101109002") for line in CITY]
    import_residents(an_export(*lines))
    assert [each.no_kk for each in Family.objects.all()] == ["9901010101109002"]


def test_parents_and_disability_are_not_kept(city):
    for row in Resident.objects.values():
        text = json.dumps(row, default=str)
        assert "9901010101609001" not in text
        assert "FISIK" not in text


def test_only_a_dinas_imports(offices):
    with offices.at("16.71.02"):
        assert import_residents(an_export()) == Refusal("register.not_dinas")


def test_a_file_that_is_no_export_is_refused(dinas, tmp_path):
    assert import_residents(tmp_path / "none.csv") == Refusal("register.file_not_found")
    for content, code in (
        (b"", "register.file_empty"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 50, "register.file_is_excel"),
        (b"PK\x03\x04" + b"\x14\x00" * 20, "register.file_is_excel"),
        (b"a;b;c\n1;2;3\n", "register.header_missing"),
    ):
        file = tmp_path / "file.csv"
        file.write_bytes(content)
        assert import_residents(file).code == code


def test_a_refused_row_of_an_earlier_run_does_not_stay(dinas, tmp_path):
    file = tmp_path / "siak.csv"
    file.write_text("".join(an_export(a_line(NIK="0"))))
    refused = import_residents(file).refused_file
    assert refused.exists()
    file.write_text("".join(an_export(a_line())))
    assert import_residents(file).refused_file is None
    assert not refused.exists()


# --- the doors ----------------------------------------------------------------------------------


def test_a_look_through_the_door_is_recorded(city):
    sari = officer(SU1.text)
    seen = resident_for(sari, Nik(nik(1)), purpose=Purpose.COUNTER)
    assert seen.name == "DEWASA"
    assert (seen.kelurahan_name, seen.kecamatan_name) == ("1 Ulu", "Seberang Ulu I")
    assert (seen.kabkota_name, seen.provinsi_name) == ("Kota Palembang", "Sumatera Selatan")
    assert (seen.marital, seen.occupation, seen.religion) == ("KAWIN", "KARYAWAN SWASTA", "ISLAM")
    assert looks() == [("off_Sari", [seen.id], "counter")]
    assert resident_by_id(sari, seen.id, purpose=Purpose.PRINTING) == seen
    assert looks()[1:] == [("off_Sari", [seen.id], "printing")]


def test_not_there_and_not_yours_are_one_answer_and_no_look(city):
    sari, citra = officer(SU1.text), officer("99.01", name="Citra")
    foreign = Resident.objects.get(nik=nik(7)).id
    assert resident_for(sari, Nik(nik(99)), purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_for(sari, Nik(nik(7)), purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_by_id(sari, foreign, purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_by_id(sari, "res_nobody", purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_for(citra, Nik(nik(1)), purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_for(citra, Nik(nik(7)), purpose=Purpose.COUNTER) == NOT_HERE
    assert looks() == []


def test_the_dinas_sees_its_whole_city(city):
    budi = officer(DINAS.text, roles=(Role.VERIFIKATOR,), name="Budi")
    for number in (1, 6, 7):
        seen = resident_for(budi, Nik(nik(number)), purpose=Purpose.VERIFICATION)
        assert seen.nik.digits == nik(number)


def test_a_resident_of_jakabaring_is_served_by_seberang_ulu_i_and_lives_in_jakabaring(city):
    seen = resident_for(officer(SU1.text), Nik(nik(6)), purpose=Purpose.COUNTER)
    assert seen.kecamatan == OfficeCode("16.71.17")
    assert seen.kecamatan_name == "Jakabaring"
    refused = resident_for(officer(IT2.text), Nik(nik(6)), purpose=Purpose.COUNTER)
    assert refused == NOT_HERE


@pytest.mark.parametrize("role", [Role.BLANKO, Role.ADMIN])
def test_who_counts_blanks_sees_no_resident(city, role):
    keeper = officer(SU1.text, roles=(role,))
    refused = resident_for(keeper, Nik(nik(1)), purpose=Purpose.COUNTER)
    assert refused == Refusal("officer.may_not")
    assert looks() == []


def test_a_resident_seen_knows_their_age_rules(city):
    budi = officer(DINAS.text)
    youth = resident_for(budi, Nik(nik(2, day="080901")), purpose=Purpose.COUNTER)
    today = local_day()
    assert not youth.must_hold_card(today)
    assert not youth.may_be_recorded(today)
    assert youth.may_be_recorded(today + timedelta(days=1))
    assert youth.printable_from(today).isoformat() == "2018-09-08"
    assert youth.is_sample


def test_the_public_check_needs_both_numbers_of_a_living_resident(city):
    kk, other = NoKK("9901010101109001"), NoKK("9901010101109009")
    assert nik_and_kk_known(Nik(nik(1)), kk) is True
    assert nik_and_kk_known(Nik(nik(1)), other) is False
    assert nik_and_kk_known(Nik(nik(99)), kk) is False
    assert nik_and_kk_known(Nik(nik(5)), kk) is False
    assert resident_id_known(Nik(nik(1)), kk) == Resident.objects.get(nik=nik(1)).id
    assert resident_id_known(Nik(nik(5)), kk) is None
    assert looks() == []


@pytest.mark.parametrize(
    ("number", "nama", "tanggal_lahir", "agrees"),
    [
        (1, "Dewasa", "1990-09-07", True),
        (1, " de wasa. ", "1990-09-07", True),
        (1, "Dewa", "1990-09-07", False),
        (1, "Dewasa", "1990-07-09", False),
        (99, "Dewasa", "1990-09-07", None),
        (5, "Almarhum", "1990-09-07", None),
    ],
)
def test_the_dinas_confirms_by_name_and_birth_date(city, number, nama, tanggal_lahir, agrees):
    assert agrees_with_register(nik(number), nama=nama, tanggal_lahir=tanggal_lahir) is agrees


# --- the copy of a kecamatan --------------------------------------------------------------------


def names_in(content):
    lines = [json.loads(line) for line in gzip.decompress(content).splitlines()]
    return {line["name"] for line in lines[1:-1]}


def test_a_kecamatan_gets_its_own_and_hosted_residents_of_card_age_and_no_dead(city):
    content = snapshot_for(SU1)
    assert names_in(content) == {"DEWASA", "GENAP ENAM BELAS", "NIKAH MUDA", "WARGA JAKABARING"}
    assert names_in(snapshot_for(IT2)) == set()
    plain = gzip.decompress(content)
    for secret in (b"9901010101609001", b"TONO", b"FISIK", b"ALMARHUM"):
        assert secret not in plain.upper()


def test_a_copy_is_the_same_bytes_until_something_changes(city, offices):
    first = snapshot_for(SU1)
    assert snapshot_for(SU1) == first
    assert snapshot_hash_for(SU1) == hash_of(first)
    offices.clock.move(timedelta(days=1))
    assert names_in(snapshot_for(SU1)) - names_in(first) == {"ENAM BELAS"}
    assert snapshot_hash_for(SU1) != hash_of(first)


def test_copies_are_made_ready_one_a_tick_and_only_for_offices_that_work(city):
    made = 0
    while publish_snapshots():
        made += 1
    assert made == 16
    assert not Snapshot.objects.filter(pk="16.71.17").exists()
    ready = Snapshot.objects.get(pk="16.71.02")
    assert snapshot_for(SU1) == bytes(ready.content)
    assert snapshot_hash_for(SU1) == ready.hash
    import_residents(an_export(a_line(NIK=nik(20), Nama="Baru")))
    assert "BARU" in names_in(snapshot_for(SU1))
    assert publish_snapshots() == 1


def copy_for_su1(offices):
    with offices.at("16.71"):
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
        import_residents(an_export(*CITY))
        return snapshot_for(SU1), {row.nik: row.id for row in Resident.objects.all()}


def test_a_loaded_copy_serves_the_counter(offices):
    content, ids = copy_for_su1(offices)
    with offices.at("16.71.02"):
        load_wilayah(within=WilayahCode("16.71"))
        assert not is_register_loaded()
        assert load_snapshot(content) == 4
        assert is_register_loaded()
        assert loaded_snapshot_hash() == hash_of(content)
        seen = resident_for(officer(SU1.text), Nik(nik(6)), purpose=Purpose.COUNTER)
        assert seen.id == ids[nik(6)]
        assert seen.kecamatan_name == "Jakabaring"
        assert len(offices_known()) == 19
        assert load_snapshot(content) == 4
        assert Resident.objects.count() == 4


def test_who_left_the_copy_goes_unless_a_case_is_open(offices):
    content, ids = copy_for_su1(offices)
    with offices.at("16.71"):
        for number in (1, 6):
            import_residents(an_export(a_line(NIK=nik(number), Status="PINDAH")))
        later = snapshot_for(SU1)
    with offices.at("16.71.02"):
        load_snapshot(content)
        assert load_snapshot(later, keep=[ids[nik(6)]]) == 2
        kept = set(Resident.objects.values_list("nik", flat=True))
    assert nik(6) in kept
    assert nik(1) not in kept


def test_a_register_built_anew_gives_new_ids_and_the_nik_stays_unique(offices):
    content, _ = copy_for_su1(offices)
    with offices.at("16.71"):
        Resident.objects.all().delete()
        import_residents(an_export(*CITY))
        rebuilt = snapshot_for(SU1)
        ids = {row.nik: row.id for row in Resident.objects.all()}
    with offices.at("16.71.02"):
        load_snapshot(content)
        assert load_snapshot(rebuilt) == 4
        assert {row.nik: row.id for row in Resident.objects.all()}.items() <= ids.items()


def test_a_broken_copy_or_one_for_another_office_changes_nothing(offices):
    content, _ = copy_for_su1(offices)
    with offices.at("16.71.02"):
        load_snapshot(content)
        for broken in (content[:-5], b"", gzip.compress(b'{"format":"ampera-register/1"}\n')):
            assert load_snapshot(broken) == Refusal("register.snapshot_broken")
        assert Resident.objects.count() == 4
        assert loaded_snapshot_hash() == hash_of(content)
    with offices.at("16.71.06"):
        assert load_snapshot(content) == Refusal("register.snapshot_of_other_office")
        assert not is_register_loaded()


def test_a_resident_writes_no_number_into_a_log(city):
    row = Resident.objects.select_related("family").get(nik=nik(1))
    assert nik(1) not in f"{row} {row!r} {row.family} {row.family!r}"
    assert "9901010101109001" not in f"{row.family} {row.family!r}"
