"""One area, many spellings: what people write, what the decree writes, and one key that finds both.

The decree of 2025 joins words and writes numbers out (`Tiga-puluh-lima Ilir`, `Sungaiselincah`);
signs, people and printed cards say `35 Ilir` and `Sei Selincah` (data-and-screens §1). Search has
to find the area by either, and so has the import of the ministry's export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_UNITS: Final = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_ROMANS: Final = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII", "XVIII", "XIX", "XX",
)  # fmt: skip
_ROMAN_VALUE: Final = {roman.lower(): value for value, roman in enumerate(_ROMANS, start=1)}
_RIVER: Final = {"sei": "sungai"}
_NOT_A_WORD: Final = re.compile(r"[^0-9a-z]+")
#: What makes an official name have more than one spelling; all other names are taken as they stand.
_HAS_SPELLINGS: Final = re.compile(
    r"[-/0-9]|\b(?:sungai|sei)|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh"
    r"|sebelas)\b|\b[ivx]+\b",
    re.IGNORECASE,
)

#: Palembang's names are written with the words apart; these words begin one that the decree joined.
#: `Suka…` (Sukarami, Sukajaya) is written as one word by everybody, so it is not here.
_FIRST_WORDS: Final = (
    "Bagus", "Bukit", "Karang", "Karya", "Kebun", "Kemang", "Kemas", "Kuto", "Lawang", "Lebar",
    "Lorok", "Ogan", "Pipa", "Pulo", "Sekip", "Sematang", "Siring", "Sri", "Talang", "Tangga",
    "Tuan",
)  # fmt: skip
_PALEMBANG: Final = "16.71"
#: Rivers are `Sei` on Palembang's signs, but the Pangeran's keeps its whole word.
_WHOLE_RIVERS: Final = frozenset({"pangeran"})


def _flat(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(each for each in decomposed if not unicodedata.combining(each)).lower()


def plain_key(text: str) -> str:
    """Letters and digits only: `Sekip Jaya` and `Sekipjaya` are both `sekipjaya`."""
    return _NOT_A_WORD.sub("", text.lower() if text.isascii() else _flat(text))


def folded_key(text: str) -> str:
    """One key for all spellings: number words and roman numerals as digits, `sei` as `sungai`.

    `Seberang Ulu Satu`, `SEBERANG ULU I` and `seberang ulu 1` are all `seberangulu1`. Two numbers
    side by side are kept apart: `3-4 Ulu` is `3.4ulu`, not `34ulu`.
    """
    words = _NOT_A_WORD.sub(" ", _flat(text)).split()
    folded: list[str] = []
    at = 0
    while at < len(words):
        value, used = _number_at(words, at=at)
        if value is not None:
            word = str(value)
        elif words[at] == "d" and at + 1 < len(words) and words[at + 1] in _ROMAN_VALUE and at > 0:
            word = ""  # the D of `26 Ilir D.I` (daerah): the decree leaves it out
        else:
            word = _RIVER.get(words[at], words[at])
        if folded and folded[-1].isdigit() and word.isdigit():
            folded.append(".")
        if word:
            folded.append(word)
        at += used
    return "".join(folded)


def _number_at(words: Sequence[str], *, at: int) -> tuple[int | None, int]:
    """The number that begins at this word and how many words it takes, or (None, 1)."""
    word = words[at]
    if word.isdigit():
        return int(word), 1
    if word in _ROMAN_VALUE:
        return _ROMAN_VALUE[word], 1
    unit = _UNITS.get(word)
    if unit is None:
        return None, 1
    follower = words[at + 1] if at + 1 < len(words) else ""
    if unit < 10 and follower == "belas":
        return 10 + unit, 2
    if unit < 10 and follower == "puluh":
        last = _UNITS.get(words[at + 2], 10) if at + 2 < len(words) else 10
        return (10 * unit + last, 3) if last < 10 else (10 * unit, 2)
    return unit, 1


def search_keys(spellings: Sequence[str]) -> str:
    """All keys of an area as one text, each between bars: a prefix search begins with a bar."""
    keys = dict.fromkeys(plain_key(each) for each in spellings)
    if len(spellings) > 1 or _HAS_SPELLINGS.search(spellings[0]):
        keys |= dict.fromkeys(folded_key(each) for each in spellings)
    return f"|{'|'.join(key for key in keys if key)}|"


def spellings_of(official: str, *, kabkota: str) -> tuple[str, ...]:
    """How an area is written: the everyday name first, the decree's second, then the others known.

    Everyday names follow Palembang's usage inside 16.71; elsewhere the decree's name stands,
    because `Marga Tiga` of Lampung is nowhere `Marga III`.
    """
    everyday = everyday_name(official, kabkota=kabkota)
    if everyday == official and _HAS_SPELLINGS.search(official) is None:
        return (official,)
    found = [everyday, official, _apart(official)]
    for name in (everyday, _apart(official)):
        found += _with_other_numeral(name)
        if name.startswith("Sei "):
            found.append(f"Sungai {name[4:]}")
        elif name.startswith("Sungai "):
            found.append(f"Sei {name[7:]}")
    if re.match(r"\d+-\d+ ", everyday):
        found.append(everyday.replace("-", "/", 1))
    return tuple(dict.fromkeys(found))


def everyday_name(official: str, *, kabkota: str) -> str:
    """The name on signs and cards, made from the decree's by rule."""
    if kabkota != _PALEMBANG:
        return official
    words = [word for token in official.split() for word in _words_of(token)]
    numbers, rest = _leading_numbers(words)
    if numbers and rest and rest[0] in ("Ulu", "Ilir"):
        head = "-".join(str(each) for each in numbers)
        value, _ = _number_at([each.lower() for each in rest[1:]] or [""], at=0)
        # Numbered kelurahan were cut into numbered quarters (daerah): 20 Ilir D.III.
        quarter = f" D.{_ROMANS[value - 1]}" if value is not None and len(rest) > 1 else ""
        return f"{head} {rest[0]}{quarter}"
    if len(words) > 1 and (value := _UNITS.get(words[-1].lower())) is not None:
        words[-1] = _ROMANS[value - 1]
    return " ".join(words)


