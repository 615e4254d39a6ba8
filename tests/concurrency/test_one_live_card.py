"""One person has at most one card under way, also when two offices are granted at one moment."""

from __future__ import annotations

from datetime import date

from ampera.journal.actions import Command, perform
from ampera.journal.entry import ChainName, seal
from ampera.journal.keys import ServerKey
from ampera.journal.models import Incarnation
from ampera.journal.rebuild import compare_with_rebuild
from ampera.journal.receiving import ChainPart, receive_part
from ampera.readiness import actions, queries
from ampera.readiness.actions import ReadyRecord, permits
from ampera.readiness.models import OneLiveCard, PermitHold
from ampera.readiness.projection import cards, refreshing, requests
from ampera.readiness.queries import PermitState
from ampera.readiness.rules.policy import OfficeCard
from ampera.words import OfficeCode, Reason, Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.houses import START

PUSAT, DINAS, FIRST, SECOND = "00", "16.71", "16.71.02", "16.71.06"
RESIDENT = "res_1"


def office(code: str) -> OfficeCard:
    return OfficeCard(OfficeCode(code), date(2017, 9, 1), frozenset({"cetak"}))


def receive(audience: str, told: list[tuple[str, dict, dict | None]], *, origin: str) -> None:
    """Entries of another server reach this one: (kind, facts, body)."""
    key = ServerKey.from_seed(b"o" * 32)
    Incarnation.objects.get_or_create(
        name=f"{origin}@1",
        defaults={"office": origin, "number": 1, "public_key": key.public_hex},
    )
    chain = ChainName(OfficeCode(origin), audience, 1)
    entries = []
    for number, (kind, facts, body) in enumerate(told):
        after = (entries[-1].seq, entries[-1].hash) if entries else (0, "0" * 64)
        entries.append(
            seal(
                after=after,
                chain=chain,
                about=(kind, RESIDENT),
                by=("", f"cmd_{number}"),
                at=START,
                content=(facts, "00" * 16, body),
            )
        )
    signed = key.sign_head(chain, entries[-1].seq, entries[-1].hash)
    took = receive_part(ChainPart(chain, tuple(entries), (signed,)))
    assert not isinstance(took, Refusal), took


def mandated(*requests: tuple[str, str]) -> None:
    """The centre's mandates reach the dinas: (request, home) of one and the same resident."""
    given = []
    for number, (request, home) in enumerate(requests):
        facts = {
            "mandate": "mdt_1",
            "resident": RESIDENT,
            "request": request,
            "enrolment": f"enr_{number}",
            "version": "v1",
            "home": home,
            "reason": "NEW",
        }
        given.append(("mandate.given/1", facts, {"printable_from": ""}))
    receive(f"to/{DINAS}", given, origin=PUSAT)


def grant(code: str):
    def run():
        command = Command(f"cmd_lot_{code}")
        return actions.grant_lot(command, office=code, most=5, card=office(code))

    return run


def granted(said: list[object]) -> list[str]:
    return [permit for each in said if isinstance(each, dict) for permit in each["granted"]]


def meet_before_guarding(monkeypatch) -> None:
    """Both have read their queue and see the same person waiting."""
    meeting = Meeting()
    create = OneLiveCard.objects.create

    def create_after_meeting(**fields):
        meeting.wait()
        return create(**fields)

    monkeypatch.setattr(permits.OneLiveCard.objects, "create", create_after_meeting)


