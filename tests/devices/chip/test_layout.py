"""The file set: data that must not contradict themselves, and what fits in 8 KB."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files
from io import BytesIO

import pytest
from PIL import Image

from ampera.devices.chip.contents import IMAGE_HASH, NO_FINGER, TEMPLATE, contents_of, texts_of
from ampera.devices.chip.layout import layout_from, the_layout
from ampera.enrolment.ports.packets import (
    CapturePacket,
    make_print_packet,
    open_print_packet,
)
from ampera.enrolment.ports.simulated import SeededSealer
from ampera.papers.synthetic import synthetic_portrait
from ampera.printing.ports import ChipContents
from ampera.words import Refusal

from .samples import a_packet, contents, eight_kilobytes

CHIP_BYTES = 8192


def data():
    text = files("ampera.devices.chip").joinpath("files.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_the_files_at_their_largest_fit_the_chip():
    layout = the_layout()
    assert layout.budget_bytes == CHIP_BYTES
    assert sum(layout.stored_bytes(file) for file in layout.every) <= CHIP_BYTES
    assert layout.fits(eight_kilobytes()) is None


def test_the_files_are_those_that_readers_ask_for_and_the_marker_is_the_last():
    names = [file.name for file in the_layout().every]
    assert names == [
        *("biodata", "portrait", "signature", "minutiae_1", "minutiae_2"),
        "control",
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda told: told["file"][0].update(name="portrait"), "one name"),
        (lambda told: told["file"][0].update(ef="0102"), "one name or one number"),
        (lambda told: told["file"].reverse(), "marker"),
        (lambda told: told["file"][1].update(bytes_max=6000), "the chip has 8192"),
        (lambda told: told["file"][5].update(bytes_max=100), "marker does not fit"),
        (lambda told: told.update(length_bytes=1), "length does not fit"),
    ],
)
def test_a_file_set_that_contradicts_itself_is_no_file_set(change, why):
    told = data()
    change(told)
    with pytest.raises(ValueError, match=why):
        layout_from(told)


def test_one_byte_more_than_a_file_takes_is_refused():
    full = eight_kilobytes()
    most = the_layout().file("portrait").bytes_max
    more = replace(full, files={**full.files, "portrait": bytes(most + 1)})
    assert the_layout().fits(more) == Refusal(
        "printing.chip_too_small", file="portrait", size=most + 1, most=most
    )


def test_all_together_more_than_the_chip_takes_is_refused():
    layout = replace(the_layout(), budget_bytes=6000)
    no = layout.fits(eight_kilobytes())
    assert isinstance(no, Refusal)
    assert (no.code, no.facts["file"]) == ("printing.chip_too_small", "chip")


def test_a_file_that_is_not_there_is_refused():
    without = ChipContents("ab" * 32, {"biodata": b""})
    assert the_layout().fits(without) == Refusal("printing.chip_file_missing", file="portrait")


def test_the_marker_of_other_contents_another_version_or_another_format_is_none():
    layout, full = the_layout(), eight_kilobytes()
    marker = layout.marker(full)
    assert layout.complete(full.files, marker=marker) == full
    other = {**full.files, "biodata": b"another person"}
    assert layout.complete(other, marker=marker) is None
    assert layout.complete(full.files, marker=marker[:-1]) is None
    assert layout.complete(full.files, marker=marker + b"\0") is None
    assert replace(layout, format=2).complete(full.files, marker=marker) is None
    assert layout.complete(full.files, marker=b"") is None


def test_a_person_s_packet_of_true_size_fits_and_can_be_read_again():
    packet = a_packet()
    made = contents(1)
    layout = the_layout()
    assert the_layout().fits(made) is None
    told = texts_of(made.files["biodata"], file=layout.file("biodata"))
    assert (told["nik"], told["nama"]) == (packet.printed.nik, packet.printed.nama)
    assert told["kewarganegaraan"] == "WNI"
    with Image.open(BytesIO(made.files["portrait"])) as portrait:
        assert portrait.format == "JPEG"
        assert portrait.height >= 200
    with Image.open(BytesIO(made.files["signature"])) as signature:
        assert (signature.format, signature.mode) == ("PNG", "1")
        ink, paper = signature.histogram()[0], signature.histogram()[255]
        assert 0 < ink < paper


def test_the_same_packet_gives_the_same_bytes_and_another_person_s_others():
    assert contents(1) == contents_of(a_packet(1))
    assert contents(1).version != contents(2).version


@pytest.mark.parametrize("seed", range(20))
def test_every_synthetic_portrait_fits_at_a_size_that_shows_a_face(seed):
    packet = a_packet(portrait=synthetic_portrait(seed, birth_year=1990 + seed))
    made = contents_of(packet)
    assert isinstance(made, ChipContents)
    with Image.open(BytesIO(made.files["portrait"])) as portrait:
        assert portrait.size[1] >= 200


def test_a_portrait_full_of_noise_is_made_smaller_until_it_fits_or_refused():
    noise = Image.effect_noise((480, 640), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, format="PNG")
    made = contents_of(a_packet(portrait=out.getvalue()))
    assert isinstance(made, ChipContents)
    told = data()
    told["file"][1]["bytes_max"] = 500
    no = contents_of(a_packet(portrait=out.getvalue()), layout=layout_from(told))
    assert isinstance(no, Refusal)
    assert (no.code, no.facts["file"]) == ("printing.chip_too_small", "portrait")


def test_a_name_of_sixty_letters_and_a_long_address_fit():
    packet = a_packet()
    long = replace(packet.printed, nama="A" * 60, alamat="B" * 200, pekerjaan="C" * 60)
    assert isinstance(contents_of(replace(packet, printed=long)), ChipContents)


def test_a_text_longer_than_its_length_can_say_is_refused():
    packet = a_packet()
    long = replace(packet.printed, alamat="B" * 256)
    no = contents_of(replace(packet, printed=long))
    assert no == Refusal("printing.chip_too_small", file="alamat", size=256, most=255)


def test_what_is_no_image_is_refused_as_such():
    assert contents_of(a_packet(portrait=b"nothing")) == Refusal("papers.not_an_image")
    assert contents_of(a_packet(signature=b"nothing")) == Refusal("papers.not_an_image")


def test_fingers_are_a_template_a_hash_or_openly_absent():
    packet = a_packet(finger_sha256={"finger_1": "ab" * 32})
    made = contents_of(packet)
    assert isinstance(made, ChipContents)
    assert made.files["minutiae_1"] == IMAGE_HASH + bytes.fromhex("ab" * 32)
    assert made.files["minutiae_2"] == NO_FINGER
    with_template = contents_of(packet, minutiae={"finger_2": b"FMR" * 100})
    assert isinstance(with_template, ChipContents)
    assert with_template.files["minutiae_2"] == TEMPLATE + b"FMR" * 100


def test_without_a_signature_its_file_is_empty():
    made = contents_of(a_packet(signature=None))
    assert isinstance(made, ChipContents)
    assert made.files["signature"] == b""


def test_biodata_of_another_form_are_not_read():
    file = the_layout().file("biodata")
    good = contents(1).files["biodata"]
    for bad in (good[:-1], good + b"\0", b"", b"\xff"):
        with pytest.raises(ValueError, match="biodata"):
            texts_of(bad, file=file)


def test_a_sealed_packet_as_the_centre_makes_it_becomes_a_chip():
    sample = a_packet()
    assert sample.signature is not None
    capture = CapturePacket(
        "enr_1",
        "16.71.02",
        {
            "portrait": sample.portrait,
            "signature": sample.signature,
            "finger_1": b"left",
            "finger_2": b"right",
        },
    )
    sealer = SeededSealer(7)
    sealed = make_print_packet(
        capture, printed=sample.printed, mandate="mdt_1", sealer=sealer, recipient="16.71.02"
    )
    opened = open_print_packet(sealed, sealer=sealer, identities=["16.71.02"])
    assert not isinstance(opened, Refusal)
    made = contents_of(opened)
    assert isinstance(made, ChipContents)
    assert made.version == sample.version
