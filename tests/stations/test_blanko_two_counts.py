"""Only a second count sends blanko to dispute, and who answers for them does not decide."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko import actions
from ampera.words import Refusal
from tests.stations.blanko_days import KEC, SERIALS, by, opened, what_lies_here

DINAS = "16.71"


def counted_again(code: str, *, holder: str = "off_c"):
    return actions.close_day(
        by(),
        counted=what_lies_here(code, without=SERIALS[:1]),
        witness="off_b",
        holder=holder,
        is_recount=True,
    )


def test_the_first_count_of_a_day_is_never_the_second(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        assert counted_again(KEC) == Refusal("blanko.day_differs")
        assert counted_again(KEC)["missing"] == [SERIALS[0]]


def test_yesterdays_first_count_is_none_of_today(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        assert counted_again(KEC) == Refusal("blanko.day_differs")
        offices.clock.at += timedelta(days=1)
        assert counted_again(KEC) == Refusal("blanko.day_differs")


def test_who_answers_for_a_difference_does_not_decide_about_it(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        counted_again(DINAS)
        assert counted_again(DINAS, holder="off_c")["missing"] == [SERIALS[0]]

        def settled(officer, witness):
            return actions.settle_dispute(
                by(officer),
                item=SERIALS[0],
                outcome="written_off",
                document="BA-1",
                witness=witness,
            )

        own = Refusal("blanko.dispute_own", item=SERIALS[0])
        assert settled("off_c", "off_b") == own
        assert settled("off_b", "off_c") == own
        assert settled("off_a", "off_b") == {"item": SERIALS[0], "place": "16.71/written_off"}
