"""What others may see of the register; records are reached through doors that note the look."""

from __future__ import annotations

from ampera.register.queries.officers import (
    OfficerListed,
    OfficerSeen,
    officer_by_token,
    officer_in_force,
    officer_may,
    officer_name,
    officers_of,
    second_person,
    sign_in,
)
from ampera.register.queries.offices import (
    OfficeSeen,
    host_of,
    local_day,
    office_seen,
    offices,
    served_kecamatan,
)
from ampera.register.queries.residents import (
    ResidentSeen,
    agrees_with_register,
    is_register_loaded,
    nik_and_kk_known,
    resident_by_id,
    resident_for,
    resident_id_known,
)
from ampera.register.queries.snapshot import (
    loaded_snapshot_hash,
    snapshot_for,
    snapshot_hash_for,
)
from ampera.register.queries.wilayah import (
    WilayahSeen,
    count_wilayah,
    search_wilayah,
    wilayah_below,
    wilayah_checksum,
    wilayah_name,
    wilayah_seen,
)
from ampera.register.rules.records import Purpose
from ampera.register.rules.rights import Action, Role

__all__ = [
    "Action",
    "OfficeSeen",
    "OfficerListed",
    "OfficerSeen",
    "Purpose",
    "ResidentSeen",
    "Role",
    "WilayahSeen",
    "agrees_with_register",
    "count_wilayah",
    "host_of",
    "is_register_loaded",
    "loaded_snapshot_hash",
    "local_day",
    "nik_and_kk_known",
    "office_seen",
    "officer_by_token",
    "officer_in_force",
    "officer_may",
    "officer_name",
    "officers_of",
    "offices",
    "resident_by_id",
    "resident_for",
    "resident_id_known",
    "search_wilayah",
    "second_person",
    "served_kecamatan",
    "sign_in",
    "snapshot_for",
    "snapshot_hash_for",
    "wilayah_below",
    "wilayah_checksum",
    "wilayah_name",
    "wilayah_seen",
]
