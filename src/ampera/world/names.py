"""Names of the demo's people, by the groups that live in Palembang.

Shares are assumptions (data-and-screens §3). Titles run in the father's line and have a form for
men and one for women; marga and clan names too. A twentieth of the people has one name only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

_ISLAM, _KRISTEN, _KATHOLIK, _BUDHA, _KHONGHUCU = 1, 2, 3, 5, 6


@dataclass(frozen=True, slots=True)
class Group:
    """How one group is named."""

    share: int
    men: tuple[str, ...]
    women: tuple[str, ...]
    last: tuple[str, ...]
    is_last_inherited: bool
    mononym_share: float
    religions: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Clan:
    """What members of one family share: group, inherited name, title, religion."""

    group: Group
    last: str
    title: tuple[str, str]
    religion: int

    def of_wife(self, husband: Clan) -> Clan:
        """A wife keeps her own name and title; one family has one religion here."""
        return replace(self, religion=husband.religion)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.upper().split())


_ISLAMIC_MEN: Final = (
    "Muhammad Ahmad Rizki Fajar Irfan Aditya Rahmat Zainal Hendri Firman Taufik Amir Yudi Herman"
    " Rusdi Iskandar Anwar Salim Fikri Dedi Usman Mahmud Arifin Syarif Hasan Ridwan Yusuf Ilham"
)
_ISLAMIC_WOMEN: Final = (
    "Siti Nur Fatimah Aisyah Rina Yuliana Dewi Fitri Maya Lina Rosnah Zubaidah Halimah Sari Putri"
    " Mardiana Nurhayati Indah Tuti Aminah Rohani Yanti Zahra Nadia Khadijah Marlina Susi"
)
GROUPS: Final = (
    Group(
        share=56,
        men=_words(_ISLAMIC_MEN),
        women=_words(_ISLAMIC_WOMEN),
        last=_words(
            "Saputra Hidayat Ramadhan Kurniawan Effendi Azhari Pratama Syahputra Maulana Hakim"
            " Fauzi Rahman Husin Yahya Romli Sulaiman Akbar Ismail Zulkarnain Anggraini"
        ),
        is_last_inherited=False,
        mononym_share=0.05,
        religions=((_ISLAM, 1),),
    ),
    Group(
        share=22,
        men=_words(
            "Slamet Agus Budi Joko Bambang Eko Sugeng Suparman Wahyu Dwi Tri Sutrisno Heru Sigit"
            " Tukiman Supriyadi Purnomo Wagiman Teguh Sarwono"
        ),
        women=_words(
            "Sri Wahyuni Endang Suparti Ningsih Tri Dwi Lestari Sulastri Yuni Tumini Ratna Wulan"
            " Retno Sumiyati Kartini Rini Suyatmi Lasmi Sutinah"
        ),
        last=_words(
            "Santoso Wibowo Nugroho Prasetyo Susilo Raharjo Setiawan Utomo Widodo Hartono Lestari"
            " Handayani Purwanto"
        ),
        is_last_inherited=False,
        mononym_share=0.14,
        religions=((_ISLAM, 94), (_KRISTEN, 3), (_KATHOLIK, 3)),
    ),
    Group(
        share=10,
        men=_words(
            "Rizal Yusuf Edi Alamsyah Hamdan Syafril Nazir Rusli Marwan Asri Amrullah Jamal Burhan"
        ),
        women=_words(
            "Yenni Rosmala Nurbaiti Mega Elvira Desmawati Suryani Asnah Maimunah Ermawati Yusnita"
        ),
        last=_words("Chaniago Koto Tanjung Piliang Basri Komarudin Ahyar Sani Tamrin Efendi"),
        is_last_inherited=False,
        mononym_share=0.05,
        religions=((_ISLAM, 1),),
    ),
    Group(
        share=5,
        men=_words("Hendra Rudy Kevin Steven Andy Jhony Willy Eddy Tony Halim Robert Ferry"),
        women=_words("Lily Mei Linda Jessica Vivian Lanny Susanti Silvia Yenny Felicia Merry"),
        last=_words("Wijaya Tanujaya Gunawan Halim Lim Tan Chandra Susanto Lie Ong Tjandra"),
        is_last_inherited=True,
        mononym_share=0.02,
        religions=((_BUDHA, 50), (_KRISTEN, 22), (_KATHOLIK, 20), (_KHONGHUCU, 8)),
    ),
    Group(
        share=5,
        men=_words("Parlindungan Togar Binsar Jonathan Samuel Hotman Poltak Rudolf Daniel Marihot"),
        women=_words("Tiur Rosmaida Ester Maria Ruth Lamria Rotua Magdalena Sondang Tiurma"),
        last=_words(
            "Siregar Simanjuntak Hutapea Sinaga Harahap Situmorang Silalahi Manurung Pasaribu"
        ),
        is_last_inherited=True,
        mononym_share=0.0,
        religions=((_KRISTEN, 62), (_KATHOLIK, 18), (_ISLAM, 20)),
    ),
    Group(
        share=2,
        men=_words("Abdullah Ali Husein Umar Alwi Hasan Idrus Salim Agil Zein"),
        women=_words("Fatimah Syarifah Zainab Khadijah Maryam Alwiyah Aisyah Salma Noor Ruqayyah"),
        last=_words("Alhabsyi Assegaf Syahab Alkaf Barakbah Alaydrus Shihab Aljufri Baharun"),
        is_last_inherited=True,
        mononym_share=0.0,
        religions=((_ISLAM, 1),),
    ),
)
#: Titles of old Palembang families, for men and for women of one line.
TITLES: Final = (
    ("KEMAS", "NYIMAS"),
    ("KIAGUS", "NYAYU"),
    ("MASAGUS", "MASAYU"),
    ("RADEN", "RADEN AYU"),
)
_TITLED_SHARE: Final = 0.09
_MIDDLE_SHARE: Final = 0.22
_MONONYM_AGE_MIN: Final = 30


def clan_for(chance: Random) -> Clan:
    """Draw a family's clan."""
    return _clan_of(chance.choices(GROUPS, [each.share for each in GROUPS])[0], chance=chance)


