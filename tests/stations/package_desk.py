"""What tests of packages share: to take cards in, seal, send and count them."""

from __future__ import annotations

from ampera.journal.rebuild import compare_with_rebuild
from ampera.withdrawal.actions import (
    receive_package,
    send_package,
)
from ampera.withdrawal.queries import (
    CHECKS,
)
from ampera.withdrawal.rules.packages import Opened, Sealed
from ampera.words import OfficeCode
from tests.interleavings import assert_order_free
from tests.stations.printing_desk import BUDI, DINAS, KEC, Desk, by
from tests.stations.withdrawn_cards import (
    brought,
    handed,
    printed,
    voided,
)

TO_DINAS = OfficeCode(DINAS)
OTHER_KEC = "16.71.06"


def sealed(**changes: str) -> Sealed:
    return Sealed(**{"seal": "SGL 77", "courier": "KURIR CONTOH", "second": BUDI, **changes})


def opened(*marks: str, second: str = BUDI, is_seal_whole: bool = True) -> Opened:
    return Opened(marks=marks, is_seal_whole=is_seal_whole, second=second)


def taken_back(desk: Desk, *numbers: int) -> list[str]:
    """Lost cards that were found again and lie at the kecamatan; their pieces."""
    pieces = []
    for number in numbers:
        with desk.at():
            card = printed(number)
            handed(number)
        voided(desk, card)
        with desk.at():
            pieces.append(brought(card)["piece"])
    return pieces


def sent(*pieces: str, to: str = DINAS, **changes: str) -> str:
    answer = send_package(by(), to=OfficeCode(to), pieces=pieces, sealed=sealed(**changes))
    assert isinstance(answer, dict), answer
    return str(answer["package"])


def received(package: str, *marks: str) -> dict:
    answer = receive_package(by(), package=package, opened=opened(*marks))
    assert isinstance(answer, dict), answer
    return answer


def whole(desk: Desk, *codes: str) -> None:
    """Any order of the chains gives the same register, and a rebuild changes nothing."""
    desk.offices.post()
    for each in codes or (KEC, DINAS):
        with desk.offices.at(each):
            assert compare_with_rebuild() == []
            assert [found for check in CHECKS for found in check()] == []
        assert_order_free(desk.offices, each, tries=6)
