"""Three bytes a minutia, as a chip holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.records import (
    CardMinutia,
    Minutia,
    MinutiaKind,
    from_card,
    onto_card,
    read_card,
    write_card,
)
from ampera.words import Refusal

#: 1.0 mm and 2.5 mm, a fork at 90 degrees; 25.5 mm and 0, an ending at 354.375 degrees.
BY_HAND = bytes.fromhex("0a1990 ff007f")
ON_CARD = (
    CardMinutia(10, 25, 16, MinutiaKind.BIFURCATION),
    CardMinutia(255, 0, 63, MinutiaKind.ENDING),
)


def test_a_card_is_what_its_bytes_say():
    assert read_card(BY_HAND) == ON_CARD
    assert write_card(ON_CARD) == BY_HAND
    assert read_card(b"") == ()


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (BY_HAND[:-1], "records.cut_short", "minutia[1]"),
        (bytes(3 * 256), "records.too_big", "record"),
        (b"\x00\x00\xc0", "records.value_unknown", "minutia[0].kind"),
    ],
)
def test_what_no_card_holds_is_refused(data, code, place):
    found = read_card(data)
    assert isinstance(found, Refusal)
    assert (found.code, found.facts["place"]) == (code, place)


@pytest.mark.parametrize(
    "wrong",
    [
        (CardMinutia(256, 0, 0),),
        (CardMinutia(0, -1, 0),),
        (CardMinutia(0, 0, 64),),
        (CardMinutia(0, 0, 0),) * 256,
    ],
)
def test_what_three_bytes_cannot_tell_is_not_written(wrong):
    with pytest.raises(ValueError, match=r"."):
        write_card(wrong)


def test_a_pixel_becomes_the_nearest_tenth_of_a_millimetre():
    at_500_ppi = [Minutia(197, 98, 2), Minutia(1, 0, 255), Minutia(0, 3, 1)]
    assert onto_card(at_500_ppi) == (
        CardMinutia(1, 0, 0),
        CardMinutia(0, 2, 0),
        CardMinutia(100, 50, 1),
    )


def test_the_best_stay_where_not_all_find_room():
    points = [Minutia(n, n, 0, quality=n) for n in range(1, 101)]
    kept = onto_card(points, count_max=10)
    assert len(kept) == 10
    assert kept[0] == CardMinutia(42, 42, 0)


def test_a_print_that_lies_far_out_is_moved_to_the_corner_together():
    near, far, beyond = Minutia(1000, 800, 0), Minutia(1200, 900, 0), Minutia(1990, 800, 0)
    assert onto_card([near, far]) == (CardMinutia(0, 0, 0), CardMinutia(101, 51, 0))
    assert CardMinutia(0, 0, 0) in onto_card([near, beyond])
    assert len(onto_card([near, beyond])) == 1


MINUTIAE = st.builds(
    Minutia,
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 255),
    st.sampled_from(MinutiaKind),
    st.none() | st.integers(1, 100),
)


@given(st.lists(MINUTIAE, max_size=300), st.randoms(use_true_random=False))
def test_the_order_of_minutiae_changes_no_card(minutiae, chance):
    mixed = list(minutiae)
    chance.shuffle(mixed)
    card = onto_card(minutiae)
    assert onto_card(mixed) == card
    assert read_card(write_card(card)) == card
    assert len(card) <= 255


@given(MINUTIAE)
def test_a_card_moves_a_minutia_by_no_more_than_it_says(minutia):
    (back,) = from_card(onto_card([minutia]))
    assert abs(back.x_px - minutia.x_px) <= 1 + 0.5
    assert abs(back.y_px - minutia.y_px) <= 1 + 0.5
    turned = (back.angle - minutia.angle) % 256
    assert min(turned, 256 - turned) * 360 / 256 <= 2.8125
    assert back.kind is minutia.kind


@given(st.lists(MINUTIAE, max_size=50))
def test_what_came_from_a_card_goes_onto_it_unchanged(minutiae):
    card = onto_card(minutiae)
    again = onto_card(
        from_card(card, x_px_per_cm=1000, y_px_per_cm=1000), x_px_per_cm=1000, y_px_per_cm=1000
    )
    assert again == card
