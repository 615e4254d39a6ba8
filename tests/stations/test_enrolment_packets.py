"""Sealed packets: nothing in clear on the disk, either centre key opens, what was changed is
found."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
from dataclasses import replace
from random import Random

import pytest

from ampera.enrolment.actions import (
    acknowledge,
    capture,
    drop_print_packet,
    give_print_packet,
    pass_print_packet,
    read_print_packet,
)
from ampera.enrolment.ports import PacketRoom, open_room
from ampera.enrolment.ports.packets import (
    CapturePacket,
    PrintPacket,
    make_print_packet,
    open_capture,
    open_print_packet,
    reseal,
    seal_capture,
    sha256_of,
)
from ampera.enrolment.ports.simulated import SeededSealer, open_simulated_rooms
from ampera.enrolment.ports.stores import (
    AgeSealer,
    FilePacketStore,
    MemoryPacketStore,
    new_identity,
)
from ampera.enrolment.queries import enrolment_seen
from ampera.intake import actions as intake_actions
from ampera.journal.actions import Command
from ampera.words import OfficeCode, Refusal
from tests.recordings import a_card_of, a_resident, images_of, received, recorded, taken

K, D, P, OTHER_K = "16.71.02", "16.71", "00", "16.71.06"
UNREADABLE = Refusal("enrolment.packet_unreadable")


@pytest.fixture(autouse=True)
def register_says(monkeypatch):
    monkeypatch.setattr(intake_actions, "agrees_with_register", lambda *_, **__: None)


class Keys:
    """A sealer with three key pairs: two of the centre, one of a stranger."""

    def __init__(self, sealer, pairs) -> None:
        self.sealer = sealer
        (self.first, first), (self.second, second), (self.stranger, self.to_stranger) = pairs
        self.centre = (first, second)


@pytest.fixture(params=["age", "seeded"])
def keys(request):
    if request.param == "age":
        return Keys(AgeSealer(), [new_identity() for _ in range(3)])
    return Keys(SeededSealer(1), [(name, name) for name in ("key-1", "key-2", "key-3")])


@pytest.fixture(params=["files", "memory"])
def store(request, tmp_path):
    return (
        FilePacketStore(tmp_path / "packets") if request.param == "files" else MemoryPacketStore()
    )


def sealed_with(keys: Keys) -> bytes:
    return seal_capture(
        images_of(), enrolment="enr_1", station=K, sealer=keys.sealer, recipients=keys.centre
    )


# --- the contract of stores ---------------------------------------------------------------------


def test_a_store_gives_back_what_was_put_under_its_hash(store):
    name = store.put(b"sealed")
    assert name == sha256_of(b"sealed")
    assert store.put(b"sealed") == name
    assert store.get(name) == b"sealed"
    assert store.has(name)
    assert store.names() == [name]


def test_a_store_lets_go(store):
    name = store.put(b"sealed")
    store.remove(name)
    store.remove(name)
    assert store.get(name) is None
    assert not store.has(name)
    assert store.names() == []


def test_a_file_that_was_being_made_when_the_power_went_is_no_packet(tmp_path):
    store = FilePacketStore(tmp_path)
    name = store.put(b"sealed")
    (tmp_path / name[:2] / f"{name}.77.making").write_bytes(b"sea")
    assert store.names() == [name]


def test_only_the_server_reads_its_packets(tmp_path):
    store = FilePacketStore(tmp_path / "packets")
    name = store.put(b"sealed")
    path = tmp_path / "packets" / name[:2] / name
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "packets").st_mode) == 0o700


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_a_name_from_elsewhere_does_not_lead_out_of_the_folder(tmp_path, name):
    with pytest.raises(ValueError, match="SHA-256"):
        FilePacketStore(tmp_path).get(name)


# --- sealing and opening ------------------------------------------------------------------------


def test_either_key_of_the_centre_opens_a_capture(keys):
    for identity in (keys.first, keys.second):
        opened = open_capture(sealed_with(keys), sealer=keys.sealer, identities=[identity])
        assert opened == CapturePacket("enr_1", K, images_of())


def test_nobody_else_opens_it(keys):
    sealed = sealed_with(keys)
    assert open_capture(sealed, sealer=keys.sealer, identities=[keys.stranger]) == UNREADABLE


def test_a_packet_cut_short_or_changed_anywhere_is_refused(keys):
    sealed = sealed_with(keys)
    chance = Random(3)
    for cut in (0, 1, 100, len(sealed) // 2, len(sealed) - 1):
        found = open_capture(sealed[:cut], sealer=keys.sealer, identities=[keys.first])
        assert found == UNREADABLE
    for _ in range(20):
        place = chance.randrange(len(sealed))
        changed = bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]])
        found = open_capture(changed, sealer=keys.sealer, identities=[keys.first])
        assert found == UNREADABLE


def test_what_is_inside_is_a_tar_with_a_manifest_that_any_tool_reads(keys):
    plain = keys.sealer.open(sealed_with(keys), identities=[keys.first])
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile("manifest.json"))
    assert names == ["manifest.json", "finger_1", "finger_2", "portrait", "signature"]
    assert manifest["format"] == "ampera-packet/1"
    assert manifest["files"][2] == {
        "name": "portrait",
        "sha256": sha256_of(images_of()["portrait"]),
        "size": len(images_of()["portrait"]),
        "media_type": "image/png",
    }


def a_tar(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def test_a_manifest_that_does_not_agree_with_the_files_is_refused(keys):
    manifest = {
        "format": "ampera-packet/1",
        "kind": "capture",
        "enrolment": "enr_1",
        "station": K,
        "files": [{"name": "portrait", "sha256": sha256_of(b"face"), "size": 4}],
    }
    head = ("manifest.json", json.dumps(manifest).encode())
    right = [head, ("portrait", b"face")]
    wrong = [
        [head],
        [head, ("portrait", b"fact")],
        [*right, ("finger_1", b"more")],
        [*right, ("portrait", b"face")],
        [("portrait", b"face")],
        [("manifest.json", b"[]"), ("portrait", b"face")],
        [("manifest.json", b"{"), ("portrait", b"face")],
        [(head[0], json.dumps({**manifest, "kind": "print"}).encode()), right[1]],
        [(head[0], json.dumps({**manifest, "format": "other/9"}).encode()), right[1]],
    ]

    def opened(files):
        sealed = keys.sealer.seal(a_tar(files), recipients=keys.centre)
        return open_capture(sealed, sealer=keys.sealer, identities=[keys.first])

    assert opened(right) == CapturePacket("enr_1", K, {"portrait": b"face"})
    for files in wrong:
        assert opened(files) == UNREADABLE, [name for name, _ in files]


def test_a_capture_is_sealed_to_two_keys_not_to_one(keys):
    with pytest.raises(AssertionError, match="two keys"):
        seal_capture(
            images_of(),
            enrolment="enr_1",
            station=K,
            sealer=keys.sealer,
            recipients=keys.centre[:1],
        )


def test_simulated_packets_follow_from_the_seed():
    keys = Keys(SeededSealer(1), [(name, name) for name in ("key-1", "key-2", "key-3")])
    assert sealed_with(keys) == sealed_with(keys)
    other = Keys(SeededSealer(2), [(name, name) for name in ("key-1", "key-2", "key-3")])
    assert sealed_with(keys) != sealed_with(other)


# --- nothing in clear ---------------------------------------------------------------------------


def test_after_a_capture_no_biometric_lies_in_clear_on_the_disk(offices, tmp_path):
    (_, first), (_, second) = new_identity(), new_identity()
    here = PacketRoom(
        store=FilePacketStore(tmp_path / "packets"),
        sealer=AgeSealer(),
        centre_recipients=(first, second),
        recipient_of=lambda _: None,
    )
    open_room(OfficeCode(K), room=here)
    request = taken(offices, a_resident(is_nik_confirmed=True), at=K)
    with offices.at(K):
        said = {"images": images_of(), "printed": a_card_of(a_resident())}
        answer = capture(Command("cmd_1", "off_sari"), request=request, **said)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [answer["packet"]]
    content = files[0].read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    for clear in (b"SPESIMEN", b"PNG", b"manifest", b"portrait", b"CONTOH"):
        assert clear not in content


# --- print packets ------------------------------------------------------------------------------


def a_print_packet(keys: Keys, **changes) -> bytes:
    return make_print_packet(
        CapturePacket("enr_1", K, images_of()),
        printed=replace(a_card_of(a_resident()), **changes),
        mandate="mdt_1",
        sealer=keys.sealer,
        recipient=keys.centre[0],
    )


def test_a_print_packet_holds_what_the_print_needs_and_no_finger(keys):
    sealed = a_print_packet(keys)
    packet = open_print_packet(sealed, sealer=keys.sealer, identities=[keys.first])
    assert isinstance(packet, PrintPacket)
    assert packet.printed == a_card_of(a_resident())
    assert packet.portrait == images_of()["portrait"]
    assert packet.signature == images_of()["signature"]
    assert packet.finger_sha256["finger_1"] == sha256_of(images_of()["finger_1"])
    portrait = sha256_of(packet.portrait)
    assert packet.version == packet.printed.version(portrait_sha256=portrait)
    assert images_of()["finger_1"] not in keys.sealer.open(sealed, identities=[keys.first])
    assert "CONTOH" not in repr(packet)


def test_a_resealed_packet_opens_for_its_holder_only_and_is_the_same(keys):
    sealed = a_print_packet(keys)
    recipient = keys.to_stranger
    passed = reseal(sealed, sealer=keys.sealer, identities=[keys.first], recipient=recipient)
    before = open_print_packet(sealed, sealer=keys.sealer, identities=[keys.first])
    after = open_print_packet(passed, sealer=keys.sealer, identities=[keys.stranger])
    assert after == before
    assert open_print_packet(passed, sealer=keys.sealer, identities=[keys.first]) == UNREADABLE
    refused = reseal(passed, sealer=keys.sealer, identities=[keys.first], recipient=recipient)
    assert refused == UNREADABLE


def test_a_print_packet_whose_fields_are_not_of_its_version_is_refused(keys):
    sealed = a_print_packet(keys)
    plain = keys.sealer.open(sealed, identities=[keys.first])
    other = keys.sealer.open(a_print_packet(keys, nama="ORANG LAIN"), identities=[keys.first])
    with (
        tarfile.open(fileobj=io.BytesIO(plain)) as mine,
        tarfile.open(fileobj=io.BytesIO(other)) as theirs,
    ):
        files = {name: mine.extractfile(name).read() for name in mine.getnames()}
        files["fields.json"] = theirs.extractfile("fields.json").read()
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = json.load(theirs.extractfile("manifest.json"))["files"]
    files["manifest.json"] = json.dumps(manifest).encode()
    forged = keys.sealer.seal(a_tar(list(files.items())), recipients=[keys.centre[0]])
    assert open_print_packet(forged, sealer=keys.sealer, identities=[keys.first]) == UNREADABLE


def test_a_print_packet_goes_from_the_centre_over_the_dinas_to_the_office(offices):
    rooms = open_simulated_rooms((P, D, K, OTHER_K))
    enrolment = recorded(offices)
    received(offices, rooms)
    with offices.at(P):
        to_dinas = give_print_packet(enrolment, mandate="mdt_1", to=OfficeCode(D))
        assert give_print_packet(enrolment, mandate="mdt_1", to=OfficeCode(D)) == to_dinas
        version = enrolment_seen(enrolment).version
    rooms[D].store.put(rooms[P].store.get(to_dinas))
    with offices.at(D):
        to_office = pass_print_packet(to_dinas, permit="prm_1", to=OfficeCode(K))
        assert pass_print_packet(to_dinas, permit="prm_1", to=OfficeCode(K)) == to_office
        assert read_print_packet(to_dinas).version == version
        assert read_print_packet(to_office) == UNREADABLE, "it is sealed to the office"
    rooms[K].store.put(rooms[D].store.get(to_office))
    rooms[OTHER_K].store.put(rooms[D].store.get(to_office))
    with offices.at(OTHER_K):
        assert read_print_packet(to_office) == UNREADABLE
    with offices.at(K):
        packet = read_print_packet(to_office)
        assert (packet.version, packet.mandate) == (version, "mdt_1")
        assert packet.printed == a_card_of(a_resident())
        drop_print_packet(to_office)
        assert read_print_packet(to_office) == Refusal("enrolment.packet_missing")


def test_a_print_packet_is_refused_with_the_reason(offices):
    rooms = open_simulated_rooms((P, D, K, OTHER_K))
    enrolment = recorded(offices)
    offices.post()
    with offices.at(P):
        missing = give_print_packet(enrolment, mandate="mdt_1", to=OfficeCode(D))
        assert missing == Refusal("enrolment.packet_missing")
        unknown = give_print_packet("enr_0", mandate="mdt_1", to=OfficeCode(D))
        assert unknown == Refusal("enrolment.no_such_enrolment")
    received(offices, rooms)
    open_room(OfficeCode(P), room=replace(rooms[P], recipient_of=lambda _: None))
    with offices.at(P):
        no_key = give_print_packet(enrolment, mandate="mdt_1", to=OfficeCode(D))
        assert no_key == Refusal("enrolment.no_key", office=D)
        assert acknowledge() == 0
    open_room(OfficeCode(P), room=rooms[P])
    with offices.at(P):
        name = give_print_packet(enrolment, mandate="mdt_1", to=OfficeCode(D))
        rooms[P].store.packets[name] += b"!"
        assert read_print_packet(name) == Refusal("enrolment.packet_damaged")
    open_room(OfficeCode(D), room=replace(rooms[D], recipient_of=lambda _: None))
    with offices.at(D):
        no_key = pass_print_packet(name, permit="prm_1", to=OfficeCode(K))
        assert no_key == Refusal("enrolment.no_key", office=K)
