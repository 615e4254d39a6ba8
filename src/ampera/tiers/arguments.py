"""What is typed wrong on the command line, told in both languages with what to do next.

`argparse` tells it in English only, and the first thing that an administrator reads of a command
is often such a message.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NoReturn

from ampera.tiers.telling import UsageError, show_error

_KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "int": ("bilangan bulat, mis. 12", "a whole number, as in 12"),
        "float": ("angka, mis. 1.5", "a number, as in 1.5"),
    }
)
#: `argparse`'s words → (Indonesian, English). What stands in its message is set in by name.
_MESSAGES: Final = (
    (
        r"the following arguments are required: COMMAND",
        "Sebut perintahnya.",
        "Name a command.",
    ),
    (
        r"the following arguments are required: (?P<names>.+)",
        "Belum disebut: {names}.",
        "Not given: {names}.",
    ),
    (
        r"one of the arguments (?P<names>.+) is required",
        "Sebut salah satu: {names}.",
        "Give one of these: {names}.",
    ),
    (
        r"unrecognized arguments: (?P<names>.+)",
        "Tidak dikenal di sini: {names}.",
        "Not known here: {names}.",
    ),
    (
        r"ambiguous option: (?P<name>\S+) could match (?P<names>.+)",
        "{name} dapat berarti {names}. Tulis lengkap.",
        "{name} can mean {names}. Write it in full.",
    ),
    (
        r"argument COMMAND: invalid choice: (?P<given>'[^']*') \(choose from .+",
        "Tidak ada perintah {given}.",
        "There is no command {given}.",
    ),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<given>.+?) \(choose from (?P<names>.+)\)",
        "{name}: {given} tidak ada. Pilih satu dari: {names}.",
        "{name}: there is no {given}. Choose one of: {names}.",
    ),
    (
        r"argument (?P<name>.+?): invalid (?P<kind>int|float) value: (?P<given>.+)",
        "{name}: {given} tidak dapat dibaca. Beri {kind_id}.",
        "{name}: {given} cannot be read. Give {kind_en}.",
    ),
    (
        r"argument (?P<name>.+?): expected (?P<many>.+?) arguments?",
        "{name}: tulis nilainya di belakangnya.",
        "{name}: write its value after it.",
    ),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
        "{name} tidak dapat dipakai bersama {other}. Sebut salah satu.",
        "{name} cannot be used together with {other}. Give one of them.",
    ),
    (
        r"argument (?P<name>.+?): ignored explicit argument (?P<given>.+)",
        "{name} tidak memakai nilai: hapus {given}.",
        "{name} takes no value: leave out {given}.",
    ),
)
_COMPILED: Final = tuple((re.compile(said), id_, en) for said, id_, en in _MESSAGES)


class Parser(ArgumentParser):
    """Ends with 2 on what cannot be read, as `argparse` does, and says so in both languages."""

    def error(self, message: str) -> NoReturn:
        show_error(usage_error(message, program=self.prog))
        self.exit(2)


def usage_error(message: str, *, program: str) -> UsageError:
    """What `argparse` says, in both languages, and where the rest is explained."""
    id_, en = _told(message)
    help_ = f"{program} --help"
    return UsageError(f"{id_} {help_} menjelaskan semuanya.", f"{en} {help_} explains it all.")


def _told(message: str) -> tuple[str, str]:
    for said, id_, en in _COMPILED:
        found = said.fullmatch(message)
        if found is not None:
            facts = found.groupdict()
            facts["kind_id"], facts["kind_en"] = _KINDS.get(facts.get("kind") or "", ("", ""))
            return id_.format(**facts), en.format(**facts)
    # Words of a later Python: told as they are rather than not at all.
    return f"Perintah tidak dapat dibaca ({message}).", f"The command cannot be read ({message})."
