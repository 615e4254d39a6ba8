"""Describing offices: their names, who hosts them, what they can do, and from when they print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ampera.journal.actions import Command, Pen, perform
from ampera.register.queries.offices import office_seen
from ampera.register.queries.wilayah import wilayah_name
from ampera.register.rules import palembang
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal


def describe_office(
    command: Command,
    *,
    office: OfficeCode,
    name: str,
    hosted_by: OfficeCode | None,
    capabilities: Sequence[str],
    prints_from: date | None,
) -> dict[str, str] | Refusal:
    """Say what an office is. Dated data, not code: what is open already keeps its old answer.

    A dinas describes itself and its kecamatan, the pusat itself and the dinas. `prints_from` is the
    first local day on which the office prints (S2); None for never.
    """

    def work(pen: Pen) -> dict[str, str] | Refusal:
        if pen.house.tier is Tier.KECAMATAN or pen.house.code not in (office, office.upper):
            return Refusal("register.office_not_yours", office=office.text)
        if hosted_by is not None and not _can_host(hosted_by, guest=office):
            return Refusal("register.host_unknown", office=hosted_by.text)
        pen.write(
            "office.described/1",
            subject=office.text,
            facts={
                "office": office.text,
                "name": name,
                "hosted_by": hosted_by.text if hosted_by is not None else None,
                "capabilities": sorted(capabilities),
                "prints_from": prints_from.isoformat() if prints_from is not None else None,
            },
        )
        return {"office": office.text}

    content = {
        "office": office.text,
        "name": name,
        "hosted_by": hosted_by.text if hosted_by is not None else "",
        "capabilities": sorted(capabilities),
        "prints_from": prints_from.isoformat() if prints_from is not None else "",
    }
    return perform(command, work, content=content)


def _can_host(host: OfficeCode, *, guest: OfficeCode) -> bool:
    """A kecamatan of the same city that works by itself; hosts are not chained."""
    if guest.tier is not Tier.KECAMATAN or host == guest or host.upper != guest.upper:
        return False
    known = office_seen(host)
    return known is None or known.hosted_by is None


def describe_palembang() -> int:
    """Describe the dinas and the 18 kecamatan of the demo city; returns how many.

    Names come from the wilayah table, which has to be loaded. Given again it changes nothing.
    """
    for plan in palembang.OFFICES:
        is_dinas = plan.code == palembang.DINAS
        done = describe_office(
            Command(id=f"cmd_describe_{plan.code}"),
            office=plan.code,
            name=palembang.DINAS_NAME if is_dinas else wilayah_name(plan.code.text),
            hosted_by=plan.hosted_by,
            capabilities=plan.capabilities,
            prints_from=plan.prints_from,
        )
        assert not isinstance(done, Refusal), f"{plan.code}: {done}"
    return len(palembang.OFFICES)
