"""What a carrier's phone tells, whenever its line is back: given, or not given and why.

Each act has an id made on the phone, so that it counts once however often it is sent. What the
books cannot take is kept as a conflict with its code: the card may be in a hand already.
"""

from __future__ import annotations

from dataclasses import dataclass

from ampera.delivery.actions.bundles import report_undelivered
from ampera.delivery.actions.handing import Proof, hand_over
from ampera.delivery.models import DoorConflict
from ampera.delivery.queries import bundle_seen, handed_over
from ampera.delivery.rules import Place, Receiver, Verified
from ampera.journal.actions import Answer, Command
from ampera.journal.alarms import clear_alarm, raise_alarm
from ampera.journal.house import house
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal

#: Refusals after which the same act may succeed as it is: nothing to look at.
_PASSING = frozenset({"delivery.second_log_missing", "server.quarantined"})
DOOR_EXCEPTION = "AT_THE_DOOR"
SIGNATURE_LENGTH_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorAct:
    """One act at a door as the phone kept it. `told_at`: by the phone's clock, UTC text.

    act: GIVEN or BACK · to, name, relation: who took it · why: a code of `policy.toml`.
    """

    act: str
    card: str
    bundle: str
    told_at: str
    to: str = Receiver.HOLDER.value
    name: str = ""
    relation: str = ""
    old_card: str = ""
    why: str = ""
    note: str = ""
    signature: str = ""


def tell_door(command: Command, *, told: DoorAct) -> Answer | Refusal:
    """Write what happened at a door. Only the carrier who has the bundle tells of its cards."""
    seen = bundle_seen(told.bundle)
    if seen is None or seen.carrier != command.officer or seen.out_to != Place.LURAH:
        return Refusal("delivery.no_such_bundle")
    if len(told.signature) > SIGNATURE_LENGTH_MAX or told.act not in ("GIVEN", "BACK"):
        return Refusal("delivery.act_unread")
    answer = _given(command, told) if told.act == "GIVEN" else _not_given(command, told)
    if isinstance(answer, Refusal) and answer.code == "delivery.already_handed_over":
        answer = _known_answer(command, told) or answer
    if isinstance(answer, Refusal) and answer.code not in _PASSING:
        _keep_conflict(command, told=told, code=answer.code)
    return answer


def _given(command: Command, told: DoorAct) -> Answer | Refusal:  # positional: a pair
    is_proxy = told.to == Receiver.PROXY
    return hand_over(
        command,
        card=told.card,
        to=told.to,
        proxy_name=told.name if is_proxy else "",
        proxy_basis=told.relation if is_proxy else "",
        proof=Proof(
            verified=Verified.EXCEPTION.value,
            exception=DOOR_EXCEPTION,
            old_card=told.old_card,
            bundle=told.bundle,
            told_at=told.told_at,
            note=told.note,
            signature=told.signature,
        ),
    )


def _not_given(command: Command, told: DoorAct) -> Answer | Refusal:  # positional: a pair
    return report_undelivered(
        command, card=told.card, bundle=told.bundle, why=told.why, told_at=told.told_at,
        note=told.note,
    )  # fmt: skip


def _known_answer(command: Command, told: DoorAct) -> Answer | None:  # positional: a pair
    """The very act stands in the books: a restored server forgot the command, not the entry."""
    seen = handed_over(told.card) if told.act == "GIVEN" else None
    if seen is None or (seen.officer, seen.bundle) != (command.officer, told.bundle):
        return None
    is_same = bool(told.told_at) and seen.told_at == told.told_at
    return {"card": seen.card, "voids": seen.replaces or None} if is_same else None


def _keep_conflict(command: Command, *, told: DoorAct, code: str) -> None:
    _, is_new = DoorConflict.objects.get_or_create(
        command=command.id,
        defaults={
            "card": told.card[:40],
            "bundle": told.bundle[:40],
            "officer": command.officer,
            "act": told.act,
            "told_at": told.told_at[:27],
            "at": utc_text(house().now()),
            "code": code,
        },
    )
    if is_new and told.act == "GIVEN":
        raise_alarm(
            f"door:{command.id}",
            f"{told.card} was given at a door, but the books say {code}: look at bundle"
            f" {told.bundle}",
        )


def settle_conflict(officer: str, *, command: str) -> bool:
    """An officer looked at it and did what was to do. False when nothing was open."""
    rows = DoorConflict.objects.filter(pk=command, settled_by="")
    was_open = rows.update(settled_by=officer) == 1
    if was_open:
        clear_alarm(f"door:{command}")
    return was_open
