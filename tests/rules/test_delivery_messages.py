"""What a message says, and to whom: no NIK, no full name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ampera.delivery.rules.messages import WAIT_SECONDS_MAX, next_try, read_contact, words_of

NOON = datetime(2017, 9, 7, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("warga@contoh.example", ("email", "warga@contoh.example")),
        ("0812-0000-1234", ("phone", "+6281200001234")),
        ("+62 812 0000 1234", ("phone", "+6281200001234")),
        ("6281200001234", ("phone", "+6281200001234")),
        ("", None),
        ("0711 123456", None),
        ("warga@", None),
        ("a@b.example\nBcc: c@d.example", None),
        ("a@b.example, c@d.example", None),
    ],
)
def test_a_contact_is_one_mail_address_or_one_mobile_number(given, expected):
    assert read_contact(given) == expected


@pytest.mark.parametrize("kind", ["ready", "reminder"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_message_holds_first_letters_only(kind, language):
    words = words_of(kind, name="SITI CONTOH", office="Kecamatan Contoh", language=language)
    assert "S*** C***" in words.text
    assert "SITI" not in words.text + words.subject
    assert "Kecamatan Contoh" in words.text
    assert "***" in words_of(kind, name="", office="x", language=language).text


def test_each_wait_is_twice_as_long_and_none_longer_than_six_hours():
    waits = [(next_try(now=NOON, tries=n) - NOON).total_seconds() for n in range(1, 30)]
    assert waits[:3] == [60, 120, 240]
    assert waits[-1] == WAIT_SECONDS_MAX
    assert next_try(now=NOON, tries=500) - NOON == timedelta(seconds=WAIT_SECONDS_MAX)
