"""A counter: residents come, ask, are recorded, wait, and take their cards home."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from ampera.register.rules.palembang import HOSTED
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.world.driving import visits
from ampera.world.driving.client import No
from ampera.world.driving.ground import REASONS, Ground, short, time_of
from ampera.world.driving.hours import is_open, local
from ampera.world.driving.visits import Visit

PAGE_MOST: Final = 50
_PAGES_MAX: Final = 10
#: Whoever was not served after this long goes home.
_PATIENCE: Final = timedelta(hours=2)
_LOOK_SECONDS: Final = 2.0
_LOOK_SECONDS_MAX: Final = 60.0
_CASES_A_STEP: Final = 4
#: So often an officer looks into the drawer although nobody has said that a card is ready.
_DRAWER_SECONDS: Final = 60.0


@dataclass(slots=True)
class _Guest:
    """Somebody who stands at this counter, or is on the way. `nik` is empty until it is known."""

    visit: Visit
    at: datetime
    nik: str = ""
    turn: int = 1
    #: The counter to which this resident goes next, to ask there for the same.
    goes_on_to: Counter | None = None


@dataclass(slots=True)
class _Case:
    """A request that this counter still has something to do for."""

    request: str
    is_first: bool
    is_completed: bool = False
    looks: int = 0
    due: float = 0.0


class Counter:
    """Whoever sits at the counter of one office, and everybody who comes there."""

    name = "loket"

    def __init__(self, ground: Ground, *, code: OfficeCode, other: Counter | None = None) -> None:
        """`other`: the counter of the dinas, where a few ask a second time."""
        self.code = code
        self._other = other
        self._ground = ground
        self._loket = ground.city.desk(code, login="loket")
        self._kepala = ground.city.desk(code, login="kepala")
        #: Visits before this moment were made, or not, when somebody else drove the city.
        self._since = ground.clock.now()
        self._day: date | None = None
        self._guests: list[_Guest] = []
        self._cases: dict[str, _Case] = {}
        self._known_people: dict[tuple[str, bool], list[str]] = {}
        self._drawer_due = 0.0
        self._next_collects: datetime | None = None
        #: Who is sent here by another counter, whose thread may be another one.
        self._sent: deque[_Guest] = deque()

    def step(self, now: datetime) -> float:
        """Serve one visitor, see after one case, give out what is ready."""
        ground = self._ground
        if not is_open(now, office=self.code):
            return ground.wall_seconds(timedelta(minutes=5), most=30)
        self._begin_day(now)
        while self._sent:
            self._guests.append(replace(self._sent.popleft(), at=now))
        self._serve_next(now)
        self._see_after_some()
        if self._may_be_collected(now):
            self._hand_over_due(now)
        return self._wait_seconds(now)

    def expect(self, visit: Visit, *, nik: str, goes_on_to: Counter | None = None) -> None:
        """That resident comes here too, whatever other counters know. Any thread."""
        key = f"{visit.key}/also"
        here = replace(visit, key=key, lacks_paper=False, also_at_dinas=False)
        self._sent.append(_Guest(here, visit.at, nik, goes_on_to=goes_on_to))

    def _begin_day(self, now: datetime) -> None:
        today = local(now, office=self.code).date()
        if self._day == today:
            return
        ground = self._ground
        self._adopt()
        planned = visits.visits_on(
            now, office=self.code, offices=ground.city.offices, habits=ground.habits
        )
        self._guests = [_Guest(each, each.at) for each in planned if each.at > self._since]
        self._known_people.clear()
        self._day = today
        self._note(f"buka; {len(self._guests)} warga akan datang hari ini")

    def _adopt(self) -> None:
        """Go on with what lies open here, whoever took it: the list that an officer reads in the
        morning."""
        for page in range(_PAGES_MAX):
            listed = self._loket.get("requests", skip=page * PAGE_MOST)
            if isinstance(listed, No):
                self._refused("membaca daftar permohonan", listed)
                return
            for row in listed:
                self._adopt_one(row)
            if len(listed) < PAGE_MOST:
                return

    def _adopt_one(self, row: dict[str, Any]) -> None:
        is_done = row["completed_at"] is not None and row["reason"] != Reason.NEW.value
        if row["office"] != self.code.text or is_done or row["id"] in self._cases:
            return
        is_first = row["reason"] == Reason.NEW.value and not row["handed_to"]
        self._cases[row["id"]] = _Case(row["id"], is_first, row["completed_at"] is not None)

    def _wait_seconds(self, now: datetime) -> float:
        wall = time.monotonic()
        waits = [self._drawer_due - wall, *(each.due - wall for each in self._cases.values())]
        moments = [each.at for each in self._guests]
        if self._next_collects is not None:
            moments.append(self._next_collects)
        waits += [(each - now).total_seconds() / self._ground.speed for each in moments]
        # Never longer than a little: a card may become ready, and somebody may be sent here.
        return min(max(0.2, min(waits)), 2.0)

    # ---- who comes ----

    def _serve_next(self, now: datetime) -> None:
        gone = [each for each in self._guests if now - each.at > _PATIENCE]
        if gone:
            self._guests = [each for each in self._guests if each not in gone]
            self._note(f"{len(gone)} warga pulang; terlalu lama menunggu")
        due = [each for each in self._guests if each.at <= now]
        if due:
            guest = min(due, key=lambda each: each.at)
            # Off the list only when all is said: a server that is silent is asked again.
            self._take(guest, now)
            self._guests.remove(guest)

    def _take(self, guest: _Guest, now: datetime) -> None:
        visit = guest.visit
        # Kept with the guest: whoever is asked again after a silence is still the same one.
        nik = guest.nik = guest.nik or self._choose(visit)
        asks = REASONS[visit.reason.value]
        if not nik:
            self._ground.diary.once(
                self.code, who=self.name, what=f"tidak ada lagi warga contoh untuk {asks}"
            )
            return
        self._ground.seen.add(nik)
        if visit.also_at_dinas and self._other is not None:
            # The dinas first: a kecamatan does not hear what was asked for there.
            self._other.expect(visit, nik=nik, goes_on_to=self)
            return
        key = f"{visit.key}/{guest.turn}"
        looked = self._loket.post("residents/look-up", key=f"look:{key}", nik=nik)
        if isinstance(looked, No):
            self._refused(f"warga datang, {asks}", looked)
            return
        body = {"nik": nik, "reason": visit.reason.value, "papers": visits.papers_shown(visit)}
        body |= visits.letter_shown(visit)
        taken = self._loket.post("requests", key=f"take:{key}", **body)
        if isinstance(taken, No):
            self._refused(f"warga datang, {asks}", taken)
            if taken.code == "intake.paper_missing":
                back = replace(visit, lacks_paper=False)
                at = now + visit.comes_back_after
                self._guests.append(_Guest(back, at, nik, guest.turn + 1))
            return
        self._note_taken(taken, asks=asks)
        if visit.clicks_twice:
            again = self._loket.post("requests", key=f"take:{key}", **body)
            is_same = not isinstance(again, No) and again["request"] == taken["request"]
            said = "jawaban sama, tetap satu permohonan" if is_same else "jawaban lain"
            self._note(f"perintah terkirim dua kali: {said}")
        self._ground.nik_of[taken["request"]] = nik
        is_first = visit.reason is Reason.NEW
        self._cases[taken["request"]] = _Case(taken["request"], is_first)
        if guest.goes_on_to is not None:
            self._note(f"warga ini juga meminta di {guest.goes_on_to.code}: menjadi rekaman ganda")
            guest.goes_on_to.expect(visit, nik=nik)

    def _note_taken(self, taken: dict[str, Any], *, asks: str) -> None:
        to = taken["goes_to"]
        where = "" if to == self.code.text else f", diteruskan ke {to}"
        self._note(f"warga datang, {asks}: permohonan {short(taken['request'])} diterima{where}")

    def _choose(self, visit: Visit) -> str:
        """Somebody who may ask for this and has not been here."""
        ground = self._ground
        owners = ground.served.get(self.code, [])
        if visit.had_own_card and owners:
            return owners.pop(int(visit.pick * len(owners)))
        areas = self._areas()
        area = areas[int(visit.pick_area * len(areas))]
        has_card = visit.reason is not Reason.NEW
        if (area, has_card) not in self._known_people:
            self._known_people[area, has_card] = self._people_of(area, has_card=has_card)
        free = [each for each in self._known_people[area, has_card] if each not in ground.seen]
        return free[int(visit.pick * len(free))] if free else ""

    def _people_of(self, area: str, *, has_card: bool) -> list[str]:
        query = {"kelurahan": area, "has_card": str(has_card).lower(), "most": 200}
        found = self._loket.get("demo/residents", **query)
        if isinstance(found, No):
            self._refused("mencari warga contoh", found)
            return []
        numbers = [str(each["nik"]) for each in found]
        if not has_card:
            return numbers  # first cards are asked for at the kecamatan only
        is_dinas = self.code.tier is Tier.DINAS
        habits = self._ground.habits
        return [each for each in numbers if visits.goes_to_dinas(each, habits=habits) == is_dinas]

    def _areas(self) -> list[str]:
        """The kecamatan whose residents come here."""
        served = [each.text for each in self._ground.city.offices if each.tier is Tier.KECAMATAN]
        if self.code.tier is Tier.KECAMATAN:
            served = [self.code.text]
        return [*served, *(guest for guest, host in sorted(HOSTED.items()) if host in served)]

    # ---- what was asked for ----

    def _see_after_some(self) -> None:
        wall = time.monotonic()
        due = [each for each in self._cases.values() if each.due <= wall]
        for case in sorted(due, key=lambda each: each.due)[:_CASES_A_STEP]:
            case.looks += 1
            case.due = wall + min(_LOOK_SECONDS * 1.5 ** (case.looks - 1), _LOOK_SECONDS_MAX)
            if self._is_over(case):
                del self._cases[case.request]

    def _is_over(self, case: _Case) -> bool:
        """Do the next thing for a request; True when there is nothing more to do at the counter."""
        path = f"requests/{case.request}"
        if not case.is_completed:
            done = self._loket.post(f"{path}/complete", key=f"complete:{case.request}")
            if isinstance(done, No) and done.code != "intake.already_completed":
                self._refused(f"melaporkan {short(case.request)}", done)
                return True
            case.is_completed, case.looks = True, 0
            return not case.is_first
        seen = self._loket.get(path)
        if isinstance(seen, No):
            self._refused(f"melihat {short(case.request)}", seen)
            return True
        if seen["enrolment"] or not seen["request"]["is_open"]:
            return True
        return seen["request"]["confirmed_at"] is not None and self._record(case.request)

    def _record(self, request: str) -> bool:
        habits = self._ground.habits
        worn = {"finger_1": "unreadable"} if visits.has_worn_finger(request, habits=habits) else {}
        done = self._loket.post(
            f"requests/{request}/recording", key=f"record:{request}", sample=True, exceptions=worn
        )
        if isinstance(done, No):
            self._refused(f"merekam {short(request)}", done)
        else:
            more = ", satu jari tidak terbaca" if worn else ""
            self._note(f"perekaman {short(request)} selesai dan disegel{more}")
        return True

    # ---- who collects ----

    def _may_be_collected(self, now: datetime) -> bool:
        is_due = self._next_collects is not None and now >= self._next_collects
        is_new = self.code in self._ground.checked
        return is_due or is_new or time.monotonic() >= self._drawer_due

    def _hand_over_due(self, now: datetime) -> None:
        listed = self._loket.get("cards/ready")
        if isinstance(listed, No):
            self._refused("melihat kartu siap", listed)
            listed = []
        self._ground.checked.discard(self.code)
        self._drawer_due = time.monotonic() + _DRAWER_SECONDS
        habits = self._ground.habits
        later: list[datetime] = []
        for row in listed:
            ready_at = time_of(row["ready_at"]) if row["ready_at"] is not None else now
            at = visits.collects_at(row["card"], ready_at=ready_at, habits=habits)
            if at is not None and at <= now:
                self._hand_over(row["card"])
            elif at is not None:
                later.append(at)
        self._next_collects = min(later, default=None)

    def _hand_over(self, card: str) -> None:
        # No finger matcher stands here: the head of office vouches for each exception.
        body: dict[str, Any] = {"to": "HOLDER"}
        if is_proxy := visits.sends_proxy(card, habits=self._ground.habits):
            body = {"to": "PROXY", "proxy_name": "KELUARGA (CONTOH)", "proxy_basis": "surat kuasa"}
        body |= {"verified": "EXCEPTION", "exception": "PROXY" if is_proxy else "NO_MATCHER"}
        body["witness"] = self._kepala.credentials
        path, key = f"cards/{card}/hand-over", f"hand-over:{card}"
        done = self._loket.post(path, key=key, **body)
        if isinstance(done, No) and done.code == "delivery.old_card_unsaid":
            done = self._loket.post(path, key=key, **body, old_card="TAKEN_IN")
        if isinstance(done, No):
            self._refused(f"menyerahkan {short(card)}", done)
            return
        who = "wakil dengan surat kuasa" if is_proxy else "pemegangnya"
        self._note(f"kartu {short(card)} diserahkan kepada {who}")
        seen = self._loket.get(f"cards/{card}")
        nik = "" if isinstance(seen, No) else self._ground.nik_of.pop(seen["request"], "")
        if nik:
            self._ground.served.setdefault(self.code, []).append(nik)

    def _note(self, what: str) -> None:
        self._ground.diary.note(self.code, who=self.name, what=what)

    def _refused(self, what: str, no: No) -> None:
        self._ground.diary.refused(self.code, who=self.name, what=what, no=no)
