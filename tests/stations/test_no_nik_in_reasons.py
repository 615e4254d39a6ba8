"""Facts stay for ever: no NIK and no KK number gets into them, whatever field it is typed in."""

from __future__ import annotations

import pytest

from ampera.blanko import actions
from ampera.journal.actions import Command, perform
from ampera.words.nik import names_somebody
from tests.stations.blanko_days import SERIALS, attempted, by, opened
from tests.stations.readiness_line import DINAS
from tests.stations.test_allocation import decide, shared  # noqa: F401

NIK, NO_KK = "9971024101900001", "9971020101170001"


@pytest.mark.parametrize("said", [f"untuk {NIK} SITI CONTOH", f"KK {NO_KK}", f"({NIK})"])
def test_a_reason_that_names_somebody_is_refused(line, shared, said):  # noqa: F811
    done = decide(line, shared, "REJECTED", reason=said)
    assert done.code == "journal.names_somebody"
    assert decide(line, shared, "REJECTED", reason="stok habis")["given"] == 0


def test_a_document_that_names_somebody_is_refused_and_nothing_has_moved(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        attempted(SERIALS[0], end="spoiled")
        done = actions.destroy(by(), serials=[SERIALS[0]], document=f"BA {NIK}", witness="off_b")
        assert done.code == "journal.names_somebody"
        done = actions.destroy(by(), serials=[SERIALS[0]], document="BA 1", witness="off_b")
        assert done == {"items": [SERIALS[0]]}


def test_in_the_part_that_can_be_forgotten_a_nik_may_stand(offices):
    def write(pen):
        pen.write(
            "request.taken/1",
            subject="req_1",
            facts={
                "request": "req_1",
                "resident": "res_1",
                "reason": "NEW",
                "papers": [],
                "ticket_hash": "0" * 64,
                "home": "16.71.02",
                "host": "16.71.02",
            },
            body={"nik": NIK, "no_kk": NO_KK, "nama": "CONTOH", "tanggal_lahir": "1990-01-01"},
        )
        return {}

    with offices.at("16.71.02"):
        assert perform(Command("c_1"), write, content={}) == {}


@pytest.mark.parametrize(
    "text", ["9971024113900001", "SPC9971024101900001", "99710241019000012", "a" * 16, "1234"]
)
def test_other_numbers_name_nobody(text):
    assert not names_somebody(text)
