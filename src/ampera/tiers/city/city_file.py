"""`city.json`: every address and log-in of the demo city, readable by its owner only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ampera.tiers.city.officers import Account
from ampera.tiers.city.plan import ADDRESS, CityPlan
from ampera.tiers.folder import write_json

Accounts = dict[str, list[Account]]


def write_city(
    plan: CityPlan, *, accounts: Accounts, pids: Mapping[str, int], diary: str = ""
) -> None:
    """Say where everything is. `pids`: the process of each server; `diary`: the log of those who
    play the residents, empty where nobody does."""
    write_json(plan.city_file, value=describe(plan, accounts=accounts, pids=pids, diary=diary))


def describe(
    plan: CityPlan, *, accounts: Accounts, pids: Mapping[str, int], diary: str = ""
) -> dict[str, Any]:
    """The content of `city.json`."""
    activity = {"activity": {"pid": pids.get("activity", 0), "log": diary}} if diary else {}
    return {
        "control": f"http://{ADDRESS}:{plan.control_port}",
        **activity,
        "servers": [
            {
                "code": code.text,
                "tier": code.tier.value,
                "url": plan.url(code),
                "pid": pids.get(code.text, 0),
                "printer": plan.printer_url(code),
                "officers": [each.row() for each in accounts.get(code.text, [])],
            }
            for code in plan.codes
        ],
    }


def known_accounts(plan: CityPlan) -> Accounts:
    """The log-ins that an earlier start wrote down; none when the file is gone or torn."""
    try:
        servers = json.loads(plan.city_file.read_text(encoding="utf-8"))["servers"]
        found = {
            server["code"]: [Account(**row) for row in server["officers"]] for server in servers
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {code: rows for code, rows in found.items() if rows}
