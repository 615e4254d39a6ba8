"""What is no portrait, by the form and by the machine interface: refused, and nowhere kept."""

from __future__ import annotations

import base64
import resource

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ampera.enrolment.models import Enrolment
from ampera.papers.portrait import synthetic_portrait, synthetic_signature
from tests.api.city import SU1
from tests.bad_input import images
from tests.screens.browser import refusal_of, shown

PORTRAIT, SIGNATURE = synthetic_portrait(5, birth_year=1990), synthetic_signature(5)
BAD = {
    "ten megabytes of chance": (images.no_image(), "papers.not_an_image"),
    "ten megabytes behind a JPEG's first bytes": (
        images.no_image_but_its_first_bytes(),
        "papers.image_too_big",
    ),
    "a small PNG of billions of pixels": (images.png_bomb(), "papers.image_too_big"),
    "a JPEG of billions of pixels": (images.jpeg_bomb(PORTRAIT), "papers.image_too_big"),
    "a portrait cut off": (PORTRAIT[: len(PORTRAIT) // 2], "papers.image_broken"),
    "nothing": (b"", "enrolment.image_missing"),
    "a page": (b"<html><script>alert(1)</script></html>", "papers.not_an_image"),
}
MEGABYTES_MORE_MAX = 120


@pytest.fixture(scope="module")
def sitting(request):
    """A request whose resident may be recorded now."""
    city = request.getfixturevalue("city")
    made = city.take(city.person())
    city.post(SU1, "loket", f"requests/{made}/complete")
    city.turn(1)
    return made


@pytest.fixture(scope="module")
def city(django_db_blocker):
    from tests.api.city import City
    from tests.houses import Offices

    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


@pytest.fixture
def no_temporary_files(settings, tmp_path):
    """Nothing of a body is laid on a disk in clear: a folder that is not there would tell."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "not there")


@pytest.mark.usefixtures("no_temporary_files")
@pytest.mark.parametrize("what", BAD)
def test_a_form_with_no_portrait_is_refused_and_nothing_is_kept(officer, sitting, what, tally):
    data, code = BAD[what]
    before = tally()
    page = officer(SU1, "loket").post(
        f"/permohonan/{sitting}/rekam/periksa/",
        portrait=SimpleUploadedFile("foto.jpg", data, content_type="image/jpeg"),
        signature=SimpleUploadedFile("ttd.png", SIGNATURE, content_type="image/png"),
        exception_finger_1="injured",
        exception_finger_2="absent",
    )
    assert page.status_code in (413, 422), shown(page)
    # A page reads no more of a file than an image may have, whatever follows.
    assert refusal_of(page) == ("enrolment.image_too_large" if len(data) > 2_000_000 else code)
    assert tally() == before


@pytest.mark.parametrize("what", BAD)
def test_a_machine_that_sends_no_portrait_is_refused_and_nothing_is_kept(
    city, sitting, what, tally
):
    data, code = BAD[what]
    before = tally()
    told = city.post(
        *(SU1, "loket", f"requests/{sitting}/recording"),
        images={name: base64.b64encode(each).decode() for name, each in
                (("portrait", data), ("signature", SIGNATURE))},
        exceptions={"finger_1": "injured", "finger_2": "absent"},
    )  # fmt: skip
    assert told["code"] == (code if data else "papers.not_an_image")
    assert told["next"]
    assert tally() == before


def test_what_is_larger_than_a_server_reads_is_refused_by_name(city, sitting, officer):
    told = city.post(
        *(SU1, "loket", f"requests/{sitting}/recording"), images={"portrait": "A" * 20_000_000}
    )
    assert (told["status"], told["code"]) == (413, "server.request_too_large")
    page = officer(SU1, "loket").post("/masuk/", login="A" * 20_000_000)
    assert page.status_code == 413
    assert refusal_of(page) == "server.request_too_large"
    assert "Kecilkan fotonya" in shown(page)


def test_a_turned_photo_is_refused_of_a_machine_too(city, sitting):
    from tests.screens.test_refusals_of_pages import turned

    told = city.post(
        *(SU1, "loket", f"requests/{sitting}/recording"),
        images={"portrait": base64.b64encode(turned(PORTRAIT)).decode()},
    )
    assert told["code"] == "screens.photo_not_upright"


def test_a_bomb_is_measured_and_never_unpacked(city, sitting):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = base64.b64encode(images.png_bomb(30_000, 30_000)).decode()
    told = city.post(
        SU1, "loket", f"requests/{sitting}/recording", images={"finger_1": bomb, "portrait": bomb}
    )
    assert told["code"] == "papers.image_too_big"
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert more < MEGABYTES_MORE_MAX * 1024


@pytest.fixture
def tally(city, counted):
    """Rows of the office but for the looks, and the packets that lie there."""

    def count():
        rows = counted(SU1)
        with city.offices.at(SU1):
            assert not Enrolment.objects.exists()
        own = ("journal.EntryRow", "journal.CommandRow", "journal.Mark", "journal.Chain")
        kept = {name: number for name, number in rows.items() if name not in own}
        return kept, city.rooms[SU1].store.names()

    return count


def test_a_form_that_no_server_can_read_is_told_so(city, officer):
    browser = officer(SU1, "loket")
    with city.offices.at(SU1):
        page = browser.client.generic(
            "POST", "/masuk/", b"--torn", content_type="multipart/form-data"
        )
    assert (page.status_code, refusal_of(page)) == (400, "server.request_unreadable")
    assert "Muat ulang halaman" in shown(page)
