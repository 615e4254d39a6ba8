"""Admitting a server: a one-time code given by hand, a new key, the next incarnation.

A restore is a new join: the earlier life is closed above where its chains stood, and the next one
opens. Asked again with the same key after a lost answer, the same answer is given.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from ampera.journal.actions import Answer as Done
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import ChainName
from ampera.journal.house import house
from ampera.journal.incarnations import (
    KnownKey,
    close_incarnation,
    keys_below,
    known_keys,
    register_incarnation,
)
from ampera.journal.keys import ServerKey
from ampera.journal.marks import put_mark
from ampera.journal.queries import chains
from ampera.sync.link import Garbled, Link
from ampera.sync.models import JoinCode
from ampera.sync.protocol.messages import Join, JoinAnswer, KeySeen, Place, Speaker
from ampera.sync.vouching import keep_own, vouch_for
from ampera.words.clock import WallClock, utc_text
from ampera.words.office import PUSAT, OfficeCode
from ampera.words.refusal import Refusal

CODE_HOURS: Final = 24


def make_join_code(office: OfficeCode, *, now: datetime | None = None) -> str | Refusal:
    """A code with which the server of a direct child may join once within 24 hours of wall time.

    It is shown once and kept as a hash. Sixteen characters of base 32: 80 bits from the house's
    source of chance. An earlier unused code for the same office ends here.
    """
    if not office.is_child_of(house().code):
        return Refusal("post.not_a_child", office=str(office))
    at = now or WallClock().now()
    letters = base64.b32encode(house().ids.salt()[:10]).decode()
    code = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
    with transaction.atomic():
        JoinCode.objects.filter(office=str(office), used_by="").delete()
        JoinCode.objects.create(
            code_hash=_hash_of(code),
            office=str(office),
            expires_at=at + timedelta(hours=CODE_HOURS),
        )
    return code


def _hash_of(code: str) -> str:
    # Read aloud and typed: case, spaces and dashes do not count.
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def answer_join(question: Join, *, now: datetime | None = None) -> JoinAnswer | Refusal:
    """Admit a server below. Unknown, used, expired and wrong office all give the same refusal."""
    at = now or WallClock().now()
    with transaction.atomic():
        row = JoinCode.objects.filter(
            code_hash=_hash_of(question.code), office=str(question.office)
        ).first()
        if row is None:
            return Refusal("post.bad_code")
        if not row.used_by:
            # Compare and set: of two servers with one code, one is admitted.
            taken = JoinCode.objects.filter(pk=row.pk, used_by="", expires_at__gt=at).update(
                used_by=question.public_key
            )
            if taken != 1:
                return Refusal("post.bad_code")
            no = _admit(question, row)
            if no is not None:
                transaction.set_rollback(True)
                return no
        elif row.used_by != question.public_key:
            return Refusal("post.bad_code")
        return _what_it_needs(question.office, JoinCode.objects.get(pk=row.pk).number)


def _admit(question: Join, row: JoinCode) -> Refusal | None:
    """Close every earlier life where it stands, or where the joiner proves it stood; open the
    next."""
    earlier = known_keys([question.office])
    if any(key.public_key == question.public_key for key in earlier):
        # The key of an earlier life may lie in other hands.
        return Refusal("post.key_conflict", server=str(question.office))
    proved = {chain: place.seq for chain, place in question.previous}
    for key in earlier:
        close_incarnation(key.office, number=key.number, ends=proved)
    number = max((key.number for key in earlier), default=0) + 1
    no = register_incarnation(question.office, number=number, public_key=question.public_key)
    JoinCode.objects.filter(pk=row.pk).update(number=number)
    return no


def _what_it_needs(office: OfficeCode, number: int) -> JoinAnswer:
    here = house()
    path = known_keys({here.code, PUSAT})
    own = known_keys([office])
    places = {
        each.name: Place(each.seq, each.hash)
        for each in chains()
        if each.name.origin == office
        or each.name.origin.is_child_of(office)
        or (each.name.origin == here.code and each.name.addressee == office)
    }
    return JoinAnswer(
        speaker=Speaker(office, number),
        keys=tuple(_seen(key) for key in (*path, *own, *keys_below(office))),
        vouches=tuple(vouch_for(key) for key in own),
        places=places,
    )


def _seen(key: KnownKey) -> KeySeen:
    return KeySeen(Speaker(key.office, key.number), key.public_key, key.is_closed)


@dataclass(frozen=True, slots=True)
class Joined:
    """What a join gave: the life to open the house with, and what the tier above holds of us."""

    speaker: Speaker
    places: Mapping[ChainName, Place]

    @property
    def is_restored(self) -> bool:
        """Was there a life before this one?"""
        return self.speaker.incarnation > 1


def join(
    link: Link,
    *,
    office: OfficeCode,
    code: str,
    key: ServerKey,
    previous: Mapping[ChainName, Place] | None = None,
) -> Joined | Refusal:
    """Ask the tier above to admit this key, and note all keys that it answers with.

    Needs a migrated database and no open house. `previous` is what can be proved of earlier lives
    (database and second log): entries up to there count although they come late. After a lost
    answer call it again with the same key. Raises a LinkError.
    """
    question = Join(
        office=office,
        code=code,
        public_key=key.public_hex,
        previous=tuple(sorted((previous or {}).items())),
    )
    answer = link.ask(question)
    if not isinstance(answer, JoinAnswer):
        raise Garbled("an answer to another question")
    with transaction.atomic():
        for seen in answer.keys:
            no = register_incarnation(
                seen.speaker.office,
                number=seen.speaker.incarnation,
                public_key=seen.public_key,
                is_closed=seen.is_closed,
            )
            if no is not None:
                transaction.set_rollback(True)
                return no
        keep_own(answer.vouches)
        put_mark("post.join", value={"me": str(answer.speaker)})
    return Joined(speaker=answer.speaker, places=answer.places)


def write_joined(joined: Joined) -> None:
    """The first entry of a new life: which one it is and where the chains of earlier ones stood.

    Called once the house is open under the new incarnation; called again it changes nothing.
    """
    me = joined.speaker
    stood = {
        str(chain): [place.seq, place.hash]
        for chain, place in sorted(joined.places.items())
        if chain.origin == me.office
    }

    def note(pen: Pen) -> Done:
        facts = {"incarnation": me.incarnation, "previous": stood}
        pen.write("server.joined/1", subject=str(me), facts=facts)
        return {"server": str(me)}

    done = perform(Command(id=f"join:{me}"), note, content={"server": str(me)})
    assert not isinstance(done, Refusal), "a server may always say that it joined"
    put_mark("post.joined_at", value=utc_text(house().now()))


def register_pusat(key: ServerKey) -> Speaker:
    """The pusat joins nobody: its first life is known by being written down. For `ampera init`."""
    register_incarnation(PUSAT, number=1, public_key=key.public_hex)
    return Speaker(PUSAT, 1)
