"""How many blanko an office holds, account by account."""

from __future__ import annotations

from django.db.models import Q, Sum

from ampera.blanko import rules
from ampera.blanko.models import Item, OpeningCount
from ampera.blanko.queries.standing import code_of, count_of
from ampera.words.office import OfficeCode


def shelf_count(office: OfficeCode | str) -> int:
    """Blanko confirmed on the office's shelf (the pusat: in store), those in sealed boxes too."""
    return count_of(Item.objects.filter(place=rules.stock_of(code_of(office))))


def loose_count(office: OfficeCode | str) -> int:
    """Blanko on the shelf that can be fed at once: outside of sealed boxes."""
    return count_of(Item.objects.filter(place=rules.stock_of(code_of(office)), is_box=False))


def accounts(office: OfficeCode | str) -> dict[str, int]:
    """What stands on each account of an office, and under way to it. Accounts without a blanko are
    left out; keys are account names and `transit`."""
    code = code_of(office)
    rows = (
        Item.objects.filter(Q(place__startswith=f"{code}/") | Q(place=rules.transit_to(code)))
        .values("place")
        .annotate(total=Sum("count"))
        .order_by("place")
    )
    return {_account_name(row["place"]): row["total"] for row in rows if row["total"]}


def _account_name(place: str) -> str:
    account = rules.account_of(place)
    return account.value if account is not None else "transit"


def are_books_open(office: OfficeCode | str) -> bool:
    return OpeningCount.objects.filter(office=str(office)).exists()


def accounts_of_all() -> dict[OfficeCode, dict[str, int]]:
    """As `accounts`, of every office whose books are told here, in one statement."""
    found: dict[OfficeCode, dict[str, int]] = {}
    rows = Item.objects.values("place").annotate(total=Sum("count")).order_by("place")
    for row in rows:
        place, total = row["place"], row["total"]
        if not total:
            continue
        if rules.account_of(place) is not None:
            office = place.partition("/")[0]
            found.setdefault(code_of(office), {})[_account_name(place)] = total
        elif (target := rules.receiver_of(place)) is not None:
            found.setdefault(target, {})["transit"] = total
    return found
