"""Printing lent in the simulated province: what is granted elsewhere is printed and collected
there,
however the lending ends; and the auditor's own books of it can be broken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.chainbooks import BrokenPromise, Line
from ampera.world.faults import CALM
from ampera.world.lending import WORLDS, Ends, Phase, Plan, draw_plan
from ampera.world.lentbooks import LentBooks
from ampera.world.province import Province
from ampera.world.situations import Weather
from ampera.world.size import Size

SIZE = Size(kecamatan=(2,), people_max=4, ticks=20)
ENDED = "printing.lending_ended/1"
#: One of these worlds has a permit open at the end; every change of the code moves which.
MANY = (6, 9, 10, 11, 12, 13)


@pytest.fixture
def registry(django_db_blocker):
    with django_db_blocker.unblock():
        yield make_registry()


def lent_world(registry, *, ends, mishap="", is_to_dinas=False, weather=CALM, seed=6):
    """A province in which the printer of a busy kecamatan breaks, and nothing else but `mishap`."""
    world = Province(seed, registry, size=SIZE, weather=Weather(weather))
    offices = [code for code in sorted(world.offices) if code.count(".") == 2]
    home = max(offices, key=lambda code: len(world.offices[code].counter.cases))
    (other,) = set(offices) - {home}
    at = "16.71" if is_to_dinas else other
    world.lending.plan = Plan(
        home=home,
        at=at,
        ends=ends,
        days=8 if ends is Ends.DATE else 14,
        nights=5,
        is_shut=False,
        mishap=(mishap, at if mishap != "cut" else home, Phase.LENT),
        has_stick=True,
    )
    return world


def lent_grants(world):
    grants = world.auditor.lent.grants.items()
    return {permit: line.facts for permit, line in grants if line.facts.get("lending")}


def became(world, permit):
    return world.auditor.lent.became.get(permit, set())


@pytest.mark.parametrize("is_to_dinas", [False, True], ids=["to a kecamatan", "to the dinas"])
@pytest.mark.parametrize("ends", list(Ends), ids=str)
def test_lent_cards_are_printed_and_collected_where_they_were_granted(registry, ends, is_to_dinas):
    world = lent_world(registry, ends=ends, is_to_dinas=is_to_dinas)
    world.play()
    plan, lent = world.lending.plan, lent_grants(world)
    assert world.lending.phase is Phase.OVER
    assert world.lending.refusals == []
    assert lent
    assert {facts["office"] for facts in lent.values()} == {plan.at}
    assert all("HANDED_OVER" in became(world, permit) for permit in lent)
    told = {facts["why"] for facts in ended_entries(world)}
    assert told == {Ends.DATE: set(), Ends.UP: {"PRINTER_UP"}, Ends.EARLY: {"DECIDED"}}[ends]


def ended_entries(world):
    lines = world.auditor.chains.lines()
    return [each.facts for each in lines if each.kind == ENDED]


@pytest.mark.parametrize("mishap", ["cut", "crash", "restore"])
def test_lent_cards_are_collected_though_something_else_fails_just_then(registry, mishap):
    world = lent_world(registry, ends=Ends.EARLY, mishap=mishap)
    world.play()
    assert all("HANDED_OVER" in became(world, permit) for permit in lent_grants(world))
    assert (mishap == "crash") == bool(world.outcome().deaths)
    assert (mishap == "restore") == bool(world.restorer.count)


def test_what_is_open_when_a_lending_ends_is_printed_where_it_is(registry):
    slow = replace(CALM, slow_printer=1.0)
    worlds = (lent_world(registry, ends=Ends.EARLY, weather=slow, seed=seed) for seed in MANY)
    assert any(is_printed_after_the_end(world) for world in worlds)


def is_printed_after_the_end(world):
    """Was a lent card printed, and fetched, after its lending had ended?"""
    world.play()
    (end,) = {each.at for each in world.auditor.chains.lines() if each.kind == ENDED}
    lent, books = lent_grants(world), world.auditor.lent
    opened = [each for each in books.attempts.values() if each.facts["permit"] in lent]
    late = {each.facts["permit"] for each in opened if each.at > end}
    assert all("HANDED_OVER" in became(world, permit) for permit in lent)
    return bool(late)


def test_one_world_in_some_has_a_lending_and_only_where_somebody_asks():
    drawn = [draw_plan(seed, kecamatan=["a", "b"], busy=["a"]) for seed in range(40 * WORLDS)]
    plans = [each for each in drawn if each is not None]
    assert 20 < len(plans) < 60
    assert {plan.home for plan in plans} == {"a"}
    assert {plan.at for plan in plans} == {"b", "16.71"}
    assert {plan.ends for plan in plans} == set(Ends)
    assert all(draw_plan(seed, kecamatan=["a"], busy=[]) is None for seed in range(20))


# ---- the auditor's books ----

DOWN_HOME, DOWN_AT, UP_AT = "16.71/to/16.71.02@1", "16.71/to/16.71.07@1", "16.71.07/up@1"
LENT = {"lending": "lnd_1", "home": "16.71.02", "at": "16.71.07"}
DAYS = {"since": "2017-09-07", "until": "2017-09-10"}
GRANT = {"permit": "prm_1", "card": "crd_1", "request": "req_1", "office": "16.71.07"}


class Told:
    """Entries of a dinas that lends, as an auditor reads them; `seq` counts in each chain."""

    def __init__(self):
        self.lines, self.seqs = [], {}
        self.say("16.71.02/up@1", "request.taken/1", request="req_1", host="16.71.02", reason="NEW")
        for chain in (DOWN_AT, DOWN_HOME):
            self.say(chain, "printing.lent/1", **LENT, **DAYS)

    def say(self, chain, kind, *, day="2017-09-08", **facts):
        self.seqs[chain] = self.seqs.get(chain, 0) + 1
        at = f"{day}T03:00:00.000000Z"
        line = Line(chain, self.seqs[chain], kind, "x", facts, hash="h", at=at)
        self.lines.append(line)

    def grant(self, *, day="2017-09-08", lending=LENT, is_told=True, **facts):
        told = {**GRANT, "lending": lending, **facts}
        chain = f"16.71/to/{told['office']}@1"
        self.say(chain, "permit.granted/1", day=day, **told)
        if is_told and lending:
            self.say(DOWN_HOME, "permit.lent/1", day=day, permit=told["permit"])

    def books(self):
        made = LentBooks()
        made.take(self.lines)
        return made


def check(told, **places):
    told.books().check(places)


def test_a_grant_under_a_lending_in_force_is_in_order():
    told = Told()
    told.grant()
    check(told)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda told: told.grant(day="2017-09-11"), "lent was from"),
        (lambda told: told.grant(lending=None), "nobody lent that"),
        (lambda told: told.grant(is_told=False), "was not told of"),
        (lambda told: told.grant(office="16.71"), "was granted at 16.71 under"),
        (lambda told: told.grant(lending={**LENT, "lending": "lnd_2"}), "nobody decided"),
        (lambda told: told.grant(lending=None, office="16.71.02"), "whose printing was lent"),
    ],
)
def test_a_grant_that_no_lending_carries_breaks_the_promise(spoil, what):
    told = Told()
    spoil(told)
    with pytest.raises(BrokenPromise, match=what):
        check(told)


def test_a_grant_after_the_end_breaks_the_promise():
    told = Told()
    for chain in (DOWN_AT, DOWN_HOME):
        told.say(chain, "printing.lending_ended/1", lending="lnd_1")
    told.grant()
    with pytest.raises(BrokenPromise, match="after that had ended"):
        check(told)


def test_home_is_granted_again_once_it_has_ended():
    told = Told()
    for chain in (DOWN_AT, DOWN_HOME):
        told.say(chain, "printing.lending_ended/1", lending="lnd_1")
    told.grant(lending=None, office="16.71.02")
    check(told)


def test_two_permits_of_one_request_break_the_promise_unless_one_came_back():
    told = Told()
    told.grant()
    told.grant(permit="prm_2", card="crd_2")
    with pytest.raises(BrokenPromise, match="two permits"):
        check(told)
    told.say(UP_AT, "permit.returned/1", permit="prm_1")
    check(told)


def test_a_lent_permit_that_another_office_prints_breaks_the_promise():
    told = Told()
    told.grant()
    opened = {"attempt": "att_1", "permit": "prm_1", "serial": "S1"}
    told.say("16.71.02/up@1", "attempt.opened/1", **opened)
    with pytest.raises(BrokenPromise, match=r"16\.71\.02 prints it"):
        check(told)


def test_its_blanko_stands_in_the_books_of_the_office_that_printed():
    told = Told()
    told.grant()
    opened = {"attempt": "att_1", "permit": "prm_1", "serial": "S1"}
    told.say(UP_AT, "attempt.opened/1", **opened)
    told.say(UP_AT, "attempt.ended/1", attempt="att_1", outcome="PRINTED")
    check(told, S1="16.71.07/issued")
    with pytest.raises(BrokenPromise, match="the books have it in"):
        check(told, S1="16.71.02/issued")


def test_home_has_to_hear_what_became_of_its_card():
    told = Told()
    told.grant()
    told.say(UP_AT, "card.handed_over/1", permit="prm_1", card="crd_1")
    with pytest.raises(BrokenPromise, match="was not told that prm_1"):
        told.books().check_told(set())
    told.books().check_told({"16.71.07"})
    told.say(DOWN_HOME, "permit.told/1", permit="prm_1", said="HANDED_OVER")
    told.books().check_told(set())
