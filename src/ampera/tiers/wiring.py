"""Joins the stations to the journal: kinds to projections, entries to reactions, tiers to ticks.

The one place where the house is put together. The simulated province gets the same registry with
other
edges.
"""

from __future__ import annotations

from functools import partial, update_wrapper
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from ampera.journal.registry import Registry
from ampera.tiers.authority import AUTHORITY
from ampera.tiers.settings import STATIONS
from ampera.words.office import Tier


def make_registry() -> Registry:
    """Everything that this release can write, project and react to. Django must be set up."""
    registry = Registry()
    registry.add_rows(AUTHORITY)
    for station in STATIONS:
        projection = _part(station, "projection")
        if projection is not None:
            registry.add_projections(projection.PROJECTIONS)
            local: set[str] = getattr(_part(station, "models"), "LOCAL", set())
            registry.projected_tables += [
                (station, model._meta.model_name or "")
                for model in apps.get_app_config(station).get_models()
                if (model._meta.model_name or "") not in local
            ]
        actions = _part(station, "actions")
        registry.add_reactions(getattr(actions, "REACTIONS", {}))
        for tier, ticks in getattr(actions, "TICKS", {}).items():
            registry.ticks.setdefault(tier, []).extend(ticks)
        refresh = getattr(actions, "refresh_guards", None)
        if refresh is not None:
            registry.refreshers.append(refresh)
        queries = _part(station, "queries")
        registry.checks += getattr(queries, "CHECKS", [])
    if "readiness" in STATIONS:
        from ampera.tiers.print_packets import forget_handed_over, forget_passed, note_mandate

        registry.add_reactions(
            {
                ("mandate.given/1", Tier.DINAS): note_mandate,
                ("card.handed_over/1", Tier.DINAS): forget_handed_over,
                ("permit.returned/1", Tier.DINAS): forget_passed,
            }
        )
    if {"planning", "printing"} <= set(STATIONS):
        from ampera.planning.queries.promised import promised_blanko
        from ampera.printing.actions import grant_lots

        ticks = registry.ticks[Tier.DINAS]
        kept_back = partial(grant_lots, promised=promised_blanko)
        ticks[ticks.index(grant_lots)] = update_wrapper(kept_back, grant_lots)
    return registry


def _part(station: str, name: str):  # type: ignore[no-untyped-def]
    path = f"ampera.{station}.{name}"
    return import_module(path) if find_spec(path) else None
