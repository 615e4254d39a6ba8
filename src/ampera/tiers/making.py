"""Making a server and admitting it above: what `init`, `join` and the demo city share."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError
from ampera.words.office import PUSAT, OfficeCode
from ampera.words.refusal import Refusal

if TYPE_CHECKING:
    from ampera.sync.link import Link


def make_folder(folder: ServerFolder, *, server: ServerFile) -> ServerFile:
    """Lay out the folder of a new server with keys of its own; returns what `server.json` says.

    Raises CannotError when a server is there already: keys are never overwritten.
    """
    from ampera.journal.keys import ServerKey
    from ampera.tiers.packet_keys import make_packet_keys

    if folder.file.exists() or folder.key.exists():
        raise CannotError(
            f"Di {folder.path} sudah ada server. Pilih folder lain.",
            f"There is a server in {folder.path} already. Choose another folder.",
        )
    for path in (folder.path, folder.key.parent, folder.packets):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    ServerKey.make().save(folder.key)
    folder.secret.touch(mode=0o600)
    folder.secret.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    own = make_packet_keys(folder, office=server.office)
    made = replace(server, recipients={**server.recipients, server.code: own})
    folder.write(made)
    return made


def make_database(code: str, *, may_exist: bool = False) -> None:
    """Give the present database today's schema and note whose it is. Raises CannotError."""
    from django.core.management import call_command

    from ampera.journal.marks import put_mark
    from ampera.tiers.opening import CODE_MARK

    known = _owner()
    if known not in (None, code) or (known is not None and not may_exist):
        raise CannotError(
            f"Basis data ini sudah milik server {known}. Beri basis data kosong.",
            f"This database belongs to server {known} already. Give an empty one.",
        )
    call_command("migrate", verbosity=0, interactive=False)
    put_mark(CODE_MARK, value=code)


def _owner() -> str | None:
    from django.db import connection

    from ampera.journal.marks import read_mark
    from ampera.tiers.opening import CODE_MARK

    if "journal_mark" not in connection.introspection.table_names():
        return None
    known: str | None = read_mark(CODE_MARK)
    return known


def found_pusat(folder: ServerFolder, *, server: ServerFile) -> ServerFile:
    """The pusat joins nobody: its first life is written down."""
    from ampera.journal.keys import ServerKey
    from ampera.sync.joining import register_pusat

    assert server.office == PUSAT, "only the pusat has nobody above it"
    speaker = register_pusat(ServerKey.load(folder.key))
    made = replace(server, incarnation=speaker.incarnation)
    folder.write(made)
    return made


def join_above(
    folder: ServerFolder, *, server: ServerFile, link: Link, code: str
) -> tuple[ServerFile, object]:
    """Ask the tier above to admit this server; returns what `server.json` says now, and the join.

    The house is opened next, then `write_joined(the join)`. Raises CannotError and LinkErrors.
    """
    from ampera.journal.keys import ServerKey
    from ampera.sync.joining import join
    from ampera.tiers.telling import cannot

    key = ServerKey.load(folder.key)
    joined = join(link, office=server.office, code=code, key=key)
    if isinstance(joined, Refusal):
        raise cannot(joined)
    made = replace(server, incarnation=joined.speaker.incarnation)
    folder.write(made)
    return made, joined


def with_recipients(server: ServerFile, *, more: Mapping[str, list[str]]) -> ServerFile:
    """The same server, knowing the open packet keys of more offices."""
    for office in more:
        OfficeCode(office)
    return replace(server, recipients={**server.recipients, **more})
