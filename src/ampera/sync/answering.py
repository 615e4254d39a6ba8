"""The upper server's side of the post: `handle(question, speaker=…) → answer`.

Only a registered, open incarnation of a direct child may speak. Each part is taken in one
transaction; every answer carries where the chains stand and how far the chain written for the
child goes, so there is no long poll.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Final

from django.db import IntegrityError, connection

from ampera.journal import second_log
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import ChainName, SignedHead
from ampera.journal.house import house
from ampera.journal.incarnations import keys_below, known_key, known_keys
from ampera.journal.marks import note_behind, note_child_contact, note_met, note_shown
from ampera.journal.queries import ChainSeen, chains, part_after, place_known
from ampera.journal.receiving import ChainPart, place_of, receive_claim, receive_part
from ampera.journal.receiving import Place as JournalPlace
from ampera.journal.store import PlaceTakenError
from ampera.journal.turns import turn
from ampera.sync.health import last_heard
from ampera.sync.protocol.messages import (
    Answer,
    Join,
    No,
    Part,
    Place,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    Question,
    Refused,
    Speaker,
)
from ampera.sync.vouching import believe, digest_of, own_vouches
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: No answer holds more entries, whatever was asked for.
ROWS_MAX: Final = 1_000
#: Two requests that bring the same entries at once: the second looks again and finds them known.
TRIES_MAX: Final = 5


def handle(question: Question, *, speaker: Speaker) -> Answer:
    """Answer one signed question of a server below. `No` says why nothing of it was considered."""
    assert not connection.in_atomic_block, "each part of a push is a transaction of its own"
    if isinstance(question, Join):
        return No(Refused("post.garbled", {"why": "a join comes by another way"}))
    if (no := may_speak(speaker)) is not None:
        return No(refused_from(no))
    match question:
        case Push():
            note_child_contact(speaker.office, said_at=question.at)
            return _push(question, speaker)
        case Pull():
            return _pull(question, speaker)


def may_speak(speaker: Speaker) -> Refusal | None:
    """Why this life of a server may not speak here; None when it may."""
    if not speaker.office.is_child_of(house().code):
        return Refusal("post.not_a_child", office=str(speaker.office))
    key = known_key(speaker.office, number=speaker.incarnation)
    if key is None:
        return Refusal("post.unknown_server", office=str(speaker))
    if key.is_closed:
        return Refusal("post.closed", server=str(speaker))
    return None


def refused_from(no: Refusal) -> Refused:
    return Refused(no.code, dict(no.facts))


def _concerns(chain: ChainName, office: OfficeCode) -> bool:
    """A server speaks of its own chains, its children's, and those written for it."""
    return (
        chain.origin == office
        or chain.origin.is_child_of(office)
        or (chain.origin == house().code and chain.addressee == office)
    )


def _push(push: Push, speaker: Speaker) -> PushAnswer:
    for vouch in push.keys:
        if vouch.by == speaker:
            believe(vouch)
    refused: dict[ChainName, Refused] = {}
    for part in push.parts:
        if part.chain in refused:
            continue  # what follows a refused part could only be a gap
        with turn() if len(push.parts) > 1 else nullcontext():
            no = _take(part, speaker)
        if no is not None:
            refused[part.chain] = refused_from(no)
    for claim in push.claims:
        if (no := _claim(claim, speaker)) is not None:
            refused.setdefault(claim.chain, refused_from(no))
    offers = {chain: place for chain, place in push.offers if _concerns(chain, speaker.office)}
    is_fresh = push.life == house().incarnation
    _look_at_what_is_shown(offers, speaker, is_fresh=is_fresh)
    if is_fresh and push.asks_all:
        note_met(speaker.office)
    asked = {*offers, *(part.chain for part in push.parts if _concerns(part.chain, speaker.office))}
    return _answer(push, speaker, asked, refused)


def _answer(
    push: Push, speaker: Speaker, asked: set[ChainName], refused: Mapping[ChainName, Refused]
) -> PushAnswer:
    here = house()
    seen = {each.name: each for each in chains()}
    if push.asks_all:
        asked = asked | {name for name in seen if _concerns(name, speaker.office)}
    found = {name: seen[name] for name in asked if name in seen}
    places = {name: Place(each.seq, each.hash) for name, each in found.items()}
    nowhere = {name: _nowhere(name) for name in asked if name not in seen}
    own_path = known_keys([here.code])
    return PushAnswer(
        life=here.incarnation,
        at=here.clock.now(),
        places={**places, **nowhere},
        top={name: _top(each) for name, each in found.items() if each.name.origin != here.code},
        waiting={
            name: Place(each.seq, each.hash)
            for name, each in seen.items()
            if name.addressee == speaker.office and name.origin == here.code and each.seq
        },
        refused=refused,
        wants_keys=push.keys_digest != digest_of(keys_below(speaker.office)),
        heard_above=last_heard(),
        keys=() if push.path_digest == digest_of(own_path) else own_vouches(),
    )