def _leading_numbers(words: Sequence[str]) -> tuple[list[int], list[str]]:
    lower = [each.lower() for each in words]
    numbers: list[int] = []
    at = 0
    while at < len(words):
        value, used = _number_at(lower, at=at)
        if value is None:
            break
        numbers.append(value)
        at += used
    return numbers, list(words[at:])


def _words_of(token: str) -> list[str]:
    """A token of the decree as people write it: `Demang-Lebardaun` → Demang Lebar Daun."""
    parts = token.split("-")
    if len(parts) == 2 and parts[0].lower() == parts[1].lower():
        return [f"{parts[0]}-{parts[1].capitalize()}"]  # a doubled word: Alang-Alang
    return [word for part in parts for word in _words_apart(part)]


def _words_apart(word: str) -> list[str]:
    if word.startswith("Sungai") and len(word) > len("Sungai"):
        rest = word[len("Sungai") :]
        return ["Sungai" if rest in _WHOLE_RIVERS else "Sei", rest.capitalize()]
    for first in _FIRST_WORDS:
        rest = word.removeprefix(first)
        if rest != word and len(rest) > 2:
            return [first, rest.capitalize()]
    return [word]


def _apart(official: str) -> str:
    """The decree's name with its hyphens opened: `Tiga Puluh Lima Ilir`."""
    if "-" not in official:
        return official
    return " ".join(word[:1].upper() + word[1:] for word in official.replace("-", " ").split())


def _with_other_numeral(name: str) -> list[str]:
    """`Seberang Ulu I` also as `Seberang Ulu 1`, and `Satu` also as `I` and `1`."""
    head, _, last = name.rpartition(" ")
    value = _UNITS.get(last.lower()) or _ROMAN_VALUE.get(last.lower())
    if not head or value is None:
        return []
    return [f"{head} {_ROMANS[value - 1]}", f"{head} {value}"]
