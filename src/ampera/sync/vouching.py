"""Who says which key is whose: the tier above an office vouches for the key of each of its lives.

So the pusat learns the keys of a kecamatan from its dinas, and a kecamatan learns the new key of a
dinas that joined anew from the pusat's word, which the dinas passes on. Nobody vouches for himself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import ChainName
from ampera.journal.house import house
from ampera.journal.incarnations import (
    KnownKey,
    close_incarnation,
    ends_of,
    keys_below,
    known_key,
    register_incarnation,
)
from ampera.journal.marks import put_mark, read_mark
from ampera.sync.protocol.messages import Speaker, Vouch
from ampera.words.refusal import Refusal

_STORED: Final = "post.vouches"


def digest_of(keys: Sequence[KnownKey]) -> str:
    """A short name for a set of keys: both sides compare it, and send keys only when it differs."""
    lines = "".join(
        f"{key.office}@{key.number} {key.public_key} {key.is_closed}\n" for key in sorted(keys)
    )
    return hashlib.sha256(lines.encode()).hexdigest()


def vouch_for(key: KnownKey) -> Vouch:
    """This server's word for the key of a server below it."""
    here = house()
    ends = ends_of(key.office, number=key.number) if key.is_closed else {}
    unsigned = Vouch(
        speaker=Speaker(key.office, key.number),
        public_key=key.public_key,
        is_closed=key.is_closed,
        ends=tuple(sorted(ends.items())),
        by=Speaker(here.code, here.incarnation),
        signature="",
    )
    return replace(unsigned, signature=here.key.private.sign(unsigned.text()).hex())


def vouches_for_children() -> tuple[Vouch, ...]:
    return tuple(vouch_for(key) for key in keys_below(house().code))


def believe(vouch: Vouch) -> Refusal | None:
    """Take over a key if the tier above its office, whose key is open here, signed for it.

    A refusal is shown as an alarm: an honest server never sends what is not believed.
    """
    voucher = known_key(vouch.by.office, number=vouch.by.incarnation)
    is_good = (
        voucher is not None
        and not voucher.is_closed
        and vouch.speaker.office.is_child_of(vouch.by.office)
        and _is_signed(vouch, voucher.public_key)
    )
    if not is_good:
        raise_alarm(f"vouch:{vouch.speaker}", f"{vouch.by} cannot vouch for {vouch.speaker}")
        return Refusal("post.bad_signature", chain=str(vouch.speaker))
    speaker = vouch.speaker
    no = register_incarnation(
        speaker.office, number=speaker.incarnation, public_key=vouch.public_key
    )
    if no is not None:
        raise_alarm(f"vouch:{speaker}", f"{vouch.by} vouches for another key of {speaker}")
        return no
    is_self = speaker.office == house().code
    if vouch.is_closed and not is_self:
        close_incarnation(speaker.office, number=speaker.incarnation, ends=dict(vouch.ends))
    return None


def _is_signed(vouch: Vouch, public_key: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(vouch.signature), vouch.text()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def keep_own(vouches: Sequence[Vouch]) -> None:
    """Keep what the tier above says about our own lives: our children will ask for it."""
    rows = [
        [
            str(vouch.speaker),
            vouch.public_key,
            vouch.is_closed,
            {str(chain): seq for chain, seq in vouch.ends},
            str(vouch.by),
            vouch.signature,
        ]
        for vouch in vouches
    ]
    put_mark(_STORED, value=rows)


def own_vouches() -> tuple[Vouch, ...]:
    """What the tier above said about our own lives when we joined."""
    return tuple(
        Vouch(
            speaker=Speaker.read(speaker),
            public_key=public_key,
            is_closed=is_closed,
            ends=tuple(sorted((ChainName.read(chain), seq) for chain, seq in ends.items())),
            by=Speaker.read(by),
            signature=signature,
        )
        for speaker, public_key, is_closed, ends, by, signature in read_mark(_STORED) or []
    )
