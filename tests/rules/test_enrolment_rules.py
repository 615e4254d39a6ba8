"""The gate before a capture, the version of a card, and the way of a recording in SIAK's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ampera.enrolment.rules.capture import (
    IMAGE_BYTES_MAX,
    IMAGES,
    CaptureFacts,
    decide_capture,
    decide_open_gate,
)
from ampera.enrolment.rules.printed import PrintedFields
from ampera.enrolment.rules.states import (
    PURGE_GRACE,
    RecordingFacts,
    may_purge,
    recording_state,
)
from ampera.intake.rules.requests import RequestFacts
from ampera.words import OfficeCode, Reason, Refusal
from tests.recordings import a_card_of, a_resident

K = OfficeCode("16.71.02")
CARD = a_card_of(a_resident())
SIZES = dict.fromkeys(IMAGES, 40_000)
DAY = date(2017, 9, 7)


def a_request(**changes: object) -> RequestFacts:
    facts = RequestFacts(
        id="req_1",
        resident="res_1",
        reason=Reason.NEW,
        office=K,
        home=K,
        host=K,
        is_completed=True,
        is_confirmed=True,
    )
    return replace(facts, **changes)


def capture(**changes: object) -> Refusal | None:
    facts = {
        "request": a_request(),
        "printed": CARD,
        "image_sizes": SIZES,
        "exceptions": {},
        "known": CaptureFacts(nik_of_request=CARD.nik, recorded_as="", on=DAY),
        **changes,
    }
    return decide_capture(facts.pop("request"), **facts)


def test_whoever_passed_all_steps_is_captured():
    assert capture() is None


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (None, "enrolment.no_request"),
        (a_request(rejected_why="withdrawn"), "enrolment.request_not_open"),
        (a_request(is_closed=True), "enrolment.request_not_open"),
        (a_request(reason=Reason.LOST), "enrolment.only_first_card"),
        (a_request(is_completed=False), "enrolment.data_incomplete"),
        (a_request(is_confirmed=False), "enrolment.nik_unconfirmed"),
    ],
)
def test_the_gate_names_the_step_that_lacks(request_, code):
    known = CaptureFacts(nik_of_request=CARD.nik, recorded_as="", on=DAY)
    assert capture(request=request_) == Refusal(code)
    opened = decide_open_gate(request_, born=date(1999, 5, 17), marital=1, known=known)
    assert opened == Refusal(code)


def test_who_asks_for_a_replacement_is_recorded_only_when_the_centre_has_no_recording():
    known = CaptureFacts(nik_of_request=CARD.nik, recorded_as="", on=DAY, is_asked_for=True)
    lost = a_request(reason=Reason.LOST)
    assert capture(request=lost, known=known) is None
    assert decide_open_gate(lost, born=date(1999, 5, 17), marital=1, known=known) is None
    unfinished = a_request(reason=Reason.LOST, is_completed=False)
    assert capture(request=unfinished, known=known) == Refusal("enrolment.data_incomplete")
    meanwhile = replace(known, recorded_as="enr_1")
    assert capture(request=lost, known=meanwhile) == Refusal(
        "enrolment.already_recorded", enrolment="enr_1"
    )


def test_cut_off_a_nik_that_was_confirmed_before_is_enough():
    assert capture(request=a_request(is_confirmed=False, is_nik_known=True)) is None


def test_who_is_recorded_anywhere_known_is_not_captured_again():
    known = CaptureFacts(nik_of_request=CARD.nik, recorded_as="enr_1", on=DAY)
    refused = Refusal("enrolment.already_recorded", enrolment="enr_1")
    assert capture(known=known) == refused
    opened = decide_open_gate(a_request(), born=date(1999, 5, 17), marital=1, known=known)
    assert opened == refused


def test_the_card_must_be_that_of_the_request():
    known = CaptureFacts(nik_of_request="9971021705990099", recorded_as="", on=DAY)
    assert capture(known=known) == Refusal("enrolment.other_resident")


def test_recording_begins_on_the_sixteenth_birthday():
    known = {"nik_of_request": CARD.nik, "recorded_as": ""}
    day_before, birthday = date(2015, 5, 16), date(2015, 5, 17)
    early = capture(known=CaptureFacts(**known, on=day_before))
    assert early == Refusal("enrolment.too_young")
    assert capture(known=CaptureFacts(**known, on=birthday)) is None


def test_whoever_is_or_was_married_is_recorded_younger():
    known = CaptureFacts(nik_of_request=CARD.nik, recorded_as="", on=date(2014, 1, 1))
    for status in ("KAWIN", "CERAI MATI"):
        assert capture(known=known, printed=replace(CARD, status_perkawinan=status)) is None
    gate = {"known": known, "born": date(1999, 5, 17)}
    assert decide_open_gate(a_request(), marital=2, **gate) is None
    assert decide_open_gate(a_request(), marital=1, **gate) == Refusal("enrolment.too_young")


def test_a_field_that_the_age_hangs_on_must_be_readable():
    for name, text in (("status_perkawinan", "ENTAH"), ("tanggal_lahir", "17-05-1999")):
        refused = Refusal("enrolment.field_unreadable", field=name)
        assert capture(printed=replace(CARD, **{name: text})) == refused


@pytest.mark.parametrize("name", IMAGES)
def test_each_missing_image_is_named(name):
    sizes = {each: size for each, size in SIZES.items() if each != name}
    assert capture(image_sizes=sizes) == Refusal("enrolment.image_missing", image=name)
    assert capture(image_sizes={**SIZES, name: 0}) == Refusal("enrolment.image_missing", image=name)


def test_a_modality_may_be_excepted_with_a_reason_but_never_the_portrait():
    sizes = {name: SIZES[name] for name in ("portrait", "finger_2")}
    reasons = {"finger_1": "absent", "signature": "cannot_sign"}
    assert capture(image_sizes=sizes, exceptions=reasons) is None
    for exceptions in ({"portrait": "injured"}, {"signature": "did not want to"}):
        [name] = exceptions
        rest = {each: size for each, size in SIZES.items() if each != name}
        refused = Refusal("enrolment.exception_not_allowed", image=name)
        assert capture(image_sizes=rest, exceptions=exceptions) == refused


def test_an_image_is_not_both_taken_and_excepted():
    refused = Refusal("enrolment.exception_contradicts", image="finger_1")
    assert capture(exceptions={"finger_1": "injured"}) == refused


def test_what_no_capture_holds_is_refused():
    refused = Refusal("enrolment.image_unknown", image="iris")
    assert capture(image_sizes={**SIZES, "iris": 5}) == refused
    too_large = {**SIZES, "portrait": IMAGE_BYTES_MAX + 1}
    refusal = capture(image_sizes=too_large)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "enrolment.image_too_large"


def test_the_version_names_every_printed_field_and_the_portrait():
    version = CARD.version(portrait_sha256="a" * 64)
    assert CARD.version(portrait_sha256="a" * 64) == version
    assert CARD.version(portrait_sha256="b" * 64) != version
    for name in CARD.as_body():
        if name != "printable_from":
            other = replace(CARD, **{name: "LAIN"})
            assert other.version(portrait_sha256="a" * 64) != version, name


def test_the_first_printable_day_is_not_printed():
    later = replace(CARD, printable_from=date(2030, 1, 1))
    assert later.version(portrait_sha256="a" * 64) == CARD.version(portrait_sha256="a" * 64)


def test_printed_fields_survive_the_body_of_an_entry():
    assert PrintedFields.from_body({**CARD.as_body(), "exceptions": {}}) == CARD


def test_a_log_does_not_carry_the_nik():
    assert CARD.nik not in repr(CARD)
    assert CARD.nama not in repr(CARD)


def test_the_way_of_a_recording_in_words_of_siak():
    def state(*, received: bool = False, sent: bool = False, left: bool = False) -> str:
        facts = RecordingFacts(is_received=received, is_packet_sent=sent, has_entry_left=left)
        return recording_state(facts).value

    assert state() == "BIO_CAPTURED"
    assert state(left=True) == "PROCESSING"
    assert state(left=True, sent=True) == "SENT_FOR_ENROLLMENT"
    assert state(received=True, left=True, sent=True) == "RECEIVED_AT_CENTRAL"
    assert state(received=True) == "RECEIVED_AT_CENTRAL"


def test_a_packet_is_kept_for_the_whole_grace():
    heard = datetime(2017, 9, 7, tzinfo=UTC)
    almost = heard + PURGE_GRACE - timedelta(seconds=1)
    assert not may_purge(acknowledged_at=heard, now=almost)
    assert may_purge(acknowledged_at=heard, now=heard + PURGE_GRACE)
    assert not may_purge(acknowledged_at=heard, now=heard - timedelta(days=30))
