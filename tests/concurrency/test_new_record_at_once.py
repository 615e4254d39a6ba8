"""A resident's record changes in the moment in which a card for the old one is granted."""

from __future__ import annotations

import threading

from ampera.journal.actions import react
from ampera.readiness import queries
from ampera.readiness.actions import permits
from tests.concurrency.racing import acting_as, race
from tests.concurrency.test_one_live_card import DINAS, FIRST, PUSAT, RESIDENT, grant, receive

#: Longer than a record takes to arrive; where the code keeps it out, this is waited for in vain.
SECONDS = 0.4


def records(*versions: str) -> None:
    """The centre's mandates of one resident reach the dinas, each record newer than the last."""
    told = []
    for number, version in enumerate(versions):
        facts = {
            "mandate": "mdt_1",
            "resident": RESIDENT,
            "request": "req_1",
            "enrolment": f"enr_{number}",
            "version": version,
            "home": FIRST,
            "reason": "NEW",
        }
        told.append(("mandate.given/1", facts, {"printable_from": ""}))
    receive(f"to/{DINAS}", told, origin=PUSAT)


def test_no_permit_for_an_old_record_stays_unrecalled(postgres_database, monkeypatch) -> None:
    chosen, told = threading.Event(), threading.Event()
    print_until = permits.policies.print_until

    def slowly(*args, **more):
        # Called when the record is chosen and nothing is written yet.
        chosen.set()
        told.wait(SECONDS)
        return print_until(*args, **more)

    def new_record():
        chosen.wait(5)
        records("v1", "v2")
        react()
        told.set()

    with acting_as(DINAS):
        records("v1")
        react()
        monkeypatch.setattr(permits.policies, "print_until", slowly)
        lot, _ = race(grant(FIRST), new_record)
        (permit,) = lot["granted"]
        seen = queries.permit_seen(permit)
        assert seen.version == "v2" or seen.is_recalled
