"""Was the database of this server put back from somewhere? Then it may not act before it rejoined.

Behind its second log, behind what others hold, or marked by `ampera restore`: each of them is a
restore, however it was made (architecture §4).
"""

from __future__ import annotations

from typing import Final

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError

#: Written into the tables that came from a backup: {file, made_at, incarnation,
#: has_new_packet_key}.
RESTORED_MARK: Final = "server.restored"


def refuse_restored(folder: ServerFolder, *, server: ServerFile) -> None:
    """Raises CannotError with what to do next when the open server has to join anew first."""
    why = why_restored(server)
    if why is not None:
        raise must_rejoin(folder, server=server, why=why)


def why_restored(server: ServerFile) -> tuple[str, str] | None:
    """How it is known, Indonesian and English; None for a server that may act."""
    from ampera.journal.marks import chains_behind, read_mark
    from ampera.journal.second_log import is_database_behind

    mark = read_mark(RESTORED_MARK)
    if mark is not None and mark["incarnation"] >= server.incarnation:
        day = mark["made_at"][:16].replace("T", " ")
        return (
            f"Basis data ini dipulihkan dari cadangan ({day} UTC).",
            f"This database was restored from the backup of {mark['made_at']}.",
        )
    if is_database_behind():
        return (
            "Basis data tertinggal dari catatan kedua: ini pemulihan.",
            "The database is behind the second log: this is a restore.",
        )
    if behind := chains_behind():
        names = ", ".join(sorted(str(chain) for chain in behind))
        return (
            f"Kantor lain memegang catatan server ini yang di sini tidak ada ({names}): ini"
            " pemulihan.",
            f"Others hold entries of this server that are not here ({names}): this is a restore.",
        )
    return None


def must_rejoin(folder: ServerFolder, *, server: ServerFile, why: tuple[str, str]) -> CannotError:
    """Why nothing starts, and the two commands that cure it."""
    upper = server.office.upper
    if upper is None:
        return CannotError(
            f"{why[0]} Pusat tidak punya atasan; penggabungan ulangnya belum ada di rilis ini.",
            f"{why[1]} The pusat has nobody above it; its rejoining is not in this release.",
        )
    from ampera.journal.marks import read_mark

    mark = read_mark(RESTORED_MARK) or {}
    has_new_key = bool(mark.get("has_new_packet_key"))
    steps = next_steps(folder, server=server, has_new_key=has_new_key)
    return CannotError(
        f"{why[0]} Server tidak bekerja sebelum digabungkan lagi. Di server {upper}: {steps[0]};"
        f" lalu di sini: {steps[1]}",
        f"{why[1]} The server does nothing before it has joined anew. At server {upper}:"
        f" {steps[0]}; then here: {steps[1]}",
    )


def next_steps(folder: ServerFolder, *, server: ServerFile, has_new_key: bool) -> tuple[str, str]:
    """The command at the server above, and the one here. A packet key that was drawn anew has to
    be told above."""
    own = server.recipients.get(server.code, [])
    key = f" --packet-key {own[0]}" if own and has_new_key else ""
    return (
        f"ampera joincode {server.code} --data FOLDER{key}",
        f"ampera rejoin --data {folder.path} --code KODE",
    )
