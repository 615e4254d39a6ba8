"""What `ampera up` prints when everything answers: addresses and demo log-ins."""

from __future__ import annotations

from ampera.tiers.city.city_file import Accounts
from ampera.tiers.city.plan import ADDRESS, CityPlan
from ampera.tiers.city_clock import CityClock
from ampera.tiers.telling import table
from ampera.words.clock import utc_text


def city_table(plan: CityPlan, *, accounts: Accounts, clock: CityClock) -> str:
    """One line a log-in, one block a server."""
    rows = []
    for code in plan.codes:
        place = (code.text, plan.url(code))
        for each in accounts.get(code.text, []):
            rows.append((*place, each.login, each.password))
            place = ("", "")
    body = table(("server", "alamat / address", "login", "password"), rows)
    return (
        f"{body}\n\n"
        f"Mulai di sini / begin here: {plan.url(plan.codes[1])}\n"
        f"Log-in juga tersimpan di / log-ins also stand in: {plan.city_file}\n"
        f"Kendali / control: http://{ADDRESS}:{plan.control_port}\n"
        f"Jam kota / city clock: {utc_text(clock.now())[:16]} UTC, x{clock.anchor.speed:g}\n"
        "Penduduk adalah DATA CONTOH, kartu SPESIMEN. / Residents are synthetic, cards are"
        " specimens.\nCtrl-C menghentikan semuanya / stops everything."
    )
