"""What the centre shares out on: the cities' letters, with their figures and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ampera.blanko.queries.balances import accounts_of_all
from ampera.blanko.queries.sent import sent_each_since
from ampera.blanko.rules import Account
from ampera.journal.house import house
from ampera.planning.queries.allocation import with_ruined
from ampera.planning.queries.supply import SupplySeen, letters_open
from ampera.planning.rules.allocation import Claim
from ampera.planning.rules.proposals import Wish, read_wish
from ampera.planning.rules.sharing import Cascade, cascade
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: A province is the first digits of its cities' codes (Permendagri 72/2019).
_PROVINCE: Final = 2


@dataclass(frozen=True, slots=True)
class CitiesNow:
    """What lies in the centre's store, and who asked for it."""

    stock: int
    letters: tuple[SupplySeen, ...]  #: of each city its newest open one, by city
    claims: tuple[Claim, ...]  #: in the same order

    @property
    def groups(self) -> list[tuple[str, list[Claim]]]:
        """The cities of each province, by its code."""
        found: dict[str, list[Claim]] = {}
        for each in self.claims:
            found.setdefault(province_of(each.office), []).append(each)
        return sorted(found.items())

    def shared(self) -> Cascade:
        """Over the provinces, and each province's part over its cities."""
        return cascade(self.stock, groups=self.groups)


def province_of(city: OfficeCode | str) -> str:
    """The code of the province in which a city lies."""
    return str(city)[:_PROVINCE]


def cities_now(wish: Wish) -> CitiesNow:
    """Who needs how many, by the figures of the letters.

    On hand counts what the city had at its cut-off and what the centre has sent or promised since:
    the larger of the two, since what is promised is sent later. Nobody is given more than its
    letter asked for, nor more than it can print in `wish.days` working days by what it proved.
    """
    here, letters = house().code, letters_open()
    since = {each.office: utc_from_text(each.evidence.cutoff) for each in letters}
    sent = sent_each_since(here, since=since)
    claims = []
    for each in letters:
        evidence = each.evidence
        coming = max(sent.get(each.office, 0), each.granted)
        waits = evidence.prr_new + evidence.prr_other
        claims.append(
            Claim(
                office=str(each.office),
                backlog=waits,
                on_hand=evidence.shelf + evidence.transit + coming,
                need=with_ruined(waits),
                capacity=evidence.capacity_day * wish.days,
                minimum=wish.minimum,
                asked=max(0, each.wanted - coming),
            )
        )
    store = accounts_of_all().get(here, {}).get(Account.STORE.value, 0)
    return CitiesNow(store, tuple(letters), tuple(claims))


def preview_of_cities(wish: Wish) -> Cascade | Refusal:
    """What a proposal would say now; nothing is written."""
    terms = read_wish(wish)
    return terms if isinstance(terms, Refusal) else cities_now(wish).shared()
