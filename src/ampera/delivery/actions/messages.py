"""Messages to residents: written into an outbox once, sent once, tried again with growing waits.

The outbox is local and no part of the books: a message that is lost harms nobody. Nothing here runs
inside a transaction while somebody else's server is asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ampera.delivery.models import OutMessage
from ampera.delivery.ports import AnswerLost, Message, Messenger, MessengerError, Rejected
from ampera.delivery.queries import ready_cards, uncollected
from ampera.delivery.rules import CardHeld, policy
from ampera.delivery.rules.messages import TRIES_MAX, next_try, read_contact, words_of
from ampera.intake.queries import request_seen
from ampera.journal.alarms import raise_alarm
from ampera.readiness.queries import ReadyCard, permit_seen, ready_elsewhere
from ampera.register.queries import local_day, office_seen
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

AT_ONCE: Final = 20


def step_messages(messenger: Messenger, *, now: datetime, most: int = AT_ONCE) -> int:
    """Write what is new into the outbox and send what is due; the worker's tick.

    `now` is the wall's time: retries do not run faster when a city's clock does. Returns how many
    were sent.
    """
    write_outbox(now=now)
    return send_outbox(messenger, now=now, most=most)


def write_outbox(*, now: datetime) -> int:
    """A message for each card that is ready, and one more when nobody fetched it; each once.

    What another office printed for this one's resident is told by this one, which has the contact.
    """
    days = policy().uncollected_on(local_day()).remind_days
    wanted = [("ready", _of(each)) for each in ready_cards()]
    wanted += [("reminder", _of(each)) for each in uncollected(days=days)]
    wanted += [("ready", each) for each in ready_elsewhere()]
    keys = {f"{kind}:{ready.card}": (kind, ready) for kind, ready in wanted}
    known = set(OutMessage.objects.filter(key__in=keys).values_list("key", flat=True))
    written = 0
    for key, (kind, ready) in keys.items():
        if key not in known:
            written += _write(key, kind=kind, ready=ready, now=now)
    return written


def _of(held: CardHeld) -> ReadyCard:
    return ReadyCard(held.card, held.permit, OfficeCode(held.office))


def _write(key: str, *, kind: str, ready: ReadyCard, now: datetime) -> int:
    permit = permit_seen(ready.permit)
    asked = request_seen(permit.request) if permit is not None else None
    given = asked.contact if asked is not None and not isinstance(asked, Refusal) else ""
    found = read_contact(given)
    row = {"made_at": utc_text(now), "next_at": utc_text(now)}
    if found is None or asked is None or isinstance(asked, Refusal):
        # Noted all the same, so that nobody looks for a contact again at each tick.
        told = {"channel": "", "address": "", "subject": "", "text": "", "state": "NO_CONTACT"}
        OutMessage.objects.get_or_create(key=key, defaults={**row, **told})
        return 0
    words = words_of(kind, name=asked.nama, office=_office(ready.office))
    told = {"channel": found[0], "address": found[1]}
    told |= {"subject": words.subject, "text": words.text}
    _, is_new = OutMessage.objects.get_or_create(key=key, defaults={**row, **told})
    return int(is_new)


def _office(code: OfficeCode) -> str:
    seen = office_seen(code)
    return seen.name if seen is not None else code.text


def send_outbox(messenger: Messenger, *, now: datetime, most: int = AT_ONCE) -> int:
    """Send what is due. Under one key never twice: a try is noted before it is made."""
    _settle_torn(messenger)
    due = OutMessage.objects.filter(state="QUEUED", next_at__lte=utc_text(now))
    sent = 0
    for row in list(due.order_by("next_at", "key")[:most]):
        if row.channel not in messenger.channels:
            _end(row, "NO_WAY")
            continue
        claimed = OutMessage.objects.filter(pk=row.pk, state="QUEUED", tries=row.tries)
        if claimed.update(state="SENDING", tries=row.tries + 1) != 1:
            continue
        row.tries += 1
        sent += _try(messenger, row, now)
    return sent


def _settle_torn(messenger: Messenger) -> None:
    """A try that a power cut tore: whoever knows keys is asked again, nobody else."""
    torn = OutMessage.objects.filter(state="SENDING")
    if messenger.knows_keys:
        torn.update(state="QUEUED")
    else:
        torn.update(state="UNKNOWN", address="", text="", said="the try was torn")


def _try(  # positional: one try
    messenger: Messenger, row: OutMessage, now: datetime
) -> int:
    message = Message(
        key=row.key, channel=row.channel, address=row.address, subject=row.subject, text=row.text
    )
    try:
        messenger.send(message)
    except Rejected as error:
        _end(row, "REJECTED", said=str(error))
    except AnswerLost as error:
        if messenger.knows_keys:
            _later(row, now=now, said=str(error))
        else:
            _end(row, "UNKNOWN", said=str(error))
    except MessengerError as error:
        _later(row, now=now, said=str(error))
    else:
        _end(row, "SENT")
        return 1
    return 0


def _end(row: OutMessage, state: str, *, said: str = "") -> None:  # positional: a row and its end
    """The address and the text are not needed any more."""
    OutMessage.objects.filter(pk=row.pk).update(state=state, address="", text="", said=said[:120])


def _later(row: OutMessage, *, now: datetime, said: str) -> None:
    if row.tries >= TRIES_MAX:
        _end(row, "GIVEN_UP", said=said)
        raise_alarm("messages", "messages to residents cannot be sent: look at AMPERA_MESSAGES")
        return
    at = utc_text(next_try(now=now, tries=row.tries))
    OutMessage.objects.filter(pk=row.pk).update(state="QUEUED", next_at=at, said=said[:120])
