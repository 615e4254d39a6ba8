"""Commands as bytes: what is written is what is read, and what a chip says of long commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.devices.chip.apdu import Apdu, takes_extended
from ampera.devices.chip.encoder import ReaderEncoder
from ampera.devices.chip.sam import SimulatedSam
from ampera.devices.chip.simulated import SimulatedChip

byte = st.integers(0, 255)


@given(
    st.builds(
        Apdu,
        ins=byte,
        p1=byte,
        p2=byte,
        cla=byte,
        data=st.binary(max_size=2000),
        expected=st.none() | st.integers(1, 65536),
    )
)
def test_a_command_is_read_as_it_was_written(command):
    assert Apdu.parse(bytes(command)) == command


@pytest.mark.parametrize("raw", ["00", "00A4040005AABB", "00D6000000000400", "00B000000000000000"])
def test_what_is_no_command_is_not_read(raw):
    with pytest.raises(ValueError, match=r"length|four bytes"):
        Apdu.parse(bytes.fromhex(raw))


def test_a_chip_says_in_its_atr_whether_it_takes_long_commands():
    assert takes_extended(SimulatedChip.fresh("A", is_extended=True).atr)
    assert not takes_extended(SimulatedChip.fresh("A").atr)


@pytest.mark.parametrize("atr", ["", "3B", "3B00", "3B8501", "3BFF", "3B6500009C02020102"])
def test_other_atrs_promise_nothing(atr):
    assert not takes_extended(bytes.fromhex(atr))


def test_a_chip_that_hands_its_answer_out_in_pieces_is_heard_to_the_end():
    """T=0 (61xx: come and get the rest) and a wrong Le (6Cxx: ask for so many)."""

    class Halting:
        """A chip that says its UID only on a second asking."""

        atr = b""
        asked: list[bytes] = []  # noqa: RUF012

        def transmit(self, command):
            self.asked.append(command)
            return {
                0: bytes.fromhex("6C04"),
                1: bytes.fromhex("F9AA6102"),
                2: bytes.fromhex("BBCC9000"),
            }[len(self.asked) - 1]

    class Place:
        def session(self):
            from contextlib import nullcontext

            return nullcontext(Halting())

    assert ReaderEncoder(Place(), SimulatedSam()).uid() == "F9AABBCC"
    assert Halting.asked[1:] == [bytes.fromhex("FFCA000004"), bytes.fromhex("00C0000002")]