def _nowhere(chain: ChainName) -> Place:
    place = place_of(chain)
    return Place(place.seq, place.hash)


def _top(chain: ChainSeen) -> int:
    """How far the pusat has it: here, if this is the pusat; else as far as it told us."""
    return chain.seq if house().tier is Tier.PUSAT else min(chain.above_seq, chain.seq)


def _take(part: Part, speaker: Speaker) -> Refusal | None:
    if not _concerns(part.chain, speaker.office):
        return Refusal("post.not_yours", chain=str(part.chain), office=str(speaker.office))
    here = house()
    if part.chain.origin == here.code and part.chain.incarnation == here.incarnation:
        return _given_back(part)
    answer = take_part(part)
    return answer if isinstance(answer, Refusal) else None


def _given_back(part: Part) -> Refusal | None:
    """Entries of a chain that only we write. What we do not know of it, we have lost."""
    if not part.entries:
        return None
    last = part.entries[-1]
    known = place_known(part.chain, last.seq)
    if known is None:
        note_behind(part.chain, place=JournalPlace(last.seq, last.hash))
        return Refusal("post.behind", chain=str(part.chain))
    return None if known.hash == last.hash else _fork(part.chain, last.seq)


def _fork(chain: ChainName, seq: int) -> Refusal:
    raise_alarm(f"fork:{chain}", f"{chain} forks at {seq}: the same place holds two things")
    return Refusal("post.fork", chain=str(chain), seq=seq)


def take_part(part: Part) -> JournalPlace | Refusal:
    """`receive_part`, once more when another request brought the same entries meanwhile."""
    journal_part = ChainPart(part.chain, part.entries, part.signatures)
    for attempt in range(TRIES_MAX):
        try:
            return receive_part(journal_part)
        except (IntegrityError, PlaceTakenError):
            if attempt == TRIES_MAX - 1:
                raise
        except ValueError:
            # Text or numbers that have no canonical spelling, hence no hash.
            return Refusal("post.bad_hash", chain=str(part.chain), seq=_first_seq(part.entries))
    raise AssertionError("unreachable")


def _first_seq(entries: Sequence[object]) -> int:
    return getattr(entries[0], "seq", 0) if entries else 0


def _claim(claim: SignedHead, speaker: Speaker) -> Refusal | None:
    if claim.chain.origin != speaker.office:
        return Refusal("post.not_yours", chain=str(claim.chain), office=str(speaker.office))
    for attempt in range(TRIES_MAX):
        try:
            return receive_claim(claim)
        except IntegrityError:
            if attempt == TRIES_MAX - 1:
                raise
    raise AssertionError("unreachable")


def _look_at_what_is_shown(
    offers: Mapping[ChainName, Place], speaker: Speaker, *, is_fresh: bool
) -> None:
    """A child shows how far it holds our chains: more than we know means that we were restored.

    A message from before we began this life says nothing about what the child holds now.
    """
    here = house()
    shown = {
        chain: JournalPlace(place.seq, place.hash)
        for chain, place in offers.items()
        if chain.origin == here.code
    }
    if not shown:
        return
    if is_fresh:
        note_shown(speaker.office, places=shown)
    for chain, place in shown.items():
        if chain.incarnation != here.incarnation:
            continue
        known = place_known(chain, place.seq)
        if known is None:
            note_behind(chain, place=place)
        elif known.hash != place.hash:
            _fork(chain, place.seq)


def _pull(pull: Pull, speaker: Speaker) -> Answer:
    if not _concerns(pull.chain, speaker.office):
        no = Refusal("post.not_yours", chain=str(pull.chain), office=str(speaker.office))
        return No(refused_from(no))
    here = house()
    known = place_known(pull.chain, pull.after.seq)
    end = place_of(pull.chain)
    part: Part | None = None
    refused: Refused | None = None
    if known is not None and known.hash != pull.after.hash:
        refused = refused_from(_fork(pull.chain, pull.after.seq))
    elif known is not None:
        part = read_part(pull.chain, after=pull.after.seq, rows=min(pull.rows_max, ROWS_MAX))
    return PullAnswer(
        life=here.incarnation,
        at=here.clock.now(),
        place=Place(end.seq, end.hash),
        part=part,
        refused=refused,
    )


def read_part(chain: ChainName, *, after: int, rows: int) -> Part | None:
    """The next entries of a chain, of which the own ones lie on the second medium already.

    First read, then secure: what is appended in between is not in this part.
    """
    found = part_after(chain, after, most=max(1, rows))
    if found is None:
        return None
    if chain.origin == house().code:
        second_log.secure()
    return Part(found.chain, found.entries, found.signatures)