def test_of_two_grants_to_one_person_one_is_made(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        mandated(("req_1", FIRST), ("req_2", SECOND))
        meet_before_guarding(monkeypatch)
        said = race(grant(FIRST), grant(SECOND))
        assert len(granted(said)) == 1
        assert [each for each in said if isinstance(each, Refusal)] == [
            Refusal("readiness.nobody_waits")
        ]
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []


def test_control_a_guard_that_looks_and_then_writes_grants_twice(
    postgres_database, monkeypatch
) -> None:
    with acting_as(DINAS):
        mandated(("req_1", FIRST), ("req_2", SECOND))
        meeting = Meeting()

        def look_then_note(*, resident, card):
            assert not OneLiveCard.objects.filter(resident=resident).exists()
            meeting.wait()
            # Unique for each card and not for the person, as a hasty design has it.
            OneLiveCard.objects.bulk_create([OneLiveCard(resident=card, card=card)])

        monkeypatch.setattr(permits.OneLiveCard.objects, "create", look_then_note)
        monkeypatch.setattr(permits, "_is_still_waiting", lambda asked: True)
        said = race(grant(FIRST), grant(SECOND))
        assert len(granted(said)) == 2
        assert queries.CHECKS[0]() == [f"{RESIDENT} has two cards under way"]


def test_of_two_mandates_for_one_person_one_stands(postgres_database) -> None:
    def give(home: str):
        ready = ReadyRecord(RESIDENT, f"req_{home}", f"enr_{home}", "v1", home, Reason.NEW)
        return lambda: actions.give_mandate(Command(f"cmd_{home}"), ready=ready)

    with acting_as(PUSAT):
        said = race(give(FIRST), give("99.01.01"))
        (won,) = [each for each in said if isinstance(each, dict)]
        (lost,) = [each for each in said if isinstance(each, Refusal)]
        assert lost == Refusal("readiness.mandate_elsewhere", office=won["dinas"])


def own_permit() -> str:
    """A permit that the dinas granted to itself."""
    mandated(("req_1", FIRST))
    card = OfficeCard(OfficeCode(DINAS), date(2014, 12, 1), frozenset({"cetak"}))

    def hand_on(pen):
        facts = {
            "request": "req_2",
            "resident": RESIDENT,
            "reason": "DATA_CHANGED",
            "papers": [],
            "missing": [],
            "ticket_hash": "0" * 64,
            "home": FIRST,
            "host": DINAS,
            "nik_known": True,
        }
        body = {"nik": "9999014107900001", "no_kk": "", "nama": "", "tanggal_lahir": ""}
        pen.write("request.taken/1", subject="req_2", facts=facts, body=body)
        told = {"request": "req_2", "by": "register"}
        pen.write("request.confirmed/1", subject="req_2", facts=told)
        return {}

    perform(Command("cmd_hand_on"), hand_on, content={})
    lot = actions.grant_lot(Command("cmd_lot"), office=DINAS, most=5, card=card)
    (permit,) = lot["granted"]
    return permit


def test_a_recall_and_an_attempt_at_one_moment_give_one_answer(
    postgres_database, monkeypatch
) -> None:
    with acting_as(DINAS):
        permit = own_permit()
        actions.recall_permit(Command("cmd_recall"), permit=permit, why="moved")
        meeting = Meeting()
        create = PermitHold.objects.create

        def create_after_meeting(**fields):
            meeting.wait()
            return create(**fields)

        monkeypatch.setattr(PermitHold.objects, "create", create_after_meeting)

        def begin():
            def work(pen):
                return actions.take_permit_in(pen, permit=permit, attempt="att_1") or {}

            return perform(Command("cmd_take"), work, content={})

        taken, returned = race(begin, actions.answer_recalls)
        state = queries.permit_seen(permit).state
        if taken == {}:
            assert (returned, state) == (0, PermitState.OPEN)
        else:
            assert (returned, state) == (1, PermitState.RETURNED)
            assert taken.code in ("readiness.permit_returned", "readiness.permit_held")
        assert PermitHold.objects.count() == 1


def recall_while_it_comes_back(monkeypatch) -> str:
    """The dinas recalls a permit while the news of its return comes in: two facts of one person,
    both read before either has computed a state. Returns the permit."""
    mandated(("req_1", FIRST))
    (permit,) = granted([grant(FIRST)()])
    meeting = Meeting()
    monkeypatch.setattr(refreshing, "permit_state", meeting.after(refreshing.permit_state))
    returned = [("permit.returned/1", {"permit": permit}, None)]
    said = race(
        lambda: receive("up", returned, origin=FIRST),
        lambda: actions.recall_permit(Command("cmd_recall"), permit=permit, why="moved"),
    )
    assert said == [None, {"permit": permit}]
    monkeypatch.undo()
    return permit


def test_two_facts_of_one_person_at_one_moment_are_both_in_the_states(
    postgres_database, monkeypatch
) -> None:
    with acting_as(DINAS):
        seen = queries.permit_seen(recall_while_it_comes_back(monkeypatch))
        assert (seen.state, seen.is_recalled) == (PermitState.RETURNED, True)
        assert compare_with_rebuild() == []


def test_control_without_the_lane_one_fact_is_forgotten(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        for module in (refreshing, requests, cards):
            monkeypatch.setattr(module, "hold", lambda resident: None)
        seen = queries.permit_seen(recall_while_it_comes_back(monkeypatch))
        assert (seen.state, seen.is_recalled) != (PermitState.RETURNED, True)
        assert compare_with_rebuild() != []
