"""The words in which a printer's reader and our client speak of the blank between them.

IPP has none for it, so these are an extension: two operations (`Present-Card`, `Reject-Card`) and
two attributes of the answer. A printer that offers the first in `operations-supported` has them
all; nobody else's printer is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.devices.ipp.values import Attribute, Group, GroupTag, Tag
from ampera.printing.ports import (
    AnswerLost,
    HopperEmpty,
    ManyChips,
    ReaderSilent,
    SilentChip,
    StageError,
    is_uid,
)

#: What lies at the station, as a keyword; and then the UID that was read.
STATION: Final = "ampera-station-state"
CHIP_UID: Final = "ampera-chip-uid"
_READ: Final = "card-read"
_ERROR_BY_WORD: Final[Mapping[str, Callable[[], StageError]]] = MappingProxyType(
    {
        "hopper-empty": HopperEmpty,
        "chip-silent": SilentChip,
        "chips-collide": ManyChips,
        "reader-silent": ReaderSilent,
    }
)
_WORD_BY_ERROR: Final = {error: word for word, error in _ERROR_BY_WORD.items()}


def told(look: Callable[[], str]) -> Group:
    """The answer about the station: the UID that `look` gives, or why there is none."""
    try:
        uid = look()
    except StageError as none:
        word = Attribute.of(Tag.KEYWORD, STATION, _WORD_BY_ERROR[type(none)])
        return Group.of(GroupTag.PRINTER, [word])
    word = Attribute.of(Tag.KEYWORD, STATION, _READ)
    return Group.of(GroupTag.PRINTER, [word, Attribute.of(Tag.TEXT, CHIP_UID, uid)])


def uid_in(group: Group) -> str:
    """What that answer says. Raises StageErrors, or AnswerLost when it says nothing known."""
    word = group.text(STATION) or ""
    if word in _ERROR_BY_WORD:
        raise _ERROR_BY_WORD[word]()
    if word != _READ:
        raise AnswerLost(f"the printer did not say what lies at its reader: {word or '-'}")
    uid = group.text(CHIP_UID) or ""
    if not is_uid(uid):
        raise ReaderSilent("what the reader told is no UID of a chip")
    return uid
