"""The register's verbs: the only writers of its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.register.actions.credentials import make_token, set_password
from ampera.register.actions.importing import (
    ImportProgress,
    ImportResult,
    import_residents,
)
from ampera.register.actions.officers import Holder, grant_officer, renew_officer, suspend_officer
from ampera.register.actions.offices import describe_office, describe_palembang
from ampera.register.actions.snapshots import load_snapshot, publish_snapshots
from ampera.register.actions.wilayah import load_wilayah
from ampera.words.office import Tier

#: The copies for the kecamatan are made ready one a tick, so that no tick is long.
TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {Tier.DINAS: (publish_snapshots,)}
)

__all__ = [
    "TICKS",
    "Holder",
    "ImportProgress",
    "ImportResult",
    "describe_office",
    "describe_palembang",
    "grant_officer",
    "import_residents",
    "load_snapshot",
    "load_wilayah",
    "make_token",
    "publish_snapshots",
    "renew_officer",
    "set_password",
    "suspend_officer",
]