def same_group(clan: Clan, *, chance: Random) -> Clan:
    """Another family of the same group: whom one marries bears another marga."""
    while True:
        other = _clan_of(clan.group, chance=chance)
        if not clan.last or other.last != clan.last:
            return other


def _clan_of(group: Group, *, chance: Random) -> Clan:
    is_titled = group is GROUPS[0] and chance.random() < _TITLED_SHARE
    religions, weights = zip(*group.religions, strict=True)
    return Clan(
        group=group,
        last=chance.choice(group.last) if group.is_last_inherited else "",
        title=chance.choice(TITLES) if is_titled else ("", ""),
        religion=chance.choices(religions, weights)[0],
    )


def name_for(clan: Clan, *, is_female: bool, age: int, chance: Random) -> str:
    """A full name, as the register writes it: in capitals, without academic titles."""
    group = clan.group
    first = _unlike((), names=group.women if is_female else group.men, chance=chance)
    title = clan.title[1 if is_female else 0]
    if not title and age > _MONONYM_AGE_MIN and chance.random() < _mononym_chance(group):
        return first
    parts = [first]
    if not group.is_last_inherited and chance.random() < _MIDDLE_SHARE:
        parts.append(
            _unlike(parts, names=GROUPS[0].women if is_female else GROUPS[0].men, chance=chance)
        )
    parts.append(clan.last or _unlike(parts, names=group.last, chance=chance))
    return " ".join([title, *parts] if title else parts)


def _mononym_chance(group: Group) -> float:
    # Only people over thirty can have one name here, and they are about six in ten.
    return group.mononym_share / 0.6


def _unlike(parts: Sequence[str], *, names: Sequence[str], chance: Random) -> str:
    return chance.choice([each for each in names if each not in parts])
