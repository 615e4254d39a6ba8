"""Rights come from above and end."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from ampera.journal.queries import entries_about
from ampera.register.actions import (
    renew_officer,
    suspend_officer,
)
from ampera.register.models import Officer, Suspension
from ampera.register.projection import officer_granted, officer_suspended
from ampera.register.queries import (
    Action,
    Role,
    officer_in_force,
    officer_may,
    officer_name,
    officers_of,
    sign_in,
)
from ampera.words import OfficeCode, Refusal
from tests.stations.register_people import DINAS, PASSWORD, SU1, UNKNOWN, UNTIL, command, grant

# --- grants -------------------------------------------------------------------------------------


def test_a_grant_of_the_dinas_is_in_force_at_the_kecamatan(su1):
    sari = officer_in_force(su1.sari)
    assert (sari.name, sari.office, sari.roles) == ("Sari", SU1, {Role.LOKET})
    assert officer_may(sari, "request.take")
    assert not officer_may(sari, Action.CARD_PRINT)
    assert officer_name(su1.sari) == "Sari"


def test_an_unknown_action_is_a_defect(su1):
    with pytest.raises(ValueError, match=r"card\.eat"):
        officer_may(officer_in_force(su1.sari), "card.eat")


def test_rights_end_by_themselves(su1, offices):
    assert sign_in("loket", PASSWORD).id == su1.sari
    offices.clock.move(timedelta(days=85))
    assert officer_in_force(su1.sari) is None
    assert sign_in("loket", PASSWORD) == UNKNOWN


def test_the_pusat_grants_itself_and_the_dinas_and_the_dinas_its_kecamatan(offices):
    with offices.at("00"):
        own = grant(OfficeCode("00"), login="admin", roles=["admin"])["officer"]
        assert officer_in_force(own).office == OfficeCode("00")
        at_dinas = grant(DINAS, login="admin", roles=["admin"])["officer"]
    offices.post()
    with offices.at("16.71"):
        assert officer_in_force(at_dinas).office == DINAS
        assert grant(by=at_dinas).keys() == {"officer"}


@pytest.mark.parametrize(
    ("giver", "office"),
    [("16.71", "16.71"), ("16.71.02", "16.71.02"), ("00", "16.71.02"), ("16.71", "99.01.01")],
)
def test_nobody_else_grants(offices, giver, office):
    with offices.at(giver):
        assert grant(OfficeCode(office)) == Refusal("officer.not_from_above", office=office)


def test_a_grant_needs_the_right_to_grant(offices):
    with offices.at("00"):
        clerk = grant(DINAS, login="loket")["officer"]
    offices.post()
    with offices.at("16.71"):
        assert grant(by=clerk) == Refusal("officer.may_not")
        assert grant(by="off_nobody") == Refusal("officer.may_not")


def test_a_grant_beyond_ninety_days_is_refused(offices):
    with offices.at("16.71"):
        assert grant(until=date(2017, 12, 6)).keys() == {"officer"}
        refused = grant(login="lama", until=date(2017, 12, 7))
    assert refused == Refusal("officer.too_long", days=90)


def test_a_login_is_free_again_when_its_rights_have_ended(offices):
    with offices.at("16.71"):
        grant(until=date(2017, 9, 8))
        assert grant(name="Lain") == Refusal("officer.login_taken", login="loket")
        offices.clock.move(timedelta(days=2))
        assert grant(name="Lain").keys() == {"officer"}


def test_the_same_login_may_be_given_at_every_office(offices):
    with offices.at("16.71"):
        assert grant(SU1).keys() == {"officer"}
        assert grant(OfficeCode("16.71.06")).keys() == {"officer"}


def test_a_name_stands_in_the_erasable_body_only(su1):
    (entry,) = [each for each in entries_about([su1.sari]) if each.kind == "officer.granted/1"]
    assert "Sari" not in str(entry.facts)
    assert entry.body == {"name": "Sari"}


def test_a_grant_from_a_wrong_office_is_parked(su1):
    (entry,) = [each for each in entries_about([su1.sari]) if each.kind == "officer.granted/1"]
    from dataclasses import replace

    stolen = replace(entry, facts={**entry.facts, "office": "16.71.99", "officer": "off_x"})
    officer_granted(stolen)  # a kecamatan of the same dinas
    with pytest.raises(ValueError, match="grants no rights"):
        officer_granted(replace(stolen, facts={**stolen.facts, "office": "99.01.01"}))


# --- suspension ---------------------------------------------------------------------------------


def test_the_head_of_an_office_suspends_at_once_by_whatever_clock(su1, offices):
    offices.clock.move(timedelta(hours=-1))
    assert suspend_officer(command(su1.rina), officer=su1.sari) == {"officer": su1.sari}
    assert officer_in_force(su1.sari) is None
    assert sign_in("loket", PASSWORD) == UNKNOWN


def test_a_suspension_travels_both_ways(offices):
    with offices.at("16.71"):
        sari = grant()["officer"]
    offices.post()
    with offices.at("16.71.02"):
        suspend_officer(command(), officer=sari)
    offices.post()
    with offices.at("16.71"):
        assert officer_in_force(sari) is None
        (listed,) = officers_of(SU1)
        assert (listed.is_suspended, listed.is_in_force) == (True, False)
        offices.clock.move(timedelta(minutes=1))
        assert renew_officer(command(), officer=sari, until=UNTIL) == {"officer": sari}
        assert officer_in_force(sari) is not None
    offices.post()
    with offices.at("16.71.02"):
        assert officer_in_force(sari).name == "Sari"
    with offices.at("16.71"):
        offices.clock.move(timedelta(minutes=1))
        suspend_officer(command(), officer=sari)
    offices.post()
    with offices.at("16.71.02"):
        assert officer_in_force(sari) is None


def test_a_renewal_may_change_the_roles_but_not_prolong_beyond_the_limit(offices):
    with offices.at("16.71"):
        sari = grant()["officer"]
        offices.clock.move(timedelta(minutes=1))
        renew_officer(command(), officer=sari, roles=["cetak"], until=UNTIL)
        assert officer_in_force(sari).roles == {Role.CETAK}
        refused = renew_officer(command(), officer=sari, until=date(2018, 1, 1))
        assert refused == Refusal("officer.too_long", days=90)
        refused = renew_officer(command(), officer="off_nobody", until=UNTIL)
        assert refused == Refusal("officer.not_here")


def test_who_may_not_suspend_is_refused(su1, offices):
    assert suspend_officer(command(su1.sari), officer=su1.rina) == Refusal("officer.may_not")
    assert suspend_officer(command(), officer="off_nobody") == Refusal("officer.not_here")


def test_an_officer_of_another_office_is_not_suspended_from_beside(offices):
    with offices.at("16.71"):
        sari = grant()["officer"]
    with offices.at("00"):
        Officer.objects.create(
            id=sari,
            office="16.71.02",
            login="loket",
            name="Sari",
            roles=["loket"],
            until=UNTIL,
            granted_at="",
            granted_seq=1,
            granted_hash="",
        )
        assert suspend_officer(command(), officer=sari) == Refusal("officer.not_yours")


def test_a_suspension_by_a_stranger_is_noted_and_does_not_count(su1):
    Suspension.objects.create(hash="f" * 64, officer=su1.sari, origin="16.71.06")
    assert officer_in_force(su1.sari) is not None


def test_a_renewal_lifts_no_suspension_that_it_did_not_know(offices):
    with offices.at("16.71"):
        sari = grant()["officer"]
    offices.post()
    with offices.at("16.71.02"):
        suspend_officer(command(), officer=sari)
    with offices.at("16.71"):
        offices.clock.move(timedelta(days=1))
        renew_officer(command(), officer=sari, until=UNTIL)
        assert officer_in_force(sari) is not None
    offices.post()
    for code in ("16.71", "16.71.02"):
        with offices.at(code):
            assert officer_in_force(sari) is None


def test_grant_and_suspension_in_any_order_leave_the_same_rights(offices):
    with offices.at("16.71"):
        sari = grant()["officer"]
        for step in range(2):
            offices.clock.move(timedelta(minutes=1))
            suspend_officer(command(), officer=sari)
            offices.clock.move(timedelta(minutes=1))
            renew_officer(command(), officer=sari, until=UNTIL - timedelta(days=step))
        entries = entries_about([sari])
        assert len(entries) == 5
        projections = {
            "officer.granted/1": officer_granted,
            "officer.suspended/1": officer_suspended,
        }
        ends = set()
        for order in itertools.permutations(entries):
            Officer.objects.all().delete()
            Suspension.objects.all().delete()
            for entry in order:
                projections[entry.kind](entry)
            ends.add(officer_in_force(sari))
    assert len(ends) == 1
    assert ends.pop().until == UNTIL - timedelta(days=1)
