"""What `ampera up` prints when everything answers: addresses and demo log-ins."""

from __future__ import annotations

from ampera.tiers.city.activity import Activity, about
from ampera.tiers.city.city_file import Accounts
from ampera.tiers.city.plan import ADDRESS, CityPlan
from ampera.tiers.city_clock import CityClock
from ampera.tiers.telling import table
from ampera.words.clock import utc_text


def city_table(
    plan: CityPlan, *, accounts: Accounts, clock: CityClock, activity: Activity | None = None
) -> str:
    """One line a log-in, one block a server; and whether anybody comes by himself."""
    rows = []
    for code in plan.codes:
        place = (code.text, plan.url(code))
        for each in accounts.get(code.text, []):
            rows.append((*place, each.login, each.password))
            place = ("", "")
    body = table(("server", "alamat / address", "login", "password"), rows)
    lively = f"{about(plan, activity=activity, clock=clock)}\n" if activity is not None else ""
    return (
        f"{body}\n\n"
        f"Mulai di sini / begin here: {plan.url(plan.codes[1])}\n"
        f"Log-in juga tersimpan di / log-ins also stand in: {plan.city_file}\n"
        f"Kendali / control: http://{ADDRESS}:{plan.control_port}\n"
        f"Jam kota / city clock: {utc_text(clock.now())[:16]} UTC, x{clock.anchor.speed:g}\n"
        f"{lively}"
        "Penduduk adalah DATA CONTOH, kartu SPESIMEN. / Residents are synthetic, cards are"
        " specimens.\nCtrl-C menghentikan semuanya / stops everything."
    )
