"""The counter: a resident asks, is recorded, is told why not, and gets a card in hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from ampera.dedup.queries import Verdict, verdict_of_request
from ampera.delivery.actions import Proof, hand_over
from ampera.delivery.queries import ready_cards
from ampera.delivery.rules import CardHeld, must_take_old_card
from ampera.enrolment.actions import capture
from ampera.enrolment.queries import enrolment_of
from ampera.intake.actions import complete_request, take_request
from ampera.intake.queries import facts_of
from ampera.intake.rules.papers import papers_required
from ampera.intake.rules.replacing import PoliceLetter
from ampera.readiness.queries import permit_seen
from ampera.register.queries import local_day
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.opening import Adult
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, Spot

#: Refusals of a capture after which it is no use to come again.
_NO_USE = frozenset({"enrolment.already_recorded", "enrolment.request_not_open"})


def a_police_letter(day: date) -> PoliceLetter:
    """What a simulated resident shows who lost a card."""
    return PoliceLetter(number="SKH/CONTOH/1", on=day, office="Polsek Contoh")


@dataclass(slots=True)
class Case:
    """One resident who comes to one office for a card."""

    adult: Adult
    office: str
    body: str
    comes_at: int
    reason: Reason = Reason.NEW
    request: str = ""
    is_over: bool = False

    @property
    def resident(self) -> str:
        return self.adult.facts.resident


@dataclass(slots=True)
class CounterDesk:
    """Whoever stands at the counter of one office."""

    office: OfficeAtWork
    cases: list[Case] = field(default_factory=list)
    #: Does this card wait for the lurah?
    is_brought: Callable[[CardHeld], bool] = lambda _: False

    def work(self) -> None:
        """Serve the first of those who wait for whom something can be done; then see whether a card
        can be fetched."""
        ground = self.office.ground
        waiting = [each for each in self.cases if not each.is_over and each.comes_at <= ground.tick]
        ground.chance.rng.shuffle(waiting)
        for case in waiting:
            if not self.office.is_open or self._serve(case):
                break
        if self.office.is_open:
            self._hand_over_one()

    def _serve(self, case: Case) -> bool:
        """Do the next thing for this resident; False when there is none yet."""
        if not case.request:
            return self._take(case)
        with acting_as(self.office.server):
            facts = facts_of(case.request)
            captured = enrolment_of(case.request)
            verdict = verdict_of_request(case.request) if captured is not None else None
        if facts is None:
            # The server was put back from a backup and knows nothing of it: the resident asks anew.
            case.request = ""
        elif not facts.is_open:
            case.is_over = True
        elif not facts.is_completed:
            return self._complete(case)
        elif case.reason.is_replacement:
            pass  # it is made from the first recording, at the dinas
        elif captured is None:
            return facts.is_confirmed and self._capture(case)
        elif verdict is not None and verdict.verdict is Verdict.DUPLICATE_RECORD:
            self._tell(case, Verdict.DUPLICATE_RECORD.value)
        return False

    def _take(self, case: Case) -> bool:
        about = f"take {case.resident}"
        if self.office.is_asked(about):
            return False
        command, day = self.office.command(), self._day()
        papers = papers_required(case.reason, on=day).required

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                case.is_over = answer.code in ("intake.already_open", "intake.not_a_first_card")
            else:
                case.request = answer["request"]
                self.office.server.note("t")

        self.office.ask(
            Errand(
                about,
                lambda: take_request(
                    command,
                    resident_facts=case.adult.facts,
                    reason=case.reason,
                    papers=papers,
                    letter=a_police_letter(day) if case.reason is Reason.LOST else None,
                ),
                then,
            )
        )
        return True

    def _complete(self, case: Case) -> bool:
        command = self.office.command()

        def then(answer: Answer | Refusal) -> None:
            self.office.server.note("c" if not isinstance(answer, Refusal) else "-")

        about, request = f"complete {case.request}", case.request
        if self.office.is_asked(about):
            return False
        self.office.ask(Errand(about, lambda: complete_request(command, request=request), then))
        return True

    def _capture(self, case: Case) -> bool:
        command = self.office.command()
        images = images_of(case.body)

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal):
                self.office.server.note("C")
            elif answer.code in _NO_USE:
                self._tell(case, answer.code)

        about, request = f"capture {case.request}", case.request
        if self.office.is_asked(about):
            return False
        self.office.ask(
            Errand(
                about,
                lambda: capture(
                    command, request=request, images=images, printed=case.adult.printed
                ),
                then,
            )
        )
        return True

    def _tell(self, case: Case, why: str) -> None:
        """The resident hears why there will be no card, and goes."""
        self.office.ground.told[case.request] = why
        case.is_over = True

    def _hand_over_one(self) -> None:
        with acting_as(self.office.server):
            ready = [
                each
                for each in ready_cards()
                # What the server forgot with its disk has left the drawer all the same.
                if self.office.ground.shelf.lies[each.serial]
                == Lies(Spot.CUSTODY, self.office.code)
                and not self.office.is_asked(_about(each))
                and not self.is_brought(each)
            ]
            held = self.office.ground.chance.rng.choice(ready) if ready else None
            permit = permit_seen(held.permit) if held is not None else None
            asked = facts_of(permit.request) if permit is not None else None
        if held is None or permit is None:
            return
        # No matcher stands here: an exception that a second officer vouches for, each time.
        takes_old_card = asked is not None and must_take_old_card(asked.reason)
        proof = Proof(
            verified="EXCEPTION",
            exception="NO_MATCHER",
            second=self.office.witness,
            old_card="TAKEN_IN" if takes_old_card else "",
        )
        command = self.office.command()
        resident = permit.resident

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal) and answer.code == "delivery.second_log_missing":
                # The entry stands but lies on no second medium: the card stays here until it does.
                self.office.unanswered.append(errand)
            elif not isinstance(answer, Refusal):
                self.office.ground.shelf.give(held.serial, to=resident)
                self.office.server.note("H")

        errand = Errand(_about(held), lambda: hand_over(command, card=held.card, proof=proof), then)
        self.office.ask(errand)

    def _day(self) -> date:
        with acting_as(self.office.server):
            return local_day()


def _about(held: CardHeld) -> str:
    return f"hand over {held.card}"


def images_of(body: str) -> dict[str, bytes]:
    """What the camera and the scanners see of this body."""
    return {
        name: hashlib.sha256(f"{name} of {body}".encode()).digest() + body.encode()
        for name in ("portrait", "signature", "finger_1", "finger_2")
    }


def body_seen(image: bytes) -> str:
    """Whose body an image shows: what a matcher, or an officer's eyes, tell."""
    return image[32:].decode()
